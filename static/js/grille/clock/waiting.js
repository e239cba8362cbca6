/* Moves kept on this device until the server has confirmed them: a pause made offline is sent with its age.
 * What an incident says is sealed as the marks are; until its key has come, it stays in this page only.
 */

import { getJson } from "../../session/asking.js";
import { isSecure, uuid } from "../queue/platform.js";
import { Sealer } from "../queue/sealing.js";
import { postMove } from "../queue/server.js";
import { movesKey } from "../queue/store.js";

const OLDEST = 3 * 3600; // s, the server's bound

export class Waiting {
  /** One list per person and grille: another person on this device has another one, and never sends these. */
  constructor({ url, grille, soutenance, person, keysUrl, sessionUrl }) {
    Object.assign(this, { url, grille, person, keysUrl, sessionUrl });
    this.key = movesKey({ person, soutenance, grille });
    this.here = []; // in this page only
  }

  get kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  set kept(list) {
    if (list.length) localStorage.setItem(this.key, JSON.stringify(list));
    else localStorage.removeItem(this.key);
  }

  get moves() {
    return [...this.kept, ...this.here].sort((one, other) => one.added - other.added);
  }

  /** With how long ago each was made; only differences of this device's clock count, whatever it shows. */
  get aged() {
    return this.moves.map((each) => ({ ...each, ago: Math.min(OLDEST, Math.max(0, (Date.now() - each.made) / 1000)) }));
  }

  /** Something would be lost with this page. */
  get isOnlyHere() {
    return this.here.length > 0;
  }

  add(move) {
    this.here = [...this.here, { operation: uuid(), added: Date.now(), ...move }];
    for (const each of this.here) if (!each.note) this.keep(each, each);
    this.seal();
  }

  drop(operation) {
    this.kept = this.kept.filter((each) => each.operation !== operation);
    this.here = this.here.filter((each) => each.operation !== operation);
  }

  /** `move` leaves this page's memory for the device's, as `written`. */
  keep(move, written) {
    if (!this.here.includes(move)) return; // sent meanwhile
    try {
      this.kept = [...this.kept, written];
      this.here = this.here.filter((each) => each !== move);
    } catch {
      /* Full disk, private window: it is still sent, and the page asks before it is closed. */
    }
  }

  // --- What is said of an incident

  async unlock() {
    if (this.sealer || !isSecure) return this.sealer;
    const answer = await getJson(this.keysUrl);
    const isOurs = answer.kind === "stored" && answer.grille === this.grille && answer.person === this.person;
    if (isOurs) this.sealer = await Sealer.from(answer.keys);
    return this.sealer;
  }

  about({ operation }) {
    return `${this.person}:${this.grille}:${operation}`;
  }

  /** Fetch the key while the network is there, and put under it what waits for it. */
  async seal() {
    if (!(await this.unlock())) return;
    for (const move of this.here) {
      const { note, ...rest } = move;
      this.keep(move, { ...rest, sealed: await this.sealer.seal(note ?? "", this.about(move)) });
    }
  }

  /** Its words, or null while the key is away. */
  async noteOf(move) {
    if (!move.sealed) return move.note ?? "";
    if (!(await this.unlock())) return null;
    return this.sealer.open(move.sealed, this.about(move)).catch(() => "Texte saisi hors ligne, devenu illisible");
  }

  // --- Sending

  /** Send the oldest move: {kind: "none"}, "stored" {clock}, "refused" {detail}, "nobody" or "away" {detail}. */
  async send() {
    const [first] = this.aged;
    if (!first) return { kind: "none" };
    const note = await this.noteOf(first);
    if (note === null) return { kind: "away", detail: "hors ligne" };
    const answer = await this.ask(first, note);
    if (answer.kind === "away") return { kind: "away", detail: answer.why };
    if (answer.kind === "nobody" && answer.status !== 404) return { kind: "nobody", detail: "reconnectez-vous" };
    this.drop(first.operation);
    if (answer.kind === "stored") return answer;
    return { kind: "refused", detail: answer.detail ?? "Cette soutenance ne vous est plus confiée : ce mouvement est refusé." };
  }

  async ask(move, note) {
    const body = { move: move.move, minutes: move.minutes ?? null, note, seconds_ago: move.ago < 2 ? 0 : Math.round(move.ago) };
    const post = () => postMove(this.url, this.grille, move.operation, body);
    const answer = await post();
    if (answer.kind !== "nobody") return answer;
    const who = await getJson(this.sessionUrl); // also brings a CSRF token that is good now
    if (who.kind === "away") return who;
    // A 404 may be for somebody else, who is logged in meanwhile: the move is kept for its author.
    if (who.kind !== "stored" || who.person !== this.person) return { kind: "nobody", status: 401 };
    return answer.status === 404 ? answer : post();
  }
}
