// A table of inputs that is worked like a sheet: <table data-cells>. Arrow keys and Enter go from cell to cell (left and
// right only from the ends of what is typed), and a block copied in Excel falls into the cells from the one it is pasted
// into. Cells that cannot be typed into are stepped over. Nothing is sent before the form is.
function grid(table) {
  return [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.querySelector("input")));
}

function find(rows, input) {
  for (const [y, row] of rows.entries()) {
    const x = row.indexOf(input);
    if (x >= 0) return [y, x];
  }
  return null;
}

function step(rows, y, x, down, right) {
  for (let j = y + down, i = x + right; rows[j] && i >= 0 && i < rows[j].length; j += down, i += right) {
    if (rows[j][i]) return rows[j][i];
  }
  return null;
}

function aim(event, input) {
  const whole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  const still = input.selectionStart === input.selectionEnd;
  if (event.key === "ArrowUp") return [-1, 0];
  if (event.key === "ArrowDown" || event.key === "Enter") return [event.shiftKey ? -1 : 1, 0];
  if (event.key === "ArrowLeft" && (whole || (still && input.selectionStart === 0))) return [0, -1];
  if (event.key === "ArrowRight" && (whole || (still && input.selectionEnd === input.value.length))) return [0, 1];
  return null;
}

function move(table, event) {
  const input = event.target;
  if (input.tagName !== "INPUT" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const way = aim(event, input);
  const rows = way && grid(table);
  const at = rows && find(rows, input);
  const next = at && step(rows, at[0], at[1], way[0], way[1]);
  if (!next) {
    if (event.key === "Enter") event.preventDefault(); // the last row is no reason to save
    return;
  }
  event.preventDefault();
  next.focus();
  next.select();
}

// Rows and cells of what Excel puts on the clipboard; a quoted cell may hold line ends and doubled quotes.
export function block(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|$)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) return text.split(/\r?\n/).map((line) => line.split("\t"));
    rows.at(-1).push((found[1] === undefined ? found[2] : found[1].replaceAll('""', '"')).trim());
    if (found[3] && found[3] !== "\t") rows.push([]);
    else if (found[3] === "\t" && cell.lastIndex === text.length) rows.at(-1).push("");
  }
  if (!rows.at(-1).length) rows.pop();
  return rows;
}

function paste(table, event) {
  const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
  if (event.target.tagName !== "INPUT" || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return; // one value: as everywhere
  const rows = grid(table);
  const at = find(rows, event.target);
  if (!at) return;
  event.preventDefault();
  for (const [down, values] of block(text).entries()) {
    for (const [right, value] of values.entries()) {
      const input = rows[at[0] + down]?.[at[1] + right];
      if (!input) continue;
      input.value = value.slice(0, input.maxLength > 0 ? input.maxLength : undefined);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

export function start() {
  for (const table of document.querySelectorAll("table[data-cells]")) {
    table.addEventListener("keydown", (event) => move(table, event));
    table.addEventListener("paste", (event) => paste(table, event));
  }
}
