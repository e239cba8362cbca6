/* Who is logged in while the page stays open: when the session ends, a dialog opens it again without leaving (R-SCO-3). */

import { csrf, getJson, options } from "./server.js";

export class Session {
  /** `why` is empty while `person` is logged in here, else it says in a few words why nothing may leave. */
  constructor({ person, url, loginUrl, dialog, button, back }) {
    Object.assign(this, { person, url, loginUrl, dialog, button, back });
    this.why = "";
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.logIn();
    });
    dialog.addEventListener("close", () => (this.dismissed = Boolean(this.why)));
    button.addEventListener("click", () => this.ask());
  }

  /** "same", "expired", "other" or "away"; also brings a CSRF token that is good now. */
  async check() {
    const answer = await getJson(this.url);
    if (answer.kind === "stored") return answer.person === this.person ? this.found() : this.lost("other", answer.name);
    return answer.kind === "nobody" ? this.lost("expired") : "away";
  }

  found() {
    const wasLost = this.why;
    this.why = "";
    this.dismissed = false;
    this.button.hidden = true;
    if (wasLost && this.dialog.open) this.dialog.close();
    return "same";
  }

  lost(how, name = "") {
    this.why = how === "other" ? `${name} est connecté ici` : "session expirée";
    this.button.hidden = false;
    for (const part of this.dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== how;
    this.dialog.querySelector("[data-other]").textContent = name;
    if (!this.dismissed) this.ask();
    return how;
  }

  ask() {
    if (this.dialog.open || document.querySelector("dialog[open]")) return;
    this.say("");
    this.dialog.querySelector("[data-verify]").hidden = true;
    this.dialog.showModal();
    this.form.elements.password.focus();
  }

  say(words) {
    this.dialog.querySelector("[data-error]").textContent = words;
  }

  /** The login page itself, asked by a script: same rules, same limits, same second factor. */
  async logIn() {
    const { login, password } = this.form.elements;
    this.say("");
    this.form.setAttribute("aria-busy", "true");
    try {
      const asked = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" };
      if (!csrf()) await fetch(this.loginUrl, { ...options("GET"), headers: asked });
      const response = await fetch(this.loginUrl, {
        ...options("POST"),
        headers: { ...asked, "X-CSRFToken": csrf() },
        body: new URLSearchParams({ login: login.value, password: password.value }),
      });
      await this.answered(response);
    } catch {
      this.say("Le serveur ne répond pas. Vos saisies restent gardées ici : réessayez dans un instant.");
    } finally {
      password.value = "";
      this.form.removeAttribute("aria-busy");
    }
  }

  async answered(response) {
    const body = await response.json().catch(() => ({}));
    if (response.status === 429) return this.say("Trop d’essais : attendez quelques minutes. Vos saisies restent gardées ici.");
    if (!response.ok) {
      const errors = [...(body.form?.errors ?? []), ...Object.values(body.form?.fields ?? {}).flatMap((field) => field.errors)];
      this.say(errors.join(" ") || "La connexion a été refusée. Réessayez.");
      return this.form.elements.password.focus();
    }
    if ((await this.check()) === "expired" && body.location) {
      const verify = this.dialog.querySelector("[data-verify]");
      verify.hidden = false;
      verify.querySelector("a").href = body.location;
      verify.querySelector("a").focus();
    }
    return this.back();
  }
}
