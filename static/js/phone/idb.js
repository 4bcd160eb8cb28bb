// One IndexedDB database that is always there: opened when first used, opened again after it was closed, given back when
// another tab brings a newer version. Writing is strict: it is done when the disk has it (transaction complete), not before.

/** A change that is not on the disk. `why`: "quota" (disk full), "closed", "blocked" (another tab in the way), "unknown". */
export class SaveFailed extends Error {
  constructor(why, cause) {
    super(`not saved: ${why}`, { cause });
    this.name = "SaveFailed";
    this.why = why;
  }
}

const WHY = { QuotaExceededError: "quota", InvalidStateError: "closed", AbortError: "closed" };

function failed(error) {
  return error instanceof SaveFailed ? error : new SaveFailed(WHY[error?.name] ?? "unknown", error);
}

/** The answer of one IDBRequest. */
export function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Base {
  /** `versions`: for each version, the stores it added: {name: {keyPath?, indexes?: {name: keyPath}}}. */
  constructor(name, versions) {
    Object.assign(this, { name, versions, handle: null, opening: null });
  }

  /** Run `work(tx)`, which may await requests only; resolves with its result once everything is on the disk. */
  async run(stores, mode, work, again = true) {
    try {
      return await this.attempt(stores, mode, work);
    } catch (error) {
      // The browser had closed the handle: nothing was written, so the same again is safe.
      if (again && error.why === "closed") return this.run(stores, mode, work, false);
      throw error;
    }
  }

  async attempt(stores, mode, work) {
    const db = await this.open();
    let tx;
    try {
      tx = db.transaction(stores, mode, { durability: "strict" });
    } catch (error) {
      this.drop(db);
      throw failed(error);
    }
    const done = new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(failed(tx.error ?? new DOMException("closed", "AbortError")));
    });
    done.catch(() => {}); // awaited below
    let result;
    try {
      result = await work(tx);
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // It has aborted by itself.
      }
      await done.catch(() => {});
      throw error instanceof DOMException ? failed(tx.error ?? error) : error;
    }
    await done;
    return result;
  }

  open() {
    if (this.handle) return Promise.resolve(this.handle);
    this.opening ??= this.ask(this.versions.length).finally(() => (this.opening = null));
    return this.opening;
  }

  ask(version) {
    return new Promise((resolve, reject) => {
      const request = version ? indexedDB.open(this.name, version) : indexedDB.open(this.name);
      request.onupgradeneeded = () => this.grow(request);
      request.onblocked = () => reject(new SaveFailed("blocked"));
      request.onsuccess = () => resolve(this.keep(request.result));
      request.onerror = () => {
        // A newer version of the app was here; its stores are ours and more.
        if (version && request.error.name === "VersionError") resolve(this.ask(null));
        else reject(failed(request.error));
      };
    });
  }

  /** Only adds stores: an older app in another tab goes on working. */
  grow({ result, transaction }) {
    for (const [name, { keyPath = null, indexes = {} }] of this.versions.flatMap((added) => Object.entries(added))) {
      const known = result.objectStoreNames.contains(name);
      const store = known ? transaction.objectStore(name) : result.createObjectStore(name, { keyPath });
      for (const [index, path] of Object.entries(indexes)) {
        if (!store.indexNames.contains(index)) store.createIndex(index, path);
      }
    }
  }

  keep(db) {
    db.onclose = () => this.drop(db);
    db.onversionchange = () => this.drop(db);
    this.handle = db;
    return db;
  }

  drop(db) {
    db.close();
    if (this.handle === db) this.handle = null;
  }
}
