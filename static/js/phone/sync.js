// When to send: by itself after a save, when the network or the person comes back, and again after a failure. Says how it stands.
import { Away } from "./line.js";
import { UNDO_MS } from "./outbox.js";
import { CLIENT, Sender, Stop } from "./sender.js";

export { CLIENT };

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 300_000;
const ROSTER_AGE = 15 * 60_000;

/** `session` of makeSession; `lock(fn)` lets one sender run at a time; `onState(state)`: {phase, waiting, refused, photos, spoiled, oldest,
 * lastSent (ms), reason}. phase: "saved" (also: may still be undone), "waiting", "sending", "sent", "signed_out", "offline",
 * "stuck" (the server takes the rest but not these, or wants a newer app). */
export function makeSync({
  box,
  session,
  now = Date.now,
  lock = (fn) => (navigator.locks ? navigator.locks.request("tdteam-send", fn) : fn()),
  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random = Math.random,
  onState = () => {},
}) {
  return new Sync({ box, session, now, lock, sleep, random, onState });
}

class Sync {
  constructor(given) {
    Object.assign(this, given, { state: null, wanted: null, running: null, failures: 0, why: null, wait: 0, alarm: 0 });
    this.sender = new Sender({ ...given, onSending: () => this.isSending() });
    this.stops = [];
  }

  /** From now on by itself. */
  start() {
    const page = globalThis.document;
    const on = (target, name, fn) => {
      target?.addEventListener?.(name, fn);
      this.stops.push(() => target?.removeEventListener?.(name, fn));
    };
    this.stops.push(this.box.onChange(({ stores }) => stores.some((name) => name === "records" || name === "photos") && this.look()));
    on(globalThis, "online", () => this.send());
    // Whoever puts the phone away no longer undoes: what is fresh goes too.
    on(page, "visibilitychange", () => this.send({ hurry: page.visibilityState === "hidden" }));
    return this.send();
  }

  stop() {
    this.stopped = true;
    this.alarm += 1;
    for (const stop of this.stops.splice(0)) stop();
  }

  /** Send what waits; `hurry`: also what may still be undone. Resolves with the state once nothing more can be done now. */
  send({ hurry = false, refresh = false } = {}) {
    this.wanted = { hurry: hurry || !!this.wanted?.hurry, refresh: refresh || !!this.wanted?.refresh };
    this.running ??= this.run();
    return this.running;
  }

  /** Fetch what changed on the roster, after sending what waits. */
  refresh() {
    return this.send({ refresh: true });
  }

  async run() {
    try {
      do {
        while (this.wanted && !this.stopped) {
          const wanted = this.wanted;
          this.wanted = null;
          await this.lock(() => this.round(wanted));
        }
        await this.look();
      } while (this.wanted && !this.stopped); // asked for while the state was being read
      return this.state;
    } catch (error) {
      // The database or the lock was taken away (the page is closing, the disk failed): the next reason to send tries again.
      console.warn("tdteam: cannot send now:", error?.name, error?.message);
      return this.state;
    } finally {
      this.running = null; // in the same breath as the last look at `wanted`, or a call between the two would be forgotten
    }
  }

  async round({ hurry, refresh }) {
    const wantsRoster = refresh || (await this.isStale());
    const due = await this.box.due(hurry ? 0 : UNDO_MS);
    if (!wantsRoster && !due.length && !(await this.box.counts()).photos) return;
    this.busy = true;
    try {
      const left = await this.sender.round({ hurry, wantsRoster });
      Object.assign(this, { failures: left ? this.failures + 1 : 0, why: left ? "stuck" : null, wait: 0 });
    } catch (error) {
      const known = error instanceof Stop || error instanceof Away;
      const why = error instanceof Away ? "offline" : error instanceof Stop ? error.why : "stuck";
      Object.assign(this, { failures: this.failures + 1, why, wait: error.wait ?? 0 });
      if (!known) console.warn("tdteam: sending stopped:", error?.name, error?.message);
    }
    Object.assign(this, { busy: false, sending: false });
  }

  isSending() {
    if (this.sending) return;
    this.sending = true;
    this.look();
  }

  async isStale() {
    const asked = (await this.box.roster()).asked_at;
    return asked === null || Math.abs(this.now() - asked) > ROSTER_AGE;
  }

  /** Tell the state, and set the alarm for what comes next. */
  async look() {
    if (this.stopped) return this.state;
    const counts = await this.box.counts();
    const due = await this.box.due();
    const lastSent = await this.box.setting("last_sent");
    const todo = due.length + counts.photos > 0 || (await this.isStale());
    const fresh = await this.box.dueIn();
    this.state = { phase: this.phase(counts, due, lastSent), ...counts, lastSent, reason: this.why };
    this.onState(this.state);
    if (!this.busy) this.setAlarm(this.next(due, todo, fresh));
    return this.state;
  }

  phase(counts, due, lastSent) {
    if (this.sending) return "sending";
    if (this.why === "signed_out") return "signed_out";
    if (!counts.waiting && !counts.photos) return lastSent ? "sent" : "saved";
    if (counts.waiting && !due.length) return "saved";
    if (this.why === "stuck") return "stuck";
    return this.failures ? "offline" : "waiting";
  }

  /** Milliseconds until there is something to do, null where only a person or the network can change that. */
  next(due, todo, fresh) {
    if (this.why === "signed_out") return null;
    if (!this.failures) return due.length ? 0 : fresh;
    if (!todo) return fresh;
    return Math.max(this.wait, Math.min(this.backoff(), fresh ?? Infinity));
  }

  setAlarm(ms) {
    this.alarm += 1;
    const mine = this.alarm;
    if (ms !== null) this.sleep(ms).then(() => mine === this.alarm && this.send());
  }

  /** 2 s, doubled up to 5 min, half of it by chance so that phones do not come all at once. */
  backoff() {
    const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.failures - 1));
    return Math.round(whole * (0.5 + 0.5 * this.random()));
  }
}
