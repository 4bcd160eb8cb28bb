// Light or dark, and the size of text: chosen in the account menu, kept on this computer.
const root = document.documentElement;

function show(group) {
  const now = root.dataset[group.dataset.look] ?? "";
  for (const button of group.children) button.setAttribute("aria-pressed", String(button.value === now));
}

function choose(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  try {
    if (value) localStorage.setItem(`tdteam.${name}`, value);
    else localStorage.removeItem(`tdteam.${name}`);
  } catch {
    // Not kept: the choice holds for this page.
  }
}

export function start() {
  for (const group of document.querySelectorAll("[data-look]")) {
    show(group);
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      choose(group.dataset.look, button.value);
      show(group);
    });
  }
}
