// The door: sign in by PIN on a phone that is known here, join by the commune's slip, or come by password.
import { fill, h, icon } from "../dom.js";
import { Away } from "../line.js";
import { insideChat } from "../lacks.js";
import { t } from "../../words.js";
import { button, linkButton, note, showFlaws, textField } from "../widgets.js";

const PASSWORD = "/sign-in?next=/phone/";

/** #/welcome · #/join/<token> · #/welcome/pin (choose one after a password) */
export async function show(main, ctx, rest) {
  const door = new Door(main, ctx);
  if (rest[0] === "join") return door.join(rest[1] ?? "");
  const known = (await ctx.phone.accounts()).filter((one) => one.token);
  const account = await ctx.session.ask().catch(() => null);
  if (account && rest[0] !== "slip") return door.arrived(account, known);
  if (known.length && rest[0] !== "slip") return door.pin(known);
  return door.newcomer();
}

class Door {
  constructor(main, ctx) {
    Object.assign(this, { main, ctx, busy: false });
    this.summary = h("div", { class: "summary" });
  }

  draw(title, ...parts) {
    this.ctx.title(title);
    fill(this.main, h("div", { class: "door f2" }, parts));
  }

  form(label, ...parts) {
    this.box = h("form", { class: "f2", novalidate: true, onsubmit: (event) => (event.preventDefault(), this.send()) }, this.summary, parts, h("button", { class: "b go big after", type: "submit" }, icon("check"), label));
    return this.box;
  }

  newcomer() {
    this.draw(
      t("Community digital team"),
      h("p", {}, t("To use this phone for your team, scan the square code on the slip the commune printed for you, with the phone's camera.")),
      note("", "info", t("No slip? Ask the commune's official for one. It is for you alone and works once.")),
      h("p", { class: "after" }, linkButton(t("Sign in with a password"), PASSWORD, { look: "big", name: "key-round" })),
    );
  }

  /** Signed in by password or still in session: the box opens; where no PIN is known here, one is offered. */
  async arrived(account, known) {
    await this.ctx.enter(account);
    if (known.some((one) => one.id === account.id)) return void this.ctx.go("#/log");
    this.draw(
      t("Hello, %(name)s", { name: account.name }),
      h("p", {}, t("Choose six digits, so that you need no password on this phone.")),
      this.form(t("Keep these six digits"), twice()),
      h("p", { class: "after" }, linkButton(t("Not now"), "#/log", { look: "bare big" })),
    );
    this.send = () => this.choose((pin) => this.ctx.session.enrol(pin, deviceLabel()));
    return undefined;
  }

  pin(known) {
    let [who] = known;
    const draw = () => {
      this.draw(
        t("Hello, %(name)s", { name: who.name }),
        this.form(t("Sign in"), pinField("pin", t("Your six digits"))),
        known
          .filter((one) => one !== who)
          .map((one) => h("p", { class: "after" }, button(t("I am %(name)s", { name: one.name }), () => ((who = one), draw()), { look: "big", name: "user" }))),
        h("p", { class: "after" }, linkButton(t("Forgot them, or somebody else"), "#/welcome/slip", { look: "bare big" })),
      );
      this.box.querySelector("input").focus();
    };
    this.send = () => this.ask(() => this.ctx.session.signIn(this.typed("pin"), who.id));
    draw();
  }

  async join(slip) {
    const chat = insideChat();
    if (chat) {
      // A slip works once: used up inside a chat's browser, it would be lost with that browser's storage.
      const { chatHint } = await import("../ground.js");
      return this.draw(t("Join your team"), chatHint(chat));
    }
    this.draw(
      t("Join your team"),
      h("p", {}, t("Choose six digits that you remember and nobody guesses: no birthday, not 123456. If you already have six digits on another phone, type those.")),
      this.form(t("Join"), twice()),
    );
    this.send = () => this.choose((pin) => this.ctx.session.join(slip, pin, deviceLabel()));
    return undefined;
  }

  choose(how) {
    const [pin, again] = [this.typed("pin"), this.typed("again")];
    const flaws = [];
    if (!/^\d{6}$/.test(pin)) flaws.push({ field: "pin", message: t("Six digits, please.") });
    else if (pin !== again) flaws.push({ field: "again", message: t("The two are not the same.") });
    if (showFlaws(this.box, this.summary, flaws)) return undefined;
    return this.ask(() => how(pin));
  }

  typed(name) {
    return this.box.querySelector(`[name=${name}]`).value.replace(/\D/g, "");
  }

  /** Ask the server; in when it says so, else why not. */
  async ask(how) {
    if (this.busy) return;
    this.busy = true;
    try {
      const answer = await how();
      if (!answer.ok) return void showFlaws(this.box, this.summary, sayWhy(answer));
      await this.ctx.enter(answer.account);
      this.ctx.go("#/log");
    } catch (error) {
      if (!(error instanceof Away)) console.error(error);
      showFlaws(this.box, this.summary, sayWhy({ error: "offline" }));
    } finally {
      this.busy = false;
    }
  }
}

const pinField = (name, label, hint = null) =>
  textField({ field: name, name, label, hint, type: "password", inputmode: "numeric", maxlength: 6, autocomplete: name === "pin" ? "current-password" : "new-password", class: "in pin" });

const twice = () => [pinField("pin", t("Six digits")), pinField("again", t("The same six digits once more"))];

/** Flaws as the server told them, else what became of the attempt. */
function sayWhy({ error, flaws, left, seconds }) {
  if (flaws?.length) return flaws.map((one) => ({ ...one, field: "pin" }));
  const said = {
    pin_wrong: left == null ? t("These are not the right six digits.") : t("These are not the right six digits. %(left)s tries left.", { left }),
    device_revoked: t("This phone may no longer sign in. Ask the commune for a new slip. What is unsent stays here."),
    throttled: t("Too many tries. Wait %(seconds)s seconds.", { seconds: seconds ?? 60 }),
    slip_unknown: t("This slip was used already or is too old. Ask the commune for a new one."),
    offline: t("There is no network. Signing in needs one; what you saved stays here."),
  }[error];
  return [{ field: "pin", message: said ?? t("That did not work now. Try again in a moment.") }];
}

/** What to call this phone in the commune's list. */
function deviceLabel() {
  const agent = navigator.userAgent;
  const model = /Android[^;)]*;\s*([^;)]+?)(?:\s+Build|[;)])/.exec(agent)?.[1];
  if (model && model !== "K") return model.slice(0, 60);
  return (/iPhone|iPad|Android|Windows|Mac OS X|Linux/.exec(agent)?.[0] ?? "Web").slice(0, 60);
}
