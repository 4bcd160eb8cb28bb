// What both ends agree on letter by letter: canonical JSON (RFC 8785 for whole numbers), its SHA-256, ids (UUIDv7).

/** A body as it is kept and sent: plain JSON, fields without a value left out. */
export const plain = (body) => JSON.parse(JSON.stringify(body));

/** Canonical JSON: keys by UTF-16 code units, no blanks. Throws TypeError for fractions and torn letters. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one ?? null)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).filter((key) => value[key] !== undefined).sort();
    return `{${keys.map((key) => `${canonical(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${value}`);
  if (typeof value === "string" && /\p{Surrogate}/u.test(value)) throw new TypeError("half a letter");
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`not JSON: ${typeof value}`);
  return text;
}

/** Lower-case hex SHA-256 of bytes or text. */
export async function sha256(data) {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The hash of a body, as the server computes it. */
export const hashOf = (body) => sha256(canonical(body));

/** A fresh UUIDv7 (RFC 9562 section 5.7), so that ids sort by time. */
export function newId(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let rest = Math.max(0, Math.floor(now));
  for (let at = 5; at >= 0; at -= 1, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
