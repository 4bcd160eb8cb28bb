// One round with the server, as far as it goes: what waits, photos, the roster, and everything held after a restore.
import { stamp } from "./clock.js";
import { Away } from "./line.js";
import { UNDO_MS, wire } from "./outbox.js";
import { sendPhoto } from "./photos.js";

export const CLIENT = 1;
const MOST = 50;
const LARGEST = 200_000; // bytes of a batch before it is squeezed
const OFFERED = 500;
const RETRIED = 5; // suspects a round

/** Ends a round. `why`: "signed_out", "stuck" (the server refuses us), "busy" (try later, `wait` ms at least). */
export class Stop extends Error {
  constructor(why, wait = 0) {
    super(why);
    Object.assign(this, { why, wait });
  }
}

/** The first of some records that go together: `most` of them, LARGEST bytes, of one author. */
export function cut(records, most) {
  const batch = [];
  let size = 0;
  for (const one of records.slice(0, most)) {
    size += new TextEncoder().encode(JSON.stringify(wire(one))).length;
    const stranger = one.from?.device_id !== records[0].from?.device_id || one.from?.account_id !== records[0].from?.account_id;
    if (stranger || (batch.length && size > LARGEST)) break;
    batch.push(one);
  }
  return batch;
}

export class Sender {
  /** `onSending()` is called before each thing sent. */
  constructor({ box, session, now, onSending }) {
    Object.assign(this, { box, session, now, onSending, most: MOST });
    this.suspects = new Set(); // ids of records that failed all alone: they go last
  }

  /** Everything that can be done now. Resolves with how many things failed by themselves; throws Stop or Away. */
  async round({ hurry, wantsRoster }) {
    Object.assign(this, { sent: 0, left: 0, lone: 0 });
    await this.enter();
    await this.deliverAll(hurry ? 0 : UNDO_MS);
    await this.sendPhotos();
    if (this.revoked) throw new Stop("signed_out"); // it may do no more
    if (this.sent || wantsRoster) await this.fetchRoster();
    await this.keepClock();
    return this.left;
  }

  /** The session must be the box's own person's; a new epoch means that the server was restored. A revoked phone has no session
   * any more, and still delivers what it holds. */
  async enter() {
    const { session, box } = this;
    if (session.account?.id !== box.account.id) await session.ask();
    this.revoked = session.account === null ? await session.revokedToken(box.account.id) : null;
    if (this.revoked) return;
    if (session.account?.id !== box.account.id) throw new Stop("signed_out");
    if (session.minClient > CLIENT) throw new Stop("stuck");
    await this.keepClock();
    await this.meet(session.epoch);
  }

  async keepClock() {
    const { behind } = this.session;
    const known = (await this.box.setting("offset")) ?? 0;
    if (behind !== null && Math.abs(behind - known) > 2_000) await this.box.set("offset", behind);
  }

  async meet(epoch) {
    const known = await this.box.setting("epoch");
    if (!epoch || known === epoch) return;
    if (known !== null) await this.offer(epoch);
    await this.box.set("epoch", epoch);
  }

  /** What the restored server lacks waits again; the roster is fetched anew. */
  async offer(epoch) {
    const pairs = await this.box.pairs();
    for (let from = 0; from < pairs.length; from += OFFERED) {
      const { data } = await this.post("/sync/offer", { pairs: pairs.slice(from, from + OFFERED) });
      if (!Array.isArray(data?.lacking) || data.epoch !== epoch) throw new Stop("busy");
      await this.box.lacking(data.lacking, data.photos);
    }
    await this.fetchRoster({ whole: true });
  }

  async deliverAll(fresh) {
    const seen = new Set();
    let retried = 0;
    const due = async () => (await this.box.due(fresh)).filter((one) => !seen.has(one.id));
    for (let rest = await due(); rest.length; rest = await due()) {
      const plain = rest.filter((one) => !this.suspects.has(one.id));
      const batch = plain.length ? cut(plain, this.most) : [rest.reduce((a, b) => (b.tries < a.tries ? b : a))];
      for (const one of batch) seen.add(one.id);
      if (!plain.length && ++retried > RETRIED) break;
      await this.deliver(batch);
    }
    this.left += (await this.box.due(fresh)).filter((one) => seen.has(one.id)).length;
  }

  /** A batch, halved while it fails whole, until the poisonous record is alone. */
  async deliver(batch) {
    await this.box.tried(batch.map((one) => one.id));
    const from = batch[0].from ? { device_id: batch[0].from.device_id, from_account: batch[0].from.account_id } : {};
    const told = { client: String(CLIENT), sent_at: stamp(this.now()), ...from, records: batch.map(wire) };
    const [path, headers] = this.revoked ? ["/sync/deliver", { "X-Device-Token": this.revoked }] : ["/sync/records", {}];
    const answer = await this.post(path, told, { gzip: true, headers }).catch((error) => this.whole(error));
    const results = answer.status === 200 && Array.isArray(answer.data.results) ? answer.data.results : [];
    if (results.some((one) => batch.some(({ id }) => id === one?.id))) return this.received(answer.data, results);
    if (batch.length > 1) {
      this.most = Math.ceil(batch.length / 2);
      const middle = this.most;
      await this.deliver(batch.slice(0, middle));
      return this.deliver(batch.slice(middle));
    }
    if (this.suspects.has(batch[0].id)) return;
    this.suspects.add(batch[0].id);
    this.lone += 1;
    // Two in a row that fail alone, and nothing got through between them: it is not the records.
    if (this.lone > 1) throw new Stop("busy");
  }

  async received(data, results) {
    const settled = await this.box.settle(results);
    Object.assign(this, { lone: 0, sent: this.sent + settled.length, most: Math.min(MOST, this.most * 2) });
    for (const id of settled) this.suspects.delete(id);
    if (settled.length) await this.box.set("last_sent", this.now());
    if (data.missing_seq?.length) await this.box.missing(data.missing_seq);
    if (!this.revoked) await this.meet(data.epoch);
  }

  /** No answer came: are we cut off (throws), or is it this batch that no connection survives? */
  async whole(error) {
    if (!(error instanceof Away) || error.why === "foreign") throw error;
    await this.session.ask();
    return { status: 0, data: null };
  }

  async sendPhotos() {
    const received = new Set((await this.box.records({ state: "received" })).map((one) => one.id));
    for (const photo of await this.box.photos()) {
      if (photo.state !== "waiting" || !photo.of.some((id) => received.has(id))) continue;
      this.onSending();
      const bytes = await this.box.photo(photo.sha256);
      const { state, flaws } = await sendPhoto(this.line(), photo.sha256, bytes, this.revoked ? "/sync/deliver/evidence" : undefined);
      if (state) await this.box.markPhotos([photo.sha256], state, flaws);
      else this.left += 1;
    }
  }

  /** How photos are sent: as whoever is signed in, or by the token of a revoked phone. */
  line() {
    const key = this.revoked ? { "X-Device-Token": this.revoked } : {};
    return async (method, path, { headers = {}, ...more } = {}) => this.checked(await this.session.send(method, path, { ...more, headers: { ...headers, ...key } }));
  }

  async fetchRoster({ whole = false } = {}) {
    let cursor = whole ? null : (await this.box.roster()).cursor;
    for (let more = true; more; ) {
      const query = new URLSearchParams({ account: this.box.account.id, ...(cursor && { cursor }) });
      const { status, data, askedAt } = this.checked(await this.session.get(`/sync/roster?${query}`));
      if (status !== 200 || typeof data?.cursor !== "string" || !Array.isArray(data.households)) throw new Stop("busy");
      await this.box.takeRoster(data, askedAt);
      more = data.more === true && data.cursor !== cursor;
      cursor = data.cursor;
    }
  }

  async post(path, json, options = {}) {
    this.onSending();
    const whose = { device_id: this.session.phone.deviceId, account: this.box.account.id };
    return this.checked(await this.session.send("POST", path, { json: { ...whose, ...json }, ...options }));
  }

  checked(answer) {
    const { status, data, headers } = answer;
    if (status === 401) {
      this.session.forget();
      throw new Stop("signed_out");
    }
    if (status === 403) throw new Stop("stuck");
    if (status === 429 || status === 503 || status === 507) {
      throw new Stop("busy", 1000 * (Number(headers.get("Retry-After")) || data?.seconds || 0));
    }
    return answer;
  }
}
