/* A grille is not submitted while something of it still waits in this browser, unless the person says so (R-SCO-3). */

import { rowsOf } from "./queue/store.js";
import { several } from "./queue/words.js";

const EVERY = 1000; // ms
const box = document.getElementById("unsent");
const submission = document.querySelector("[data-submit]");
const { person, grille } = box.dataset;
let before = 0;
let isKnown = false; // the person submits without them

async function look() {
  const rows = await rowsOf(person).catch(() => []);
  const count = rows.filter((row) => row.grille === grille).length;
  if (before && !count) location.reload(); // sent by another tab: what this page shows is older
  before = count;
  if (!count) return;
  box.querySelector("[data-count]").textContent = several(count, "saisie n’est pas encore partie", "saisies ne sont pas encore parties");
  box.hidden = false;
  if (submission) submission.hidden = !isKnown;
}

const button = box.querySelector("[data-all-the-same]");
button.hidden = !submission;
button.addEventListener("click", () => {
  isKnown = true;
  submission.hidden = false;
  submission.querySelector("button").focus();
});
setInterval(look, EVERY);
look();
