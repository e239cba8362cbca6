/* The server's contract: a change with the version it starts from and an operation named once; and who is speaking. */

const PATIENCE = 20_000; // ms before a request without an answer is tried again, as the same operation
const KEPT_ALIVE = 12_000; // characters: browsers refuse to outlive the page with more than 64 KiB

/** Read at each sending: logging in again, here or in another tab, changes the token. */
export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

/**
 * Send a change. Resolves to {kind, ...}: "stored" {version, saved_at}, "stale" {current, detail},
 * "refused" {detail, field}, "nobody" (session, rights: to be looked into) or "away" {why, after} (try again).
 */
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

export const getJson = (url) => answerOf(() => fetch(url, { ...options("GET"), headers: { Accept: "application/json" } }));

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

export const options = (method) => ({
  method,
  credentials: "same-origin",
  cache: "no-store",
  redirect: "manual", // a login page is not an answer
  signal: AbortSignal.timeout(PATIENCE),
});

async function answerOf(request) {
  let response;
  try {
    response = await request();
  } catch {
    return { kind: "away", why: "hors ligne" };
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body) return { kind: "stored", ...body };
  if (response.status === 412 && body) return { kind: "stale", ...body };
  if ([0, 401, 403, 404].includes(response.status)) return { kind: "nobody", status: response.status };
  if (response.status === 408 || response.status === 429 || response.status >= 500 || !body) {
    return { kind: "away", why: "serveur indisponible", after: Number(response.headers.get("Retry-After")) * 1000 || 0 };
  }
  return { kind: "refused", detail: body.detail ?? "La saisie a été refusée.", field: body.field };
}
