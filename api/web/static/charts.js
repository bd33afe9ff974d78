// Tables as drawings: plain functions from data and colours to SVG, every colour and font in the drawing itself.

import { h, s } from "./dom.js";
import { relationName } from "./words.js";

export const FONT = "Inter, system-ui, sans-serif";

/** The theme's colours as they are now, so that a drawing can leave the page with them. */
export function palette() {
  const probe = document.body.appendChild(h("span", { hidden: true }));
  const names = ["bg", "surface", "ink", "ink-2", "line", "accent", "owner", "shared", "contributor", "other", "c1", "c2", "c3", "c4", "c5"];
  const found = {};
  for (const name of names) {
    probe.style.color = `var(--${name})`;
    found[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return found;
}

const rgb = (colour) => colour.match(/[\d.]+/g).slice(0, 3).map(Number);
const mixed = (from, to, share) => `rgb(${rgb(from).map((value, n) => Math.round(value + (rgb(to)[n] - value) * share)).join(", ")})`;
const light = (colour) => rgb(colour).map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, value, n) => sum + value * [0.2126, 0.7152, 0.0722][n], 0);
const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
const legible = (ground, ...inks) => inks.sort((a, b) => contrast(b, ground) - contrast(a, ground))[0];
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** Text in a drawing. */
export function words(text, x, y, colour, more = {}) {
  return s("text", { x, y, fill: colour, "font-family": FONT, "font-size": 12, ...more }, text);
}

const SLANT = 42; // degrees that column names rise, more where columns are narrow
const STEEP = 66;
const cos = (degrees) => Math.cos((degrees * Math.PI) / 180);
const sin = (degrees) => Math.sin((degrees * Math.PI) / 180);

/** A row's name at its right edge, on two lines where one has no room. */
function rowName(text, right, middle, room, colour) {
  const fits = Math.floor(room / 6.5);
  const anchor = { "text-anchor": "end" };
  if (text.length <= fits) return words(text, right, middle + 4, colour, anchor);
  const cut = text.lastIndexOf(" ", fits);
  if (cut < 4) return words(short(text, fits), right, middle + 4, colour, anchor);
  return [words(text.slice(0, cut), right, middle - 3, colour, anchor), words(short(text.slice(cut + 1), fits), right, middle + 11, colour, anchor)];
}

/** A column's name, rising from its middle. */
const columnName = (text, x, y, colour, slant = SLANT) => words(text, 0, 0, colour, { transform: `translate(${x} ${y}) rotate(-${slant})` });

/** Roles by roles: the darker a cell, the more two roles' responsibilities overlap. */
export function heatMap(made, colours, width, choose, chosen) {
  const count = made.roles.length;
  const names = made.roles.map((role) => short(role.role, 34));
  const left = Math.min(width < 600 ? 132 : 240, 16 + Math.max(...names.map((name) => name.length)) * 6.6);
  const size = Math.max(count > 30 ? 15 : 30, Math.min(52, Math.floor((Math.min(width, 1040) - left - 60) / count)));
  const slant = size < 28 ? STEEP : SLANT;
  const top = 20 + Math.max(...names.map((name) => name.length)) * 6.6 * sin(slant);
  const most = Math.max(0.2, ...made.values.flatMap((row, i) => row.filter((_, j) => j !== i)));
  const cells = made.roles.map((role, i) => made.values[i].map((value, j) => {
    const share = i === j ? 0 : Math.min(1, value / most);
    const fill = i === j ? colours.bg : mixed(colours.surface, colours.accent, 0.04 + 0.96 * share);
    const x = left + j * size;
    const y = top + i * size;
    const told = size >= 30 && i !== j && words(value.toFixed(2).replace(/^0/, ""), x + size / 2, y + size / 2 + 4, legible(fill, colours.ink, colours.surface), { "text-anchor": "middle", "font-size": 11 });
    const label = i === j ? role.role : `${role.role} and ${made.roles[j].role}: ${value.toFixed(2)}`;
    return { label, closed: i === j, nodes: [s("rect", { x: x + 0.5, y: y + 0.5, width: size - 1, height: size - 1, rx: 3, fill }), told] };
  }));
  const nodes = [
    names.map((name, n) => (size < 28 ? words(short(name, Math.floor((left - 12) / 6.5)), left - 8, top + n * size + size / 2 + 4, colours.ink, { "text-anchor": "end" }) : rowName(name, left - 8, top + n * size + size / 2, left - 12, colours.ink))),
    names.map((name, n) => columnName(name, left + n * size + size / 2 + 4, top - 8, colours.ink, slant)),
  ];
  const over = Math.max(0, ...names.map((name, n) => name.length * 6.6 * cos(slant) - (count - n - 0.6) * size));
  const whole = { width: left + count * size + over + 12, height: top + count * size + 8 };
  return grid(whole, nodes, cells, "Overlap of responsibilities, roles by roles", choose, chosen);
}

/** Roles by matters: a disc for an owner, half of one where it is shared, a ring for a contributor. */
export function ownership(made, colours, width, choose, chosen) {
  const wide = Math.min(width, 1040);
  const names = made.rows.map((row) => row.role);
  const left = Math.min(width < 600 ? 150 : 270, 16 + Math.max(...names.map((name) => Math.min(40, name.length))) * 6.8);
  const size = Math.max(46, Math.min(110, Math.floor((wide - left - 90) / made.matters.length)));
  const row = 40;
  const longest = Math.max(...made.matters.map((matter) => Math.min(30, matter.length)));
  const top = 20 + longest * 6.4 * sin(SLANT);
  const cells = made.rows.map((one, i) => made.matters.map((matter, j) => {
    const { relation, citations } = one.cells[matter];
    const x = left + j * size;
    const y = top + i * row;
    return {
      label: `${one.role}, ${matter}: ${relationName(relation) || "nothing said"}`,
      closed: citations.length === 0,
      nodes: [s("rect", { x: x + 1, y: y + 1, width: size - 2, height: row - 2, rx: 5, fill: i % 2 ? colours.bg : colours.surface }), glyph(relation, x + size / 2, y + row / 2, colours)],
    };
  }));
  const nodes = [
    names.map((name, n) => rowName(name, left - 10, top + n * row + row / 2, left - 14, colours.ink)),
    made.matters.map((matter, n) => columnName(short(matter, 30), left + n * size + size / 2, top - 10, colours.ink)),
    legend(left, top + names.length * row + 26, colours, width),
  ];
  const over = Math.max(0, longest * 6.6 * cos(SLANT) - size / 2);
  const whole = { width: left + made.matters.length * size + over, height: top + names.length * row + (width < 600 ? 96 : 46) };
  return grid(whole, nodes, cells, "Ownership, roles by matters", choose, chosen);
}

const RELATIONS = ["owner", "shared", "contributor", "other"];

function legend(left, y, colours, width) {
  const from = width < 600 ? 16 : left;
  const place = (n) => (width < 600 ? [from + (n % 2) * 150, y + Math.floor(n / 2) * 28] : [from + n * 140, y]);
  return RELATIONS.map((relation, n) => {
    const [x, top] = place(n);
    return [glyph(relation, x + 8, top - 4, colours), words(relationName(relation), x + 24, top, colours["ink-2"])];
  });
}

function glyph(relation, x, y, colours) {
  const colour = colours[relation];
  if (relation === "owner") return s("circle", { cx: x, cy: y, r: 8.5, fill: colour });
  if (relation === "shared") return [s("circle", { cx: x, cy: y, r: 7.5, fill: "none", stroke: colour, "stroke-width": 2 }), s("path", { d: `M${x} ${y - 7.5}a7.5 7.5 0 0 0 0 15z`, fill: colour })];
  if (relation === "contributor") return s("circle", { cx: x, cy: y, r: 7.5, fill: "none", stroke: colour, "stroke-width": 2 });
  if (relation === "other") return s("path", { d: `M${x - 7} ${y}h14`, stroke: colour, "stroke-width": 2.5, "stroke-linecap": "round" });
  return null;
}

/** A drawn table that is one stop of the Tab key; arrows go from cell to cell, Enter opens one. */
function grid({ width, height }, nodes, cells, label, choose, chosen) {
  const drawn = cells.map((row, i) => row.map((cell, j) => {
    const here = chosen?.[0] === i && chosen?.[1] === j;
    const open = () => cell.closed || choose(i, j);
    return s("g", { role: "gridcell", class: `cell${cell.closed ? " closed" : ""}${here ? " chosen" : ""}`, tabindex: -1, "aria-label": cell.label, "aria-selected": here ? "true" : "false", data: { at: `${i} ${j}` }, on: { click: open } }, s("title", null, cell.label), cell.nodes);
  }));
  const start = chosen ?? [0, 0];
  drawn[start[0]][start[1]].setAttribute("tabindex", 0);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": label }, s("g", { "aria-hidden": "true" }, nodes), s("g", { role: "grid", "aria-label": label }, drawn.map((row) => s("g", { role: "row" }, row))));
  svg.addEventListener("keydown", (event) => walk(event, drawn));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, svg);
}

function walk(event, drawn) {
  const cell = event.target.closest("[data-at]");
  if (!cell) return;
  const [i, j] = cell.dataset.at.split(" ").map(Number);
  const to = { ArrowUp: [i - 1, j], ArrowDown: [i + 1, j], ArrowLeft: [i, j - 1], ArrowRight: [i, j + 1], Home: [i, 0], End: [i, drawn[i].length - 1] }[event.key];
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    cell.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  } else if (to) {
    event.preventDefault();
    const next = drawn[to[0]]?.[to[1]];
    if (!next) return;
    cell.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  }
}
