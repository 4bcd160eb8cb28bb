// A server, a clock and sleep for tests of the phone's modules, all inside the page.
import { canonical, sha256 } from "/static/js/phone/canon.js";
import * as outbox from "/static/js/phone/outbox.js";
import { makeSession } from "/static/js/phone/session.js";
import { makeSync } from "/static/js/phone/sync.js";

export * as batch from "/static/js/phone/sender.js";
export * as canon from "/static/js/phone/canon.js";
export * as clock from "/static/js/phone/clock.js";
export * as idb from "/static/js/phone/idb.js";
export * as line from "/static/js/phone/line.js";
export * as local from "/static/js/phone/local.js";
export * as parcel from "/static/js/phone/parcel.js";
export * as photos from "/static/js/phone/photos.js";
export { outbox, makeSession, makeSync };

export const ME = { id: 7, name: "Ly Lao Si", username: "totruong", role: "leader", member_id: 31 };
export const NOON = Date.parse("2026-11-20T12:00:00+07:00");
export const DAY = 86_400_000;

export class Clock {
  constructor(at = NOON) {
    this.at = at;
    this.now = () => this.at;
  }

  pass(ms) {
    this.at += ms;
  }
}

/** Sleeps are noted and end when they are told to. */
export class Bed {
  constructor() {
    this.asked = [];
    this.sleep = (ms) => new Promise((wake) => this.asked.push({ ms, wake }));
  }

  get last() {
    return this.asked.at(-1)?.ms ?? null;
  }
}

export const answer = (status, data, headers = {}) =>
  new Response(data === null ? null : JSON.stringify(data), { status, headers: { "Content-Type": "application/json", ...headers } });
export const page = (status, text = "<html>Welcome to the hotel") => new Response(text, { status, headers: { "Content-Type": "text/html" } });
export const dead = () => {
  throw new TypeError("Failed to fetch");
};

/** Does as docs/sync.md says. `before(method, path, body)` may answer first, or throw; `after` may lose the answer. */
export class Server {
  constructor(clock = new Clock()) {
    Object.assign(this, { clock, epoch: "e1", account: ME, csrf: "c1", minClient: 1, missing: [], judge: () => ({ state: "accepted" }) });
    Object.assign(this, { inbox: new Map(), evidence: new Map(), asked: [], batches: [], rosters: [], before: () => null, after: () => null });
    this.fetch = (path, options) => this.take(path, options);
  }

  async take(path, { method, headers, body }) {
    const squeezed = headers["Content-Encoding"] === "gzip";
    const text = squeezed ? await unzipped(body) : body;
    const json = typeof text === "string" ? JSON.parse(text) : text;
    this.asked.push(`${method} ${path.split("?")[0]}`);
    const first = await this.before(method, path, json);
    if (first) return first;
    const said = await this.say(method, path, json, headers);
    return (await this.after(method, path, json)) ?? said;
  }

  get session() {
    return { csrf_token: this.csrf, server_time: new Date(this.clock.now()).toISOString(), epoch: this.epoch, min_client: this.minClient };
  }

  async say(method, path, json, headers) {
    if (path === "/sync/session") return this.account ? answer(200, { account: this.account, ...this.session }) : answer(401, { error: "signed_out", ...this.session });
    if (method !== "GET" && method !== "HEAD" && headers["X-CSRFToken"] !== this.csrf) return answer(400, { error: "csrf" });
    if (path === "/sync/sign-in") return this.signIn(json);
    if (path === "/sync/sign-out") return (this.account = null), answer(200, { ok: true });
    if (path === "/sync/deliver") return headers["X-Device-Token"] === this.revoked ? this.receive(json) : answer(401, { error: "signed_out" });
    if (path.startsWith("/sync/deliver/evidence/") && headers["X-Device-Token"] === this.revoked) return this.piece(method, path.slice(23), json, headers);
    if (!this.account) return answer(401, { error: "signed_out" });
    if (path === "/sync/records") return this.receive(json);
    if (path === "/sync/offer") return this.offered(json);
    if (path.startsWith("/sync/roster")) return answer(200, this.rosters.shift() ?? { cursor: "c", more: false, households: [], residents: [], visits: [] });
    if (path.startsWith("/sync/evidence/")) return this.piece(method, path.slice(15), json, headers);
    return answer(404, { error: "not_found" });
  }

  signIn({ pin, token }) {
    if (token === this.revoked) return answer(401, { error: "device_revoked" });
    if (pin !== "246810") return answer(401, { error: "pin_wrong", left: 3 });
    this.account = ME;
    return answer(200, { account: ME, ...this.session });
  }

  async receive(batch) {
    this.batches.push(batch);
    const results = [];
    for (const one of batch.records) {
      const known = this.inbox.get(one.id);
      const told = { id: one.id, sha256: one.sha256, version: 1, flaws: [], doubt: null };
      if ((await sha256(canonical(one.body))) !== one.sha256) results.push({ ...told, state: "unreceived" });
      else if (known) results.push({ ...told, state: "duplicate", was: known.state });
      else {
        const verdict = this.judge(one);
        if (verdict.state !== "unreceived") this.inbox.set(one.id, { ...one, state: verdict.state });
        results.push({ ...told, ...verdict });
      }
    }
    return answer(200, { server_time: new Date(this.clock.now()).toISOString(), epoch: this.epoch, missing_seq: this.missing, results });
  }

  offered({ pairs }) {
    this.pairs = [...(this.pairs ?? []), ...pairs];
    return answer(200, { epoch: this.epoch, lacking: pairs.map(([id]) => id).filter((id) => !this.inbox.has(id)), photos: this.lackingPhotos ?? [] });
  }

  piece(method, hash, bytes, headers) {
    const held = this.evidence.get(hash) ?? new Uint8Array();
    if (method === "HEAD") {
      if (!held.length) return answer(404, null);
      const whole = this.kept?.has(hash) ? { "Upload-Complete": "?1" } : {};
      return answer(200, null, { "Upload-Offset": String(held.length), ...whole });
    }
    const [, from, to, total] = /bytes (\d+)-(\d+)\/(\d+)/.exec(headers["Content-Range"]).map(Number);
    if (from !== held.length) return answer(409, { received: held.length });
    this.evidence.set(hash, Uint8Array.from([...held, ...new Uint8Array(bytes)]));
    if (to + 1 < total) return answer(202, { received: to + 1 });
    (this.kept ??= new Set()).add(hash);
    return answer(200, { state: "kept" });
  }
}

async function unzipped(bytes) {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** Everything together: box, session, sync on a server, and how the state went. */
export async function phone({ account = ME, server = new Server(), clock = server.clock, ...more } = {}) {
  const bed = new Bed();
  const states = [];
  const box = await outbox.openBox(account, { now: clock.now });
  const device = await outbox.openPhone();
  const session = makeSession({ fetch: server.fetch, phone: device, now: clock.now });
  const onState = (state) => states.push(state);
  const sync = makeSync({ box, session, now: clock.now, sleep: bed.sleep, random: () => 0.5, lock: (fn) => fn(), onState, ...more });
  return { bed, box, clock, device, server, session, states, sync };
}

export const visit = (minutes = 25, more = {}) => ({ kind: "visit", body: { village_id: 12, visited_on: "2026-11-20", minutes, note: "", ...more } });

/** Some visits, old enough to be sent. */
export async function saved({ box, clock }, count, make = (number) => visit(number)) {
  const out = [];
  for (let number = 1; number <= count; number += 1) out.push(await box.add(make(number)));
  clock.pass(outbox.UNDO_MS);
  return out;
}
