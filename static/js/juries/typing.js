/* Whether hands are on a text; a page that replaces another under them must not take the next letters for shortcuts. */

const KEY = "parchemin-mains";

export const isText = (node) => Boolean(node?.matches?.('textarea, select, input:not([type="radio"], [type="checkbox"]), [contenteditable]'));

/** Told by a page that leaves of itself. */
export function handsOnText() {
  if (isText(document.activeElement)) sessionStorage.setItem(KEY, "1");
}

/** Asked once by the page that comes. */
export function hadHandsOnText() {
  const had = sessionStorage.getItem(KEY) !== null;
  sessionStorage.removeItem(KEY);
  return had;
}
