/* The clock of the soutenance: the server's time whatever this device's says, the same on every screen. */

import { session } from "../session/session.js";
import { figures, isCounting, shown } from "./clock/model.js";
import { Waiting } from "./clock/waiting.js";

const ASK_EVERY = 5000; // ms
const WORDS = { not_started: "prévues", running: "restantes", paused: "en pause", incident: "incident en cours", ended: "terminée" };
const MARKS = [[300, "Il reste 5 minutes"], [60, "Il reste 1 minute"], [0, "Temps écoulé"]];

const box = document.getElementById("clock");
const mini = document.getElementById("clock-mini"); // on a telephone, in what stays in sight
const part = (name) => box.querySelector(`[data-${name}]`);
const buttons = [...box.querySelectorAll("[data-move]")];
const bars = [...box.querySelectorAll("[data-bar]")];
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`parchemin.clock.${box.dataset.soutenance}`) : null;
const waiting = new Waiting({ ...box.dataset, ...document.getElementById("queue").dataset, sessionUrl: session.url });

let answer = null; // the server's last word
let heard = 0; // performance.now() at the instant it describes: this device's own clock plays no part
let before = null; // what was shown last, to know what to announce
let sending = false;
let isNobody = false; // the session is over, or somebody else's

const age = () => (performance.now() - heard) / 1000;

function adopt(clock, asked) {
  answer = clock;
  heard = (asked + performance.now()) / 2; // the answer was made about half-way
  show();
}

async function ask() {
  const asked = performance.now();
  try {
    const response = await fetch(box.dataset.url, { credentials: "same-origin", headers: { Accept: "application/json" } });
    if (response.ok) adopt(await response.json(), asked);
  } catch {
    /* Offline: the time goes on by itself, and the next question will tell. */
  }
}

async function flush() {
  if (sending) return;
  sending = true;
  try {
    for (;;) {
      const asked = performance.now();
      const result = await waiting.send();
      if (result.kind === "none") break;
      if (isNobody !== (result.kind === "nobody")) {
        isNobody = !isNobody;
        document.dispatchEvent(new CustomEvent("parchemin:who"));
      }
      if (result.kind === "away" || result.kind === "nobody") {
        const count = waiting.moves.length;
        trouble(`${count} mouvement${count > 1 ? "s" : ""} en attente, ${result.detail}`);
        break;
      }
      trouble(result.kind === "refused" ? result.detail : "");
      if (result.kind === "stored") adopt(result.clock, asked);
      else await ask();
      tabs?.postMessage("moved");
    }
  } finally {
    sending = false;
    show();
  }
}

function trouble(words) {
  if (part("trouble").textContent !== words) part("trouble").textContent = words;
}

function make(move) {
  waiting.add(move);
  show();
  flush();
}

function show() {
  box.toggleAttribute("data-waiting", waiting.moves.length > 0);
  if (!answer) return;
  const clock = shown(answer, age(), waiting.aged);
  const phase = clock.phases[clock.phase];
  const left = phase.planned - phase.elapsed;
  const over = left <= -1;
  box.dataset.state = clock.state;
  part("phase").textContent = phase.name;
  part("rank").textContent = `${clock.phase + 1}/${clock.phases.length}`;
  part("figures").textContent = over ? `+${figures(-left, Math.floor)}` : figures(left, Math.ceil);
  box.querySelector(".clock__figures").toggleAttribute("data-over", over);
  mini.querySelector("span").textContent = part("figures").textContent;
  mini.toggleAttribute("data-over", over);
  mini.dataset.state = clock.state;
  part("word").textContent = over && clock.state === "running" ? "de dépassement" : WORDS[clock.state];
  showBars(clock);
  showButtons(clock);
  announce(clock, phase, left);
}

function showBars(clock) {
  bars.forEach((bar, rank) => {
    const phase = clock.phases[rank];
    bar.style.flexGrow = phase.planned;
    bar.toggleAttribute("data-over", phase.elapsed > phase.planned);
    if (rank === clock.phase) bar.setAttribute("aria-current", "step");
    else bar.removeAttribute("aria-current");
    const progress = bar.querySelector("progress");
    progress.max = phase.planned;
    progress.value = Math.min(phase.elapsed, phase.planned);
    bar.querySelector("[data-minutes]").textContent = `${Math.round(phase.planned / 60)} min`;
  });
}

function showButtons(clock) {
  const last = clock.phase === clock.phases.length - 1;
  const focused = buttons.find((button) => button === document.activeElement);
  for (const button of buttons) {
    const lawful = button.dataset.when.split(" ").includes(clock.state);
    button.hidden = !lawful || (button.dataset.move === "next_phase" && last);
  }
  if (focused?.hidden) buttons.find((button) => !button.hidden)?.focus(); // whoever made the move, here or elsewhere
  part("extra").textContent = clock.to_give_back ? `Rendre ${clock.to_give_back} min` : "Rendre du temps";
  const end = box.querySelector('[data-move="end"]');
  end.classList.toggle("button--secondary", !last || clock.state !== "running");
}

/** Politely, and only what matters: another phase, five minutes, one minute, time over. */
function announce(clock, phase, left) {
  const said = part("said");
  if (before && isCounting(clock)) {
    const crossed = MARKS.find(([seconds]) => before.left > seconds && left <= seconds);
    if (before.phase !== clock.phase) said.textContent = `${phase.name}, ${Math.round(phase.planned / 60)} minutes`;
    else if (crossed) said.textContent = `${crossed[1]}, ${phase.name}`;
  }
  before = { phase: clock.phase, left };
}

function asking(move, prepare) {
  const dialog = box.querySelector(`[data-ask="${move}"]`);
  const field = dialog.querySelector("input");
  let made = 0;
  box.querySelector(`[data-move="${move}"]`).addEventListener("click", () => {
    made = Date.now(); // the incident began when the button was pressed, not when its text was written
    dialog.returnValue = "";
    field.value = prepare(dialog);
    dialog.showModal();
    field.focus();
    field.select();
  });
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "go") return;
    if (move === "extra") make({ move, minutes: Number(field.value), made: Date.now() });
    else make({ move, note: field.value.trim(), made });
  });
}

asking("incident", () => "");
asking("extra", (dialog) => {
  const proposed = answer ? shown(answer, age(), waiting.aged).to_give_back : 0;
  const lost = proposed === 1 ? "1 minute perdue" : `${proposed} minutes perdues`;
  dialog.querySelector("[data-proposed]").textContent = proposed ? `${lost} en incident : c’est ce qui est proposé.` : "";
  return proposed || "";
});
for (const button of buttons) {
  const { move } = button.dataset;
  if (move !== "incident" && move !== "extra") button.addEventListener("click", () => make({ move, made: Date.now() }));
}

const wake = () => (waiting.moves.length ? flush() : ask());
tabs?.addEventListener("message", ask);
addEventListener("online", wake);
addEventListener("beforeunload", (event) => {
  if (waiting.isOnlyHere) event.preventDefault();
});
document.addEventListener("parchemin:flush", flush);
document.addEventListener("visibilitychange", () => document.hidden || wake());
setInterval(wake, ASK_EVERY);
setInterval(show, 250);
waiting.seal();
box.toggleAttribute("data-ready", true);
await ask();
flush();
