/* A box that takes a whole bloc, but what is already acquired; it shows when the bloc is taken in part. */

for (const bloc of document.querySelectorAll("[data-bloc]")) {
  const all = bloc.querySelector("[data-all]");
  const boxes = [...bloc.querySelectorAll('input[type="checkbox"]:not([data-all], [data-acquired])')];
  const show = () => {
    const taken = boxes.filter((box) => box.checked).length;
    all.checked = taken > 0 && taken === boxes.length;
    all.indeterminate = taken > 0 && taken < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  all.closest("[hidden]").hidden = boxes.length < 2;
  show();
}
