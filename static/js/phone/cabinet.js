// What a box is built on: drafts, settings, what was read kept in memory until it changes, and word of changes to every tab.
import { got } from "./idb.js";

export class Cabinet {
  constructor(account, base, now) {
    Object.assign(this, { account, base, now, listeners: new Set(), held: {}, turn: 0, closed: false });
    this.channel = new BroadcastChannel(base.name);
    this.channel.onmessage = ({ data }) => this.heard(data);
  }

  async draft(key) {
    return (await this.base.run(["drafts"], "readonly", (tx) => got(tx.objectStore("drafts").get(key)))) ?? null;
  }

  /** The draft of a form; may hold photos as Blobs. */
  saveDraft(key, value) {
    return this.base.run(["drafts"], "readwrite", (tx) => got(tx.objectStore("drafts").put(value, key)));
  }

  dropDraft = (key) => this.base.run(["drafts"], "readwrite", (tx) => got(tx.objectStore("drafts").delete(key)));

  async setting(key) {
    return (await this.base.run(["settings"], "readonly", (tx) => got(tx.objectStore("settings").get(key)))) ?? null;
  }

  /** A setting as this tab last read it: for what is shown, not for what is sent. All of them are read at once. */
  async remembered(key) {
    const read = async (tx) => {
      const store = tx.objectStore("settings");
      const [keys, values] = await Promise.all([got(store.getAllKeys()), got(store.getAll())]);
      return new Map(keys.map((name, at) => [name, values[at]]));
    };
    return (await this.cached("settings", read)).get(key) ?? null;
  }

  set(key, value) {
    return this.write(["settings"], (tx) => got(tx.objectStore("settings").put(value, key)));
  }

  /** `fn({stores})` after each change, also one in another tab. Returns the way to stop. */
  onChange(fn) {
    this.listeners.add(fn);
    return () => this.listeners.delete(fn);
  }

  close() {
    this.closed = true;
    this.listeners.clear();
    this.channel.close();
    if (this.base.handle) this.base.drop(this.base.handle);
  }

  async write(stores, work) {
    const result = await this.base.run(stores, "readwrite", work);
    this.heard(stores);
    if (!this.closed) this.channel.postMessage(stores);
    return result;
  }

  heard(stores) {
    this.turn += 1;
    for (const name of stores) delete this.held[name];
    // What a listener does wrong must not make a saved record look unsaved.
    for (const fn of this.listeners) queueMicrotask(() => fn({ stores }));
  }

  async cached(name, load) {
    if (this.held[name]) return this.held[name];
    const turn = this.turn;
    const fresh = await this.base.run([name], "readonly", load);
    if (turn === this.turn) this.held[name] = fresh;
    return fresh;
  }
}
