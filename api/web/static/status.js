// Status: what the index is made of and what the last runs did, for whoever holds an admin key.

import { get } from "./api.js";
import { h, set } from "./dom.js";
import { empty, failure, keyForm, loading } from "./states.js";
import { number, plural } from "./words.js";

export function mount(root) {
  const place = h("div");
  root.append(h("h1", null, "Build and sync status"), place);
  show(place);
}

async function show(place) {
  set(place, loading(6, "Reading the status"));
  try {
    draw(place, await get("/v1/status"));
  } catch (error) {
    if (error.status === 401 || error.status === 403) set(place, keyForm(error.message, () => show(place)));
    else set(place, failure(error, () => show(place)));
  }
}

function draw(place, status) {
  const again = h("button", { type: "button", class: "button", on: { click: () => show(place) } }, "Refresh");
  set(place, figures(status), again, sites(status.sites), runs(status.runs));
}

function figures(status) {
  const shown = [
    ["Generation", number(status.generation)],
    ["Built", when(status.created)],
    ["Pages", number(status.sources)],
    ["Roles", number(status.blueprints)],
    ["Passages", number(status.passages)],
    ["Encoder", status.encoder],
    ["Formats", Object.entries(status.formats).map(([name, count]) => `${name} ${number(count)}`).join(", ")],
    ["Generations that could not be opened", number(status.switch_failures)],
  ];
  return h("dl", { class: "figures" }, shown.map(([name, value]) => h("div", null, h("dt", null, name), h("dd", { dir: "auto" }, value || "none"))));
}

function sites(list) {
  if (!list.length) return h("section", null, h("h2", null, "Followed sites"), empty("No site is followed.", "'rolebook sync URL' follows one."));
  const rows = list.map((site) => [site.site, plural(site.posts, "post"), site.way || "-", site.synced_at ? when(site.synced_at) : "not yet to its end"]);
  return h("section", null, h("h2", null, "Followed sites"), table(["Site", "Posts", "Read by", "Last synced"], rows));
}

function runs(list) {
  if (!list.length) return h("section", null, h("h2", null, "Last runs"), empty("No run has been noted yet.", "Builds, imports and syncs from the command line appear here."));
  return h("section", null, h("h2", null, "Last runs"), h("ol", { class: "runs" }, list.map(run)));
}

function run(one) {
  const state = one.error ? ["failed", "Failed"] : one.failures ? ["partly", plural(one.failures, "failure")] : ["fine", "Done"];
  const counts = Object.entries(one.counts).filter(([name, value]) => typeof value === "number" && value && !["generation"].includes(name)).map(([name, value]) => `${number(value)} ${name}`);
  return h(
    "li",
    { class: "run" },
    h("p", { class: "run-head" }, h("span", { class: `state ${state[0]}` }, state[1]), h("strong", null, one.command), h("span", { class: "run-of", dir: "auto" }, one.of), h("span", { class: "fine" }, `${when(one.at)}, ${number(one.seconds)} s`)),
    h("p", { class: "fine" }, counts.join(" · ")),
    one.error && h("p", { class: "error", dir: "auto" }, one.error),
    one.failed.length > 0 && h("details", null, h("summary", null, `${plural(one.failures, "page")} could not be read`), h("ul", null, one.failed.map((text) => h("li", { dir: "auto" }, text)), one.failures > one.failed.length && h("li", { class: "fine" }, `and ${one.failures - one.failed.length} more`))),
  );
}

function table(names, rows) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": names[0] }, h("table", null, h("thead", null, h("tr", null, names.map((name) => h("th", { scope: "col" }, name)))), h("tbody", null, rows.map((row) => h("tr", null, row.map((value) => h("td", { dir: "auto" }, value)))))));
}

function when(iso) {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : date.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
}
