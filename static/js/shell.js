/* What the frame of every page adds to plain HTML; nothing here is needed to use the product. */

import "./logout.js";

const menu = document.querySelector("[data-menu]");

if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/* What a page asks for by itself stops coming once the session is over: what is typed stays, and the way back is shown. */
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const said = document.getElementById("session-over");
  if (xhr.status !== 401 || !said) return;
  said.querySelector("a").href = xhr.getResponseHeader("Location");
  said.hidden = false;
});

document.addEventListener("parchemin:logged-in", () => {
  const said = document.getElementById("session-over");
  if (said) said.hidden = true;
});

document.querySelector("[data-focus]")?.focus();
