// Keeps the phone's shell by the hash of each file, so that a new version fetches only what changed, and nothing a hotel's
// sign-in page slipped in between is ever kept. Touches no writing and nothing under /sync/: the outbox is not its business.
const FILES = {{ files|tojson }};
const PAGE = "/phone/";
const OPEN = "/phone/open"; // what is shown at every address below it
const OFFLINE = "/phone/offline";
const STORE = "tdteam-shell";
const LANES = 4;

const keyOf = (hash) => new Request(`/phone/kept/${hash}`);

self.addEventListener("install", (event) => event.waitUntil(fillStore()));

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

// The app asks for it when no form is open and nothing is being sent.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || pathname.startsWith("/sync/")) return;
  if (request.mode === "navigate") {
    const ours = pathname === "/phone" || (pathname.startsWith(PAGE) && pathname !== OFFLINE);
    event.respondWith(ours ? kept(OPEN) : fetch(request).catch(() => kept(OFFLINE)));
  } else if (pathname in FILES && pathname !== OPEN && pathname !== OFFLINE) {
    event.respondWith(kept(pathname));
  }
});

async function fillStore() {
  const store = await caches.open(STORE);
  const have = new Set((await store.keys()).map(({ url }) => url));
  const lacking = Object.keys(FILES).filter((path) => !have.has(keyOf(FILES[path]).url));
  const lane = async () => {
    for (let path = lacking.shift(); path; path = lacking.shift()) await keep(store, path);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

async function keep(store, path) {
  const whole = (await ask(path, "no-cache")) ?? (await ask(path, "reload"));
  if (!whole) throw new Error(`${path} is not what this version asks for`);
  await store.put(keyOf(FILES[path]), whole.clone());
  return whole;
}

/** The file as an answer that can be kept, or null when it is not the one with that hash. */
async function ask(path, cache) {
  const answer = await fetch(path, { cache: path.startsWith("/static/") && cache === "no-cache" ? "default" : cache });
  if (!answer.ok || answer.redirected) return null;
  const body = await answer.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  if (!Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("").startsWith(FILES[path])) return null;
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  return new Response(body, { headers });
}

async function takeOver() {
  const store = await caches.open(STORE);
  const ours = new Set(Object.values(FILES).map((hash) => keyOf(hash).url));
  for (const request of await store.keys()) {
    if (!ours.has(request.url)) await store.delete(request);
  }
  await self.clients.claim();
}

/** A file of the shell from the store; fetched and kept again where the browser has thrown it away. */
async function kept(path) {
  const store = await caches.open(STORE);
  return (await store.match(keyOf(FILES[path]))) ?? keep(store, path).catch(() => fetch(path));
}
