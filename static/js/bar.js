// Sections that do not fit into one line of the bar move under "More", the last ones first. A classic script right
// after the bar: it runs before the first paint, so nobody sees the bar jump. Without it the bar wraps onto a second line.
(() => {
  const top = document.querySelector(".top");
  const nav = top?.querySelector(".nav");
  const menu = nav?.querySelector(":scope>details");
  if (!menu) return;
  const list = menu.querySelector("ul");
  const own = menu.classList.contains("current");
  const moved = [];

  function back() {
    for (const item of moved.splice(0).reverse()) {
      menu.before(item.firstChild);
      item.remove();
    }
    menu.classList.toggle("current", own);
  }

  function move(link) {
    const item = document.createElement("li");
    item.append(link);
    list.prepend(item);
    moved.push(item);
    if (link.hasAttribute("aria-current")) menu.classList.add("current");
  }

  function fit() {
    back();
    if (getComputedStyle(nav).order !== "0") return; // folded behind the menu button: every section has its line
    for (;;) {
      const links = nav.querySelectorAll(":scope>a");
      if (links.length < 2 || menu.offsetTop === links[0].offsetTop) return;
      move(links[links.length - 1]);
    }
  }

  fit();
  let width = top.clientWidth;
  new ResizeObserver(() => {
    if (top.clientWidth === width) return;
    width = top.clientWidth;
    fit();
  }).observe(top);
  // The text size of the account menu changes the bar without changing the window.
  new MutationObserver(fit).observe(document.documentElement, { attributeFilter: ["data-size"] });
})();
