// Overview: every role on a map, how far responsibilities overlap, and who owns what; as drawings to keep.

import { get, getOnce } from "./api.js";
import { heatMap, ownership, palette } from "./charts.js";
import { h, icon, set } from "./dom.js";
import { exports, fileName } from "./export.js";
import { roleMap } from "./map.js";
import { markOf, offer } from "./reader.js";
import { go, here, withParams } from "./router.js";
import { empty, failure, loading } from "./states.js";
import { number, onOneLine, pathName, plural, relationName, roleLink } from "./words.js";

const TABS = { map: "Map", overlap: "Overlap", ownership: "Ownership" };
const NEAR = 24; // roles around one
const MATTERS = 12; // columns: more can be neither read nor labelled

export function mount(root, params) {
  const tabs = h("nav", { class: "tabs", "aria-label": "Overviews" });
  const place = h("div", { class: "chart-place" });
  root.append(h("h1", null, "Overview"), tabs, place);
  const view = { tabs, place, ended: new AbortController(), redraw: null };
  const theme = () => view.redraw?.();
  window.addEventListener("rolebook:theme", theme);
  draw(view, params);
  return {
    update: (now) => draw(view, now),
    leave: () => {
      view.ended.abort();
      window.removeEventListener("rolebook:theme", theme);
    },
  };
}

async function draw(view, params) {
  view.ended.abort();
  view.ended = new AbortController();
  view.redraw = null;
  const tab = TABS[params.get("tab")] ? params.get("tab") : "map";
  // A cell that was opened, and a box that was typed into, keep the focus.
  const held = ["[data-at]", "[data-box]"].find((kind) => view.place.contains(document.activeElement?.closest(kind) ?? null));
  set(view.tabs, Object.entries(TABS).map(([name, label]) => h("a", { href: withParams({ tab: name === "map" ? null : name, cell: null, read: null, at: null }), "data-nav": true, "aria-current": name === tab ? "page" : null }, label)));
  offer([]);
  set(view.place, loading(8, "Drawing"));
  try {
    await { map: drawMap, overlap: drawOverlap, ownership: drawOwnership }[tab](view, params, view.ended.signal);
    if (held) view.place.querySelector(held === "[data-at]" ? '.cell[tabindex="0"]' : held)?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError") set(view.place, failure(error, () => draw(view, here().params)));
  }
}

/** A drawing with its heading, what it means, and the ways to take it along. */
function figure(view, { lead, note, make, csv, name, controls = null, after = null }) {
  const chart = h("div", { class: "chart" });
  const drawing = () => chart.querySelector("svg");
  const typing = controls && controls.contains(document.activeElement) ? document.activeElement : null;
  view.redraw = () => set(chart, make(palette()));
  set(view.place, h("p", { class: "lead" }, lead), controls, chart, note && h("p", { class: "fine" }, note), exports(drawing, csv, fileName(name)), after);
  view.redraw();
  typing?.focus({ preventScroll: true });
}

async function drawMap(view, params, signal) {
  const { roles } = await getOnce("/v1/map", {}, signal);
  if (roles.length < 2) return void set(view.place, empty("There are too few roles for a map.", "It takes two."));
  figure(view, {
    lead: "Roles that stand near each other have like responsibilities. The axes mean nothing.",
    note: "Where a page lists no responsibilities, all its passages count. Drag to move, zoom with the buttons or the wheel.",
    make: (colours) => roleMap(roles, colours, view.place.clientWidth),
    csv: () => [["role", "blueprint_id", "level", "function", "passages", "x", "y"], ...roles.map((role) => [role.role, role.blueprint_id, role.level, role.function ?? "", role.passages, role.x, role.y])],
    name: "map",
  });
}

async function drawOverlap(view, params, signal) {
  const around = params.get("around");
  const near = around ? (await getOnce("/v1/near", { role: around, k: NEAR }, signal)).roles.map((role) => role.blueprint_id) : [];
  const [made, { roles }] = await Promise.all([getOnce("/v1/overlap", { role: around ? [around, ...near] : [] }, signal), getOnce("/v1/roles", {}, signal)]);
  if (made.roles.length < 2) return void set(view.place, empty("Too few roles list responsibilities.", "It takes two to overlap."));
  const detail = h("section", { class: "detail", "aria-live": "polite" });
  const choose = (i, j) => go(withParams({ cell: `${made.roles[i].blueprint_id} ${made.roles[j].blueprint_id}`, read: null, at: null }), true);
  const [a, b] = (params.get("cell") ?? "").split(" ").map((id) => made.roles.findIndex((role) => role.blueprint_id === id));
  figure(view, {
    lead: "How far two roles' responsibilities overlap: 1 where each has its like in the other, 0 where none has.",
    controls: roles.length > NEAR && roleBox(roles, around),
    note: made.of > made.roles.length ? `The ${made.roles.length} roles with most responsibilities, of ${number(made.of)}; like roles stand side by side. Choose a cell to see what overlaps.` : "Like roles stand side by side. Choose a cell to see what overlaps.",
    make: (colours) => heatMap(made, colours, view.place.clientWidth, choose, a >= 0 && b >= 0 ? [a, b] : null),
    csv: () => [["role", ...made.roles.map((role) => role.role)], ...made.roles.map((role, i) => [role.role, ...made.values[i]])],
    name: "overlap",
    after: detail,
  });
  if (a >= 0 && b >= 0 && a !== b) await pair(detail, made.roles[a], made.roles[b], made.values[a][b], signal);
}

/** What two roles have alike, with its quotes. */
async function pair(place, left, right, value, signal) {
  set(place, loading(4, "Aligning"));
  const compared = await get("/v1/compare", { role: [left.blueprint_id, right.blueprint_id], topic: "responsibilities" }, signal);
  const [one, other] = compared.roles;
  const alike = compared.rows.filter((row) => row.score !== null);
  const passages = alike.flatMap((row) => [row.passages[one], row.passages[other]]);
  const cited = passages.map((passage, n) => ({ ...passage, quote: passage.text, id: n + 1 }));
  offer(cited);
  set(
    place,
    h("h2", null, h("bdi", null, left.role), " and ", h("bdi", null, right.role)),
    h("p", { class: "fine" }, `Overlap ${value.toFixed(2)}, ${plural(alike.length, "responsibility", "responsibilities")} alike. `, h("a", { href: `/compare?${new URLSearchParams([["role", left.blueprint_id], ["role", right.blueprint_id]])}`, "data-nav": true }, "Compare them in full")),
    alike.length === 0 && h("p", null, "No two of them are alike enough to be put side by side."),
    h("ul", { class: "pairs" }, alike.map((row, n) => h("li", null, quoted(cited[2 * n]), quoted(cited[2 * n + 1])))),
  );
  scrollToDetail(place);
}

const quoted = (citation) => h("p", null, markOf(citation), h("q", { dir: "auto" }, onOneLine(citation.quote)), h("span", { class: "where" }, citation.role));

async function drawOwnership(view, params, signal) {
  let matters = params.getAll("matter");
  if (!params.has("matter")) matters = (await getOnce("/v1/examples", {}, signal)).matters;
  const controls = matterBox(matters);
  const own = matters.slice(0, MATTERS);
  if (!own.length) return void set(view.place, controls, empty("Which matters?", "Add one: drift monitoring, cloud spend, on-call …"));
  set(view.place, controls, loading(8, "Asking who owns what"));
  const made = await getOnce("/v1/matrix", { matter: own, role: params.getAll("role") }, signal);
  if (!made.rows.length) return void set(view.place, controls, empty("No role has to do with these matters.", "Take one away, or name it as the pages do."));
  const detail = h("section", { class: "detail", "aria-live": "polite" });
  const choose = (i, j) => go(withParams({ cell: `${made.rows[i].blueprint_id} ${made.matters[j]}`, read: null, at: null }), true);
  const [id, ...rest] = (params.get("cell") ?? "").split(" ");
  const row = made.rows.findIndex((one) => one.blueprint_id === id);
  const column = made.matters.indexOf(rest.join(" "));
  const contested = made.conflicts.map((one) => `${one.matter}: ${one.roles.length} owners`);
  figure(view, {
    lead: "Who owns, shares or contributes to a matter, by the roles' own words. Choose a cell to read them.",
    note: contested.length ? `Owned by more than one role: ${contested.join("; ")}.` : null,
    make: (colours) => ownership(made, colours, view.place.clientWidth, choose, row >= 0 && column >= 0 ? [row, column] : null),
    csv: () => [["role", ...made.matters], ...made.rows.map((one) => [one.role, ...made.matters.map((matter) => one.cells[matter].relation)])],
    name: "ownership",
    controls,
    after: detail,
  });
  if (row >= 0 && column >= 0) {
    const cell = made.rows[row].cells[made.matters[column]];
    offer(cell.citations);
    set(
      detail,
      h("h2", null, roleLink(made.rows[row].role, id), ` · ${made.matters[column]}`),
      h("p", { class: "fine" }, relationName(cell.relation) || "This role's page says nothing of it."),
      h("ul", { class: "pairs" }, cell.citations.map((citation) => h("li", null, h("p", null, markOf(citation), h("q", { dir: "auto" }, onOneLine(citation.quote)), h("span", { class: "where", dir: "auto" }, pathName(citation.path)))))),
    );
    scrollToDetail(detail);
  }
}

function scrollToDetail(place) {
  if (place.getBoundingClientRect().top > innerHeight - 120) place.scrollIntoView({ block: "nearest" });
}

/** Narrows the table to a role and those near it. */
function roleBox(roles, around) {
  const names = new Map(roles.map((role) => [role.role, role.blueprint_id]));
  const input = h("input", { list: "overlap-roles", "data-box": true, autocomplete: "off", "aria-label": "Only around a role", placeholder: "Only around a role" });
  const choose = () => names.has(input.value) && go(withParams({ around: names.get(input.value), cell: null }));
  input.addEventListener("input", choose);
  const submit = (event) => {
    event.preventDefault();
    choose();
  };
  const chosen = around && roles.find((role) => role.blueprint_id === around);
  return h("div", { class: "compare-bar" }, chosen && h("span", { class: "picked" }, "Around ", h("bdi", null, chosen.role), h("button", { type: "button", class: "tool", "aria-label": "Show all", on: { click: () => go(withParams({ around: null, cell: null })) } }, icon("close", 14))), h("form", { class: "adder", on: { submit } }, input, h("datalist", { id: "overlap-roles" }, [...names.keys()].map((name) => h("option", { value: name })))));
}

function matterBox(matters) {
  const input = h("input", { "data-box": true, maxlength: "500", autocomplete: "off", "aria-label": "Add a matter", placeholder: "Add a matter" });
  const submit = (event) => {
    event.preventDefault();
    const matter = input.value.trim();
    if (matter && !matters.includes(matter)) go(withParams({ matter: [...matters, matter], cell: null }));
  };
  return h(
    "div",
    { class: "compare-bar" },
    matters.map((matter) => h("span", { class: "picked" }, h("bdi", null, matter), h("button", { type: "button", class: "tool", "aria-label": `Remove ${matter}`, on: { click: () => go(withParams({ matter: matters.length > 1 ? matters.filter((one) => one !== matter) : null, cell: null })) } }, icon("close", 14)))),
    matters.length < MATTERS ? h("form", { class: "adder", on: { submit } }, input) : h("span", { class: "fine" }, `${MATTERS} matters at most`),
  );
}
