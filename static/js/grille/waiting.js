/* Away from the grilles, what still waits in this browser is said too, with the way to each (R-SCO-3). */

import { announce, waitingOf } from "./queue/elsewhere.js";

const EVERY = 2000; // ms
const box = document.getElementById("pending-elsewhere");
let before = "";

async function look() {
  const waiting = JSON.stringify(await waitingOf(box.dataset.person));
  if (waiting === before) return;
  before = waiting;
  await announce(box);
}

setInterval(look, EVERY);
look();
