/* Ticks and counters propose a verdict; the évaluateur gives it (R-REF-4). Questions are noted at the time they are asked. */

import { control, grille, places } from "./place.js";

const tell = (node, type) => node.dispatchEvent(new Event(type, { bubbles: true }));

function propose(place) {
  const aids = place.querySelector("[data-aids]");
  if (!aids) return;
  const ticks = [...aids.querySelectorAll('input[type="checkbox"]')];
  const ticked = ticks.filter((tick) => tick.checked).length;
  const threshold = Number(aids.dataset.threshold ?? 0);
  const counted = threshold ? control(place, "counted").value : "";
  const parts = [];
  if (ticks.length) parts.push({ words: `${ticked} coché${ticked > 1 ? "s" : ""} sur ${ticks.length}`, met: ticked === ticks.length });
  if (counted !== "") parts.push({ words: `${counted} compté${counted > 1 ? "s" : ""} sur ${threshold}`, met: Number(counted) >= threshold });
  const begun = counted !== "" || ticked;
  const verdict = parts.every((part) => part.met) ? "acquis" : "non acquis";
  aids.querySelector("[data-proposal]").textContent = begun
    ? `${parts.map((part) => part.words).join(", ")} : proposition « ${verdict} », à vous de juger.`
    : "";
}

function count(place, by) {
  const field = control(place, "counted");
  const next = Math.min(999, Math.max(0, Number(field.value || 0) + by));
  if (String(next) === field.value) return;
  field.value = next;
  tell(field, "change");
}

function noteQuestion(place) {
  place.querySelector("[data-questions-box]").open = true;
  const text = control(place, "questions");
  const now = new Date().toLocaleTimeString("fr-FR", { timeZone: "Europe/Paris", hour: "2-digit", minute: "2-digit" });
  text.value = `${text.value}${text.value && !text.value.endsWith("\n") ? "\n" : ""}${now.replace(":", " h ")} · `;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  tell(text, "input");
}

grille.addEventListener("click", (event) => {
  const place = event.target.closest(".ce");
  const stepper = event.target.closest("[data-step]");
  if (stepper) count(place, Number(stepper.dataset.step));
  if (event.target.closest("[data-question-for]")) noteQuestion(place);
});

for (const type of ["change", "input"]) {
  grille.addEventListener(type, (event) => {
    const place = event.target.closest(".ce");
    if (place && event.target.closest("[data-aids]")) propose(place);
  });
}

/* Another tab, or the choice made in a conflict, changes the controls without a word. */
document.addEventListener("grille:state", () => places().forEach(propose));
places().forEach(propose);
