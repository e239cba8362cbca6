/* How values and states are said, in the words of the glossary. */

export const VERDICTS = { acquis: "Acquis", non_acquis: "Non acquis", "": "Non évalué" };

const PARIS = { timeZone: "Europe/Paris" };

export const clockTime = (date) => date.toLocaleTimeString("fr-FR", PARIS);
export const moment = (date) => date.toLocaleString("fr-FR", { ...PARIS, dateStyle: "long", timeStyle: "medium" });
export const several = (count, one, many) => `${count}\u00a0${count > 1 ? many : one}`;

const FIELDS = {
  verdict: ["Verdict", (verdict) => VERDICTS[verdict]],
  comment: ["Commentaire pour le candidat", (text) => text],
  private_note: ["Note pour le jury", (text) => text],
  questions: ["Questions posées", (text) => text],
  ticks: ["Sous-éléments cochés", (ticks) => (ticks.length ? String(ticks.length) : "")],
  counted: ["Nombre compté", (count) => (count === null ? "" : String(count))],
  to_ask: ["Pas vu, à demander", (flag) => (flag ? "oui" : "")],
};

/** [field, label, words] for each part of a value. */
export const told = (value) =>
  Object.entries(FIELDS).filter(([field]) => field in value).map(([field, [label, say]]) => [field, label, say(value[field]) ?? ""]);

/** The state line: {state, words, problem}; `problem` is what the line links to, when something is to be settled. */
export function stateLine({ pending, elsewhere, conflicts, refused }, { away, savedAt, broken, online }) {
  const waiting = pending + elsewhere;
  const problem = [
    conflicts && several(conflicts, "conflit à résoudre", "conflits à résoudre"),
    refused && several(refused, "saisie refusée", "saisies refusées"),
  ].filter(Boolean).join(", ");
  const rest = waiting
    ? `${several(waiting, "en attente", "en attente")}${away ? `, ${away}` : ""}${broken ? ", gardé dans cette page seulement" : ""}`
    : "";
  if (problem) return { state: "conflict", problem, words: rest };
  if (rest) return { state: "pending", problem, words: rest };
  const saved = savedAt ? `Enregistré à ${clockTime(savedAt)}` : "Rien à enregistrer";
  return { state: "saved", problem, words: online ? saved : `${saved}, hors ligne` };
}
