/* Logging out while changes still wait in this browser: say so, wait for them, or leave them sealed for the next time. */

import { announce, waitingOf } from "./grille/queue/elsewhere.js";
import { several } from "./grille/queue/words.js";
import { csrf } from "./session/asking.js";

const dialog = document.getElementById("logout-pending");
const form = document.querySelector("form[data-logout]");
const EVERY = 500; // ms

let waiting;

function leave() {
  document.dispatchEvent(new CustomEvent("parchemin:leaving"));
  form.elements.csrfmiddlewaretoken.value = csrf() || form.elements.csrfmiddlewaretoken.value; // the page may be older than the session: opened again in its dialog
  form.submit();
}

/** How many changes wait: `kept` in this browser, `onlyHere` in this page, where nothing could keep them yet. */
async function count() {
  const detail = { onlyHere: [] };
  document.dispatchEvent(new CustomEvent("parchemin:count", { detail }));
  const onlyHere = (await Promise.all(detail.onlyHere)).reduce((sum, some) => sum + some, 0);
  return { kept: (await waitingOf(dialog.dataset.person)).length, onlyHere };
}

async function show({ onlyHere }) {
  await announce(dialog);
  dialog.hidden = false;
  dialog.querySelector("[data-kept]").hidden = Boolean(onlyHere);
  dialog.querySelector("[data-only-here]").hidden = !onlyHere;
  dialog.querySelector("[data-how-many]").textContent = several(onlyHere, "saisie n’est", "saisies ne sont");
}

async function waitForAll() {
  const said = dialog.querySelector("[data-said]");
  said.textContent = "En attente\u00a0: la déconnexion suivra le dernier enregistrement.";
  clearInterval(waiting);
  waiting = setInterval(async () => {
    const { kept, onlyHere } = await count();
    if (kept || onlyHere) return;
    clearInterval(waiting);
    leave();
  }, EVERY);
}

if (form && dialog && globalThis.indexedDB) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("parchemin:flush"));
    const waits = await count();
    if (!waits.kept && !waits.onlyHere) {
      leave();
      return;
    }
    await show(waits);
    dialog.showModal();
  });
  dialog.querySelector("[data-wait]").addEventListener("click", waitForAll);
  dialog.querySelector("[data-leave]").addEventListener("click", leave);
  dialog.addEventListener("close", () => {
    clearInterval(waiting);
    dialog.querySelector("[data-said]").textContent = "";
  });
}
