/* A vote takes two acts: one chooses, the other casts what the button then names. A vote cast is definitive (R-JUR-4). */

const ballot = () => document.querySelector("form.ballot");
const casting = () => document.getElementById("voter");

/** What is chosen and not cast yet in `part`, with the round it is chosen for. */
export function choiceIn(part) {
  const form = part.querySelector("form.ballot");
  return { round: form?.action, value: form?.querySelector("input:checked")?.value };
}

/** Choose it again in the page as it is now, if its round is still open. */
export function choose({ round, value }) {
  const form = ballot();
  if (!value || form?.action !== round) return;
  for (const radio of form.querySelectorAll("input[type=radio]")) radio.checked = radio.value === value;
  name();
}

/** A figure chooses and leads to the button that casts; whether there was something to choose. */
export function chooseByKey(key) {
  const radio = ballot()?.querySelector(`[data-choice="${key}"]`);
  if (!radio) return false;
  radio.checked = true;
  name();
  casting().focus();
  return true;
}

/** Give up a choice not cast yet; whether there was one. */
export function forgetChoice() {
  const radio = ballot()?.querySelector("input:checked");
  if (!radio) return false;
  radio.checked = false;
  name();
  casting().blur();
  return true;
}

function name() {
  const label = ballot().querySelector("input:checked")?.closest("label").querySelector("span");
  casting().textContent = label ? `Voter\u00a0: ${label.textContent}` : "Voter";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("form.ballot input")) name();
});
