// Copies a text for Zalo. Where the clipboard is closed (plain http in an office network), the old way, else by hand.
import { t } from "./words.js";

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copied(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    select(node);
    const done = document.execCommand("copy");
    if (done) getSelection().removeAllRanges();
    return done;
  }
}

async function copy(box) {
  const node = box.querySelector("[data-copy-text]");
  const done = await copied(node);
  if (!done) {
    node.classList.remove("vh-js");
    select(node);
    node.focus();
  }
  box.querySelector("[data-copy-said]").textContent = done ? t("copied") : t("copy_by_hand");
}

export function start() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy-button]");
    if (button) copy(button.closest("[data-copy]"));
  });
}
