// What forms are made of: fields with their sentence of what is wrong, chips, steppers, notes, a summary.
import { fullDay, isDay, longDay, weekday } from "./days.js";
import { add, clear, fill, freshId, h, icon } from "./dom.js";
import { sayFlaw } from "./flaws.js";
import { t } from "../words.js";

/** A button. `look`: "go" (filled), "bare", "risk" or nothing; `big` for the whole width. */
export const button = (label, onclick, { look = "", name = null, ...more } = {}) =>
  h("button", { type: "button", class: `b ${look}`, onclick, ...more }, name && icon(name), label);

/** A link that looks like a button. */
export const linkButton = (label, href, { look = "", name = null, ...more } = {}) =>
  h("a", { class: `b ${look}`, href, ...more }, name && icon(name), label);

const errorOf = (id) => h("span", { class: "err", id: `${id}-e`, hidden: true });

function labelled(field, label, hint, control, more = []) {
  const id = control.id;
  const about = [hint && `${id}-h`, `${id}-e`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", about);
  return h(
    "div",
    { class: "f", "data-field": field },
    h("label", { for: id }, label),
    hint && h("span", { class: "hint sm", id: `${id}-h` }, hint),
    control,
    more,
    errorOf(id),
  );
}

/** A line of text. `read` of the returned node gives what was typed. */
export function textField({ field, label, hint, value, onInput, type = "text", ...more }) {
  const input = h("input", {
    class: "in",
    id: freshId(field),
    type,
    value: value ?? "",
    oninput: () => onInput?.(input.value),
    autocomplete: "off",
    ...more,
  });
  return labelled(field, label, hint, input);
}

export function areaField({ field, label, hint, value, onInput, rows = 2, ...more }) {
  const area = h("textarea", {
    class: "in",
    id: freshId(field),
    rows,
    value: value ?? "",
    oninput: () => onInput?.(area.value),
    ...more,
  });
  return labelled(field, label, hint, area);
}

/** A day, with the device's own calendar; said once more as people here write days, whatever the device's language. */
export function dayField({ value, onInput, ...given }) {
  const said = h("span", { class: "hint sm", "aria-live": "polite" });
  const say = (day) => {
    said.textContent = isDay(day) ? `${weekday(day)} ${longDay(day)}` : "";
  };
  const box = textField({
    ...given,
    value,
    type: "date",
    onInput: (day) => {
      say(day);
      onInput?.(day);
    },
  });
  say(value);
  box.querySelector("input").after(said);
  return box;
}

/** A day said in words, changed only by who asks for it. */
export function dayRow({ field, value, today, onInput }) {
  const row = h("div", { class: "who", "data-field": field });
  const open = () => {
    const label = t("Which day?");
    fill(row, dayField({ field, label, value, max: today, min: "2020-01-01", onInput: (day) => onInput(isDay(day) ? day : null) }));
    row.querySelector("input").focus();
  };
  fill(
    row,
    h("p", {}, value ? fullDay(value, today) : "\u2014"),
    button(t("Other day"), open, { look: "bare" }),
    h("span", { class: "err", hidden: true }),
  );
  return row;
}

export function selectField({ field, label, hint, options, value, onChange, ...more }) {
  const select = h(
    "select",
    { class: "in", id: freshId(field), onchange: () => onChange?.(select.value), ...more },
    options.map(([code, words]) => h("option", { value: code, selected: code === (value ?? "") }, words)),
  );
  return labelled(field, label, hint, select);
}

/** A whole number or nothing; digits only, so that the phone shows its number keys. */
export function numberField({ value, onInput, ...given }) {
  return textField({
    ...given,
    value: value ?? "",
    inputmode: "numeric",
    pattern: "[0-9]*",
    maxlength: 5,
    onInput: (typed) => onInput(readNumber(typed)),
  });
}

export function readNumber(typed) {
  const digits = typed.replace(/\D/g, "");
  return digits ? Number(digits) : null;
}

/** A number with minus and plus: "How many people?" */
export function stepper({ field, label, value, min = 1, max = 999, onInput }) {
  let now = value;
  const set = (next, typed = false) => {
    now = next;
    if (!typed) input.value = now ?? "";
    onInput(now);
  };
  const step = (by) => set(Math.min(max, Math.max(min, (now ?? min - Math.max(0, by)) + by)));
  const input = h("input", {
    class: "in",
    id: freshId(field),
    value: value ?? "",
    inputmode: "numeric",
    maxlength: 5,
    autocomplete: "off",
    oninput: () => set(readNumber(input.value), true),
  });
  const box = labelled(field, label, null, input);
  const press = (by, sign, words) =>
    h("button", { type: "button", class: "b", "aria-label": `${words}: ${label}`, onclick: () => step(by) }, sign);
  const row = h("div", { class: "step" });
  input.replaceWith(row);
  add(row, [press(-1, "\u2212", t("One fewer")), input, press(1, "+", t("One more"))]);
  return box;
}

/**
 * Choices as large boxes. `options`: [[value, words, {note}]]; `many`: several may be chosen (value is then a list).
 * onChange(value) comes with every change.
 */
export function chips({ field, legend, hint, options, value, many = false, onChange, look = null, none = false }) {
  const name = freshId(field ?? "c");
  const inputs = options.map(([code]) =>
    h("input", {
      type: many ? "checkbox" : "radio",
      name,
      value: String(code),
      checked: many ? value.includes(code) : value === code,
    }),
  );
  const read = () => {
    const chosen = options.filter((_, at) => inputs[at].checked).map(([code]) => code);
    return many ? chosen : (chosen[0] ?? null);
  };
  let before = read();
  // A radio that may be left out is taken back by a second touch.
  const again = (event) => {
    if (none && !many && event.target.matches("input") && read() === before) {
      event.target.checked = false;
    }
    if (event.target.matches("input") && !many && read() !== before) changed();
  };
  const changed = () => {
    before = read();
    onChange?.(before);
  };
  return h(
    "fieldset",
    {
      class: look,
      "data-field": field,
      "aria-describedby": `${name}-e`,
      onchange: many ? changed : null,
      onclick: many ? null : again,
    },
    legend && h("legend", {}, legend, hint && h("span", { class: "hint" }, ` ${hint}`)),
    h(
      "div",
      { class: "ch" },
      options.map(([, words], at) => h("label", {}, inputs[at], h("span", {}, words))),
    ),
    errorOf(name),
  );
}

/** A sentence with a picture. `look`: "wait", "bad", "ok" or nothing. */
export const note = (look, name, ...words) => h("div", { class: `note ${look}` }, icon(name), h("div", {}, ...words));

/** Says beside a field what is wrong, or (null) that nothing is. */
export function sayBeside(box, words) {
  const line = [...box.querySelectorAll(".err")].pop();
  line.hidden = !words;
  fill(line, words && [icon("circle-alert"), h("span", {}, words)]);
}

/** What there is to do where there is nothing to see. */
export const empty = (name, title, words, action) =>
  h("div", { class: "empty" }, icon(name), h("h2", {}, title), words && h("p", {}, words), action);

/** A line of a list that leads on. */
export const row = (href, title, words, more) =>
  h(
    "li",
    {},
    h("a", { href }, h("span", {}, h("b", {}, title), words && [h("br"), h("span", { class: "mute sm" }, words)], more), icon("chevron-right")),
  );

/** A state: a shape and a word. */
export const state = (look, name, words) => h("span", { class: `st ${look}` }, icon(name), h("span", {}, words));

const boxOf = (form, field) =>
  form.querySelector(`[data-field="${CSS.escape(field)}"]`) ??
  form.querySelector(`[data-field="${CSS.escape(field.replace(/\.[^.]*$/, ""))}"]`);

/**
 * Puts each flaw beside its field and all of them into `summary` (a node at the head of the form), which takes the focus.
 * `title`: what to say above them. Returns whether there were any.
 */
export function showFlaws(form, summary, flaws, title = null) {
  for (const line of form.querySelectorAll(".err")) {
    line.hidden = true;
    clear(line);
  }
  for (const bad of form.querySelectorAll("[aria-invalid]")) bad.removeAttribute("aria-invalid");
  for (const bad of form.querySelectorAll("[data-invalid]")) bad.removeAttribute("data-invalid");
  clear(summary);
  if (!flaws.length) return false;
  const told = flaws.map((one) => {
    const words = one.message || sayFlaw(one);
    const box = boxOf(form, one.field || "?");
    const label = box?.querySelector("label,legend")?.firstChild?.textContent.trim();
    return { words: label ? `${label} \u2013 ${words}` : words, target: box && mark(box, words) };
  });
  told.sort(inOrder); // as they stand on the page
  const lines = told.map(({ words, target }) =>
    h("li", {}, target ? h("a", { href: `#${target.id}`, onclick: (event) => go(event, target) }, words) : words),
  );
  const head = title ?? (flaws.length === 1 ? t("One thing to put right before saving") : t("%(count)s things to put right before saving", { count: flaws.length }));
  const box = note("bad", "octagon-alert", h("b", {}, head), h("ul", { class: "plain" }, lines));
  box.tabIndex = -1;
  fill(summary, box);
  box.focus();
  box.scrollIntoView({ block: "center" });
  return true;
}

function inOrder({ target: a }, { target: b }) {
  if (!a || !b || a === b) return a ? (b ? 0 : 1) : b ? -1 : 0;
  return a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
}

function mark(box, words) {
  for (let outer = box.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
  sayBeside(box, words);
  const input = box.querySelector("input,select,textarea,button");
  if (box.matches("fieldset")) box.querySelector(".ch")?.setAttribute("data-invalid", "");
  else input?.setAttribute("aria-invalid", "true");
  if (input && !input.id) input.id = freshId("x");
  return input;
}

// A fragment is the phone's own address of a screen, so a link inside one moves the focus instead.
function go(event, target) {
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "center" });
}
