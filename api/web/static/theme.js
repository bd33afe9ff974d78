// Before the first paint: the theme that was chosen here, else the system's.
(function () {
  let chosen = null;
  try {
    chosen = localStorage.getItem("rolebook-theme");
  } catch {
    // storage may be closed to us; the system's theme it is
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
