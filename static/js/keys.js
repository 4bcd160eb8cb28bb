// "/" search, "n" a new record, "?" help, Ctrl+S saves the form. None is needed to work; none fires while typing.
function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function save(event) {
  const form = event.target.closest?.("form[method=post]") ?? document.querySelector("form.form[method=post]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".acts [type=submit]") ?? undefined);
}

function onKey(event) {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() === "s") save(event);
    return;
  }
  if (typing(event.target)) return;
  const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!found) return;
  event.preventDefault();
  if (found.matches("input")) {
    found.closest(".top")?.classList.add("open");
    found.focus();
    found.select();
  } else {
    found.click();
  }
}

export function start() {
  document.addEventListener("keydown", onKey);
}
