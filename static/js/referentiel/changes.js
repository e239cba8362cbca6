/* A difference: keep to the kinds of change that are ticked. Without it, every change is shown. */

for (const comparison of document.querySelectorAll("[data-comparison]")) {
  const boxes = [...comparison.querySelectorAll(".comparison__filter input")];
  const shown = comparison.querySelector("[data-shown]");

  const apply = () => {
    const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const change of comparison.querySelectorAll(".change")) {
      change.hidden = !change.dataset.kinds.split(" ").some((kind) => kinds.has(kind));
      if (!change.hidden) count += 1;
    }
    return count;
  };

  comparison.addEventListener("change", (event) => {
    if (!boxes.includes(event.target)) return;
    const count = apply();
    shown.textContent = count > 1 ? `${count} changements montrés` : `${count} changement montré`;
  });
  comparison.addEventListener("htmx:afterSettle", apply);
}

/* Printed, a difference is whole. */
window.addEventListener("beforeprint", () => {
  for (const group of document.querySelectorAll(".comparison__group")) group.open = true;
});
