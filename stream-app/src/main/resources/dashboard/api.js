/** The server's answers, or an error in one line. Addresses are relative to the page, so a proxy may add a prefix. */

const BASE = new URL("api/v1/", document.baseURI);

export class ApiError extends Error {
  /** @param {string} message @param {number} status 0: no answer at all */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @param {string} path @param {Record<string, string | number | null>} query */
export function address(path, query = {}) {
  const url = new URL(path, BASE);
  for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined) url.searchParams.set(key, String(value));
  return url;
}

/** @param {string} path @param {Record<string, string | number | null>} query @param {AbortSignal} [signal] */
export async function get(path, query = {}, signal) {
  let response;
  try {
    response = await fetch(address(path, query), { signal, headers: { accept: "application/json" } });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("The server does not answer.", 0);
  }
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  const reason = typeof body?.error === "string" ? body.error : `The server answered ${response.status} without a reason.`;
  throw new ApiError(reason, response.status);
}

/** @param {string} id topic-partition@offset @param {AbortSignal} [signal] @returns {Promise<import("./types.js").Explanation>} */
export function explanation(id, signal) {
  return get(`explanations/${encodeURIComponent(id)}`, {}, signal);
}
