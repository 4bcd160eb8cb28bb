// The phone's frame: finds out whose phone it is, opens the box, shows the tab of the address, tells where the records are.
import { dayOf } from "./clock.js";
import { clear, fill, h, icon } from "./dom.js";
import * as early from "./early.js";
import { insideChat, whatLacks } from "./lacks.js";
import { makeSession } from "./session.js";
import { button, note } from "./widgets.js";
import { t } from "../words.js";

const at = (id) => document.getElementById(id);
const TABS = [
  ["log", "pencil-line", () => t("Log"), () => import("./tabs/log.js")],
  ["households", "house", () => t("Homes"), () => import("./tabs/households.js")],
  ["todo", "list-checks", () => t("To do"), () => import("./tabs/todo.js")],
  ["month", "calendar-days", () => t("Month"), () => import("./tabs/month.js")],
  ["more", "menu", () => t("More things"), () => import("./tabs/more.js")],
];
const ROOMS = {
  again: [() => import("./tabs/again.js"), "more"],
  filing: [() => import("./tabs/filing_result.js"), "todo"],
  gathering: [() => import("./tabs/gathering.js"), "log"],
  welcome: [() => import("./tabs/welcome.js"), null],
  join: [() => import("./tabs/welcome.js"), null],
};
const WORDED = ["welcome", "join", "log"]; // their words come with the page
const NEEDS_ROSTER = ["again", "log", "households", "gathering", "filing", "todo", "month"];
for (const [name, , , load] of TABS) ROOMS[name] = [load, name];

class App {
  constructor() {
    this.turn = 0;
    this.leaving = [];
    this.state = { phase: "saved", waiting: 0, refused: 0, lastSent: null };
    this.box = null;
    this.memory = {};
  }

  async start() {
    const lack = whatLacks();
    if (lack) return stopHere(lack);
    this.drawBar();
    at("act").setAttribute("role", "region");
    at("act").setAttribute("aria-label", t("What to do next"));
    this.measureDock();
    this.hints = h("div", { class: "hints" });
    at("top").append(this.hints);
    if (insideChat() || !navigator.serviceWorker) ground().then(({ hint }) => this.hints.prepend(hint()), console.warn);
    try {
      this.phone = await early.phone;
    } catch (error) {
      console.error(error); // a private window, or a disk that is full
      return stopHere("no_store");
    }
    addEventListener("hashchange", () => this.route());
    document.addEventListener("keydown", (event) => this.key(event));
    this.session = makeSession({ fetch: (...asked) => fetch(...asked), phone: this.phone, early: early.session });
    if (this.phone.before) await this.open(this.phone.before);
    await this.route();
    await painted();
    this.begin();
    const { watchVersion } = await notices();
    return watchVersion(this.versionBox(), () => this.leaving.length === 0 && this.state.phase !== "sending");
  }

  versionBox() {
    const box = h("div", {});
    this.hints.append(box);
    return box;
  }

  /** Somebody comes to the phone: their box, their roster, their sending. */
  async enter(account) {
    if (this.box?.account.id === account.id) return void this.sync.send();
    this.stop();
    await this.phone.remember(account);
    await this.phone.set("open", account.id);
    await this.open(account);
    this.begin();
  }

  /** What this account has here. */
  async open(account) {
    this.inside ??= await import("./inside.js");
    this.account = account;
    this.box = this.inside.openBox(account);
    this.sync = this.inside.makeSync({ box: this.box, session: this.session, onState: (state) => this.told(state) });
    this.memory = {};
    [this.offset] = await Promise.all([this.box.remembered("offset"), this.reload()]);
    this.box.onChange(({ stores }) => this.changed(stores));
  }

  /** What the first screen does not wait for: the network, and what is old. */
  begin() {
    this.sync?.start();
    this.box?.purge().catch(() => {}); // a full disk
  }

  stop() {
    this.sync?.stop();
    this.box?.close();
    this.box = this.sync = this.account = null;
  }

  /** Signing out: the roster goes, what is unsent stays for whoever signs in here again. */
  async leaveAccount() {
    const { box } = this;
    await this.phone.set("open", null);
    this.sync?.stop();
    await this.session.signOut();
    await box?.wipeRoster();
    this.stop();
    this.go("#/welcome");
  }

  async reload() {
    const [roster, records] = await Promise.all([this.box.roster(), this.box.records()]);
    this.plain = roster;
    this.known = records;
    this.roster = { ...roster, ...this.inside.mergedHouseholds(roster, records) };
    this.index = null;
  }

  async changed(stores) {
    if (!stores.some((name) => name === "roster" || name === "records")) return;
    await (this.reloading = this.reload());
    this.drawState();
    const { activeElement: here } = document;
    if (this.live && !(at("main").contains(here) && here.matches("input,textarea,select"))) this.live();
  }

  told(state) {
    this.state = { ...this.state, ...state };
    this.drawState();
  }

  drawState() {
    const strip = at("status");
    strip.hidden = !this.box;
    if (this.box) this.inside.drawStrip(strip, this.state);
    const { waiting = 0, refused = 0, spoiled = 0 } = this.state;
    const count = waiting + refused + spoiled;
    fill(
      this.dot,
      count > 0 && [
        h("span", { class: "dot", "aria-hidden": "true" }, String(count)),
        h("span", { class: "vh" }, `, ${t("%(count)s not sent yet", { count })}`),
      ],
    );
  }

  drawBar() {
    this.dot = h("span", {});
    fill(
      at("bar"),
      TABS.map(([name, picture, label]) =>
        h("a", { href: `#/${name}`, "data-tab": name }, icon(picture), h("span", {}, label(), name === "more" && this.dot)),
      ),
    );
  }

  /** What floats above the dock must know how high it is. */
  measureDock() {
    const dock = at("dock");
    const tell = () => document.documentElement.style.setProperty("--dock", `${dock.hidden ? 0 : dock.offsetHeight}px`);
    new ResizeObserver(tell).observe(dock);
    tell();
  }

  go(hash) {
    if (location.hash === hash) return this.route();
    location.hash = hash;
    return null;
  }

  /** Shows the tab of the address. The last one asked for wins. */
  async route() {
    const turn = ++this.turn;
    const [wanted = "log", ...rest] = location.hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
    const known = ROOMS[wanted] ? wanted : "log";
    const name = this.box || known === "join" ? known : "welcome";
    for (const leave of this.leaving.splice(0)) await leave();
    const [, tab] = ROOMS[name];
    const room = await this.module(name);
    await this.reloading?.catch(() => {}); // what was just saved is shown, however slow the phone
    if (turn !== this.turn) return;
    this.prepare(tab);
    const main = h("main", { id: "main", tabindex: "-1" });
    const ctx = this.context(turn);
    this.live = null;
    at("main").replaceWith(main);
    try {
      const waits = NEEDS_ROSTER.includes(name) && !this.roster?.villages.length;
      if (!room) throw new TypeError(`${name} is not on this phone yet`);
      if (waits) this.notYet(main, ctx);
      else await room.show(main, ctx, name === "join" ? ["join", ...rest] : rest);
    } catch (error) {
      if (room) console.error(error);
      fill(main, h("p", { class: "note bad" }, icon("octagon-alert"), h("span", {}, t("This page did not open. What you saved is safe. Press another tab and come back."))));
    }
    if (turn !== this.turn) return;
    if (!main.contains(document.activeElement) && turn > 1) main.focus({ preventScroll: true });
    if (!main.contains(document.activeElement) || document.activeElement === main) scrollTo(0, 0);
  }

  /** The module of a room; null where it cannot be had: no network, and the worker has not fetched everything yet. */
  async module(name) {
    try {
      if (!WORDED.includes(name)) await (await import("./more_words.js")).moreWords();
      return await ROOMS[name][0]();
    } catch (error) {
      console.warn("tdteam:", error.message);
      return null;
    }
  }

  /** Before the first roster came: nothing can be chosen, and it says why. */
  notYet(main, ctx) {
    const fetchIt = button(t("Fetch it now"), () => this.sync.refresh(), { look: "big", name: "refresh-cw" });
    const words = t("The list of households has not come yet. It comes by itself when there is a network.");
    fill(main, note("wait", "cloud-off", words), h("p", { class: "after" }, fetchIt));
    ctx.live(() => this.roster.villages.length && this.route());
  }

  prepare(tab) {
    at("dock").hidden = !tab;
    clear(at("act"));
    clear(at("side"));
    for (const link of at("bar").children) {
      if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const [, , label] = TABS.find(([name]) => name === tab) ?? [];
    this.title(label ? label() : t("Community digital team"));
    this.drawState();
  }

  title(words, side = null) {
    at("title").textContent = words;
    document.title = `${words} \u2013 tdteam`;
    fill(at("side"), side);
  }

  /** What a tab gets; a tab that was left no longer draws anything. */
  context(turn) {
    const app = this;
    const mine = () => turn === app.turn;
    return {
      t,
      icon,
      box: app.box,
      sync: app.sync,
      session: app.session,
      phone: app.phone,
      account: app.account,
      memory: app.memory,
      roster: () => app.roster,
      records: () => app.known,
      index: () => (app.index ??= app.inside.makeIndex(app.roster.households, app.roster.byHousehold)),
      today: () => dayOf(Date.now(), app.session.behind ?? app.offset ?? 0),
      period: () => app.roster?.period ?? null,
      state: () => app.state,
      go: (hash) => app.go(hash),
      toast: async (words, more) => (await notices()).toast(at("toasts"), words, more),
      leave: (fn) => mine() && app.leaving.push(fn),
      live: (fn) => mine() && (app.live = () => mine() && fn()),
      title: (words, side) => mine() && app.title(words, side),
      act: (node) => mine() && fill(at("act"), node),
      enter: (account) => app.enter(account),
      leaveAccount: () => app.leaveAccount(),
      saySaveFailed: app.inside?.saySaveFailed,
    };
  }

  /** "/" goes to the search box, n begins a new visit, as at the desk. */
  key(event) {
    const { target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("input,textarea,select")) return;
    if (event.key === "/") {
      const box = document.querySelector("[data-key='/']");
      if (box) event.preventDefault();
      box?.focus();
    } else if (event.key === "n" && this.box) this.go("#/log/pick");
  }
}

// Seldom needed, or not by the first screen.
const ground = () => import("./ground.js");
const notices = () => import("./notices.js");
const stopHere = async (lack) => fill(at("main"), (await ground()).stopPage(lack));

/** After the next picture on the screen; soon where nobody looks. */
function painted() {
  const picture = new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return Promise.race([picture, new Promise((resolve) => setTimeout(resolve, document.hidden ? 0 : 1000))]);
}

new App().start();
