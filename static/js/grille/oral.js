/* The oral criterion answered once for all; what was answered otherwise on one compétence stays as it is (R-SCO-6). */

import { competenceOf, control, places, radios, verdictOf } from "./place.js";

const panel = document.querySelector("[data-oral-once]");

if (panel) {
  const occurrences = places().filter((place) => place.hasAttribute("data-oral"));
  const answers = [...panel.querySelectorAll('input[name="oral"]')];
  const comment = panel.querySelector('textarea[name="oral-comment"]');
  const told = panel.querySelector("[data-oral-state]");
  const tell = (node, type) => node.dispatchEvent(new Event(type, { bubbles: true }));
  const given = () => answers.find((answer) => answer.checked)?.value ?? "";
  let isUntaken = false; // words written before any answer: they wait here for the compétences that will take them
  let common = answeredForAll();
  let words = mostGiven(followers().map((place) => control(place, "comment").value));

  function mostGiven(values) {
    const counts = new Map();
    for (const value of values.filter(Boolean)) counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
  }

  /** There is a common answer once every compétence has one: a few judged one by one are not « partout ». */
  function answeredForAll() {
    const verdicts = occurrences.map(verdictOf);
    return verdicts.includes("") ? "" : mostGiven(verdicts);
  }

  /** Those that say nothing yet, or what the common answer says. */
  function followers() {
    return occurrences.filter((place) => ["", common].includes(verdictOf(place)));
  }

  function apply(verdict) {
    for (const place of followers()) {
      const radio = radios(place).find((each) => each.value === verdict);
      if (radio.checked || radio.disabled) continue;
      radio.checked = true;
      tell(radio, "change");
    }
    common = verdict;
    write();
  }

  /** The common words go where there are none, or where they were; own words stay. */
  function write() {
    for (const place of common ? followers() : []) {
      const text = control(place, "comment");
      if (text.disabled || text.value === comment.value || !["", words].includes(text.value)) continue;
      text.value = comment.value;
      place.querySelector("[data-comment-box]").open = true;
      tell(text, "input");
    }
    words = comment.value;
    isUntaken = Boolean(words) && !followers().some((place) => common && control(place, "comment").value === words);
    show();
  }

  function show() {
    const others = occurrences.filter((place) => common && verdictOf(place) && verdictOf(place) !== common);
    const same = occurrences.filter((place) => common && verdictOf(place) === common).length;
    const kept = others.map(competenceOf).join(", ");
    told.textContent = common
      ? `Appliqué à ${same} compétence${same > 1 ? "s" : ""} sur ${occurrences.length}.${kept ? ` Jugé autrement et gardé : ${kept}.` : ""}`
      : "Chaque compétence garde sa propre ligne : on peut la juger autrement ensuite.";
  }

  function read() {
    if (!given() || !occurrences.some((place) => verdictOf(place) === common)) common = answeredForAll();
    for (const answer of answers) answer.checked = answer.value === common;
    if (!isUntaken && document.activeElement !== comment) comment.value = words = mostGiven(followers().map((place) => control(place, "comment").value));
    show();
  }

  for (const answer of answers) answer.addEventListener("change", () => apply(answer.value));
  comment.addEventListener("input", write);
  for (const place of occurrences) place.addEventListener("change", show);
  document.addEventListener("grille:state", read);
  for (const control of [...answers, comment]) control.disabled = occurrences.every((place) => place.disabled);
  read();
}
