/* Values are sealed with a key the server gives to one person for one grille; the page cannot hand it on (R-SCO-3). */

import { fromBase64, toBase64 } from "./platform.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What a sealed change is about: whose it is, on which grille, on which CE. */
export const changeOf = (person, grille, critere) => `${person}:${grille}:${critere}`;

export class UnknownKey extends Error {}

export class Sealer {
  /** `keys` as the server lists them, newest first: the first one seals, all of them open. */
  static async from(keys) {
    const imported = new Map();
    for (const { id, key } of keys) {
      imported.set(id, await crypto.subtle.importKey("raw", fromBase64(key), "AES-GCM", false, ["encrypt", "decrypt"]));
    }
    return new Sealer(imported, keys[0].id);
  }

  constructor(keys, newest) {
    Object.assign(this, { keys, newest });
  }

  /** `about` is authenticated with the value: a sealed value moved elsewhere does not open. */
  async seal(value, about, key = this.newest) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(about) };
    const data = await crypto.subtle.encrypt(algorithm, this.keys.get(key), encoder.encode(JSON.stringify(value)));
    return { key, iv: toBase64(iv), data: toBase64(data) };
  }

  async open({ key, iv, data }, about) {
    if (!this.keys.has(key)) throw new UnknownKey(key);
    const algorithm = { name: "AES-GCM", iv: fromBase64(iv), additionalData: encoder.encode(about) };
    return JSON.parse(decoder.decode(await crypto.subtle.decrypt(algorithm, this.keys.get(key), fromBase64(data))));
  }
}
