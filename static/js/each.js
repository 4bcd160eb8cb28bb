// One request a chosen thing, one after the other, with a bar: <form data-each data-each-done="Done" data-each-lost="…">
// Its checked boxes of the name in data-each are sent alone, each as the form itself would send it. The server answers
// {"communes": [{"done": true, "why": ""}]}. One that cannot be done says why in its row; the others go on. Where the
// server is out of reach the rest waits. Without a script the form sends all of them at once.
import { number } from "./words.js";

async function ask(form, box) {
  const body = new FormData(form);
  body.delete(box.name);
  body.append(box.name, box.value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).communes[0];
}

async function run(form, boxes) {
  const shown = form.querySelector("[data-each-box]");
  const bar = shown.querySelector("progress");
  const said = shown.querySelector("[data-each-said]");
  const buttons = form.querySelectorAll("button[type=submit]");
  for (const button of buttons) button.disabled = true;
  bar.max = boxes.length;
  bar.value = 0;
  shown.hidden = false;
  let done = 0;
  for (const box of boxes) {
    said.textContent = `${number(bar.value)}/${number(boxes.length)}: ${box.dataset.eachName}…`;
    const place = box.closest("tr").querySelector("[data-each-row]");
    try {
      const one = await ask(form, box);
      place.textContent = one.done ? form.dataset.eachDone : one.why;
      box.disabled = true;
      box.checked = false;
      if (one.done) done += 1;
    } catch {
      place.textContent = form.dataset.eachLost;
      break;
    }
    bar.value += 1;
  }
  said.textContent = `${form.dataset.eachDone}: ${number(done)}/${number(boxes.length)}`;
  shown.querySelector("[data-each-after]").hidden = false;
  const isOver = !form.querySelector(`input[name="${form.dataset.each}"]:enabled`);
  for (const button of buttons) {
    button.disabled = false;
    button.hidden = isOver;
  }
}

function watch(form) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    const boxes = [...form.querySelectorAll(`input[name="${form.dataset.each}"]:checked`)];
    if (!busy && !boxes.length) return; // the server says that one must be chosen
    event.preventDefault();
    if (busy) return;
    busy = true;
    await run(form, boxes);
    busy = false;
  });
}

export function start() {
  for (const form of document.querySelectorAll("form[data-each]")) watch(form);
}
