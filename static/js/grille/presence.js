/* Tells the supervision that this page is open, and how much it has still to send. Its failures are nobody's concern. */

import { csrf } from "../session/asking.js";

const EVERY = 15_000; // ms
const SETTLED = 1_000; // ms after the last change of state, so that a burst of marks is told once

const grille = document.getElementById("grille");
let pending = 0;
let soon;

function tell(leaving = false) {
  fetch(grille.dataset.presenceUrl, {
    method: "POST",
    credentials: "same-origin",
    keepalive: leaving,
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "Grille-Id": grille.dataset.grille },
    body: JSON.stringify({ pending, leaving }),
  }).catch(() => {});
}

document.addEventListener("grille:state", ({ detail }) => {
  if (detail.pending === pending) return;
  pending = detail.pending;
  clearTimeout(soon);
  soon = setTimeout(() => tell(), SETTLED);
});
addEventListener("pagehide", () => tell(true));
setInterval(() => tell(), EVERY);
tell();
