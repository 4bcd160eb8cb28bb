// Every script of the desk, each one job; a page without the parts a script serves pays nothing for it.
import * as autosave from "./autosave.js";
import * as board from "./board.js";
import * as cells from "./cells.js";
import * as copy from "./copy.js";
import * as counted from "./counted.js";
import * as count from "./count.js";
import * as day from "./day.js";
import * as depends from "./depends.js";
import * as draft from "./draft.js";
import * as drop from "./drop.js";
import * as each from "./each.js";
import * as guard from "./guard.js";
import * as keys from "./keys.js";
import * as look from "./look.js";
import * as menus from "./menus.js";
import * as page from "./page.js";
import * as preview from "./preview.js";
import * as progress from "./progress.js";
import * as rows from "./rows.js";
import * as toasts from "./toasts.js";

for (const part of [board, page, look, menus, keys, rows, depends, day, count, drop, copy, toasts, guard, draft, autosave, preview, progress, each, cells, counted]) {
  part.start();
}
