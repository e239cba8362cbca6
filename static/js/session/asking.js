/* What every question asked of the server by a script has in common, and what its answers mean. */

const PATIENCE = 20_000; // ms before a request without an answer is given up

/** Read at each sending: logging in again, here or in another tab, changes the token. */
export const csrf = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

export const options = (method, patience = PATIENCE) => ({
  method,
  credentials: "same-origin",
  cache: "no-store",
  redirect: "manual", // a login page is not an answer
  signal: AbortSignal.timeout(patience),
});

export const getJson = (url, patience) =>
  answerOf(() => fetch(url, { ...options("GET", patience), headers: { Accept: "application/json" } }));

/**
 * Resolves to {kind, ...}: "stored" with what is answered, "stale" {current, detail}, "refused" {detail, field},
 * "nobody" {status} (session, rights: to be looked into) or "away" {why, after} (try again).
 */
export async function answerOf(request) {
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
