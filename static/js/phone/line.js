// One question to the server and its answer. An answer counts only if it is ours: a hotel's sign-in page says 200 too.

/** No answer of ours. `why`: "network", "timeout", "foreign". */
export class Away extends Error {
  constructor(why, cause) {
    super(`no answer: ${why}`, { cause });
    this.name = "Away";
    this.why = why;
  }
}

export const TIMEOUT = 30_000;

/** `ask(method, path, {json, body, headers, gzip})` -> {status, data, headers, askedAt, answeredAt}. `data` is our JSON object; null
 * for HEAD, and where a 5xx or 413 came without one. Throws Away. */
export function makeLine({ fetch, now = Date.now, timeout = TIMEOUT }) {
  return async function ask(method, path, { json, body = null, headers = {}, gzip = false } = {}) {
    const sent = { Accept: "application/json", ...headers };
    let payload = body;
    if (json !== undefined) {
      payload = JSON.stringify(json);
      sent["Content-Type"] = "application/json";
      if (gzip && payload.length > 1000 && globalThis.CompressionStream) {
        payload = await squeezed(payload);
        sent["Content-Encoding"] = "gzip";
      }
    }
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), timeout);
    const askedAt = now();
    try {
      const options = { method, headers: sent, body: payload, signal: ending.signal };
      const answer = await fetch(path, { ...options, credentials: "same-origin", cache: "no-store", redirect: "error" });
      const data = method === "HEAD" ? null : await read(answer);
      return { status: answer.status, data, headers: answer.headers, askedAt, answeredAt: now() };
    } catch (error) {
      if (error instanceof Away) throw error;
      throw new Away(ending.signal.aborted ? "timeout" : "network", error);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function read(answer) {
  const text = await answer.text();
  if ((answer.headers.get("Content-Type") ?? "").includes("json")) {
    try {
      const data = JSON.parse(text);
      if (data !== null && typeof data === "object" && !Array.isArray(data)) return data;
    } catch {
      // Cut off, or not what it says it is.
    }
  }
  if (answer.status >= 500 || answer.status === 413) return null;
  throw new Away("foreign");
}

function squeezed(text) {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
