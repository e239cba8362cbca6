/* A form sent once the session is over loses nothing (R-SCO-3). Before any POST form leaves, the page asks who is logged in;
   if that is no longer the person of this page, the form waits for them under the dialog that logs in again, then leaves
   with the button that was pressed. Last of the page's modules: what another one holds back or sends itself is not asked. */

import { mount } from "./dialog.js";
import { session } from "./session.js";

const ONCE = 5000; // ms within which the same form sent again is a double click

let waiting = null; // the form that waits for the answer: one at a time
let leaving = null; // the form that may go
let sent = new WeakMap();

const isPost = (form, submitter) => (submitter?.getAttribute("formmethod") ?? form.getAttribute("method"))?.toLowerCase() === "post";

function hold(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || !isPost(form, submitter) || form.hasAttribute("data-logout")) return;
  if (form === leaving) {
    sent.set(form, performance.now());
    return;
  }
  event.preventDefault();
  const isTwice = performance.now() - sent.get(form) < ONCE;
  if (!waiting && !isTwice) send(form, submitter);
}

async function send(form, submitter) {
  waiting = form;
  form.setAttribute("aria-busy", "true");
  let who;
  do who = await session.insist();
  while (who === "away" && (await wantsToTryAgain()));
  form.removeAttribute("aria-busy");
  waiting = null;
  if (who === "same") leave(form, submitter);
  else if (document.activeElement === document.body) submitter?.focus();
}

function leave(form, submitter) {
  if (!form.isConnected) {
    form.hidden = true; // the page has shown something else in its place meanwhile: what was pressed leaves all the same
    document.body.append(form);
  }
  leaving = form;
  form.requestSubmit(submitter);
  leaving = null;
}

let notSent;

/** Says that the server does not answer; resolves to whether the person asks again. */
async function wantsToTryAgain() {
  notSent ??= mount(session.template, "not-sent");
  notSent.returnValue = "";
  notSent.showModal();
  await new Promise((resolve) => notSent.addEventListener("close", resolve, { once: true }));
  return notSent.returnValue === "again";
}

if (session) {
  window.addEventListener("submit", hold);
  window.addEventListener("beforeunload", (event) => waiting && event.preventDefault()); // it has not left yet
  window.addEventListener("pageshow", () => (sent = new WeakMap())); // brought back by the browser, a form may be sent anew
}
