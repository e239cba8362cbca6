/* Where the évaluateur is in the grille, and how to go elsewhere. The place follows the focus. */

export const grille = document.getElementById("grille");

const shown = document.getElementById("place");
let here = null;

export const places = () => [...grille.querySelectorAll(".ce")];
export const current = () => here ?? places()[0];
export const control = (place, name) => place.querySelector(`[name="${name}-${place.dataset.critere}"]`);
export const radios = (place) => [...place.querySelectorAll('input[type="radio"]')];
export const verdictOf = (place) => radios(place).find((radio) => radio.checked)?.value ?? "";
export const competenceOf = (place) => place.closest("[data-competence]").dataset.competence;

const texts = (place) => control(place, "comment").value.trim();
const motiveRequired = grille.hasAttribute("data-motive-required");

/** Not judged, flagged to be asked, or non acquis without the words the candidate must read (R-SCO-8). */
export function isMissing(place) {
  const verdict = verdictOf(place);
  return !verdict || control(place, "ask").checked || (motiveRequired && verdict === "non_acquis" && !texts(place));
}

/** Move the focus to a CE: on its verdict, where the keys and a screen reader expect it. */
export function goTo(place) {
  if (!place) return false;
  const target = radios(place).find((radio) => radio.checked) ?? radios(place)[0];
  target.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  place.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
  return true;
}

export function step(by) {
  const all = places();
  return goTo(all[all.indexOf(current()) + by]);
}

export function stepCompetence(by) {
  const sheets = [...grille.querySelectorAll("[data-competence]")];
  const sheet = sheets[sheets.indexOf(current().closest("[data-competence]")) + by];
  return goTo(sheet?.querySelector(".ce"));
}

/** The next CE to complete after this one, from the top again when there is none below. */
export function nextMissing() {
  const all = places();
  const start = all.indexOf(current()) + 1;
  return goTo([...all.slice(start), ...all.slice(0, start)].find(isMissing));
}

function settle(place) {
  here?.removeAttribute("data-here");
  here = place;
  place.setAttribute("data-here", "");
  const code = competenceOf(place);
  if (shown) shown.textContent = `${code} · ${place.dataset.label}`;
  for (const link of grille.querySelectorAll("[data-index]")) {
    link.toggleAttribute("data-here", link.dataset.index === code);
  }
}

grille.addEventListener("focusin", (event) => {
  const place = event.target.closest(".ce");
  if (place && place !== here) settle(place);
});

/* A link of the review, or of the index, lands on what it names. */
function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const place = target?.closest(".ce") ?? target?.querySelector(".ce");
  if (place && grille.contains(place)) goTo(place);
}

addEventListener("hashchange", arrive);
if (places().length) settle(places()[0]);
arrive();
