// A count that costs the server more than the page it stands on: asked for once the page is there, beside a link that is
// complete without it.
async function ask(place) {
  try {
    const answer = await fetch(place.dataset.count, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    place.textContent = (await answer.json()).words;
    place.hidden = false;
  } catch {
    // No connection: the link leads there all the same.
  }
}

export function start() {
  for (const place of document.querySelectorAll("[data-count]")) ask(place);
}
