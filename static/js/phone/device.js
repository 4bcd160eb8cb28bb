// The phone's own small database, of nobody in particular.
import { newId } from "./canon.js";
import { Base, got } from "./idb.js";

/** What the phone itself keeps: device id, accounts known here with their tokens, theme, text size, the last account. What it knew
 * when it was opened, without asking the disk again: `before`, the account that was open. */
export async function openPhone() {
  const base = new Base("tdteam-phone", [{ settings: {} }]);
  const run = (mode, work) => base.run(["settings"], mode, (tx) => work(tx.objectStore("settings")));
  const get = async (key) => (await run("readonly", (store) => got(store.get(key)))) ?? null;
  const change = (key, how) =>
    run("readwrite", async (store) => {
      const next = how((await got(store.get(key))) ?? null);
      store.put(next, key);
      return next;
    });
  const read = (store) => Promise.all(["device_id", "open", "accounts"].map((key) => got(store.get(key))));
  const [known, open, list] = await run("readonly", read);
  const id = known ?? (await change("device_id", (other) => other ?? newId()));
  const others = (list, account) => (list ?? []).filter((one) => one.id !== account);
  return {
    base,
    deviceId: id,
    before: list?.find((one) => one.id === open) ?? null,
    get,
    set: (key, value) => change(key, () => value),
    /** [{id, name, username, role, member_id, token}] of everybody who used this phone, the last one first. */
    accounts: async () => (await get("accounts")) ?? [],
    /** Put an account first; its token stays where none is given. */
    remember: (account, token) =>
      change("accounts", (list) => {
        const known = list?.find((one) => one.id === account.id);
        return [{ ...known, ...account, token: token ?? known?.token ?? null }, ...others(list, account.id)];
      }),
    forget: (account) => change("accounts", (list) => others(list, account)),
  };
}
