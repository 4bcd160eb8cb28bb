// The drop area of a file field: says in our words which file was chosen.
import { number, t } from "./words.js";

function size(bytes) {
  return bytes < 1_000_000 ? `${number(Math.ceil(bytes / 1000))} KB` : `${(bytes / 1e6).toFixed(1).replace(".", ",")} MB`;
}

function watch(area) {
  const field = area.querySelector("input[type=file]");
  const said = area.querySelector("output");
  field.addEventListener("change", () => {
    const [file] = field.files;
    said.textContent = file ? t("files_chosen", { name: file.name, size: size(file.size) }) : "";
  });
  for (const kind of ["dragenter", "dragover"]) area.addEventListener(kind, () => area.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("over"));
}

export function start() {
  for (const area of document.querySelectorAll("[data-drop]")) watch(area);
}
