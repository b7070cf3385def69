// Runs before anything is painted: a classic script, so it must not import or export.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("koers:theme");
    if (theme === "light" || theme === "dark") root.dataset["theme"] = theme;
  } catch {
    // Storage is closed: the browser's own preference holds.
  }
})();
