// The address bar is the state: every view is drawn from it, and every change of view or filter goes through it.

const listeners = new Set();

/** What the address says. */
export function here() {
  return { path: location.pathname, params: new URLSearchParams(location.search) };
}

/** Goes to an address of this page; `replace` leaves no step to go back to. */
export function go(url, replace = false) {
  const to = new URL(url, location.href);
  if (to.href !== location.href) history[replace ? "replaceState" : "pushState"](null, "", to);
  changed();
}

/** The present address with some parameters set to other values; null takes one away. */
export function withParams(changes, path = location.pathname) {
  const params = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    params.delete(name);
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "" && one !== false) params.append(name, one);
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

/** Calls back after every change of address. */
export function onChange(listener) {
  listeners.add(listener);
}

function changed() {
  for (const listener of listeners) listener();
}

window.addEventListener("popstate", changed);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-nav]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
