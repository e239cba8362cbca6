/* The grille: every change is saved at once, and the page always says what is saved and what is not. */

import { session } from "../session/session.js";
import * as conflict from "./queue/conflict.js";
import { announce } from "./queue/elsewhere.js";
import { fieldsOf } from "./queue/fields.js";
import { wait } from "./queue/platform.js";
import { flagIndex, prepare, showProblem } from "./queue/problems.js";
import { Queue } from "./queue/queue.js";
import { showState } from "./queue/statusline.js";
import { offerTransfer } from "./queue/transfer.js";
import { clockTime } from "./queue/words.js";

const grille = document.getElementById("grille");
const judged = document.getElementById("judged");
const { person, keysUrl, fileUrl } = document.getElementById("queue").dataset;
const places = new Map([...grille.querySelectorAll(".ce")].map((place) => [Number(place.dataset.critere), place]));

const queue = new Queue({
  grille: grille.dataset.grille,
  soutenance: grille.dataset.soutenance,
  marksUrl: grille.dataset.marksUrl,
  person,
  keysUrl,
  session,
  changed,
});

// --- Showing

function changed(mark) {
  if (mark) showMark(mark);
  showState(queue, firstProblem);
}

function showMark(mark) {
  const place = places.get(mark.critere);
  const fields = queue.screens.get(mark.critere);
  const before = place.dataset.state;
  place.dataset.state = mark.state;
  place.querySelector("[data-saved]").textContent =
    mark.state === "saved" && mark.savedAt ? `enregistré à ${clockTime(mark.savedAt)}` : "";
  showProblem(place.querySelector("[data-problem]"), mark, fields, () => compare(mark, place));
  if (before !== mark.state) {
    flagIndex(grille);
    if (mark.state === "conflict") compare(mark, place);
  }
  showCounts();
}

function compare(mark, place) {
  conflict.ask(mark, {
    label: place.dataset.label,
    text: place.querySelector(".ce__text").textContent.trim().slice(place.dataset.label.length).trim(),
    choose: (choice, value) => queue.resolve(mark.critere, choice, value),
  });
}

function firstProblem() {
  const place = grille.querySelector('.ce[data-state="conflict"], .ce[data-state="refused"]');
  return place ? `#${place.id}` : "";
}

function showCounts() {
  let all = 0;
  for (const sheet of grille.querySelectorAll("[data-competence]")) {
    const total = sheet.querySelectorAll(".ce").length;
    const done = sheet.querySelectorAll('.ce__verdict input[type="radio"]:checked').length;
    const count = grille.querySelector(`[data-count="${sheet.dataset.competence}"]`);
    count.textContent = `${done}/${total}`;
    count.toggleAttribute("data-done", done === total);
    all += done;
  }
  judged.textContent = all;
}

// --- Listening

for (const [critere, place] of places) {
  queue.add({ critere, version: Number(place.dataset.version), fields: fieldsOf(place) });
  prepare(place.querySelector("[data-problem]"));
}

const placeOf = (event) => event.target.closest?.(".ce");
const isText = ({ target }) => target.matches("textarea");

grille.addEventListener("input", (event) => {
  if (placeOf(event) && isText(event)) queue.note(Number(placeOf(event).dataset.critere));
});
grille.addEventListener("change", (event) => {
  const place = placeOf(event);
  if (!place) return;
  if (event.target.value === "non_acquis") place.querySelector("[data-comment-box]").open = true;
  showCounts();
  queue.note(Number(place.dataset.critere), { now: true });
});
grille.addEventListener("focusout", (event) => {
  if (placeOf(event) && isText(event)) queue.note(Number(placeOf(event).dataset.critere), { now: true });
});
for (const name of ["close", "cancel"]) document.addEventListener(name, () => setTimeout(conflict.showNext), { capture: true });

/* To the review: the last mark is on its way for an instant, and the review must show it. */
const REVIEW_WAITS = 3000; // ms, then the review itself says what has not left
document.querySelector("[data-review]").addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { href } = event.currentTarget;
  queue.flush();
  const last = performance.now() + REVIEW_WAITS;
  while ((queue.isBusy || queue.unrested.size) && !queue.away && performance.now() < last) await wait(50);
  location.assign(href);
});

let leaving = false; // the person has just been told what waits, and leaves all the same
document.addEventListener("parchemin:leaving", () => (leaving = true));
document.addEventListener("parchemin:flush", () => queue.flush());
document.addEventListener("parchemin:count", ({ detail }) => detail.onlyHere.push(queue.onlyHere()));
document.addEventListener("parchemin:logged-in", () => queue.drain());
document.addEventListener("parchemin:who", () => session.check()); // the clock was answered as nobody, or as somebody again

addEventListener("online", () => queue.online());
addEventListener("offline", () => changed(null));
addEventListener("pagehide", () => queue.flush());
document.addEventListener("visibilitychange", () => queue.flush());
addEventListener("beforeunload", (event) => {
  queue.flush();
  if (!leaving && queue.isBusy) event.preventDefault();
});
addEventListener("pageshow", (event) => {
  // A page brought back by the browser may be older than what is stored: read it again from the server.
  if (event.persisted) location.reload();
});

showCounts();
queue.start();
offerTransfer(document.getElementById("transfer"), queue, fileUrl);
announce(document.getElementById("pending-elsewhere"), grille.dataset.grille);
