// The source beside the answer: a page as Rolebook read it, opened at the quoted words.

import { getOnce } from "./api.js";
import { h, icon, set, tell } from "./dom.js";
import { pageText } from "./pagetext.js";
import { go, here, withParams } from "./router.js";
import { failure, loading } from "./states.js";
import { day, levelName, pathName, roleLink, webAddress } from "./words.js";

const aside = document.getElementById("reader");
let citations = []; // of what is on show, in their order
let opener = null; // what the focus goes back to
let shown = ""; // the address of what is on show

/** What "next" goes through: [{blueprint_id, start, end, quote, path, url, deep_link, id}]. */
export function offer(list) {
  citations = list;
}

/** Opens a page at the words from `start` to `end`. */
export function open(blueprintId, start, end, from = null) {
  opener = from ?? document.activeElement;
  go(withParams({ read: blueprintId, at: `${start}-${end}` }), here().params.has("read"));
}

export function close() {
  if (!here().params.has("read")) return;
  go(withParams({ read: null, at: null }));
}

/** Draws what the address says. */
export function sync() {
  const { params } = here();
  const id = params.get("read");
  const at = /^(\d+)-(\d+)$/.exec(params.get("at") ?? "");
  const now = id ? `${id} ${at?.[0] ?? ""}` : "";
  if (now === shown) return;
  shown = now;
  document.body.classList.toggle("reading", Boolean(id));
  markActive(id, at);
  if (!id) {
    aside.hidden = true;
    set(aside);
    if (opener?.isConnected) opener.focus({ preventScroll: true });
    opener = null;
    return;
  }
  aside.hidden = false;
  show(id, at ? { start: Number(at[1]), end: Number(at[2]) } : null);
}

async function show(id, mark) {
  const made = citations.find((one) => one.blueprint_id === id && one.start === mark?.start && one.end === mark?.end);
  const body = h("div", { class: "reader-text", tabindex: "0", role: "region", "aria-label": "The page's text" }, loading(8, "Opening the page"));
  set(aside, head(id, made), body);
  focusIn();
  try {
    const blueprint = await getOnce(`/v1/roles/${encodeURIComponent(id)}`);
    if (!body.isConnected) return;
    fill(body, blueprint, mark, made);
    set(aside.querySelector(".reader-name"), roleLink(blueprint.role, id));
    set(aside.querySelector(".reader-facts"), facts(blueprint));
    original(blueprint.url, made);
    const first = body.querySelector("mark.quoted");
    tell(first ? `Source opened: ${blueprint.role}. Quoted: ${first.textContent.slice(0, 200)}` : `Source opened: ${blueprint.role}`);
  } catch (error) {
    if (body.isConnected) set(body, failure(error, () => show(id, mark)));
  }
}

function facts(blueprint) {
  const level = blueprint.level === "none" ? "" : levelName(blueprint.level);
  const changed = day(blueprint.modified ?? blueprint.published);
  return [level, changed && `as of ${changed}`].filter(Boolean).join(" · ");
}

function fill(body, blueprint, mark, made) {
  set(body, h("article", { class: "page" }, h("h1", { dir: "auto" }, blueprint.title), pageText(blueprint, mark)));
  if (!body.querySelector("mark.quoted") && made) markHeading(body, made.quote);
  const target = body.querySelector("mark.quoted");
  if (!target) {
    if (mark) body.prepend(h("p", { class: "note" }, "These words have no place of their own in the outline; the whole page is shown."));
    return;
  }
  const all = body.querySelectorAll("mark.quoted");
  all[0].id = "quoted";
  const reach = () => {
    const top = target.getBoundingClientRect().top - body.getBoundingClientRect().top + body.scrollTop;
    body.scrollTo({ top: Math.max(0, top - body.clientHeight * 0.28) });
  };
  requestAnimationFrame(reach);
  document.fonts.ready.then(() => body.isConnected && reach());
}

/** A quoted heading is no block: it is found by its words. */
function markHeading(body, quote) {
  const words = quote.replace(/^#+\s*/, "").trim();
  const heading = [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")].find((one) => one.textContent.trim() === words);
  if (heading) set(heading, h("mark", { class: "quoted" }, heading.textContent));
}

function head(id, made) {
  const at = made ? citations.indexOf(made) : -1;
  const step = (by, name, label) => {
    const to = citations[at + by];
    return h("button", { type: "button", class: "tool", "aria-label": label, title: label, disabled: !to, on: { click: () => open(to.blueprint_id, to.start, to.end, opener) } }, icon(name));
  };
  const steps = citations.length > 1 && at >= 0
    ? h("span", { class: "steps" }, step(-1, "left", "Previous quote"), h("span", null, `${at + 1} of ${citations.length}`), step(1, "right", "Next quote"))
    : null;
  return h(
    "header",
    { class: "reader-head" },
    h("div", { class: "reader-line" }, h("span", { class: "reader-name", dir: "auto" }, made?.role ?? "Source"), steps,
      h("button", { type: "button", class: "tool reader-close", "aria-label": "Close the source", title: "Close", on: { click: close } }, icon("close"))),
    made?.path?.length ? h("p", { class: "reader-path", dir: "auto" }, pathName(made.path)) : null,
    h("div", { class: "reader-line" }, h("span", { class: "reader-facts fine" }), h("span", { class: "reader-out" })),
  );
}

function original(url, made) {
  const address = webAddress(made?.deep_link) ?? webAddress(url);
  const place = aside.querySelector(".reader-out");
  if (!address) return void set(place, h("span", { class: "fine" }, "Read from a file; it has no address"));
  set(place, h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, made?.deep_link ? "Open the original at these words" : "Open the original", icon("out", 15)));
}

/** Moves the focus into the source where it covers the answer; the answer stays in hand where both are seen. */
function focusIn() {
  if (matchMedia("(max-width: 999px)").matches) aside.querySelector(".reader-close").focus({ preventScroll: true });
}

function markActive(id, at) {
  for (const button of document.querySelectorAll("[data-cite]")) {
    const active = Boolean(id) && button.dataset.cite === `${id} ${at?.[0]}`;
    button.classList.toggle("active", active);
    if (active) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

/** A numbered mark that opens its quote. */
export function markOf(citation, label = String(citation.id)) {
  const name = `Source ${citation.id}: ${citation.role}, ${pathName(citation.path)}`;
  const place = `${citation.blueprint_id} ${citation.start}-${citation.end}`;
  const click = (event) => open(citation.blueprint_id, citation.start, citation.end, event.currentTarget);
  return h("button", { type: "button", class: `mark${place === shown ? " active" : ""}`, "aria-label": name, title: name, data: { cite: place }, on: { click } }, label);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  if (event.key === "Tab" && document.body.classList.contains("reading") && matchMedia("(max-width: 999px)").matches) keepIn(event);
});

function keepIn(event) {
  const stops = [...aside.querySelectorAll("a[href], button:not([disabled]), [tabindex='0']")];
  const [first, last] = [stops[0], stops.at(-1)];
  const within = aside.contains(document.activeElement);
  if (event.shiftKey && (!within || document.activeElement === first)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && (!within || document.activeElement === last)) {
    event.preventDefault();
    first.focus();
  }
}

