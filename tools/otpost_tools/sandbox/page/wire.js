// Talks to the stack and to the sandbox's own routes. Every answer is a value; a sandbox that is gone is `status: 0`.

/** @typedef {{status: number, ok: boolean, type: string, headers: Headers, body: any, text: string}} Answer */

/** @returns {Promise<Answer>} */
async function ask(path, options) {
  let response, text;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
    text = await response.text();
  } catch {
    return { status: 0, ok: false, type: "", headers: new Headers(), body: undefined, text: "" };
  }
  const type = (response.headers.get("content-type") ?? "").split(";")[0];
  return { status: response.status, ok: response.ok, type, headers: response.headers, body: parsed(text), text };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const get = (path) => ask(path, {});

export const post = (path, body, headers = {}) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) });

/**
 * Posts with an Idempotency-Key that is kept while the same request has no final answer (nothing came back, or 503),
 * so that asking again finishes the first request instead of starting a second one.
 */
export function keyed(path) {
  let pending = { request: "", key: "" };
  return async (body) => {
    const request = JSON.stringify(body);
    if (pending.request !== request) pending = { request, key: newKey() };
    const answer = await post(path, body, { "idempotency-key": pending.key });
    if (answer.status !== 0 && answer.status !== 503) pending = { request: "", key: "" };
    return answer;
  };
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
