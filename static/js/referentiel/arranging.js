/* Nodes arranged by dragging, or with Alt + an arrow from anywhere in their line; the buttons do the same without it. */

const list = document.querySelectorAll("[data-arrange]");
let dragged = null;

for (const nodes of list) {
  nodes.dataset.arrange = "ready";
  for (const row of nodes.children) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("is-dragged");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.querySelector(".nodes__link").textContent.trim());
    });
    row.addEventListener("dragend", () => {
      row.classList.remove("is-dragged");
      dragged = null;
    });
    row.addEventListener("keydown", moveByKey);
    accept(row, () => dragged !== row && dragged.parentElement === nodes, () => send({ rank: 1 + [...nodes.children].indexOf(row) }));
  }
}

for (const link of document.querySelectorAll(".tree [data-accepts]")) {
  const fits = () => dragged.dataset.kind === link.dataset.accepts;
  accept(link, fits, () => send({ parent: link.dataset.parent }));
}

function accept(place, fits, drop) {
  place.addEventListener("dragover", (event) => {
    if (!dragged || !fits()) return;
    event.preventDefault();
    place.classList.add("is-target");
  });
  place.addEventListener("dragleave", () => place.classList.remove("is-target"));
  place.addEventListener("drop", (event) => {
    place.classList.remove("is-target");
    if (!dragged || !fits()) return;
    event.preventDefault();
    drop();
  });
}

/** A copy of the row's own form, with its token and its operation, sent to another address as any form is. */
function send(values) {
  const form = dragged.querySelector("form").cloneNode(true);
  Object.assign(form, { hidden: true, action: dragged.dataset.place });
  for (const [name, value] of Object.entries(values)) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  document.body.append(form);
  form.requestSubmit();
}

function moveByKey(event) {
  const direction = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (!event.altKey || !direction) return;
  event.preventDefault();
  event.currentTarget.querySelector(`button[value="${direction}"]`).click();
}
