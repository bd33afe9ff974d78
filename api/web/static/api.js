// Rolebook's own HTTP interface; nothing else is ever called.

let key = remembered();
const kept = new Map();

function remembered() {
  try {
    return sessionStorage.getItem("rolebook-key") ?? "";
  } catch {
    return "";
  }
}

/** Whether a key is sent. */
export const hasKey = () => key !== "";

/** Sends this key from now on, for this tab only; an empty one forgets it. */
export function useKey(given) {
  key = given.trim();
  kept.clear();
  try {
    if (key) sessionStorage.setItem("rolebook-key", key);
    else sessionStorage.removeItem("rolebook-key");
  } catch {
    // the key then lasts until the page is left
  }
}

/** A refusal of the service, or its silence (status 0). */
export class Problem extends Error {
  constructor(status, code, detail, retry = null) {
    super(detail);
    Object.assign(this, { status, code, retry });
  }
}

/** The address with its parameters; lists are repeated, empty values left out. */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") query.append(name, one);
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** A JSON body; raises Problem, or AbortError where `signal` ended it. */
export async function get(path, params, signal) {
  const reply = await send(address(path, params), { signal });
  return reply.json();
}

/** The same body without asking again, as long as the page is open; raises AbortError where `signal` ended the wait. */
export async function getOnce(path, params, signal) {
  const url = address(path, params);
  if (!kept.has(url)) {
    const asked = get(path, params);
    kept.set(url, asked);
    asked.catch(() => kept.delete(url));
  }
  try {
    return await kept.get(url);
  } finally {
    signal?.throwIfAborted();
  }
}

/** The events of a question: {name, data}. */
export async function* ask(body, signal) {
  const reply = await send("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, stream: true }),
    signal,
  });
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) yield event(part);
  }
}

function event(text) {
  const lines = text.split("\n");
  const field = (name) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  return { name: field("event")[0] ?? "message", data: JSON.parse(field("data").join("\n")) };
}

async function send(url, options = {}) {
  const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
  let reply;
  try {
    reply = await fetch(url, { ...options, headers, credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, "unreachable", "Rolebook does not answer. Is it still running, and is this device online?");
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  const retry = Number(reply.headers.get("Retry-After")) || null;
  throw new Problem(reply.status, told.code ?? "error", told.detail ?? `The service answered ${reply.status}.`, retry);
}
