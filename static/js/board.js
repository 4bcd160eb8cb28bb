// The coverage board opens its rows in place. Each row's link works without this: it asks for the page with the row open.
// <table data-board="/coverage/rows">… <tr id="r7"><th><a data-opens="7" aria-expanded="false" href="?open=7">
// Rows inside another name it: <tr data-in="7">. What stands open is `open=7,12` in the address, also after this.
const words = () => JSON.parse(document.getElementById("board-words").textContent);
const opened = () => new Set((new URLSearchParams(location.search).get("open") ?? "").split(",").filter(Boolean));

function say(text) {
  const place = document.querySelector("[data-board-said]");
  if (place) place.textContent = text;
}

const tell = (key, values) => words()[key].replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
const nameOf = (link) => link.getAttribute("aria-label") ?? link.textContent.trim();

/** The rows inside a row, and inside those. */
function inside(table, id) {
  const rows = [...table.querySelectorAll(`tr[data-in="${CSS.escape(id)}"]`)];
  return rows.flatMap((row) => [row, ...(row.id ? inside(table, row.id.slice(1)) : [])]);
}

function withOpen(address, ids) {
  const url = new URL(address, location.href);
  if (ids.size) url.searchParams.set("open", [...ids].sort((a, b) => a - b).join(","));
  else url.searchParams.delete("open");
  url.search = url.search.replaceAll("%2C", ",");
  return url;
}

/** Every link and form of the page keeps what stands open now. */
function keep(ids) {
  for (const link of document.querySelectorAll("main a[href]")) {
    if (link.dataset.opens) {
      const other = new Set(ids);
      if (!other.delete(link.dataset.opens)) other.add(link.dataset.opens);
      link.href = withOpen(link.href, other);
    } else if (link.pathname === location.pathname && !link.hash && link.closest(".title, .board")) {
      link.href = withOpen(link.href, ids);
    }
  }
  for (const form of document.querySelectorAll("form.filters")) {
    form.querySelector('input[name="open"]')?.remove();
    if (!ids.size) continue;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "open" });
    field.value = [...ids].join(",");
    form.append(field);
  }
}

async function fetchRows(table, link) {
  const url = new URL(table.dataset.board, location.href);
  url.search = location.search;
  url.searchParams.set("of", link.dataset.opens);
  const above = link.closest("tr").dataset.in;
  if (above) url.searchParams.set("within", above);
  const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const holder = document.createElement("template");
  holder.innerHTML = (await answer.json()).rows;
  return holder.content;
}

async function toggle(table, link) {
  const id = link.dataset.opens;
  const rows = inside(table, id);
  const ids = opened();
  if (link.getAttribute("aria-expanded") === "true") {
    ids.delete(id);
    for (const row of rows) {
      if (row.id) ids.delete(row.id.slice(1));
      row.remove();
    }
    link.setAttribute("aria-expanded", "false");
    say(tell("closed", { name: nameOf(link) }));
    return ids;
  }
  const found = await fetchRows(table, link);
  const count = found.querySelectorAll("tr").length;
  link.closest("tr").after(found);
  link.setAttribute("aria-expanded", "true");
  ids.add(id);
  say(tell("opened", { count, name: nameOf(link) }));
  return ids;
}

let busy = false;

async function press(table, link) {
  if (busy) return;
  busy = true;
  link.setAttribute("aria-busy", "true");
  try {
    const ids = await toggle(table, link);
    history.pushState({ board: true }, "", withOpen(location.href.split("#")[0], ids));
    keep(ids);
  } catch {
    say(words().failed);
    if (navigator.onLine) location.assign(link.href);
  } finally {
    busy = false;
    link.removeAttribute("aria-busy");
  }
}

export function start() {
  const table = document.querySelector("table[data-board]");
  if (!table) return;
  table.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-opens]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    press(table, link);
  });
  // The page as the address says it: the browser went back over rows that this opened.
  addEventListener("popstate", () => location.reload());
}
