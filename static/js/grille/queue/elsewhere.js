/* What waits in this browser for one person: counted here, named by the server, sent when its grille is opened. */

import { getJson } from "../../session/asking.js";
import { movesOf, rowsOf } from "./store.js";
import { several } from "./words.js";

/** [{soutenance, count}] of what waits in this browser for `person`, the grille `apart` left out. */
export async function waitingOf(person, apart = "") {
  const rows = await rowsOf(person).catch(() => []);
  const counts = new Map();
  for (const { grille, soutenance } of [...rows, ...movesOf(person)]) {
    if (grille !== apart) counts.set(soutenance, (counts.get(soutenance) ?? 0) + 1);
  }
  return [...counts].map(([soutenance, count]) => ({ soutenance, count }));
}

function nameOf({ kind, status, candidate }) {
  if (kind === "stored") return `la soutenance de ${candidate}`;
  return status === 404 ? "une soutenance qui ne vous est plus confiée" : "une soutenance"; // unknown while offline
}

/** Fill the list of `box` with one link per soutenance on which something waits; `box` is shown when there is one. */
export async function announce(box, apart = "") {
  const { person, soutenancesUrl, grilleUrl } = box.dataset;
  const waiting = await waitingOf(person, apart);
  const items = [];
  for (const { soutenance, count } of waiting) {
    const answer = await getJson(`${soutenancesUrl}${soutenance}/`);
    const item = document.createElement("li");
    item.append(`${several(count, "saisie en attente", "saisies en attente")} sur ${nameOf(answer)}`);
    const address = grilleUrl.replace("00000000-0000-0000-0000-000000000000", soutenance);
    if (answer.kind === "stored" && location.pathname !== address) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = "ouvrir sa grille";
      item.append("\u00a0: ", link);
    }
    items.push(item);
  }
  box.querySelector("ul").replaceChildren(...items);
  box.hidden = !items.length;
}
