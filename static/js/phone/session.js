// Who is signed in here, by the server's word; PIN, joining, leaving. Nothing that is saved ever waits for it.
import { measure } from "./clock.js";
import { makeLine } from "./line.js";

const FRESH = 10_000; // milliseconds that an answer asked for early may be old

/** `phone`: of openPhone(); `early`: GET /sync/session, asked already, or null. Every method may throw Away (line.js) when the server
 * cannot be reached. */
export function makeSession({ fetch, phone, early = null, now = Date.now, timeout = undefined }) {
  const session = new Session(makeLine({ fetch, now, timeout }), phone);
  return Object.assign(session, { early, now });
}

class Session {
  constructor(line, phone) {
    // `account`: undefined until asked, null when nobody is signed in. `behind`: what the phone's clock is behind, in ms.
    Object.assign(this, { line, phone, account: undefined, token: null, epoch: null, minClient: 1, behind: null });
  }

  /** Ask who is signed in: the account or null. */
  async ask() {
    const [early] = [this.early, (this.early = null)];
    if (await this.phone.get("leaving")) await this.leave();
    else if (early) {
      const answer = await early.catch(() => null);
      if (answer && this.now() - answer.askedAt < FRESH) return this.take(answer).account;
    }
    return this.take(await this.line("GET", "/sync/session")).account;
  }

  /** Sign in with the PIN of an account known on this phone: {ok} or {ok: false, error, left?, seconds?}. */
  async signIn(pin, accountId = null) {
    const known = await this.phone.accounts();
    const token = (accountId === null ? known[0] : known.find((one) => one.id === accountId))?.token;
    if (!token) return { ok: false, error: "no_token" };
    await this.phone.set("leaving", false);
    const entered = await this.enter("/sync/sign-in", { device_id: this.phone.deviceId, token, pin });
    if (entered.error === "device_revoked") await this.phone.set("revoked", token);
    return entered;
  }

  /** The token of an account whose phone was revoked: good for delivering what it holds, and for nothing else. */
  async revokedToken(accountId) {
    const token = (await this.phone.accounts()).find((one) => one.id === accountId)?.token;
    return token && token === (await this.phone.get("revoked")) ? token : null;
  }

  /** Join with a slip's token: {ok} or {ok: false, error, flaws?}. */
  async join(slip, pin, label) {
    await this.phone.set("leaving", false);
    return this.enter("/sync/join", { slip, device_id: this.phone.deviceId, label, pin });
  }

  /** Give the account that is signed in with its password a PIN on this phone. */
  enrol(pin, label) {
    return this.enter("/sync/enrol", { device_id: this.phone.deviceId, label, pin });
  }

  /** Leave; without a network it is done at the next contact. The caller wipes the roster (box.wipeRoster). */
  async signOut() {
    await this.phone.set("leaving", true);
    this.account = null;
    try {
      await this.leave();
      return true;
    } catch {
      return false;
    }
  }

  async leave() {
    if (!this.token) this.take(await this.line("GET", "/sync/session"));
    const { status } = await this.send("POST", "/sync/sign-out", { json: {} });
    if (status === 200 || status === 401) await this.phone.set("leaving", false);
    this.forget();
  }

  /** A question that changes something: with the token, asked for anew once where it was stale. */
  async send(method, path, { headers = {}, ...options } = {}) {
    this.early = null; // who is signed in may be another after this
    for (let last = false; ; last = true) {
      if (!this.token) this.take(await this.line("GET", "/sync/session"));
      const answer = await this.line(method, path, { ...options, headers: { ...headers, "X-CSRFToken": this.token ?? "" } });
      if (answer.status !== 400 || answer.data?.error !== "csrf" || last) return this.heard(answer);
      this.token = null;
    }
  }

  async get(path) {
    return this.heard(await this.line("GET", path));
  }

  forget() {
    Object.assign(this, { account: undefined, token: null });
  }

  async enter(path, json) {
    const { status, data } = await this.send("POST", path, { json });
    if (status !== 200 || !data?.account) return { ...data, ok: false, status, error: data?.error ?? "unexpected" };
    this.take({ status, data, askedAt: 0, answeredAt: 0 });
    await this.phone.remember(data.account, data.token);
    return { ok: true, account: data.account };
  }

  take(answer) {
    const { status, data } = answer;
    if (!data?.csrf_token || (status !== 200 && status !== 401)) throw new TypeError(`session answered ${status}`);
    const account = status === 200 ? data.account : null;
    Object.assign(this, { account, token: data.csrf_token, epoch: data.epoch, minClient: data.min_client ?? 1 });
    return this.heard(answer) && this;
  }

  heard(answer) {
    const behind = answer.askedAt ? measure(answer.askedAt, answer.answeredAt, answer.data?.server_time) : null;
    if (behind !== null) this.behind = behind;
    return answer;
  }
}
