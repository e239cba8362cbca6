/* Two values of one CE: both are shown, with who and when, and a person chooses; the choice is sent (R-SCO-4). */

import { TEXT_FIELDS, same } from "./fields.js";
import { moment, told } from "./words.js";

const dialog = document.getElementById("conflict");

const waiting = [];
let asked = null;

const part = (name) => dialog.querySelector(`[data-${name}]`);

/** Ask about `mark` as soon as no other question is open; `choose(choice, value)` gets the answer. */
export function ask(mark, { label, text, choose }) {
  if (asked?.mark === mark || waiting.some((one) => one.mark === mark)) return;
  waiting.push({ mark, label, text, choose });
  showNext();
}

export function showNext() {
  if (dialog.open || !waiting.length || document.querySelector("dialog[open]")) return;
  asked = waiting.shift();
  if (asked.mark.problem?.kind !== "stale") {
    asked = null;
    showNext();
    return;
  }
  fill();
  dialog.showModal();
}

function fill() {
  const { mark, label, text } = asked;
  const { current } = mark.problem;
  const mine = mark.wished;
  part("label").textContent = label;
  part("text").textContent = text;
  part("mine-since").textContent = mark.inflight.version ? `à partir de la version ${mark.inflight.version}` : "à partir d’un critère non évalué";
  part("stored-by").textContent = `${current.savedBy || "un autre écran"}${current.savedAt ? `, le ${moment(new Date(current.savedAt))}` : ""}`;
  compare(mine, current.value);
  prepareMerge(mine, current.value);
}

function compare(mine, stored) {
  const theirs = new Map(told(stored).map(([field, , words]) => [field, words]));
  const rows = told(mine)
    .filter(([field, , words]) => words || theirs.get(field))
    .map(([field, label, words]) => row(label, words, theirs.get(field), !same(mine[field], stored[field])));
  part("rows").replaceChildren(...rows);
}

function row(label, mine, stored, differs) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = label;
  if (differs) {
    line.dataset.differs = "";
    const word = document.createElement("span");
    word.className = "versions__differs";
    word.textContent = "différent";
    head.append(" ", word);
  }
  const cells = [["Votre saisie", mine], ["Enregistré", stored]].map(([title, words]) => {
    const cell = document.createElement("td");
    cell.dataset.label = title;
    cell.textContent = words || "—";
    return cell;
  });
  line.append(head, ...cells);
  return line;
}

function prepareMerge(mine, stored) {
  const merge = part("merge");
  merge.open = false;
  for (const radio of merge.querySelectorAll('[name="merge-verdict"]')) radio.checked = radio.value === mine.verdict;
  for (const field of TEXT_FIELDS) {
    const area = merge.querySelector(`[name="merge-${field}"]`);
    area.closest("label").hidden = same(mine[field], stored[field]);
    area.value = same(mine[field], stored[field]) ? mine[field] ?? "" : [mine[field], stored[field]].filter(Boolean).join("\n");
  }
}

function merged() {
  const merge = part("merge");
  const texts = TEXT_FIELDS.filter((field) => field in asked.mark.wished).map((field) => [field, merge.querySelector(`[name="merge-${field}"]`).value]);
  const verdict = merge.querySelector('[name="merge-verdict"]:checked')?.value ?? "";
  const value = { ...asked.mark.wished, verdict, ...Object.fromEntries(texts) };
  return Object.fromEntries(Object.keys(asked.mark.wished).map((field) => [field, value[field]]));
}

dialog.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-choice]")?.dataset.choice;
  if (!choice) return;
  const { choose } = asked;
  const value = choice === "merged" ? merged() : undefined;
  dialog.close();
  choose(choice, value);
});

dialog.addEventListener("close", () => {
  asked = null;
});
