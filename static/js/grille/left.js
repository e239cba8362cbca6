/* A grille that no longer changes: what was typed and never stored is shown, to be read or let go (R-SCO-3). */

import { getJson } from "../session/asking.js";
import { fieldsOf, same } from "./queue/fields.js";
import { Sealer, changeOf } from "./queue/sealing.js";
import { remove, rowsOf } from "./queue/store.js";
import { several, told } from "./queue/words.js";

const box = document.getElementById("left");
const entries = box.querySelector("[data-entries]");
const sure = box.querySelector("[data-sure]");
const { person, grille, keysUrl } = box.dataset;
let rows = [];

const placeOf = ({ critere }) => document.querySelector(`.ce[data-critere="${critere}"]`);

function element(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}

/** The parts of what was typed that the grille does not say, in words; null when it cannot be opened. */
async function unsaid(row, sealer) {
  const snapshot = await sealer?.open(row.sealed, changeOf(person, grille, row.critere)).catch(() => null);
  const place = placeOf(row);
  if (!snapshot || !place) return null;
  const held = Object.entries(snapshot.held ?? {}).map(([field, { text }]) => [field, text]);
  const stored = fieldsOf(place).read();
  const typed = { ...stored, ...(snapshot.next ?? snapshot.inflight)?.value, ...Object.fromEntries(held) };
  return told(typed).filter(([field]) => !same(typed[field], stored[field]));
}

function show(row, parts) {
  const place = placeOf(row);
  const sheet = place?.closest("[data-competence]");
  entries.append(element("dt", place ? `${sheet.dataset.competence} ${place.dataset.label}` : "Critère qui n’est plus évalué ici"));
  if (!parts) entries.append(element("dd", "Illisible pour l’instant : la clé de cette grille n’est pas arrivée."));
  for (const [, label, words] of parts ?? []) entries.append(element("dd", `${label}\u00a0: ${words || "vidé"}`));
}

async function look() {
  const found = (await rowsOf(person).catch(() => [])).filter((row) => row.grille === grille);
  if (!found.length) return;
  const answer = await getJson(keysUrl);
  const sealer = answer.kind === "stored" && answer.person === person ? await Sealer.from(answer.keys) : null;
  for (const row of found) {
    const parts = await unsaid(row, sealer);
    if (parts && !parts.length) await remove(row); // the grille says just that
    else {
      rows.push(row);
      show(row, parts);
    }
  }
  box.querySelector("[data-count]").textContent = several(rows.length, "saisie reste", "saisies restent");
  box.hidden = !rows.length;
}

box.querySelector("[data-forget]").addEventListener("click", () => sure.showModal());
sure.querySelector("[data-yes]").addEventListener("click", async () => {
  for (const row of rows) await remove(row);
  rows = [];
  sure.close();
  box.hidden = true;
});
look();
