/* The candidate's livrables beside the grille: nothing typed is touched, and the CE being read stays where it is. */

const panel = document.getElementById("livrables");
const opener = document.querySelector("[data-livrables-open]");
const edge = panel.querySelector("[role=separator]");
const frame = panel.querySelector("[data-frame]");
const items = [...panel.querySelectorAll("[data-show]")];
const WIDTH = "parchemin.livrables"; // percent of the window, on this device
const [LEAST, MOST, STEP] = [25, 65, 5];

let kept = null; // the CE under the eyes at the last change

function inView(place, head) {
  const { top, bottom } = place.getBoundingClientRect();
  return bottom > head && top < innerHeight;
}

/** Do `change`, then bring the CE that was under the eyes back to the same height. */
function standing(change) {
  const head = document.querySelector(".grille-head")?.getBoundingClientRect().bottom ?? 0;
  const places = [...document.querySelectorAll(".ce")];
  const place =
    document.activeElement?.closest(".ce") ?? (kept && inView(kept, head) ? kept : places.find((ce) => inView(ce, head)));
  kept = place;
  const before = place?.getBoundingClientRect().top;
  change();
  if (place && scrollY > 0) scrollBy({ top: place.getBoundingClientRect().top - before, behavior: "instant" });
}

function setOpen(open) {
  standing(() => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  });
  if (open) (items[0] ?? panel.querySelector("a, button")).focus();
  else opener.focus({ preventScroll: true });
}

function show(item) {
  for (const each of items) each.setAttribute("aria-pressed", String(each === item));
  panel.querySelector("[data-none]").hidden = true;
  frame.hidden = false;
  frame.title = item.textContent.trim().replace(/\s+/g, " ");
  if (frame.getAttribute("src") !== item.dataset.show) load(item.dataset.show);
}

/** Escape works from the first line that can be read: `load` comes only once the page's styles and pictures have. */
function load(address) {
  let loading = true;
  frame.addEventListener("load", () => (loading = false), { once: true });
  frame.src = address;
  requestAnimationFrame(function again() {
    listenInside();
    if (loading) requestAnimationFrame(again);
  });
}

/** A notebook is a page of ours: Escape works there too. A PDF belongs to the browser's reader, which keeps its keys. */
function listenInside() {
  try {
    frame.contentWindow.addEventListener("keydown", close); // again and again is once: the same listener
  } catch {
    /* Not ours to listen to. */
  }
}

function widen(percent) {
  const width = Math.min(MOST, Math.max(LEAST, Math.round(percent)));
  document.documentElement.style.setProperty("--livrables", `${width}vw`);
  edge.setAttribute("aria-valuenow", String(width));
  localStorage.setItem(WIDTH, String(width));
}

const close = (event) => {
  if (event.key !== "Escape") return;
  event.preventDefault();
  event.stopPropagation();
  setOpen(false);
};

opener.addEventListener("click", () => setOpen(panel.hidden));
panel.querySelector("[data-livrables-close]").addEventListener("click", () => setOpen(false));
panel.addEventListener("keydown", close);
for (const item of items) item.addEventListener("click", () => show(item));
frame.addEventListener("load", listenInside);
edge.addEventListener("keydown", (event) => {
  const steps = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
  if (!steps) return;
  event.preventDefault();
  event.stopPropagation();
  standing(() => widen(Number(edge.getAttribute("aria-valuenow")) + steps));
});
edge.addEventListener("pointerdown", (event) => {
  edge.setPointerCapture(event.pointerId);
  frame.inert = true;
  frame.style.pointerEvents = "none";
});
edge.addEventListener("pointermove", (event) => {
  if (edge.hasPointerCapture(event.pointerId)) widen((100 * (innerWidth - event.clientX)) / innerWidth);
});
edge.addEventListener("lostpointercapture", () => {
  frame.inert = false;
  frame.style.pointerEvents = "";
});
widen(Number(localStorage.getItem(WIDTH)) || Number(edge.getAttribute("aria-valuenow")));
