// Search: passages as one types, narrowed by what they fall on; the address holds it all.

import { get, getOnce } from "./api.js";
import { h, icon, offerFocus, paused, put, set, tell } from "./dom.js";
import { offer, open } from "./reader.js";
import { go, here, withParams } from "./router.js";
import { empty, failure, loading } from "./states.js";
import { functionName, learn, levelName, onOneLine, pathName, plural, roleLink, topicName, withHits } from "./words.js";

const FACETS = [
  ["topic", "Topic", topicName],
  ["role", "Role", (name) => name],
  ["level", "Level", levelName],
  ["function", "Function", functionName],
];
const FIRST = 6; // values of a facet before "more"
const PAGE = 20;

export function mount(root, params) {
  const input = h("input", { type: "search", name: "q", maxlength: "8000", "data-box": true, autocomplete: "off", spellcheck: "false", placeholder: "Search every passage", "aria-label": "Search", value: params.get("q") ?? "" });
  const form = h("form", { class: "searchbox", role: "search", on: { submit: (event) => event.preventDefault() } }, icon("search"), input);
  const facets = h("div", { class: "facets" });
  const drawer = h("details", { class: "drawer" }, h("summary", null, "Filters"), facets);
  drawer.open = matchMedia("(min-width: 800px)").matches;
  const results = h("div", { class: "results" });
  root.append(h("h1", { class: "unseen" }, "Search"), form, h("div", { class: "columns" }, h("aside", { class: "side", "aria-label": "Filters" }, drawer), results));
  const view = { input, facets, results, drawer, open: new Set(), ended: new AbortController(), steps: false };
  // Typing changes the present step; the first letters after a choice begin a new one.
  const typed = paused(140, () => go(withParams({ q: input.value.trim(), n: null }), true));
  input.addEventListener("input", typed);
  search(view, params);
  if (!params.get("q")) offerFocus(input);
  return { update: (now) => search(view, now), leave: () => view.ended.abort() };
}

async function search(view, params) {
  const query = params.get("q") ?? "";
  if (document.activeElement !== view.input || view.input.value.trim() !== query) if (view.input.value.trim() !== query) view.input.value = query;
  view.ended.abort();
  view.ended = new AbortController();
  const { signal } = view.ended;
  if (!/[\p{L}\p{N}]/u.test(query)) {
    offer([]);
    set(view.facets);
    view.drawer.hidden = true;
    set(view.results, empty("Type what you look for.", "A matter, a metric, a tool, a decision: passages are found by meaning and by word."));
    return;
  }
  view.drawer.hidden = false;
  if (!view.results.querySelector(".hits")) set(view.results, loading(6, "Searching"));
  view.results.setAttribute("aria-busy", "true");
  const filters = Object.fromEntries(FACETS.map(([name]) => [name, params.getAll(name)]));
  const grouped = params.get("group") === "role";
  const shown = Math.min(200, Number(params.get("n")) || PAGE);
  try {
    const [found, counts, { roles }] = await Promise.all([
      get("/v1/search", { query, k: grouped ? Math.ceil(shown / 2) : shown, group_by: grouped ? "role" : null, ...filters }, signal),
      get("/v1/facets", { query, ...filters }, signal),
      getOnce("/v1/roles", {}, signal),
    ]);
    learn(roles);
    drawFacets(view, counts, filters);
    draw(view, found, counts, params, grouped, shown);
  } catch (error) {
    if (error.name === "AbortError") return;
    set(view.results, failure(error, () => search(view, here().params)), error.status === 404 && h("a", { href: `/search?q=${encodeURIComponent(query)}`, "data-nav": true }, "Search without filters"));
  }
  view.results.removeAttribute("aria-busy");
}

function drawFacets(view, counts, filters) {
  const chosen = Object.values(filters).flat().length;
  set(view.drawer.querySelector("summary"), "Filters", chosen > 0 && h("span", { class: "count" }, chosen));
  const focused = document.activeElement?.id;
  set(
    view.facets,
    chosen > 0 && h("a", { href: withParams({ role: null, topic: null, level: null, function: null }), "data-nav": true, class: "clear" }, "Clear all filters"),
    FACETS.map(([name, label, called]) => facet(view, name, label, called, counts[name], filters[name])),
    h("p", { class: "fine" }, `Counted among the best ${counts.depth} passages.`),
  );
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function facet(view, name, label, called, counts, chosen) {
  const known = new Map(counts.map(({ value, count }) => [value, count]));
  for (const value of chosen) if (!known.has(value)) known.set(value, 0);
  if (!known.size) return null;
  const values = [...known].sort(([a], [b]) => chosen.includes(b) - chosen.includes(a));
  const wide = view.open.has(name) || values.length <= FIRST + 1;
  const more = () => {
    view.open.add(name);
    search(view, here().params);
  };
  return h(
    "fieldset",
    { class: "facet" },
    h("legend", null, label),
    values.slice(0, wide ? values.length : Math.max(FIRST, chosen.length)).map(([value, count], n) => {
      const toggle = (event) => go(withParams({ [name]: event.target.checked ? [...chosen, value] : chosen.filter((one) => one !== value), n: null }));
      const box = h("input", { type: "checkbox", id: `f-${name}-${slug(value)}`, checked: chosen.includes(value), on: { change: toggle } });
      return h("label", null, box, h("span", { class: "value", dir: "auto" }, called(value)), h("span", { class: "n" }, count));
    }),
    !wide && h("button", { type: "button", class: "link", on: { click: more } }, `${values.length - FIRST} more`),
  );
}

const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");

function draw(view, found, counts, params, grouped, shown) {
  const explain = params.get("explain") === "1";
  const list = grouped ? found.roles : found.hits;
  const most = grouped ? Math.ceil(shown / 2) : shown;
  const bar = h(
    "div",
    { class: "bar-line" },
    h("p", { class: "fine" }, list.length ? `The best ${plural(list.length, grouped ? "role" : "passage")}` : ""),
    h("span", { class: "switches" }, choice("Passages", !grouped, { group: null, n: null }), choice("By role", grouped, { group: "role", n: null }), choice("Explain", explain, { explain: explain ? null : "1" })),
  );
  const hits = grouped ? found.roles.flatMap((role) => role.hits) : found.hits;
  offer(hits.map((hit) => ({ ...hit, quote: hit.text })));
  const query = found.query;
  set(
    view.results,
    bar,
    explain && readAs(counts.asked),
    list.length === 0 && empty("No passage fits.", "Take a filter away, or use other words."),
    h("ol", { class: "hits" }, grouped ? found.roles.map((role) => roleOf(role, query, explain)) : found.hits.map((hit) => hitOf(hit, query, explain, true))),
    list.length === most && most < 200 && h("a", { class: "button more", href: withParams({ n: shown + PAGE }), "data-nav": true }, "Show more"),
  );
  tell(`${plural(list.length, grouped ? "role" : "passage")} found`);
}

function choice(label, pressed, changes) {
  return h("a", { href: withParams(changes), "data-nav": true, class: "choice", "aria-current": pressed ? "true" : null }, label);
}

function hitOf(hit, query, explain, named) {
  const click = (event) => open(hit.blueprint_id, hit.start, hit.end, event.currentTarget);
  return h(
    "li",
    { class: "found" },
    named && h("p", { class: "found-head" }, roleLink(hit.role, hit.blueprint_id), h("span", { class: "where", dir: "auto" }, pathName(hit.path))),
    !named && h("p", { class: "found-head" }, h("span", { class: "where", dir: "auto" }, pathName(hit.path))),
    h("button", { type: "button", class: "found-text", data: { cite: `${hit.blueprint_id} ${hit.start}-${hit.end}` }, on: { click } }, h("span", { dir: "auto" }, withHits(onOneLine(hit.text), query))),
    explain && scores(hit),
  );
}

function roleOf(role, query, explain) {
  return h("li", { class: "grouped" }, h("p", { class: "found-head" }, roleLink(role.role, role.blueprint_id), h("span", { class: "where" }, `score ${role.score.toFixed(3)}`)), h("ol", { class: "inner" }, role.hits.map((hit) => hitOf(hit, query, explain, false))));
}

const LEGS = { dense: "Meaning", lexical: "Words", asked: "Asked for", owned: "Says it owns" };

function scores(hit) {
  const legs = Object.entries(hit.scores).map(([leg, value]) => h("span", { class: "leg" }, h("span", null, LEGS[leg] ?? leg), h("span", { class: "meter", "aria-hidden": "true" }, h("span", { style: { width: `${Math.round(Math.max(0, Math.min(1, value)) * 100)}%` } })), h("span", { class: "n" }, value.toFixed(2))));
  return h("div", { class: "scores" }, legs, h("span", { class: "leg total" }, h("span", null, "Score"), h("span", { class: "n" }, hit.score.toFixed(3))), h("code", null, hit.passage_id));
}

function readAs(asked) {
  const parts = Object.entries(asked).filter(([name]) => name !== "text").map(([name, value]) => h("span", { class: "chip" }, `${name}: ${[value].flat().map((one) => (typeof one === "object" ? (one.name ?? JSON.stringify(one)) : one)).join(", ")}`));
  return put(h("div", { class: "read-as" }, h("span", { class: "fine" }, "Read as ")), parts);
}
