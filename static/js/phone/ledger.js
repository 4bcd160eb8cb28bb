// What happens to records and photos inside a transaction of the box. Nothing here waits for anything but the database.
import { sha256 } from "./canon.js";
import { got } from "./idb.js";

const RECEIVED = new Set(["accepted", "duplicate", "late", "conflict", "held"]);

/** A picture as it is stored: {sha256, type, bytes}. */
export async function readPicture({ blob, sha256: hash }) {
  const bytes = blob instanceof ArrayBuffer ? blob : await blob.arrayBuffer();
  return { sha256: hash ?? (await sha256(bytes)), type: blob.type || "image/jpeg", bytes };
}

/** Store a new record with its photos and its number; its draft, and the refused record it replaces, go. Under the id of that
 * record it is the same thing put right: it keeps its number and goes at once, so that it goes before what was written after it. */
export async function put(tx, record, pictures, { draftKey, instead }) {
  const records = tx.objectStore("records");
  const settings = tx.objectStore("settings");
  const known = await got(records.get(record.id));
  const corrected = known?.state === "refused" && instead === record.id ? known : null;
  if (known && !corrected) {
    if (known.sha256 === record.sha256) return known; // pressed twice
    throw new TypeError("this id has other content");
  }
  if (corrected) await remove(tx, corrected);
  const place = corrected ? { seq: corrected.seq, tries: 1, ...(corrected.from && { from: corrected.from }) } : { seq: await number(settings) };
  const numbered = { ...record, ...place, clock_offset: (await got(settings.get("offset"))) ?? 0 };
  records.put(numbered);
  for (const one of pictures) await putPhoto(tx, one, record.id, record.saved_at);
  if (draftKey !== null) tx.objectStore("drafts").delete(draftKey);
  const old = instead === null || corrected ? null : await got(records.get(instead));
  if (old?.state === "refused") await remove(tx, old);
  return numbered;
}

/** Keep records of another phone or person beside our own; those already here stay as they are. How many were new. */
export async function adopt(tx, records, pictures, from, at) {
  let added = 0;
  for (const one of records) {
    if (await got(tx.objectStore("records").get(one.id))) continue;
    const named = new Set(one.body?.photos ?? []);
    const photos = pictures.filter((picture) => named.has(picture.sha256));
    const fresh = { photos: photos.map((picture) => picture.sha256), state: "waiting", verdict: null, flaws: [], tries: 0 };
    tx.objectStore("records").put({ ...one, ...fresh, saved_at: at, sent_at: null, version: null, from });
    for (const picture of photos) await putPhoto(tx, picture, one.id, at);
    added += 1;
  }
  return added;
}

/** The next number of this device and account: one taken back by undo before a new one, so that there is no hole. */
async function number(settings) {
  const free = (await got(settings.get("free"))) ?? [];
  if (free.length) {
    settings.put(free.slice(1), "free");
    return free[0];
  }
  const seq = ((await got(settings.get("seq"))) ?? 0) + 1;
  settings.put(seq, "seq");
  return seq;
}

/** Keep a photo for a record; the same picture is kept once. */
export async function putPhoto(tx, { sha256: hash, type, bytes }, owner, at) {
  const photos = tx.objectStore("photos");
  const known = await got(photos.get(hash));
  const fresh = { sha256: hash, type, size: bytes.byteLength, state: "waiting", flaws: [], of: [], saved_at: at, kept_at: null };
  photos.put({ ...(known ?? fresh), of: [...(known?.of ?? []), owner] });
  tx.objectStore("bytes").put(bytes, hash);
}

/** Forget a record, and the photos nothing else names. */
export async function remove(tx, record) {
  tx.objectStore("records").delete(record.id);
  for (const hash of record.photos) {
    const photo = await got(tx.objectStore("photos").get(hash));
    const of = photo?.of.filter((id) => id !== record.id) ?? [];
    if (of.length) tx.objectStore("photos").put({ ...photo, of });
    else forgetPhoto(tx, hash);
  }
}

/** Forget the kept photos that `which` names; how many. */
export async function dropPhotos(tx, which) {
  const gone = (await got(tx.objectStore("photos").getAll())).filter((one) => one.state === "kept" && which(one));
  for (const one of gone) forgetPhoto(tx, one.sha256);
  return gone.length;
}

function forgetPhoto(tx, hash) {
  tx.objectStore("photos").delete(hash);
  tx.objectStore("bytes").delete(hash);
}

/** The record when nobody has tried to send it yet, else null. */
export async function untouched(tx, id) {
  const record = await got(tx.objectStore("records").get(id));
  return record?.state === "waiting" && !record.tries && !record.from ? record : null;
}

/** Put `how(record)` for each id that is here; null leaves it alone. Returns the ids changed. */
export async function change(tx, ids, how) {
  const records = tx.objectStore("records");
  const changed = [];
  for (const id of ids) {
    const one = await got(records.get(id));
    const next = one && how(one);
    if (next) {
      records.put(next);
      changed.push(id);
    }
  }
  return changed;
}

/** A record after the server's word; null where that is no receipt. A duplicate is what it was the first time. */
export function judged(record, result, at) {
  const { state, was, version = null, flaws, doubt = null } = result;
  const verdict = state === "duplicate" && (was === "refused" || RECEIVED.has(was)) ? was : state;
  const refused = verdict === "refused";
  if (!refused && !RECEIVED.has(verdict)) return null;
  const kept = { verdict, version, doubt, flaws: Array.isArray(flaws) ? flaws : [], received_at: at };
  return { ...record, ...kept, state: refused ? "refused" : "received" };
}
