// What takes long is begun as soon as this file is here, while the other modules are still on their way: the phone's own
// database is opened and, where nothing is kept on this phone yet, the server is asked who is signed in.
import { openPhone } from "./device.js";
import { whatLacks } from "./lacks.js";
import { makeLine } from "./line.js";

const can = !whatLacks();

/** The phone (device.js); null where nothing can be kept here. */
export const phone = can ? openPhone() : null;

/** The first answer of /sync/session; null where the first screen does not need it. */
export const session = can && !navigator.serviceWorker?.controller ? makeLine({ fetch: (...asked) => fetch(...asked) })("GET", "/sync/session") : null;

for (const begun of [phone, session]) begun?.catch(() => {}); // told where it is waited for
