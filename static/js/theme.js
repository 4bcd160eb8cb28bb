// Runs before the first paint, so that a dark page never flashes white. A classic script on purpose: modules wait.
(() => {
  const root = document.documentElement;
  root.dataset.js = "";
  try {
    for (const name of ["theme", "size"]) {
      const kept = localStorage.getItem(`tdteam.${name}`);
      if (kept) root.dataset[name] = kept;
    }
  } catch {
    // Storage is closed to us: the device's own choice stands.
  }
})();
