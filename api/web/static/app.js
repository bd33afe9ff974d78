// The frame: which view the address means, the views' list, theme and key.

import { hasKey } from "./api.js";
import { h, icon, set, tell } from "./dom.js";
import * as reader from "./reader.js";
import { go, here, onChange } from "./router.js";
import { failure, keyForm, loading } from "./states.js";

const VIEWS = {
  "/": { name: "Ask", load: () => import("./ask.js") },
  "/search": { name: "Search", load: () => import("./search.js") },
  "/roles": { name: "Roles", load: () => import("./roles.js") },
  "/compare": { name: "Compare", load: () => import("./compare.js") },
  "/overview": { name: "Overview", load: () => import("./overview.js") },
  "/status": { name: "Status", load: () => import("./status.js") },
  "/role": { name: "Role", load: () => import("./role.js"), under: "/roles" },
};

const main = document.getElementById("main");
let shown = null; // {path, view, without}: without = the parameters, less the reader's own

for (const [path, { name, under }] of Object.entries(VIEWS)) {
  if (!under) document.querySelector(".views").append(h("a", { href: path, "data-nav": true, data: { path } }, name));
}

function parameters() {
  const { params } = here();
  params.delete("read");
  params.delete("at");
  params.sort();
  return params.toString();
}

async function draw() {
  const { path, params } = here();
  const found = VIEWS[path] ?? VIEWS["/"];
  reader.sync();
  if (shown?.path === path) {
    const now = parameters();
    if (now !== shown.without) {
      shown.without = now;
      shown.view.update?.(params);
    }
    return;
  }
  shown?.view.leave?.();
  const first = shown === null;
  const mine = (shown = { path, view: {}, without: parameters() });
  for (const link of document.querySelectorAll(".views a")) {
    if (link.dataset.path === (found.under ?? path)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.querySelector('.views [aria-current]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
  main.className = `view view-${found.name.toLowerCase()}`;
  title(found.name);
  set(main, loading(5));
  try {
    const module = await found.load();
    if (shown !== mine) return;
    set(main);
    mine.view = module.mount(main, params) ?? {};
  } catch (error) {
    set(main, failure(error, () => location.reload()));
  }
  if (!first) {
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
    tell(`${found.name} view`);
  }
}

/** The name of what is shown, in the browser's tab. */
export function title(name) {
  document.title = name === "Ask" ? "Rolebook" : `${name} · Rolebook`;
}

const THEMES = ["auto", "light", "dark"];
const ICON_OF = { auto: "auto", light: "sun", dark: "moon" };

function theme(next) {
  const root = document.documentElement;
  const now = root.dataset.theme ?? "auto";
  const chosen = next ? THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] : now;
  if (chosen === "auto") delete root.dataset.theme;
  else root.dataset.theme = chosen;
  if (next) {
    try {
      localStorage.setItem("rolebook-theme", chosen);
    } catch {
      // the choice then lasts until the page is left
    }
    window.dispatchEvent(new Event("rolebook:theme"));
  }
  const button = document.getElementById("theme");
  set(button, icon(ICON_OF[chosen]));
  button.setAttribute("aria-label", `Theme: ${chosen}`);
  button.title = `Theme: ${chosen}`;
}

document.getElementById("theme").addEventListener("click", () => theme(true));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => window.dispatchEvent(new Event("rolebook:theme")));
document.getElementById("key").addEventListener("click", () => {
  const dialog = h("dialog", { class: "sheet", "aria-label": "API key" });
  const form = keyForm(hasKey() ? "A key is in use. Give another, or an empty one to forget it." : "Some services ask for one; 'rolebook keys add NAME' makes it.", () => {
    dialog.close();
    location.reload();
  });
  dialog.append(form, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.metaKey && !event.ctrlKey && !event.altKey) {
    const box = main.querySelector("[data-box]");
    if (box) {
      event.preventDefault();
      box.focus();
    } else {
      event.preventDefault();
      go("/");
    }
  }
});

theme(false);
onChange(draw);
draw();
