// What this phone holds for one account: records with their photos, the roster, drafts and settings. A record is saved
// when its transaction is on the disk, and leaves `waiting` only on a receipt for its id and its hash (docs/sync.md).
import { hashOf, newId, plain } from "./canon.js";
import { Cabinet } from "./cabinet.js";
import { stamp } from "./clock.js";
import { Base, SaveFailed, got } from "./idb.js";
import { adopt, change, dropPhotos, judged, put, readPicture, remove, untouched } from "./ledger.js";
import { snapshot, take } from "./roster.js";

export { SaveFailed };
export { openPhone } from "./device.js";

export const SCHEMA = 1;
export const UNDO_MS = 10_000;
const TEXT_DAYS = 45;
const PHOTO_DAYS = 14;
const DAY = 86_400_000;
// One object a version of the app that added stores; nothing is ever taken away.
export const STORES = [
  { records: { keyPath: "id" }, photos: { keyPath: "sha256" }, bytes: {}, roster: {}, drafts: {}, settings: {} },
];

/** The box of an account {id, name, …}; nobody else's records are ever in it. */
export function openBox(account, { now = Date.now } = {}) {
  return new Box(account, new Base(`tdteam-${account.id}`, STORES), now);
}

/** As the server takes it. */
export function wire({ id, seq, kind, schema, base_version, recorded_at, clock_offset, sha256: hash, body }) {
  return { id, seq, kind, schema, base_version, recorded_at, clock_offset, sha256: hash, body };
}

class Box extends Cabinet {
  // Records

  /** Save a record; resolves with it once it is on the disk, else throws SaveFailed and nothing has changed.
   * `photos`: [{sha256?, blob}]; `draftKey`: the draft it came from; `instead`: a refused record it replaces. */
  async add({ kind, body, baseVersion = null, id = null, photos = [], draftKey = null, instead = null }) {
    const at = this.now();
    const pictures = await Promise.all(photos.map(readPicture));
    // A correction names the pictures that are already there beside its new ones.
    const named = [...new Set([...(body.photos ?? []), ...pictures.map((one) => one.sha256)])];
    const kept = plain(pictures.length ? { ...body, photos: named } : body);
    const record = {
      ...{ id: id ?? newId(at), seq: 0, kind, schema: SCHEMA, base_version: baseVersion, recorded_at: stamp(at) },
      ...{ clock_offset: 0, sha256: await hashOf(kept), body: kept, photos: pictures.map((one) => one.sha256) },
      ...{ state: "waiting", verdict: null, flaws: [], tries: 0, saved_at: at, sent_at: null, version: null },
    };
    const save = () =>
      this.write(["records", "photos", "bytes", "drafts", "settings"], (tx) => put(tx, record, pictures, { draftKey, instead }));
    const saved = await save().catch(async (error) => {
      if (error.why !== "quota" || !(await this.makeRoom())) throw error;
      return save();
    });
    navigator.storage?.persist?.().catch(() => {}); // so that no cleaner wipes what is unsent; asked again costs nothing
    return saved;
  }

  /** Take back what nobody has tried to send: the record, or null when it is too late. Its number is used again. */
  undo(id) {
    return this.write(["records", "photos", "bytes", "settings"], async (tx) => {
      const record = await untouched(tx, id);
      if (!record) return null;
      await remove(tx, record);
      const settings = tx.objectStore("settings");
      const free = (await got(settings.get("free"))) ?? [];
      settings.put([...free, record.seq].sort((a, b) => a - b), "free");
      return record;
    });
  }

  /** Change in place what nobody has tried to send: the record, or null when it is too late. */
  async replace(id, body) {
    const kept = plain(body);
    const hash = await hashOf(kept);
    return this.write(["records"], async (tx) => {
      const record = await untouched(tx, id);
      if (!record) return null;
      if (record.photos.length) throw new TypeError("a record with photos is taken back and written anew");
      const changed = { ...record, body: kept, sha256: hash, saved_at: this.now() };
      tx.objectStore("records").put(changed);
      return changed;
    });
  }

  /** Give up a refused record (true), after the person was asked. */
  discard(id) {
    return this.write(["records", "photos", "bytes"], async (tx) => {
      const record = await got(tx.objectStore("records").get(id));
      if (record?.state !== "refused") return false;
      await remove(tx, record);
      return true;
    });
  }

  /** Send a refused record again as it is. */
  again(id) {
    return this.edit([id], (record) => (record.state === "refused" ? { ...record, state: "waiting", verdict: null, flaws: [] } : null));
  }

  /** Take in somebody else's records as they are (parcel.js); how many were new. */
  adopt(records, pictures, from) {
    return this.write(["records", "photos", "bytes"], (tx) => adopt(tx, records, pictures, from, this.now()));
  }

  async records({ state = null, kind = null, limit = null, newestFirst = true } = {}) {
    const all = (await this.all()).filter((one) => (!state || one.state === state) && (!kind || one.kind === kind));
    if (newestFirst) all.reverse();
    return limit === null ? all : all.slice(0, limit);
  }

  async get(id) {
    return (await this.all()).find((one) => one.id === id) ?? null;
  }

  /** {waiting, refused, photos, spoiled, oldest}: `spoiled` photos the server will not have, of records it has; `oldest` is the ISO
   * moment the first of the waiting was saved. */
  async counts() {
    const all = await this.all();
    const waiting = all.filter((one) => one.state === "waiting");
    const oldest = waiting.length ? new Date(Math.min(...waiting.map((one) => one.saved_at))).toISOString() : null;
    const refused = new Set(all.filter((one) => one.state === "refused").map((one) => one.id));
    const ours = (await this.photos()).filter((one) => !one.of.every((id) => refused.has(id)));
    const [photos, spoiled] = ["waiting", "refused"].map((state) => ours.filter((one) => one.state === state).length);
    return { waiting: waiting.length, refused: refused.size, photos, spoiled, oldest };
  }

  /** Every record by time of saving, oldest first. Not to be changed. */
  all() {
    const order = (a, b) => a.saved_at - b.saved_at || a.seq - b.seq;
    return this.cached("records", async (tx) => (await got(tx.objectStore("records").getAll())).sort(order));
  }

  // Sending (sync.js, photos.js)

  /** The waiting records by seq that are not too fresh: `fresh` ms are left to the person to undo. */
  async due(fresh = UNDO_MS) {
    const now = this.now();
    const ready = (one) => one.state === "waiting" && (one.tries || Math.abs(now - one.saved_at) >= fresh);
    return (await this.all()).filter(ready).sort((a, b) => a.seq - b.seq);
  }

  /** Milliseconds until the next fresh record is due, null where there is none. */
  async dueIn(fresh = UNDO_MS) {
    const ages = (await this.all()).filter((one) => one.state === "waiting" && !one.tries).map((one) => this.now() - one.saved_at);
    const young = ages.filter((age) => Math.abs(age) < fresh);
    return young.length ? fresh - Math.max(...young) : null;
  }

  /** Before an attempt: from now on these can no longer be undone. */
  tried(ids) {
    return this.edit(ids, (one) => ({ ...one, tries: one.tries + 1, sent_at: this.now() }));
  }

  /** Take the server's results in: each counts for its id and its hash only. Returns the ids settled. */
  settle(results) {
    const said = new Map(results.map((one) => [one?.id, one]));
    return this.edit([...said.keys()].filter(Boolean), (one) => {
      const result = said.get(one.id);
      return one.state === "waiting" && result.sha256 === one.sha256 ? judged(one, result, this.now()) : null;
    });
  }

  /** [[id, sha256], …] of everything held, to offer after a restore. */
  async pairs() {
    return (await this.all()).map((one) => [one.id, one.sha256]);
  }

  /** What the server lacks waits again; with a record its photos, of which a server that lacks it cannot know. */
  async lacking(ids, photos = []) {
    await this.edit(ids, (one) => (one.state === "waiting" ? null : { ...one, state: "waiting", verdict: null, flaws: [] }));
    const gone = new Set(ids);
    const theirs = (await this.all()).filter((one) => gone.has(one.id)).flatMap((one) => one.photos ?? []);
    await this.markPhotos([...new Set([...photos, ...theirs])], "waiting");
  }

  /** Numbers the server never saw: what we hold under them waits again, once; the rest is remembered as "lost". */
  async missing(numbers) {
    const gone = new Set(numbers);
    const free = (await this.setting("free")) ?? [];
    const ours = (await this.all()).filter((one) => gone.has(one.seq) && !one.from);
    await this.edit(ours.map((one) => one.id), (one) =>
      one.state === "received" && !one.missed ? { ...one, state: "waiting", missed: true } : null);
    const lost = numbers.filter((seq) => !free.includes(seq) && !ours.some((one) => one.seq === seq));
    if (lost.join() !== ((await this.setting("lost")) ?? []).join()) await this.set("lost", lost);
  }

  // Photos

  /** {sha256, type, size, state: "waiting" | "kept" | "refused" | "given_up", flaws, of: [record ids]} of each. Not to be changed. */
  photos() {
    return this.cached("photos", (tx) => got(tx.objectStore("photos").getAll()));
  }

  /** The bytes of a photo (ArrayBuffer), or null. */
  async photo(hash) {
    return (await this.base.run(["bytes"], "readonly", (tx) => got(tx.objectStore("bytes").get(hash)))) ?? null;
  }

  markPhotos(hashes, state, flaws = []) {
    if (!hashes.length) return Promise.resolve([]);
    return this.write(["photos"], async (tx) => {
      for (const hash of hashes) {
        const one = await got(tx.objectStore("photos").get(hash));
        if (one) tx.objectStore("photos").put({ ...one, state, flaws, kept_at: state === "kept" ? this.now() : null });
      }
    });
  }

  // Roster

  /** Everything of the roster as Maps and lists, kept in memory until it changes. Not to be changed. */
  roster() {
    return this.cached("roster", (tx) => snapshot(tx.objectStore("roster")));
  }

  /** Take one page of GET /sync/roster in, whole or not at all. `askedAt`: the phone's clock when it was asked for. */
  takeRoster(page, askedAt = this.now()) {
    const decided = new Map((page.decisions ?? []).map((one) => [one.id, one]));
    return this.write(["roster", "records"], async (tx) => {
      await take(tx.objectStore("roster"), page, askedAt);
      await change(tx, [...decided.keys()], (one) => {
        const result = decided.get(one.id);
        return result.sha256 === one.sha256 && one.state !== "waiting" ? judged(one, result, one.received_at) : null;
      });
    });
  }

  /** At sign-out: the roster goes, unsent records stay. */
  wipeRoster() {
    return this.write(["roster"], (tx) => got(tx.objectStore("roster").clear()));
  }

  // Keeping house

  /** Received texts go after 45 days, photos the server keeps after 14. What is unsent or refused never does, nor what a
   * photo still waits for. */
  purge() {
    const old = (moment, days) => moment !== null && this.now() - moment > days * DAY;
    return this.write(["records", "photos", "bytes"], async (tx) => {
      const unsent = new Set((await got(tx.objectStore("photos").getAll())).flatMap((one) => (one.state === "waiting" ? one.of : [])));
      for (const one of await got(tx.objectStore("records").getAll())) {
        if (one.state === "received" && old(one.received_at, TEXT_DAYS) && !unsent.has(one.id)) await remove(tx, one);
      }
      await dropPhotos(tx, (one) => old(one.kept_at ?? null, PHOTO_DAYS));
    });
  }

  /** The disk is full: photos the server already keeps make room for what it does not. How many went. */
  makeRoom() {
    return this.write(["photos", "bytes"], (tx) => dropPhotos(tx, () => true)).catch(() => 0);
  }

  edit = (ids, how) => this.write(["records"], (tx) => change(tx, ids, how));
}
