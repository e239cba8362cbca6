/* Ready sentences: choose one into the comment, or keep the comment as one. */

import { grille } from "./place.js";

const dialog = document.getElementById("snippets");
const list = dialog.querySelector("[data-snippet-list]");
const search = dialog.querySelector("[data-snippet-search]");
const empty = dialog.querySelector("[data-snippet-empty]");
const said = dialog.querySelector("[data-snippet-said]");
const keep = dialog.querySelector("[data-snippet-keep]");
let target = null;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  const wanted = fold(search.value);
  let shown = 0;
  for (const item of list.children) {
    item.hidden = !fold(item.textContent).includes(wanted);
    if (!item.hidden) shown += 1;
  }
  empty.hidden = shown > 0;
}

function open(button) {
  target = button.closest(".ce").querySelector(`[name="${button.dataset.snippetsFor}"]`);
  search.value = "";
  said.textContent = "";
  keep.disabled = !target.value.trim();
  filter();
  dialog.showModal();
  search.focus();
}

function insert(text) {
  const { value, selectionStart, selectionEnd } = target;
  const before = value.slice(0, selectionStart);
  const gap = before && !/\s$/.test(before) ? " " : "";
  dialog.close();
  target.focus();
  target.setRangeText(gap + text, selectionStart, selectionEnd, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

function add(text) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "snippet pre-line", textContent: text });
  button.dataset.snippet = "";
  item.append(button);
  list.prepend(item);
  filter();
}

async function keepComment() {
  const text = target.value.trim();
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  try {
    const response = await fetch(keep.dataset.snippetKeep, { method: "POST", headers, body: JSON.stringify({ text }) });
    const body = await response.json();
    if (!response.ok) throw new Error(body.detail ?? body.text?.[0]);
    if (response.status === 201) add(text);
    said.textContent = response.status === 201 ? "Gardé parmi vos phrases types." : "Cette phrase y est déjà.";
  } catch (error) {
    said.textContent = error instanceof TypeError ? "Hors ligne : la phrase n’est pas gardée." : error.message;
  }
}

grille.addEventListener("click", (event) => {
  const button = event.target.closest("[data-snippets-for]");
  if (button) open(button);
});
list.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-snippet]");
  if (chosen) insert(chosen.textContent);
});
search.addEventListener("input", filter);
keep.addEventListener("click", keepComment);
dialog.addEventListener("close", () => target?.focus());
