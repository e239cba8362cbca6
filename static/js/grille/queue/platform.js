/* What a browser only offers over HTTPS (or on its own machine), with what is done where it is missing. */

export const isSecure = Boolean(globalThis.crypto?.subtle && navigator.locks && globalThis.indexedDB);

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Run `work` while no other tab holds `name`. */
export const alone = (name, work) => (navigator.locks ? navigator.locks.request(name, work) : work());

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const toBase64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
