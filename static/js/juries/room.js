/* The deliberation, live: the page asks what moved, shows it, follows the candidate the president calls, and says when
   it no longer hears the server. One key, one gesture, never while a text is being written (WCAG 2.1.4). */

const PAUSE = 2000;
const SWITCH = "parchemin.keys"; // on this device only, as on the grille

const here = () => document.getElementById("direct");
const link = document.getElementById("lien");
let lost = false;

/** Say whether the page still hears the server; said once when it changes. */
function heard(well) {
  if (!link || lost === !well) return;
  lost = !well;
  link.classList.toggle("link-state--lost", lost);
  link.textContent = lost ? "Connexion perdue : nouvel essai en cours. Ce qui est enregistré l’est." : "En direct";
}

/** What the person is doing in the live part must not be swept from under them. */
const busy = () => here().contains(document.activeElement) && document.activeElement.matches("button:active");

async function follow() {
  const part = here();
  const address = new URL(part.dataset.direct, location.href);
  address.searchParams.set("vu", part.dataset.seen);
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (response.status === 204) heard(true);
    else if (response.ok) take(await response.text());
    else if (response.status !== 503 && response.status < 500) location.reload(); // out of the session, or logged out
    else heard(false);
  } catch {
    heard(false);
  }
  setTimeout(follow, PAUSE);
}

function take(html) {
  heard(true);
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("direct");
  if (!fresh || busy() || fresh.dataset.seen === here().dataset.seen) return;
  if (fresh.dataset.candidate !== here().dataset.candidate) return leave();
  const focused = document.activeElement?.dataset?.key;
  here().replaceWith(document.adoptNode(fresh));
  if (focused) here().querySelector(`[data-key="${focused}"]`)?.focus();
}

/** Another candidate is before the jury: what is being typed leaves first (saving.js answers `beforeunload`). */
function leave() {
  const form = document.getElementById("decision");
  if (form && [...form.querySelectorAll("textarea")].some((text) => text.value !== text.defaultValue)) {
    heard(true);
    link.textContent = "Un autre candidat est appelé : enregistrez ou effacez le motif, puis rechargez.";
    return;
  }
  location.reload();
}

const help = document.getElementById("keys");
if (help) keyboard();

function keyboard() {
  const active = help.querySelector("[data-keys-on]");
  const isText = (node) => node.matches?.('textarea, select, input:not([type="radio"], [type="checkbox"]), [contenteditable]');
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isText(event.target)) return event.target.blur();
    if (!active.checked || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "?") return void help.showModal();
    const target = key === "r" ? document.getElementById("remarques-texte") : key === "d" ? document.querySelector("#decision input[type=radio]") : null;
    if (target) {
      event.preventDefault();
      return target.focus();
    }
    const button = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.querySelector("[data-open-keys]").addEventListener("click", () => help.showModal());
  active.checked = localStorage.getItem(SWITCH) !== "off";
  active.addEventListener("change", () => localStorage.setItem(SWITCH, active.checked ? "on" : "off"));
}

setTimeout(follow, PAUSE);
