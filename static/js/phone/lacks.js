// What this browser must have before anything can be promised, and whether it is one that soon forgets.

/** Why nothing can be kept here: "insecure", "no_store", or null where it can. */
export function whatLacks() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) return "insecure";
  return globalThis.indexedDB && globalThis.BroadcastChannel ? null : "no_store";
}

/** The name of the chat whose own browser this is, or null. What such a browser stores is easily lost. */
export function insideChat(agent = navigator.userAgent) {
  if (/Zalo/i.test(agent)) return "Zalo";
  if (/FBAN|FBAV|FB_IAB|FBIOS|Messenger/i.test(agent)) return "Facebook";
  return null;
}
