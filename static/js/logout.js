/* Logging out while changes still wait in this browser: say so, wait for them, or leave them sealed for the next time. */

import { announce, waitingOf } from "./grille/queue/elsewhere.js";
import { csrf } from "./grille/queue/server.js";

const dialog = document.getElementById("logout-pending");
const form = document.querySelector("form[data-logout]");
const EVERY = 500; // ms

let waiting;

function leave() {
  document.dispatchEvent(new CustomEvent("parchemin:leaving"));
  form.elements.csrfmiddlewaretoken.value = csrf() || form.elements.csrfmiddlewaretoken.value; // the page may be older than the session: opened again in its dialog
  form.submit();
}

async function show() {
  await announce(dialog);
  dialog.hidden = false;
}

async function waitForAll() {
  const said = dialog.querySelector("[data-said]");
  said.textContent = "En attente\u00a0: la déconnexion suivra le dernier enregistrement.";
  clearInterval(waiting);
  waiting = setInterval(async () => {
    if (!(await waitingOf(dialog.dataset.person)).length) {
      clearInterval(waiting);
      leave();
    }
  }, EVERY);
}

if (form && dialog && globalThis.indexedDB) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("parchemin:flush"));
    if (!(await waitingOf(dialog.dataset.person)).length) return leave();
    await show();
    dialog.showModal();
    return undefined;
  });
  dialog.querySelector("[data-wait]").addEventListener("click", waitForAll);
  dialog.querySelector("[data-leave]").addEventListener("click", leave);
  dialog.addEventListener("close", () => {
    clearInterval(waiting);
    dialog.querySelector("[data-said]").textContent = "";
  });
}
