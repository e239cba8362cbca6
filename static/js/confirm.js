/* Forms marked data-confirm ask in their own <dialog> before they are sent (components/confirm.html). */

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-confirm]")) return;
  const dialog = form.querySelector("dialog");
  if (dialog.open && dialog.contains(event.submitter)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.showModal();
}, { capture: true });

document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest("dialog")?.close();
});
