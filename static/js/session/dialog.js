/* The dialog that logs in again over a page: the log-in page itself, asked by a script, so the same rules, the same limits
   and the same second factor (components/session.html). */

import { csrf, options } from "./asking.js";

const EVERY = 1000; // ms between two looks at the token, which any log-in changes
const NO_ANSWER = "Le serveur ne répond pas. Vos saisies restent gardées ici\u00a0: réessayez dans un instant.";

/** A dialog of the page's template, put in the page. */
export function mount(template, id) {
  const dialog = document.importNode(template.content.getElementById(id), true);
  document.body.append(dialog);
  return dialog;
}

export class LoginDialog {
  /** `check` tells who is logged in now, and closes this when it is the right person; `closed` hears that it was. */
  constructor(template, { check, closed }) {
    this.check = check;
    this.dialog = mount(template, "login-again");
    this.form = this.dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.logIn();
    });
    this.dialog.addEventListener("close", () => {
      clearInterval(this.watching);
      closed();
    });
  }

  open() {
    if (this.dialog.open) return;
    this.say("");
    this.part("[data-verify]").hidden = true;
    this.dialog.showModal();
    this.form.elements.password.focus();
    this.watch();
  }

  close() {
    this.dialog.close();
  }

  /** Resolves once it is no longer open. */
  closing() {
    return new Promise((resolve) => this.dialog.addEventListener("close", resolve, { once: true }));
  }

  /** Why it is open: "expired", or "other" and the name of who is logged in instead. */
  explain(how, name) {
    for (const part of this.dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== how;
    this.part("[data-other]").textContent = name;
  }

  say(words) {
    this.part("[data-error]").textContent = words;
  }

  part(selector) {
    return this.dialog.querySelector(selector);
  }

  /** A log-in in another tab, a second factor given there, is found without asking the server for it. */
  watch() {
    let token = csrf();
    this.watching = setInterval(() => {
      if (csrf() === token) return;
      token = csrf();
      this.check();
    }, EVERY);
  }

  async logIn() {
    const { login, password } = this.form.elements;
    const { action } = this.form;
    this.say("");
    this.form.setAttribute("aria-busy", "true");
    try {
      const asked = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
      if (!csrf()) await fetch(action, { ...options("GET"), headers: asked });
      const response = await fetch(action, {
        ...options("POST"),
        headers: { ...asked, "X-CSRFToken": csrf() },
        body: new URLSearchParams({ login: login.value, password: password.value }),
      });
      await this.answered(response);
    } catch {
      this.say(NO_ANSWER);
    } finally {
      password.value = "";
      this.form.removeAttribute("aria-busy");
    }
  }

  async answered(response) {
    const body = await response.json().catch(() => ({}));
    if (response.status === 429) return this.say("Trop d’essais\u00a0: attendez quelques minutes. Vos saisies restent gardées ici.");
    if (!response.ok) return this.refused(body.form);
    const who = await this.check();
    if (who === "other") this.say("Cette personne est encore connectée dans ce navigateur\u00a0: elle doit d’abord se déconnecter.");
    if (who === "away") this.say(NO_ANSWER);
    if (who === "expired" && body.location) this.sendToVerify(body.location);
  }

  refused(form) {
    const errors = [...(form?.errors ?? []), ...Object.values(form?.fields ?? {}).flatMap((field) => field.errors)];
    this.say(errors.join(" ") || "La connexion a été refusée. Réessayez.");
    this.form.elements.password.focus();
  }

  sendToVerify(address) {
    const verify = this.part("[data-verify]");
    const link = verify.querySelector("a");
    verify.hidden = false;
    link.href = address;
    link.focus();
  }
}
