/* One key, one gesture: never while a text is being written, never twice for a key held down (WCAG 2.1.4). */

import { chooseByKey, forgetChoice } from "./ballot.js";
import { hadHandsOnText, isText } from "./typing.js";

const SWITCH = "parchemin.keys"; // on this device only, as on the grille
const QUIET = 1500; // without a key, before the page that came under somebody's hands listens

const help = document.getElementById("keys");
if (help) keyboard();

function keyboard() {
  const active = help.querySelector("[data-keys-on]");
  let deafUntil = hadHandsOnText() ? Date.now() + QUIET : 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && isText(event.target)) return event.target.blur();
    if (event.key === "Escape" && forgetChoice()) return;
    if (!active.checked || event.repeat || isText(event.target)) return;
    if (Date.now() < deafUntil) {
      deafUntil = Date.now() + QUIET;
      return;
    }
    const key = named(event);
    if (key === "?") return void help.showModal();
    const target = key === "r" ? document.getElementById("remarques-texte") : key === "d" ? chosen() : key === "i" ? incident() : null;
    if (target) {
      event.preventDefault();
      return target.focus();
    }
    if (/^\d$/.test(key) && chooseByKey(key)) return event.preventDefault();
    const button = /^[a-z0-9]$/.test(key) && document.querySelector(`[data-key="${key}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
  document.querySelector("[data-open-keys]").addEventListener("click", () => help.showModal());
  active.checked = localStorage.getItem(SWITCH) !== "off";
  active.addEventListener("change", () => localStorage.setItem(SWITCH, active.checked ? "on" : "off"));
}

/** On a French keyboard the key marked 1 writes « & »: figures are known by their place. */
function named(event) {
  const figure = /^Digit(\d)$/.exec(event.code);
  return figure && !event.shiftKey ? figure[1] : event.key.toLowerCase();
}

function incident() {
  const part = document.getElementById("incident");
  if (part) part.open = true;
  return part?.querySelector("textarea");
}

const chosen = () => document.querySelector("#decision input[type=radio]:checked") ?? document.querySelector("#decision input[type=radio]");
