// The printed page beside the form: fetched again after each background save. <iframe data-preview="…/pdf">
function refresh(frame) {
  const url = new URL(frame.dataset.preview, location.href);
  url.searchParams.set("at", Date.now());
  url.hash = "view=FitH&toolbar=0&navpanes=0";
  // A new frame, so that the Back button does not walk through old previews.
  const fresh = frame.cloneNode(false);
  fresh.src = url;
  frame.replaceWith(fresh);
}

export function start() {
  document.addEventListener("tdteam:saved", () => {
    for (const frame of document.querySelectorAll("iframe[data-preview]")) refresh(frame);
  });
}
