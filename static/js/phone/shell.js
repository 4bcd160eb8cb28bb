// The app itself on this phone: its worker, a new version at a quiet moment, the home screen.

/** Keep the shell offline. `isIdle()`: no form is open and nothing is being sent. `onNew(apply)`: a new version waits, `apply()` is
 * for a button. By itself it comes only when idle: at start, or when nobody looks. */
export async function keepShell({ isIdle, onNew, reload = () => location.reload() }) {
  const workers = navigator.serviceWorker;
  if (!workers) return null;
  let had = !!workers.controller;
  let registration;
  try {
    registration = await workers.register("/sw.js", { updateViaCache: "none" });
  } catch {
    return null; // no network at the very first start, or a browser that keeps nothing
  }
  if (!registration) return null;
  const apply = () => registration.waiting?.postMessage("take-over");
  let asked = false;
  let left = false;
  workers.addEventListener("controllerchange", () => {
    const first = !had; // of this phone: it changes nothing on the page
    had = true;
    if (first || left) return;
    if (asked || isIdle()) {
      left = true;
      reload();
    } else onNew(reload); // another tab took it
  });
  const tell = () =>
    onNew(() => {
      asked = true;
      apply();
    });
  if (registration.waiting && had) {
    if (isIdle()) apply();
    else tell();
  }
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => coming.state === "installed" && workers.controller && tell());
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
    else if (had && isIdle()) apply();
  });
  return registration;
}

let prompt = null;
globalThis.addEventListener?.("beforeinstallprompt", (event) => {
  event.preventDefault();
  prompt = event;
  globalThis.dispatchEvent(new Event("tdteam-installable"));
});

/** {installed, canAsk, kept}: on the home screen; the browser lets us ask; it promised to keep our storage. */
export async function standing() {
  const installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  return { installed, canAsk: prompt !== null, kept: (await navigator.storage?.persisted?.()) ?? false };
}

/** Ask to be put on the home screen; true when the person agreed. */
export async function install() {
  const asked = prompt;
  prompt = null;
  await asked?.prompt();
  return (await asked?.userChoice)?.outcome === "accepted";
}
