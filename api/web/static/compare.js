// Compare: two to four roles side by side; like items across from each other with a line between them.

import { get, getOnce } from "./api.js";
import { h, icon, s, set, tell } from "./dom.js";
import { offer, open } from "./reader.js";
import { go, here, withParams } from "./router.js";
import { empty, failure, loading } from "./states.js";
import { onOneLine, pathName, plural, roleLink, topicName } from "./words.js";

const TOPICS = ["responsibilities", "kpis", "decision_rights", "deliverables", "activities", "goals", "stakeholders", "technical_skills", "soft_skills", "tools", "qualifications", "mission", "risks", "environment"];
const MOST = 4;

export function mount(root, params) {
  const bar = h("div", { class: "compare-bar" });
  const place = h("div", { class: "comparison" });
  root.append(h("h1", null, "Compare roles"), bar, place);
  const view = { bar, place, ended: new AbortController() };
  draw(view, params);
  return { update: (now) => draw(view, now), leave: () => view.ended.abort() };
}

async function draw(view, params) {
  view.ended.abort();
  view.ended = new AbortController();
  const { signal } = view.ended;
  const chosen = [...new Set(params.getAll("role"))].slice(0, MOST);
  const topic = params.get("topic") || "responsibilities";
  let known = false; // all that were chosen
  try {
    const { roles } = await getOnce("/v1/roles", {}, signal);
    known = chosen.every((name) => roles.some((role) => [role.blueprint_id, role.role].includes(name)));
    const found = chosen.map((name) => roles.find((role) => role.blueprint_id === name) ?? roles.find((role) => role.role === name) ?? { blueprint_id: name, role: name });
    picker(view.bar, roles, found, topic);
    if (found.length < 2) {
      offer([]);
      await propose(view.place, roles, found, signal);
      return;
    }
    set(view.place, loading(8, "Comparing"));
    const made = await get("/v1/compare", { role: found.map((role) => role.blueprint_id), topic }, signal);
    table(view.place, made, found);
  } catch (error) {
    if (error.name === "AbortError") return;
    const lacking = error.status === 404 && known;
    set(view.place, lacking ? empty(`Nothing on ${topicName(topic).toLowerCase()}.`, "None of these pages has it. Choose another topic above.") : failure(error, () => draw(view, here().params)));
  }
}

/** The chosen roles, a box for the next, the topic. */
function picker(bar, roles, chosen, topic) {
  const ids = chosen.map((role) => role.blueprint_id);
  const names = new Map(roles.map((role) => [label(role, roles), role.blueprint_id]));
  const list = h("datalist", { id: "role-names" }, [...names.keys()].map((name) => h("option", { value: name })));
  const input = h("input", { list: "role-names", "data-box": true, "aria-label": "Add a role", placeholder: chosen.length ? "Add a role" : "First role", autocomplete: "off" });
  const add = () => {
    const meant = names.get(input.value) ?? [...names].find(([name]) => name.toLowerCase() === input.value.trim().toLowerCase())?.[1];
    if (meant && !ids.includes(meant)) {
      go(withParams({ role: [...ids, meant] }));
    }
  };
  input.addEventListener("input", () => names.has(input.value) && add());
  const submit = (event) => {
    event.preventDefault();
    add();
  };
  const change = (event) => go(withParams({ topic: event.target.value }));
  const typing = document.activeElement.matches("[data-box]") && bar.contains(document.activeElement);
  set(
    bar,
    chosen.map((role) => h("span", { class: "picked" }, h("bdi", null, role.role), h("button", { type: "button", class: "tool", "aria-label": `Remove ${role.role}`, on: { click: () => go(withParams({ role: ids.filter((id) => id !== role.blueprint_id) })) } }, icon("close", 14)))),
    chosen.length < MOST && h("form", { class: "adder", on: { submit } }, input, list),
    h("span", { class: "select" }, h("select", { "aria-label": "Topic", on: { change } }, TOPICS.map((one) => h("option", { value: one, selected: one === topic }, topicName(one))))),
  );
  if (typing) bar.querySelector("[data-box]")?.focus({ preventScroll: true });
}

const label = (role, roles) => (roles.filter((one) => one.role === role.role).length > 1 ? `${role.role} (${role.blueprint_id})` : role.role);

/** Fewer than two roles: what could stand beside it. */
async function propose(place, roles, chosen, signal) {
  if (roles.length < 2) return void set(place, empty("There is nothing to compare.", "The index holds fewer than two roles."));
  const base = chosen[0] ?? [...roles].sort((a, b) => b.passages - a.passages)[0];
  set(place, empty(chosen.length ? "One more role is needed." : "Choose two to four roles."), loading(2));
  const { roles: near } = await getOnce("/v1/near", { role: base.blueprint_id, k: 12 }, signal);
  const full = near.filter((role) => role.passages > 1).slice(0, 4);
  const link = (role) => h("li", null, h("a", { href: `/compare?${new URLSearchParams([["role", base.blueprint_id], ["role", role.blueprint_id]])}`, "data-nav": true }, `${base.role} and ${role.role}`));
  set(place, empty(chosen.length ? "One more role is needed." : "Choose two to four roles."), full.length > 0 && h("div", { class: "examples" }, h("h2", { class: "fine" }, "Near each other"), h("ul", null, full.map(link))));
}

function table(place, made, found) {
  const shared = made.rows.filter((row) => row.score !== null);
  const alone = made.roles.map((role) => made.rows.filter((row) => row.score === null && row.passages[role]));
  const passages = made.rows.flatMap((row) => Object.values(row.passages).filter(Boolean));
  offer(passages.map((passage) => ({ ...passage, quote: passage.text })));
  const columns = { "--roles": made.roles.length };
  const ids = found.map((role) => role.blueprint_id);
  set(
    place,
    summary(made.roles, shared.length, alone.map((rows) => rows.length)),
    shared.length > 0 && h(
      "section",
      { class: "aligned", style: columns, "aria-labelledby": "shared" },
      h("h2", { id: "shared" }, "Alike"),
      h("div", { class: "aligned-head" }, made.roles.map((role, n) => [n > 0 && h("span"), h("span", null, roleLink(role, ids[n]))])),
      h("ol", null, shared.map((row) => alignedRow(row, made.roles))),
    ),
    h("section", { class: "alone", style: columns }, made.roles.map((role, n) => h("div", { class: "only" }, h("h2", { dir: "auto" }, "Only in ", h("bdi", null, role)), alone[n].length ? h("ul", null, alone[n].map((row) => h("li", null, cell(row.passages[role])))) : h("p", { class: "fine" }, "Nothing of its own here.")))),
  );
  tell(`${plural(shared.length, "alike item")}; ${made.roles.map((role, n) => `${alone[n].length} only in ${role}`).join(", ")}`);
}

function summary(roles, shared, alone) {
  const total = Math.max(1, shared + alone.reduce((sum, one) => sum + one, 0));
  const part = (kind, count, title) => count > 0 && h("span", { class: `share ${kind}`, title, style: { "flex-grow": count / total } }, count);
  return h(
    "div",
    { class: "split" },
    h("div", { class: "split-bar", "aria-hidden": "true" }, part("shared", shared, "alike"), alone.map((count, n) => part(`only-${n}`, count, roles[n]))),
    h("p", { class: "fine" }, h("span", { class: "key shared" }, `${shared} alike`), alone.map((count, n) => h("span", { class: `key only-${n}` }, `${count} only in ${roles[n]}`))),
  );
}

/** Cells across from each other; the line between them is as strong as they are alike. */
function alignedRow(row, roles) {
  const places = roles.map((role, n) => (row.passages[role] ? n : -1)).filter((n) => n >= 0);
  const cells = roles.flatMap((role, n) => {
    const tied = n > 0 && places[0] < n && places.at(-1) >= n;
    const made = row.passages[role] ? cell(row.passages[role], role) : h("span", { class: `gap${tied && places.at(-1) > n ? " through" : ""}` });
    return n === 0 ? [made] : [tied ? tie(row.score, n === places[1] || n - 1 === places[0]) : h("span", { class: "tie none" }), made];
  });
  return h("li", { class: "aligned-row" }, cells);
}

function tie(score, told) {
  const width = 1 + Math.max(0, score - 0.4) * 7;
  const line = s("svg", { class: "line", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, s("line", { x1: 0, y1: 5, x2: 100, y2: 5, "stroke-width": width, "vector-effect": "non-scaling-stroke", stroke: "currentColor" }));
  return h("span", { class: "tie", title: `Alike: ${score.toFixed(2)}` }, line, told && h("span", { class: "tie-score" }, h("span", { class: "unseen" }, "alike "), score.toFixed(2)));
}

function cell(passage, role = "") {
  const click = (event) => open(passage.blueprint_id, passage.start, passage.end, event.currentTarget);
  return h(
    "button",
    { type: "button", class: "item", data: { cite: `${passage.blueprint_id} ${passage.start}-${passage.end}` }, on: { click } },
    role && h("span", { class: "item-role" }, role),
    h("span", { dir: "auto" }, onOneLine(passage.text)),
    h("span", { class: "where", dir: "auto" }, pathName(passage.path.slice(1))),
  );
}
