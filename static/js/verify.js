// A file held against the paper of a public check: hashed here, sent nowhere, and the page's one verdict is then its.
import { sha256 } from "./sha256.js";

/** issued, signed or other: what a file is, of files known by size and hash. A size nobody has needs no reading. */
async function outcomeOf(file, known) {
  const alike = known.filter((one) => one.size === file.size);
  if (!alike.length) return "other";
  const found = await sha256(new Uint8Array(await file.arrayBuffer()));
  return alike.find((one) => one.sha256 === found)?.kind ?? "other";
}

function say(area, verdict, outcome) {
  const words = area.querySelector(`template[data-outcome=${outcome}]`);
  const parts = words.content.cloneNode(true);
  verdict.className = `verdict ${words.dataset.tone}`;
  verdict.querySelector(".i").replaceWith(parts.querySelector(".i"));
  verdict.querySelector("h1").textContent = parts.querySelector("b").textContent;
  verdict.querySelector("p").textContent = parts.querySelector("i").textContent;
}

function start() {
  const area = document.querySelector("[data-verify-file]");
  const verdict = document.querySelector("[data-verdict]");
  const known = JSON.parse(document.getElementById("paper-files").textContent);
  const field = area.querySelector("input");
  let asked = 0;
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    const mine = (asked += 1);
    area.querySelector("output").textContent = file.name;
    say(area, verdict, "reading");
    const outcome = await outcomeOf(file, known).catch(() => "unread");
    if (mine !== asked) return;
    say(area, verdict, outcome);
    verdict.scrollIntoView({ block: "start" });
  });
  const drop = area.querySelector(".drop");
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
}

start();
