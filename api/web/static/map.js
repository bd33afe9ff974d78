// The map of roles: dots that keep their size, names where there is room for them, zoom and drag.

import { words } from "./charts.js";
import { h, icon, s, set } from "./dom.js";
import { go } from "./router.js";
import { levelName, plural, roleAddress } from "./words.js";

const GROUPS = [
  ["Single contributors", ["intern", "junior", "mid", "senior", "staff", "principal"], "c1"],
  ["Leads and managers", ["lead", "manager", "senior_manager"], "c2"],
  ["Directors and heads", ["director", "head"], "c3"],
  ["Executives", ["vp", "c_level"], "c4"],
  ["No level", ["none"], "c5"],
];
const LABELS = 70; // names at most: more would be drawn over each other anyway
const ROOM = 24; // pixels a dot each way; with less, dots are drawn smaller

/** The map as a drawing with its own controls. */
export function roleMap(roles, colours, room) {
  const width = Math.max(320, Math.min(room, 1160));
  const pad = Math.min(110, width * 0.16);
  const across = width / 2 - pad;
  const tall = Math.max(0.2, ...roles.map((role) => Math.abs(role.y)));
  const up = Math.min((width * 0.25) / tall, across * 1.5, 232 / tall);
  const height = Math.round(Math.max(380, 2 * (up * tall + 46)));
  const view = { x: 0, y: 0, zoom: 1 };
  const point = (role) => [
    width / 2 + (role.x * across - view.x) * view.zoom,
    height / 2 + (role.y * up - view.y) * view.zoom,
  ];
  const layer = s("g");
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "map", role: "group", "aria-label": `Map of ${plural(roles.length, "role")}` }, s("rect", { width, height, rx: 12, fill: colours.surface }), layer);
  const dots = roles.map((role) => dot(role, colours));
  const crowd = Math.sqrt((width * height) / roles.length) / ROOM;
  let focused = 0;
  const draw = () => {
    const places = roles.map(point);
    const size = Math.min(1, crowd * view.zoom);
    dots.forEach(({ node, mark, circle, full }, n) => {
      dots[n].radius = full * size;
      circle.setAttribute("r", dots[n].radius.toFixed(1));
      const [x, y] = places[n];
      const seen = x > -20 && y > -20 && x < width + 20 && y < height + 20;
      node.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
      node.setAttribute("display", seen ? "inline" : "none");
      mark.replaceChildren();
    });
    name(dots, places, roles, colours, width, height);
  };
  set(layer, dots.map(({ node }) => node));
  dots[0].node.setAttribute("tabindex", 0);
  svg.addEventListener("keydown", (event) => {
    const next = neighbour(event.key, dots.findIndex(({ node }) => node === event.target.closest("a")), roles.map(point));
    if (next < 0) return;
    event.preventDefault();
    dots[focused].node.setAttribute("tabindex", -1);
    focused = next;
    dots[focused].node.setAttribute("tabindex", 0);
    dots[focused].node.focus();
  });
  const zoom = (by, at = [width / 2, height / 2]) => {
    const to = Math.max(1, Math.min(12, view.zoom * by));
    view.x += (at[0] - width / 2) * (1 / view.zoom - 1 / to);
    view.y += (at[1] - height / 2) * (1 / view.zoom - 1 / to);
    view.zoom = to;
    if (to === 1) Object.assign(view, { x: 0, y: 0 });
    draw();
  };
  dragging(svg, view, draw, zoom, width);
  draw();
  const button = (name, label, work) => h("button", { type: "button", class: "tool", "aria-label": label, title: label, on: { click: work } }, icon(name));
  const controls = h("div", { class: "map-tools" }, button("plus", "Zoom in", () => zoom(1.5)), button("minus", "Zoom out", () => zoom(1 / 1.5)), button("whole", "Whole map", () => zoom(0)));
  return h("div", { class: "map-place" }, finder(roles, dots, point, view, draw, width, height), controls, svg, legend(roles, colours));
}

function dot(role, colours) {
  const group = GROUPS.find(([, levels]) => levels.includes(role.level)) ?? GROUPS.at(-1);
  const full = 3.5 + Math.min(5, Math.sqrt(role.passages) / 4);
  const circle = s("circle", { fill: colours[group[2]], stroke: colours.surface, "stroke-width": 1.5 });
  const mark = s("g");
  const level = role.level === "none" ? "" : `, ${levelName(role.level)}`;
  const node = s(
    "a",
    { href: roleAddress(role.blueprint_id), tabindex: -1, class: "dot", "aria-label": `${role.role}${level}` },
    s("title", null, `${role.role}${level}, ${plural(role.passages, "passage")}`),
    s("circle", { r: 11, fill: "transparent" }),
    circle,
    mark,
  );
  node.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.defaultPrevented) return;
    event.preventDefault();
    go(roleAddress(role.blueprint_id));
  });
  return { node, mark, circle, full };
}

/** Names on the dots that have room, the fullest pages first. */
function name(dots, places, roles, colours, width, height) {
  const taken = places.map(([x, y], n) => [x - dots[n].radius, y - dots[n].radius, x + dots[n].radius, y + dots[n].radius]);
  taken.push([width - 64, 0, width, 126]); // the buttons
  const order = roles.map((_, n) => n).sort((a, b) => roles[b].passages - roles[a].passages);
  let drawn = 0;
  for (const n of order) {
    if (drawn >= LABELS) break;
    const [x, y] = places[n];
    if (x < 0 || y < 0 || x > width || y > height) continue;
    const text = roles[n].role.length > 34 ? `${roles[n].role.slice(0, 33)}…` : roles[n].role;
    const long = text.length * 6.3;
    const gap = dots[n].radius + 5;
    const spots = [["start", gap, 4], ["end", -gap, 4], ["middle", 0, -gap - 2], ["middle", 0, gap + 11]];
    for (const [anchor, dx, dy] of spots) {
      const from = x + dx - (anchor === "end" ? long : anchor === "middle" ? long / 2 : 0);
      const box = [from, y + dy - 11, from + long, y + dy + 3];
      if (box[0] < 4 || box[2] > width - 4 || box[1] < 4 || box[3] > height - 4) continue;
      if (taken.some((other, m) => m !== n && box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      dots[n].mark.append(words(text, dx, dy, colours.ink, { "text-anchor": anchor, "paint-order": "stroke", stroke: colours.surface, "stroke-width": 3, "stroke-linejoin": "round" }));
      drawn += 1;
      break;
    }
  }
}

/** The nearest dot in the direction of an arrow key; -1 if there is none. */
function neighbour(key, from, places) {
  const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  if (!way || from < 0) return -1;
  let best = -1;
  let least = Infinity;
  places.forEach(([x, y], n) => {
    const [dx, dy] = [x - places[from][0], y - places[from][1]];
    const along = dx * way[0] + dy * way[1];
    const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
    if (n === from || along <= 0.01 || across > along * 2) return;
    if (along + across * 1.5 < least) [best, least] = [n, along + across * 1.5];
  });
  return best;
}

function dragging(svg, view, draw, zoom, width) {
  let from = null;
  let due = false;
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      draw();
    });
  };
  const scale = () => width / svg.getBoundingClientRect().width;
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && view.zoom === 1 && event.deltaY > 0) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2, [(event.clientX - box.left) * scale(), (event.clientY - box.top) * scale()]);
  }, { passive: false });
  svg.addEventListener("pointerdown", (event) => {
    if (view.zoom > 1) from = { x: event.clientX, y: event.clientY, moved: false };
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from || !event.buttons) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (Math.abs(dx) + Math.abs(dy) > 3) from.moved = true;
    view.x -= (dx * scale()) / view.zoom;
    view.y -= (dy * scale()) / view.zoom;
    Object.assign(from, { x: event.clientX, y: event.clientY });
    soon();
  });
  svg.addEventListener("click", (event) => {
    if (from?.moved) {
      event.preventDefault();
      event.stopPropagation();
    }
    from = null;
  }, true);
}

function finder(roles, dots, point, view, draw, width, height) {
  const list = h("datalist", { id: "map-roles" }, roles.map((role) => h("option", { value: role.role })));
  const find = () => {
    const n = roles.findIndex((role) => role.role.toLowerCase() === input.value.trim().toLowerCase());
    if (n < 0) return;
    view.zoom = Math.max(view.zoom, 2.5);
    const [x, y] = point(roles[n]);
    view.x += (x - width / 2) / view.zoom;
    view.y += (y - height / 2) / view.zoom;
    draw();
    for (const { node } of dots) node.classList.remove("found");
    dots[n].node.classList.add("found");
    dots[n].node.parentNode.append(dots[n].node);
  };
  const input = h("input", { list: "map-roles", "data-box": true, placeholder: "Find a role on the map", "aria-label": "Find a role on the map", autocomplete: "off", on: { input: find } });
  return h("form", { class: "adder map-find", on: { submit: (event) => { event.preventDefault(); find(); } } }, input, list);
}

function legend(roles, colours) {
  const used = GROUPS.filter(([, levels]) => roles.some((role) => levels.includes(role.level)));
  return h("p", { class: "legend fine" }, used.map(([label, , colour]) => h("span", { class: "key" }, s("svg", { width: 12, height: 12, "aria-hidden": "true" }, s("circle", { cx: 6, cy: 6, r: 5, fill: colours[colour] })), label)));
}
