// A role's page: its outline, its own words, the roles near it.

import { getOnce } from "./api.js";
import { title } from "./app.js";
import { h, icon, set, still } from "./dom.js";
import { anchor, pageText } from "./pagetext.js";
import { empty, failure, loading } from "./states.js";
import { day, facts, functionName, learn, levelName, plural, roleLink, topicName, webAddress } from "./words.js";

const JUMPS = ["kpis", "responsibilities", "decision_rights", "stakeholders", "tools"];

export function mount(root, params) {
  const place = h("div");
  root.append(place);
  const view = { place, ended: new AbortController() };
  const draw = (now) => show(view, now.get("id") ?? "");
  draw(params);
  return { update: draw, leave: () => view.ended.abort() };
}

async function show(view, id) {
  const { place } = view;
  view.ended.abort();
  view.ended = new AbortController();
  set(place, loading(8, "Opening the role"));
  try {
    const blueprint = await getOnce(`/v1/roles/${encodeURIComponent(id)}`, {}, view.ended.signal);
    title(blueprint.role);
    const near = h("section", { class: "nearby", "aria-labelledby": "near" }, h("h2", { id: "near" }, "Near roles"), loading(4));
    set(place, head(blueprint), h("div", { class: "columns role-columns" }, h("nav", { class: "side outline", "aria-label": "Outline" }, outline(blueprint), near), words(blueprint)));
    nearby(near, blueprint);
  } catch (error) {
    if (error.name === "AbortError") return;
    if (error.status === 404) set(place, empty("There is no such role.", error.message, h("p", null, h("a", { href: "/roles", "data-nav": true }, "All roles"))));
    else set(place, failure(error, () => show(view, id)));
  }
}

function head(blueprint) {
  learn([blueprint]);
  const known = [blueprint.level === "none" ? "" : levelName(blueprint.level), functionName(blueprint.function), day(blueprint.modified ?? blueprint.published)];
  const address = webAddress(blueprint.url);
  const ask = `/?q=${encodeURIComponent(`What are the responsibilities of the ${blueprint.role}?`)}`;
  const jumps = JUMPS.map((topic) => blueprint.sections.find((section) => section.topic === topic && section.title)).filter(Boolean);
  return h(
    "header",
    { class: "role-head" },
    h("p", { class: "crumbs fine" }, h("a", { href: "/roles", "data-nav": true }, "Roles"), facts(known)),
    h("h1", { dir: "auto" }, blueprint.role),
    h("p", { class: "actions" },
      h("a", { href: ask, "data-nav": true, class: "button" }, "Ask about it"),
      h("a", { href: `/compare?role=${encodeURIComponent(blueprint.blueprint_id)}`, "data-nav": true, class: "button" }, "Compare"),
      h("a", { href: `/search?role=${encodeURIComponent(blueprint.role)}`, "data-nav": true, class: "button" }, "Search in it"),
      address && h("a", { href: address, target: "_blank", rel: "noopener noreferrer", class: "button" }, "Original", icon("out", 14))),
    jumps.length > 1 && h("p", { class: "jumps" }, jumps.map((section) => jump(section, topicName(section.topic), "chip"))),
  );
}

function jump(section, label, kind) {
  const click = (event) => {
    event.preventDefault();
    const to = document.getElementById(anchor(section));
    to?.scrollIntoView({ block: "start", behavior: still() ? "instant" : "smooth" });
    to?.setAttribute("tabindex", "-1");
    to?.focus({ preventScroll: true });
  };
  return h("a", { href: `#${anchor(section)}`, class: kind, on: { click } }, label);
}

function outline(blueprint) {
  const titled = blueprint.sections.filter((section) => section.title);
  if (titled.length < 2) return null;
  return h("details", { class: "drawer", open: matchMedia("(min-width: 800px)").matches }, h("summary", null, "Outline"), h("ol", { class: "toc" }, titled.map((section) => h("li", null, jump(section, section.title.replace(/^\s*\d+(?:\.\d+)*[.)]\s*/, ""), null)))));
}

function words(blueprint) {
  if (!blueprint.sections.some((section) => section.blocks.length || section.sections.length)) return h("div", null, empty("This page holds only the role's name."));
  return h("article", { class: "page" }, pageText(blueprint));
}

async function nearby(place, blueprint) {
  const heading = place.firstChild;
  try {
    const { roles } = await getOnce("/v1/near", { role: blueprint.blueprint_id, k: 6 });
    const most = Math.max(0.01, ...roles.map((role) => role.score));
    const list = roles.map((role) => h(
      "li",
      null,
      roleLink(role.role, role.blueprint_id),
      h("span", { class: "meter", title: `cosine ${role.score.toFixed(2)}`, "aria-hidden": "true" }, h("span", { style: { width: `${Math.max(2, Math.round((role.score / most) * 100))}%` } })),
      h("a", { class: "fine", href: `/compare?${new URLSearchParams([["role", blueprint.blueprint_id], ["role", role.blueprint_id]])}`, "data-nav": true, "aria-label": `Compare with ${role.role}` }, "compare"),
    ));
    set(place, heading, roles.length ? h("ol", { class: "near-list" }, list) : h("p", { class: "fine" }, `No other role among ${plural(1, "role")}.`));
  } catch (error) {
    set(place, heading, failure(error, null));
  }
}
