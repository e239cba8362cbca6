/* The line that is never wrong: what is saved, what waits and why, what is to be settled. */

import { stateLine } from "./words.js";

const line = document.getElementById("save-state");

let isComing = false;

/** Show the state of `queue` once this turn of events is over, before anybody can look; and tell the other modules. */
export function showState(queue, firstProblem) {
  if (isComing) return;
  isComing = true;
  queueMicrotask(() => {
    isComing = false;
    const { counts, away, savedAt, broken } = queue;
    const { state, words, problem } = stateLine(counts, { away, savedAt, broken, online: navigator.onLine });
    write(state, problem, words, firstProblem());
    const detail = { pending: counts.pending + counts.elsewhere, conflicts: counts.conflicts + counts.refused, savedAt, online: !away && navigator.onLine };
    document.dispatchEvent(new CustomEvent("grille:state", { detail }));
  });
}

function write(state, problem, words, target) {
  const text = [problem, words].filter(Boolean).join(", ");
  line.dataset.state = state;
  if (line.textContent === text && (line.querySelector("a")?.hash ?? "") === (target ?? "")) return;
  const parts = [];
  if (problem && target) {
    const link = document.createElement("a");
    link.href = target;
    link.textContent = problem;
    parts.push(link);
  } else if (problem) parts.push(problem);
  if (words) parts.push(problem ? `, ${words}` : words);
  line.replaceChildren(...parts);
}
