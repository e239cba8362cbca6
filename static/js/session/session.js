/* Who is logged in while the page stays open: when the session ends, a dialog opens it again without leaving (R-SCO-3). */

import { csrf, getJson } from "./asking.js";
import { LoginDialog } from "./dialog.js";

const HURRIED = 8000; // ms somebody who has pressed a button waits for an answer

class Session {
  /** `why` is empty while the person of this page is logged in, else it says in a few words why nothing may leave. */
  constructor(template) {
    const { person, url } = template.dataset;
    Object.assign(this, { template, person, url, why: "" });
    this.button = document.querySelector("[data-log-in-again]"); // of the pages that also send by themselves
    this.button?.addEventListener("click", () => this.dialog.open());
  }

  /** Made when it is first needed: no page holds a password field it does not show. */
  get dialog() {
    this.made ??= new LoginDialog(this.template, {
      check: () => this.check(),
      closed: () => (this.dismissed = Boolean(this.why)),
    });
    return this.made;
  }

  /** "same", "expired", "other" or "away"; also brings a CSRF token that is good now, to the forms of the page too. */
  async check(patience) {
    const answer = await getJson(this.url, patience);
    if (answer.kind === "stored") return answer.person === this.person ? this.found() : this.lost("other", answer.name);
    return answer.kind === "nobody" ? this.lost("expired") : "away";
  }

  /** As `check`, for somebody who is sending something: asks them to log in if need be, and waits for it. */
  async insist() {
    const who = await this.check(HURRIED);
    if (who === "same" || who === "away") return who;
    this.dialog.open();
    await this.dialog.closing();
    return this.why ? who : "same";
  }

  found() {
    const wasLost = this.why;
    this.why = "";
    this.dismissed = false;
    renewTokens();
    if (wasLost) this.restored();
    return "same";
  }

  restored() {
    if (this.button) this.button.hidden = true;
    this.dialog.close();
    document.dispatchEvent(new CustomEvent("parchemin:logged-in"));
  }

  lost(how, name = "") {
    this.why = how === "other" ? `${name} est connecté ici` : "session expirée";
    if (this.button) this.button.hidden = false;
    this.dialog.explain(how, name);
    if (!this.dismissed && !document.querySelector("dialog[open]")) this.dialog.open();
    return how;
  }
}

/** Whatever the page sends next, by a form or through htmx, carries the token that is good now. */
function renewTokens() {
  const token = csrf();
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

const template = document.getElementById("session");

/** The one session of this page; null where nobody is logged in. */
export const session = template && new Session(template);
