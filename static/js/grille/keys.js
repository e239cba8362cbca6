/* Marking by keyboard: one key, one gesture, never while a text is being written (WCAG 2.1.4). */

import { competenceOf, control, current, goTo, nextMissing, radios, step, stepCompetence } from "./place.js";

const SWITCH = "parchemin.keys"; // on this device only

const help = document.getElementById("keys");
const active = help.querySelector("[data-keys-on]");
const said = document.getElementById("said");

/** Said to a screen reader, once, politely. */
export function say(words) {
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = words;
  });
}

function judge(verdict) {
  const place = current();
  const radio = radios(place).find((each) => each.value === verdict);
  if (radio.disabled) return;
  goTo(place);
  radio.focus({ preventScroll: true });
  if (!radio.checked) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  say(`${competenceOf(place)}, ${place.dataset.label} : ${verdict === "acquis" ? "acquis" : "non acquis"}`);
}

function write(box, name) {
  const place = current();
  place.querySelector(`[data-${box}-box]`).open = true;
  const text = control(place, name);
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

function flag() {
  const box = control(current(), "ask");
  box.click();
  say(`${current().dataset.label} : ${box.checked ? "à demander" : "n’est plus à demander"}`);
}

const press = (selector) => () => current().querySelector(selector)?.click();

function toOral() {
  const oral = document.querySelector("[data-oral-once] input");
  oral?.focus();
  oral?.closest("section").scrollIntoView({ block: "center" });
}

const GESTURES = {
  j: () => step(1),
  k: () => step(-1),
  l: () => stepCompetence(1),
  h: () => stepCompetence(-1),
  m: () => nextMissing() || say("Rien ne manque."),
  a: () => judge("acquis"),
  n: () => judge("non_acquis"),
  c: () => write("comment", "comment"),
  p: () => write("note", "note"),
  q: press("[data-question-for]"),
  t: () => {
    write("comment", "comment");
    press("[data-snippets-for]")();
  },
  d: flag,
  o: toOral,
  "+": press('[data-step="1"]'),
  "-": press('[data-step="-1"]'),
  "?": () => help.showModal(),
};

const isText = (node) => node.matches?.('textarea, select, input:not([type="radio"], [type="checkbox"]), [contenteditable]');

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && isText(event.target) && event.target.closest(".ce")) {
    goTo(event.target.closest(".ce"));
    return;
  }
  if (!active.checked || isText(event.target)) return;
  const gesture = GESTURES[event.key.toLowerCase()];
  if (!gesture) return;
  event.preventDefault();
  gesture();
});

const MOVES = { previous: () => step(-1), next: () => step(1), missing: GESTURES.m, competence: () => stepCompetence(1) };

for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => MOVES[button.dataset.go]());
document.querySelector("[data-open-keys]").addEventListener("click", () => help.showModal());

active.checked = localStorage.getItem(SWITCH) !== "off";
active.addEventListener("change", () => localStorage.setItem(SWITCH, active.checked ? "on" : "off"));
