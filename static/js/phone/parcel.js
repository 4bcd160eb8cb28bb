// The file "export unsent": a way out of a phone that cannot send. Any member or official can deliver it; twice adds nothing.
import { hashOf, sha256 } from "./canon.js";
import { stamp } from "./clock.js";
import { wire } from "./outbox.js";

const FORMAT = "tdteam-unsent";

/** Everything unsent as one object, to be written as JSON; and the ids in it. */
export async function exportUnsent(box, deviceId, client) {
  const records = (await box.records({ newestFirst: false })).filter((one) => one.state !== "received" && !one.from);
  const photos = {};
  for (const hash of new Set(records.flatMap((one) => one.photos))) {
    const bytes = await box.photo(hash);
    if (bytes) photos[hash] = toBase64(bytes);
  }
  const { id, name } = box.account;
  const head = { format: FORMAT, version: 1, account: { id, name }, device_id: deviceId, client: String(client) };
  return { ...head, exported_at: stamp(box.now()), records: records.map(wire), photos };
}

/** Take somebody's file in, to be sent from here: {added, known, bad}. Throws TypeError where it is no such file. */
export async function importUnsent(box, file) {
  const { format, version, account, device_id: device, records } = file ?? {};
  if (format !== FORMAT || version !== 1 || !account?.id || typeof device !== "string" || !Array.isArray(records)) {
    throw new TypeError("not a file of unsent records");
  }
  const from = { account_id: account.id, name: String(account.name ?? ""), device_id: device };
  const good = [];
  for (const one of records) if (await isWhole(one)) good.push(one);
  const pictures = [];
  for (const [hash, text] of Object.entries(file.photos ?? {})) {
    const bytes = fromBase64(text);
    if (bytes && (await sha256(bytes)) === hash) pictures.push({ sha256: hash, type: "image/jpeg", bytes });
  }
  const added = await box.adopt(good, pictures, from);
  return { added, known: good.length - added, bad: records.length - good.length };
}

async function isWhole(record) {
  try {
    return typeof record.id === "string" && record.seq > 0 && (await hashOf(record.body)) === record.sha256;
  } catch {
    return false;
  }
}

function toBase64(buffer) {
  let text = "";
  const bytes = new Uint8Array(buffer);
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function fromBase64(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  } catch {
    return null;
  }
}
