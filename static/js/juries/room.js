/* The deliberation, live: the page asks what moved, shows it, follows the candidate the president calls, and says when
   it no longer hears the server. Nothing a person is writing is swept away (R-JUR-4). */

import { choiceIn, choose } from "./ballot.js";
import "./draft.js";
import "./keys.js";
import { handsOnText, isText } from "./typing.js";

const PAUSE = 2000;
const PATIENCE = 8000; // a connection that hangs is a lost one
const WRITING = 3000; // a text untouched for so long is not being written

const here = () => document.getElementById("direct");
let cut = false; // the last question did not get through
let typedAt = 0;
let behind = false; // the dossier or the chair changed since this page was made

/** Show how the page hears the server: live, lost, behind it, another candidate called, or no place here any more. */
function show(state) {
  for (const one of document.querySelectorAll("#lien [data-link]")) one.hidden = one.dataset.link !== state;
}

function say(words) {
  const said = document.getElementById("said");
  if (said && words) said.textContent = words;
}

/** What the person is doing in the live part must not be swept from under them. */
const busy = () => here().contains(document.activeElement) && document.activeElement.matches("button:active");

async function follow() {
  const address = new URL(here().dataset.direct, location.href);
  address.searchParams.set("vu", here().dataset.seen);
  const asked = { headers: { "HX-Request": "true" }, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) };
  try {
    const response = await fetch(address, asked);
    cut = false;
    if (response.status === 204) heard();
    else if (response.ok) take(await response.text());
    else if (response.status < 500) leave("out"); // out of the session, or logged out
    else show("lost");
  } catch {
    cut = true;
    show("lost");
  }
  setTimeout(follow, PAUSE);
}

/** Nothing moved in the live part; what is around it may still have to be loaded again. */
function heard() {
  if (behind) leave("moved");
  else show("live");
}

function take(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("direct");
  const shown = here();
  if (!fresh) return;
  if (fresh.dataset.candidate !== shown.dataset.candidate) return leave(fresh.dataset.candidate ? "called" : "out");
  if (fresh.dataset.out !== shown.dataset.out) return leave("out"); // recused meanwhile, or no longer
  behind ||= fresh.dataset.page !== shown.dataset.page;
  heard();
  if (busy() || fresh.dataset.seen === shown.dataset.seen) return;
  const { id, dataset } = document.activeElement ?? {};
  const named = id ? `#${id}` : ["key", "choice"].filter((name) => dataset[name]).map((name) => `[data-${name}="${dataset[name]}"]`)[0];
  const place = shown.contains(document.activeElement) && named;
  const chosen = choiceIn(shown);
  const hour = hourOf(shown)?.value;
  shown.replaceWith(document.adoptNode(fresh));
  choose(chosen);
  if (hour && hourOf(fresh)) hourOf(fresh).value = hour;
  if (place) fresh.querySelector(place)?.focus();
  if (fresh.dataset.said !== shown.dataset.said) say(fresh.dataset.said);
}

/** The hour of a hearing being written: the one text of the live part. */
const hourOf = (part) => part.querySelector('input[type="time"]');

/** Go where the jury is, unless something written would be lost or is being written: then say so, and try again. */
function leave(state) {
  const writing = isText(document.activeElement) && Date.now() - typedAt < WRITING;
  const sending = document.querySelector('form[aria-busy="true"]'); // session/forms.js: a gesture waits for its answer, or for a log-in
  if (writing || sending || unsaved()) return show(state);
  handsOnText();
  location.replace(here().dataset.room);
}

function unsaved() {
  const decision = document.getElementById("decision");
  const texts = [decision?.elements.motive, document.querySelector("form[data-kept] textarea"), hourOf(here())];
  const written = texts.some((text) => text && text.value !== text.defaultValue);
  return Boolean(document.querySelector("#etat.save-state--wrong, form[data-kept] [aria-invalid]") || decision?.dataset.refused || written);
}

document.addEventListener("input", () => {
  typedAt = Date.now();
});

/* A gesture made while the connection is lost waits for the person to make it again. After saving.js, which holds a gesture
   back until the remarks are stored. */
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-autosave")) return;
  if (!cut) return;
  event.preventDefault();
  say("Connexion perdue : ce geste n’est pas parti. Refaites-le quand elle revient.");
});

setTimeout(follow, PAUSE);
