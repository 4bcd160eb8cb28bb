// Builds nodes. Text is always text: nothing that anybody typed is ever read as markup.
const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = ["value", "checked", "disabled", "hidden", "open", "selected", "indeterminate", "tabIndex"];

/**
 * h("p", {class: "mute", onclick: fn, hidden: true, "aria-live": "polite"}, "text", node, [nodes], null)
 * null, undefined and false are left out, of properties and of children.
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (PROPERTIES.includes(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  return add(node, children);
}

/** Appends children: nodes, texts, lists of them. */
export function add(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child != null && child !== false && child !== "") node.append(child);
  }
  return node;
}

/** Empties a node and puts the children there. */
export const fill = (node, ...children) => add(clear(node), children);

export function clear(node) {
  node.replaceChildren();
  return node;
}

let sprite = null;

/** A picture of the sprite; always beside a word. */
export function icon(name) {
  sprite ??= document.documentElement.dataset.sprite ?? "/static/icons/sprite.svg";
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "i");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

let last = 0;

/** An id no other node of the page has. */
export const freshId = (stem = "n") => `${stem}-${++last}`;
