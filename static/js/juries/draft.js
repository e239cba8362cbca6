/* The decision being written stays in this tab until it is recorded: a ballot opened, somebody noted absent or another
   candidate called reload the page, and take nothing of it away. */

const form = document.getElementById("decision");
if (form) keep(form);

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
