/* The server's contract: a change with the version it starts from and an operation named once. */

import { answerOf, csrf, options } from "../../session/asking.js";

const KEPT_ALIVE = 12_000; // characters: browsers refuse to outlive the page with more than 64 KiB

/** Send a change; resolves as `answerOf` tells, with {version, saved_at} when "stored". */
export async function putMark(url, grille, { value, version, operation, resolves }) {
  const body = JSON.stringify(resolves ? { ...value, resolves } : value);
  const headers = {
    "Content-Type": "application/json",
    "X-CSRFToken": csrf(),
    "If-Match": `"${version}"`,
    "Idempotency-Key": operation,
    "Grille-Id": grille,
  };
  return answerOf(() => fetch(url, { ...options("PUT"), headers, body, keepalive: body.length < KEPT_ALIVE }));
}

export const postFile = (url, text, grille) =>
  answerOf(() =>
    fetch(url, {
      ...options("POST"),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "Grille-Id": grille },
      body: text,
    }),
  );

/** Send a move of the clock; resolves like a change, with {clock} when "stored". */
export const postMove = (url, grille, operation, body) =>
  answerOf(() =>
    fetch(url, {
      ...options("POST"),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "Idempotency-Key": operation, "Grille-Id": grille },
      body: JSON.stringify(body),
    }),
  );
