// Typing that is not saved yet is never left without a warning; a button pressed twice sends once.
const dirty = new Set();

/** Someone else saved the form (autosave): leaving is harmless again. */
export function clean(form) {
  dirty.delete(form);
}

function sending(event) {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent !== undefined) {
    event.preventDefault();
    return;
  }
  dirty.delete(form);
  if (form.method === "post") form.dataset.sent = "";
  // A download answers without leaving the page: the form must work again.
  setTimeout(() => delete form.dataset.sent, 4000);
}

export function start() {
  for (const form of document.querySelectorAll("form[data-guard]")) {
    form.addEventListener("input", () => dirty.add(form));
    if (form.querySelector("[aria-invalid=true],[data-invalid]")) dirty.add(form);
  }
  document.addEventListener("submit", sending);
  addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
}
