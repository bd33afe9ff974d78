// Roles: the catalogue, narrowed by name, level and function.

import { getOnce } from "./api.js";
import { h, icon, paused, set } from "./dom.js";
import { go, here, withParams } from "./router.js";
import { empty, failure, loading } from "./states.js";
import { day, facts, functionName, learn, levelName, number, plural, roleLink } from "./words.js";

const STEP = 150; // rows drawn at once; the rest come as one scrolls
const LEVELS = ["intern", "junior", "mid", "senior", "staff", "principal", "lead", "manager", "senior_manager", "director", "head", "vp", "c_level", "none"];
const ORDERS = {
  name: ["By name", (a, b) => a.role.localeCompare(b.role)],
  level: ["By level", (a, b) => LEVELS.indexOf(b.level) - LEVELS.indexOf(a.level) || a.role.localeCompare(b.role)],
  full: ["Fullest first", (a, b) => b.passages - a.passages || a.role.localeCompare(b.role)],
  new: ["Newest first", (a, b) => (b.modified ?? "").localeCompare(a.modified ?? "") || a.role.localeCompare(b.role)],
};

export function mount(root, params) {
  const input = h("input", { type: "search", "data-box": true, autocomplete: "off", spellcheck: "false", placeholder: "Find a role", "aria-label": "Find a role", value: params.get("q") ?? "" });
  input.addEventListener("input", paused(80, () => go(withParams({ q: input.value.trim() }), true)));
  const selects = h("div", { class: "selects" });
  const place = h("div", { class: "catalogue" }, loading(8));
  root.append(h("h1", null, "Roles"), h("div", { class: "filters" }, h("form", { class: "searchbox", role: "search", on: { submit: (event) => event.preventDefault() } }, icon("search"), input), selects), place);
  const view = { input, selects, place };
  const begin = () => getOnce("/v1/roles").then(({ roles }) => draw(view, learn(roles), here().params), (problem) => set(place, failure(problem, begin)));
  begin();
  return { update: begin, leave: () => view.watch?.disconnect() };
}

function draw(view, roles, params) {
  const [query, level, name] = ["q", "level", "function"].map((one) => params.get(one) ?? "");
  if (view.input.value.trim() !== query) view.input.value = query;
  const order = ORDERS[params.get("order")] ? params.get("order") : "name";
  const counted = (of, also) => [...roles.filter(also).reduce((found, role) => (role[of] ? found.set(role[of], (found.get(role[of]) ?? 0) + 1) : found), new Map())];
  const levels = counted("level", (role) => !name || role.function === name).sort(([a], [b]) => LEVELS.indexOf(a) - LEVELS.indexOf(b));
  const functions = counted("function", (role) => !level || role.level === level).sort(([a], [b]) => a.localeCompare(b));
  set(
    view.selects,
    select("level", "Level", "All levels", levels, levelName, level),
    select("function", "Function", "All functions", functions, functionName, name),
    select("order", "Order", null, Object.entries(ORDERS).map(([key, [label]]) => [key, label]), null, order),
  );
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = roles
    .filter((role) => (!level || role.level === level) && (!name || role.function === name))
    .filter((role) => words.every((word) => `${role.role} ${role.function ?? ""}`.toLowerCase().includes(word)))
    .sort(ORDERS[order][1]);
  rows(view, found, roles.length);
}

function select(name, label, all, values, called, chosen) {
  const options = values.map(([value, count]) => h("option", { value, selected: value === chosen }, called ? `${called(value)} (${count})` : count));
  const change = (event) => go(withParams({ [name]: event.target.value }));
  return h("span", { class: "select" }, h("select", { "aria-label": label, on: { change } }, all && h("option", { value: "" }, all), options));
}

function rows(view, found, of) {
  view.watch?.disconnect();
  if (!of) return void set(view.place, empty("The index is empty.", "'rolebook build PATH' reads pages into it."));
  if (!found.length) return void set(view.place, empty("No role fits.", h("p", null, h("a", { href: "/roles", "data-nav": true }, "Show all"))));
  const list = h("ul", { class: "cards" });
  const more = h("div", { class: "sentinel" });
  let drawn = 0;
  const step = () => {
    list.append(...found.slice(drawn, drawn + STEP).map(card));
    drawn += STEP;
    if (drawn >= found.length) view.watch.disconnect();
  };
  view.watch = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && step(), { rootMargin: "1200px" });
  set(view.place, h("p", { class: "fine" }, found.length === of ? plural(of, "role") : `${number(found.length)} of ${plural(of, "role")}`), list, more);
  step();
  view.watch.observe(more);
}

function card(role) {
  const standing = role.level === "none" ? [] : [levelName(role.level), functionName(role.function)]; // without a level, the function is the name
  const known = [...standing, plural(role.passages, "passage"), day(role.modified)];
  return h("li", { class: "card" }, roleLink(role.role, role.blueprint_id), facts(known));
}
