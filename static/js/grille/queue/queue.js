/* The queue of one grille: what is typed rests in the browser before it leaves, and leaves until it is acknowledged (R-SCO-3). */

import { getJson } from "../../session/asking.js";
import { Mark } from "./mark.js";
import { isSecure, uuid, wait } from "./platform.js";
import { Sealer, changeOf } from "./sealing.js";
import { putMark } from "./server.js";
import * as store from "./store.js";
import { Tabs } from "./tabs.js";

const AT_ONCE = 3; // requests in flight
const TYPING_PAUSE = 700; // ms without a key before a text is sent
const RESTING_PAUSE = 150; // ms before what is typed rests in the browser
const RETRIES = [500, 1000, 2000, 4000]; // ms; the last one again and again
const ILL = "serveur indisponible";
const LONGEST = 30_000; // ms between two tries at a server that says it is ill

export class Queue {
  /** `grille`, `person`, `soutenance`: opaque identifiers. `changed(mark)` after any change; `session` tells who we are. */
  constructor({ grille, person, soutenance, marksUrl, keysUrl, session, changed }) {
    Object.assign(this, { grille, person, soutenance, marksUrl, keysUrl, session, changed });
    this.marks = new Map();
    this.screens = new Map();
    this.orphans = []; // rows of dead tabs, waiting for their CE to be free
    this.resting = new Map(); // CE whose row is being written
    this.unrested = new Set(); // CE whose last change is not in the browser's store yet
    this.elsewhere = 0; // CE waiting in other tabs
    this.away = ""; // why nothing leaves, in the words of the state line
    this.failures = 0;
    this.after = 0;
    this.tabs = isSecure ? new Tabs(grille, { heard: (said) => this.heard(said), died: (tab) => this.adoptFrom(tab) }) : null;
  }

  add({ critere, version, fields }) {
    const mark = new Mark({ critere, version, value: fields.read() });
    this.marks.set(critere, mark);
    this.screens.set(critere, fields);
    return mark;
  }

  /** Put back what earlier pages left, then send. */
  async start() {
    while (!(await this.unlock())) await wait(this.pause());
    await this.adopt();
    for (const critere of [...this.unrested]) this.rest(this.marks.get(critere));
    await this.drain();
  }

  // --- What the person does

  /** A control of `critere` changed; `now` when nothing more is expected (a verdict, the end of a text). */
  note(critere, { now = false } = {}) {
    const mark = this.marks.get(critere);
    const isNew = mark.typed(this.screens.get(critere).read());
    if (isNew) {
      this.unrested.add(critere);
      this.changed(mark);
    }
    clearTimeout(mark.restTimer);
    clearTimeout(mark.sendTimer);
    if (isNew && !now) mark.firstUnrested ??= performance.now();
    const overdue = mark.firstUnrested && performance.now() - mark.firstUnrested > RESTING_PAUSE * 2;
    if (this.unrested.has(critere)) {
      if (now || overdue) this.rest(mark);
      else mark.restTimer = setTimeout(() => this.rest(mark), RESTING_PAUSE);
    }
    if (now) this.drain();
    else mark.sendTimer = setTimeout(() => this.drain(), TYPING_PAUSE);
  }

  /** Everything typed so far: into the store, and on its way. */
  flush() {
    for (const critere of this.marks.keys()) this.note(critere, { now: true });
  }

  resolve(critere, choice, value) {
    const mark = this.marks.get(critere);
    mark.resolve(choice, value);
    this.screens.get(critere).write(mark.shown);
    this.unrested.add(critere);
    this.changed(mark);
    this.drain();
  }

  // --- In the browser's store

  async unlock() {
    if (this.sealer || !isSecure) return true;
    const answer = await getJson(this.keysUrl);
    if (answer.kind === "stored") {
      if (answer.grille === this.grille && answer.person === this.person) this.sealer = await Sealer.from(answer.keys);
      else await this.lost();
    } else if (answer.kind === "nobody") await this.lost();
    else this.hold(answer.why);
    return Boolean(this.sealer);
  }

  /** What was asked is not for whoever is logged in: find out who that is, and wait. */
  async lost() {
    await this.session.check();
    this.hold(this.session.why || ILL);
  }

  about(critere) {
    return changeOf(this.person, this.grille, critere);
  }

  /** Write the mark's row, or remove it; resolves when what the mark held at the call is in the store. */
  rest(mark) {
    clearTimeout(mark.restTimer);
    mark.firstUnrested = null;
    const { critere } = mark;
    const writing = (this.resting.get(critere) ?? Promise.resolve()).then(() => this.write(mark));
    this.resting.set(critere, writing);
    return writing;
  }

  async write(mark) {
    if (!this.sealer) return;
    const { critere } = mark;
    const snapshot = mark.snapshot();
    const written = JSON.stringify(snapshot);
    try {
      if (snapshot) await store.put(await this.row(this.tabs.own, critere, snapshot, mark.state));
      else if (mark.hasRow) await store.remove({ grille: this.grille, critere, tab: this.tabs.own });
      mark.hasRow = Boolean(snapshot);
      this.broken = false;
      if (JSON.stringify(mark.snapshot()) === written) this.unrested.delete(critere);
    } catch {
      this.broken = true; // full disk, private window: it is still sent, and the page asks before it is closed
    }
    this.tabs.tell({ rows: true });
    this.changed(mark);
  }

  async row(tab, critere, snapshot, state) {
    const { grille, soutenance, person } = this;
    const { operation = "", version = null } = snapshot.inflight ?? snapshot.next ?? {};
    const sealed = await this.sealer.seal(snapshot, this.about(critere));
    return { grille, critere, tab, soutenance, person, state, operation, version, sealed };
  }

  async adopt() {
    if (!this.sealer) return;
    const rows = await store.rowsOf(this.person).catch(() => []);
    for (const row of rows) if (row.grille === this.grille) this.tabs.watch(row.tab);
    await this.countElsewhere(rows);
  }

  async adoptFrom(tab) {
    const rows = await store.rowsOf(this.person).catch(() => []);
    this.orphans.push(...rows.filter((row) => row.grille === this.grille && row.tab === tab));
    await this.adoptOrphans();
    await this.countElsewhere();
    this.drain();
  }

  async adoptOrphans() {
    const waiting = this.orphans.splice(0);
    for (const row of waiting) if (!(await this.adoptRow(row))) this.orphans.push(row);
  }

  /** Take over a row left by a tab that is gone; false when its CE has something of its own to finish first. */
  async adoptRow(row) {
    const mark = this.marks.get(row.critere);
    if (!mark?.isClean || !this.sealer) return false;
    let snapshot;
    try {
      snapshot = await this.sealer.open(row.sealed, this.about(row.critere));
    } catch {
      return false; // sealed with a key withdrawn since: kept, counted, never guessed
    }
    if (!mark.isClean) return false; // typed meanwhile
    mark.restore(snapshot);
    mark.hasRow = true;
    await store.move(row, this.tabs.own);
    this.screens.get(row.critere).write(mark.shown);
    this.changed(mark);
    return true;
  }

  async countElsewhere(rows) {
    const all = rows ?? (await store.rowsOf(this.person).catch(() => []));
    this.elsewhere = all.filter((row) => row.grille === this.grille && row.tab !== this.tabs.own).length;
    this.changed(null);
  }

  /** [{critere, snapshot}] of all that waits on this grille, in this tab and in those this browser remembers. */
  async everythingWaiting() {
    const own = [...this.marks.values()].filter((mark) => !mark.isClean);
    const entries = own.map((mark) => ({ critere: mark.critere, snapshot: mark.snapshot() }));
    const rows = await store.rowsOf(this.person).catch(() => []);
    for (const row of rows.filter(({ grille, tab }) => grille === this.grille && tab !== this.tabs.own)) {
      const snapshot = await this.sealer.open(row.sealed, this.about(row.critere)).catch(() => null);
      if (snapshot) entries.push({ critere: row.critere, snapshot });
    }
    return entries;
  }

  /** Take entries of a file in, with their own operations, as the rows of a tab that is gone. */
  async takeIn(entries) {
    for (const { critere, snapshot } of entries) {
      const tab = uuid(); // one each: a file may hold two changes of one CE, from two tabs
      await store.put(await this.row(tab, critere, snapshot, "pending"));
      await this.adoptFrom(tab);
    }
  }

  // --- Other tabs

  heard({ rows, stored }) {
    if (rows) this.countElsewhere();
    if (!stored) return;
    const mark = this.marks.get(stored.critere);
    if (mark?.storedElsewhere(stored)) {
      this.screens.get(stored.critere).write(mark.confirmed.value);
      this.changed(mark);
    }
  }

  // --- Sending

  get sendable() {
    return [...this.marks.values()].filter((mark) => mark.isSendable);
  }

  /** Send all there is to send; one drain at a time in this page, one page at a time for this grille. */
  async drain() {
    if (this.draining) {
      this.again = true;
      return;
    }
    clearTimeout(this.retry);
    if (this.isIll && performance.now() < this.notBefore) {
      this.retry = setTimeout(() => this.drain(), this.notBefore - performance.now());
      return;
    }
    this.draining = true;
    try {
      do {
        this.again = false;
        if (this.sendable.length) await (this.tabs ? this.tabs.sending(() => this.sendAll()) : this.sendAll());
      } while (this.again && !this.stopped);
    } finally {
      this.draining = false;
    }
    if (this.sendable.length) this.retry = setTimeout(() => this.drain(), this.pause());
  }

  /** Away for a reason that the server gave: pressing it would not help. */
  get isIll() {
    return this.away === ILL;
  }

  pause() {
    if (this.isIll) return Math.max(this.after, Math.min(LONGEST, 1000 * 2 ** this.failures));
    return RETRIES[Math.min(this.failures, RETRIES.length) - 1] ?? RETRIES[0];
  }

  async sendAll() {
    this.stopped = false;
    if (this.session.why && (await this.session.check()) !== "same") {
      this.hold(this.session.why);
      return;
    }
    if (!(await this.unlock())) return;
    const sent = new Set();
    const worker = async () => {
      for (;;) {
        const mark = this.sendable.find((candidate) => !sent.has(candidate.critere));
        if (!mark || this.stopped) return;
        sent.add(mark.critere);
        await this.send(mark);
        if (mark.isSendable) this.again = true;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (!this.stopped) this.reached();
    if (this.orphans.length) await this.adoptOrphans();
    if (this.sendable.length) this.again = true;
    this.changed(null);
  }

  async send(mark) {
    const attempt = mark.attempt();
    await this.rest(mark); // rests here before it leaves: the answer may never be read
    const answer = await putMark(`${this.marksUrl}${mark.critere}/`, this.grille, attempt);
    if (answer.kind === "nobody") await this.lookInto(mark, answer);
    else if (answer.kind === "away") this.hold(answer.why, answer.after);
    else this.receive(mark, answer);
    if (answer.kind !== "away") this.rest(mark);
    this.changed(mark);
  }

  receive(mark, answer) {
    const { version } = mark.confirmed;
    this.away = "";
    mark.refusals = 0;
    mark.receive(answer);
    this.unrested.add(mark.critere);
    if (mark.isClean) this.screens.get(mark.critere).write(mark.shown);
    if (mark.confirmed.version !== version || answer.kind === "stored") {
      this.tabs?.tell({ stored: { critere: mark.critere, ...mark.confirmed, savedAt: mark.savedAt } });
    }
  }

  /** 401, 403 or 404: the session is over, the token changed, or somebody else is logged in. */
  async lookInto(mark, { status }) {
    const who = await this.session.check(); // also brings a fresh CSRF token
    if (who !== "same") {
      this.hold(this.session.why || "hors ligne");
      return;
    }
    mark.refusals = (mark.refusals ?? 0) + 1;
    if (mark.refusals < 3) return; // with the fresh token, at once
    if (status === 404) mark.receive({ kind: "refused", detail: "Cette soutenance ne vous est plus confiée, ou ce critère n’y est plus évalué. Votre saisie reste ici : rapprochez-vous du gestionnaire." });
    else this.hold(ILL);
  }

  hold(why, after = 0) {
    if (!this.stopped) this.failures += 1;
    Object.assign(this, { away: why, after, stopped: true });
    this.notBefore = performance.now() + this.pause();
    this.changed(null);
  }

  reached() {
    Object.assign(this, { away: "", failures: 0, after: 0 });
  }

  /** The network is said to be back: no need to wait for the next try. */
  online() {
    if (!this.isIll) this.failures = 0;
    this.changed(null);
    this.drain();
  }

  // --- What there is

  /** Something is not on the server, or to be settled by the person. */
  get isBusy() {
    return [...this.marks.values()].some((mark) => !mark.isClean);
  }

  /** Resolves to how many CE hold a change that no reload would bring back: this browser could not keep it yet. */
  async onlyHere() {
    await Promise.all(this.resting.values());
    return [...this.unrested].filter((critere) => !this.marks.get(critere).isClean).length;
  }

  get counts() {
    const marks = [...this.marks.values()];
    const count = (test) => marks.filter(test).length;
    return {
      pending: count((mark) => mark.isSendable),
      conflicts: count((mark) => mark.state === "conflict"),
      refused: count((mark) => mark.state === "refused"),
      elsewhere: this.elsewhere,
    };
  }

  get savedAt() {
    return [...this.marks.values()].reduce((last, { savedAt }) => (savedAt > last ? savedAt : last), 0);
  }
}
