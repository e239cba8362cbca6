/* A form is saved as it is typed: each change is sent at once with the mark of what it started from. A change that meets
   another person's is shown with theirs, and waits for a choice; what is not stored yet stays in this tab (R-SCO-3, 4). */

const PAUSE = 1200;
const RETRY = 4000;
const KEPT_ALIVE = 50_000;
const form = document.querySelector("form[data-autosave]");

if (form) autosave(form);

function autosave(form) {
  const key = `parchemin-noeud ${form.dataset.autosave} ${form.action}`;
  let timer = 0;
  let sending = null; // the promise of the change on its way
  let waiting = false; // something typed is not stored
  let again = false; // something was typed while a change was on its way
  let held = false; // a person has to choose first
  let wrong = false; // what is typed cannot be stored, or did not leave

  const typed = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const values = () => JSON.stringify(typed().filter(([name]) => name !== "seen"));
  const keep = () => sessionStorage.setItem(key, JSON.stringify(typed()));
  const say = (text, kind = "waiting") => {
    const state = document.getElementById("etat");
    state.className = `save-state save-state--${kind}`;
    state.textContent = text;
  };
  let last = values();

  function changed(delay) {
    if (!waiting && !sending && values() === last) return;
    waiting = true;
    keep();
    if (held) return;
    if (sending) {
      again = true;
      return;
    }
    say("Saisie en cours…");
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  function send() {
    clearTimeout(timer);
    if (!sending && !held && waiting) sending = sendNow().finally(after);
    return sending;
  }

  async function sendNow() {
    waiting = false;
    wrong = false;
    const sent = values();
    say("Enregistrement…");
    try {
      const body = new URLSearchParams([...new FormData(form)]);
      const keepalive = body.toString().length < KEPT_ALIVE; // goes on when the page is left
      const headers = { "HX-Request": "true" };
      const response = await fetch(form.action, { method: "POST", body, headers, keepalive, redirect: "manual" });
      await answer(response, sent);
    } catch {
      waiting = true;
      wrong = true;
      say("Hors connexion : votre saisie est gardée dans cet onglet, elle partira d’elle-même.", "wrong");
      timer = setTimeout(send, RETRY);
    }
  }

  function after() {
    sending = null;
    if (!again || held) return;
    again = false;
    waiting = true;
    timer = setTimeout(send, PAUSE);
  }

  async function answer(response, sent) {
    if (![200, 412, 422].includes(response.status)) {
      waiting = held = wrong = true;
      say("Pas enregistré : cette page n’est plus à jour, ou votre session a pris fin. Votre saisie est gardée dans cet onglet ; rechargez la page.", "wrong");
      return;
    }
    take(await response.text());
    if (response.status === 200) return stored(sent);
    waiting = wrong = true;
    if (response.status === 412) choose();
  }

  /** Each part of the answer takes the place of the page's part of that name. */
  function take(html) {
    const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("body > [id]");
    for (const part of parts) document.getElementById(part.id)?.replaceWith(document.adoptNode(part));
  }

  function stored(sent) {
    const { seen, name } = document.getElementById("etat").dataset;
    last = sent;
    form.elements.seen.value = seen;
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    const heading = document.querySelector("h1[data-name]");
    if (heading && name) heading.textContent = name;
    relabel();
    if (again) keep();
    else sessionStorage.removeItem(key);
  }

  function relabel() {
    const line = document.querySelector('.tree [aria-current="page"]');
    const code = form.elements.code ?? (form.id && form.elements.number && !form.elements.rubrique ? form.elements.number : null);
    const text = form.elements.statement ?? form.elements.title;
    const label = line?.querySelector(".code");
    if (label && code) label.textContent = code.name === "number" ? `Bloc ${code.value}` : code.value;
    const words = line?.querySelector(".tree__text, .tree__line");
    if (words && text) words.textContent = text.value;
  }

  function choose() {
    held = true;
    say("Pas enregistré : choisissez entre les deux versions.", "wrong");
    document.querySelector("#conflit [data-seen]").focus();
  }

  /** A button that does something else with the form does it with what is stored. */
  async function sendElsewhere(event) {
    if (held || !(waiting || sending)) return;
    event.preventDefault();
    await send();
    if (!wrong) form.requestSubmit(event.submitter);
  }

  form.addEventListener("input", () => changed(PAUSE));
  form.addEventListener("change", () => changed(0));
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return sendElsewhere(event);
    event.preventDefault();
    const conflict = document.querySelector("#conflit [data-seen]");
    if (conflict) form.elements.seen.value = conflict.dataset.seen;
    held = false;
    waiting = true;
    if (sending) again = true;
    else send();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-forget]")) return;
    waiting = held = wrong = false;
    sessionStorage.removeItem(key);
  });
  document.addEventListener("submit", async (event) => {
    if (event.target === form || held || !(waiting || sending)) return;
    event.preventDefault();
    await send();
    if (!wrong) event.target.requestSubmit(event.submitter);
  });
  document.addEventListener("parchemin:logged-in", () => {
    if (document.querySelector("#conflit [data-seen]")) return;
    held = false;
    send();
  });
  window.addEventListener("beforeunload", (event) => {
    send();
    if (held || wrong) event.preventDefault();
  });

  /** What an earlier load of this page typed and never saw stored comes back, and is sent from where it started. */
  function restore() {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    if (!kept || document.querySelector("#conflit [data-seen]")) return;
    if (JSON.stringify(kept.filter(([name]) => name !== "seen")) === last) {
      sessionStorage.removeItem(key);
      say("Enregistré pendant que la page se rechargeait.", "stored");
      return;
    }
    const found = new Map(kept);
    for (const field of form.elements) {
      if (!field.name || field.name === "csrfmiddlewaretoken") continue;
      if (field.type === "checkbox") field.checked = found.has(field.name);
      else if (field.type === "radio") field.checked = found.get(field.name) === field.value;
      else if (found.has(field.name)) field.value = found.get(field.name);
    }
    changed(0);
  }

  restore();
}
