/* The decision being written, and the incident, stay in this tab until they are recorded: a ballot opened, somebody
   noted absent or another candidate called reload the page, and take nothing of it away. */

const form = document.getElementById("decision");
if (form) keep(form);
const incident = document.querySelector("form[data-kept]");
if (incident) keepText(incident);

/** One text, until the server has one more of them. */
function keepText(form) {
  const key = `parchemin-incident ${form.action}`;
  const text = form.elements.text;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept?.noted !== form.dataset.kept) sessionStorage.removeItem(key);
  else if (!text.value) {
    text.value = kept.text;
    form.closest("details").open = true;
  }
  text.addEventListener("input", () => {
    if (text.value) sessionStorage.setItem(key, JSON.stringify({ noted: form.dataset.kept, text: text.value }));
    else sessionStorage.removeItem(key);
  });
}

function keep(form) {
  const key = `parchemin-decision ${form.action}`;
  const { stands, concluded } = form.dataset;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (kept?.stands === stands) restore(kept);
  else sessionStorage.removeItem(key); // recorded since, here or elsewhere

  form.addEventListener("input", () => {
    const said = [...new FormData(form)].filter(([name]) => ["outcome", "blocs", "motive"].includes(name));
    sessionStorage.setItem(key, JSON.stringify({ stands, concluded, said }));
  });

  /** The motive always; the choices, unless a vote has concluded since. */
  function restore({ concluded: then, said }) {
    form.elements.motive.value = said.find(([name]) => name === "motive")?.[1] ?? "";
    if (then !== concluded) return;
    const chosen = new Set(said.map((pair) => pair.join(" ")));
    for (const box of form.querySelectorAll('[type="radio"], [type="checkbox"]')) box.checked = chosen.has(`${box.name} ${box.value}`);
  }
}
