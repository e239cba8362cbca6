/* The life of one CE in the browser, without screen, network or storage: what is asked, in which order, from which version.
 *
 * `confirmed` is what the server has acknowledged. `inflight` was attempted and stays the same (operation, version, value)
 * until it is answered, so that it counts once. `next` is the latest wish; it starts from the version the answer to
 * `inflight` gives. `held` are the texts the server refused: they stay on screen while the rest is stored.
 */

import { same } from "./fields.js";
import { uuid } from "./platform.js";

export class Mark {
  constructor({ critere, version, value }) {
    this.critere = critere;
    this.confirmed = { value, version };
    this.savedAt = null;
    this.clear();
  }

  clear() {
    this.inflight = null;
    this.next = null;
    this.held = {};
    this.problem = null;
  }

  get isClean() {
    return !this.inflight && !this.next && !this.isHeld;
  }

  get isHeld() {
    return Object.keys(this.held).length > 0;
  }

  get isSendable() {
    return !this.problem && Boolean(this.inflight || this.next);
  }

  get state() {
    if (this.problem?.kind === "stale") return "conflict";
    if (this.problem || this.isHeld) return "refused";
    return this.inflight || this.next ? "pending" : "saved";
  }

  /** What the person last wished, refused texts apart. */
  get wished() {
    return (this.next ?? this.inflight ?? this.confirmed).value;
  }

  /** What the screen must show: the wish, with the refused texts still in their place. */
  get shown() {
    const held = Object.entries(this.held).map(([field, { text }]) => [field, text]);
    return { ...this.wished, ...Object.fromEntries(held) };
  }

  /** The screen now says `screen`. True when that asks for something new. */
  typed(screen) {
    const before = JSON.stringify(this.snapshot());
    const value = this.withoutHeld(screen);
    const base = this.inflight ?? this.confirmed;
    if (same(value, base.value)) this.next = null;
    else if (!this.next || !same(value, this.next.value)) {
      // Always a new operation: the former text may have been sent elsewhere from an exported file.
      this.next = { operation: uuid(), value, version: this.next?.version ?? null };
    }
    if (this.problem?.kind === "refused" && !same(this.next?.value, this.problem.value)) this.problem = null;
    return JSON.stringify(this.snapshot()) !== before;
  }

  withoutHeld(screen) {
    const value = { ...screen };
    for (const [field, { text }] of Object.entries(this.held)) {
      if (value[field] === text) value[field] = this.confirmed.value[field];
      else delete this.held[field]; // retyped: to be sent again
    }
    return value;
  }

  /** What is to be sent now. */
  attempt() {
    if (!this.inflight) {
      this.inflight = { ...this.next, version: this.next.version ?? this.confirmed.version };
      this.next = null;
    }
    return this.inflight;
  }

  /** The server's answer to `inflight`. */
  receive(answer) {
    if (answer.kind === "stored") this.acknowledged(answer);
    else if (answer.kind === "stale") this.refusedAsStale(answer);
    else if (answer.kind === "refused") this.refused(answer);
  }

  acknowledged({ version, saved_at: savedAt }) {
    const { value } = this.inflight;
    this.inflight = null;
    if (this.next) this.next.version = version;
    if (version < this.confirmed.version) return; // stored long ago, and changed since: what is stored now stands
    this.confirmed = { value, version };
    this.savedAt = new Date(savedAt);
  }

  refusedAsStale({ detail, current }) {
    const { version, saved_at: savedAt, saved_by: savedBy } = current;
    const value = Object.fromEntries(Object.keys(this.confirmed.value).map((field) => [field, current[field]]));
    if (same(value, this.wished)) {
      this.settle({ value, version }); // both wrote the same: nothing to choose
      return;
    }
    this.problem = { kind: "stale", detail, current: { value, version, savedAt, savedBy } };
  }

  settle(confirmed) {
    this.confirmed = confirmed;
    this.inflight = null;
    this.next = null;
    this.problem = null;
  }

  refused({ detail, field }) {
    const refused = this.inflight;
    this.inflight = null;
    if (field && refused.value[field] !== this.confirmed.value[field]) {
      this.held[field] = { text: this.next?.value[field] ?? refused.value[field], detail };
      const value = { ...(this.next ?? refused).value, [field]: this.confirmed.value[field] };
      this.next = same(value, this.confirmed.value) ? null : { operation: uuid(), value, version: refused.version };
      return;
    }
    this.next = this.next ? { ...this.next, version: refused.version } : refused;
    this.problem = { kind: "refused", detail, value: this.next.value };
  }

  /** The person chose between both values: "mine", "stored" or "merged" (then `value` is what they composed). */
  resolve(choice, value) {
    const { current } = this.problem;
    const chosen = choice === "stored" ? current.value : value ?? this.wished;
    const resolves = { choice, version: this.inflight.version };
    this.settle({ value: current.value, version: current.version });
    if (choice === "stored") this.held = {};
    this.inflight = { operation: uuid(), version: current.version, value: chosen, resolves };
  }

  /** What must survive this page; null when nothing. */
  snapshot() {
    if (this.isClean) return null;
    return { inflight: this.inflight, next: this.next, held: this.held };
  }

  restore({ inflight, next, held }) {
    Object.assign(this, { inflight, next, held: held ?? {}, problem: null });
  }

  /** Another tab of the same person was told this is stored. True when this screen must follow. */
  storedElsewhere({ value, version, savedAt }) {
    if (!this.isClean || version <= this.confirmed.version) return false; // ours starts from what we saw: the server judges
    this.confirmed = { value, version };
    if (savedAt) this.savedAt = new Date(savedAt);
    return true;
  }
}
