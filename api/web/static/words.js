// What things are called, and Markdown of answers as elements.

import { h } from "./dom.js";

const TOPICS = {
  kpis: "KPIs", ai_impact: "AI impact", technical_skills: "Technical skills", soft_skills: "Soft skills",
  decision_rights: "Decision rights", career_path: "Career path",
};
const LEVELS = { c_level: "C-level", vp: "VP", none: "No level", senior_manager: "Senior manager" };
const RELATIONS = { owner: "Owns it", shared: "Shares it", contributor: "Contributes", other: "Leaves it to others", unknown: "" };

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

export const topicName = (topic) => TOPICS[topic] ?? capital(topic.replaceAll("_", " "));
export const levelName = (level) => LEVELS[level] ?? capital(level);
const functions = new Map();

/** Remembers how role names write the functions that the catalogue has in small letters: "FinOps", "ML platform". */
export function learn(roles) {
  for (const { role, function: name } of roles) {
    const at = name ? role.toLowerCase().indexOf(name) : -1;
    if (at >= 0) functions.set(name, role.slice(at, at + name.length));
  }
  return roles;
}
const titled = (name) => capital(name.replace(/ (?!(?:and|or|of|for|the|in|to|except) )\w/g, (start) => start.toUpperCase()));
export const functionName = (name) => (name ? (functions.get(name) ?? titled(name)) : "");
/** Facts in a row. */
export const facts = (list) => h("span", { class: "fine facts", dir: "auto" }, list.filter(Boolean).map((one) => h("span", null, one)));
export const relationName = (relation) => RELATIONS[relation] ?? relation;
export const number = (value) => new Intl.NumberFormat("en").format(value);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** "Core Responsibilities › Running the platform" of a path with its numbers. */
export const pathName = (path) => path.map((part) => part.replace(/^\s*\d+(?:\.\d+)*[.)]\s*/, "").replace(/:$/, "")).join(" › ");

/** A day as the reader's own calendar has it. */
export function day(iso) {
  const when = iso ? new Date(iso) : null;
  return when && !Number.isNaN(when.getTime()) ? when.toLocaleDateString("en", { year: "numeric", month: "short", day: "numeric" }) : "";
}

/** The address if it is one of the web, else null: a page may name javascript: as its own. */
export function webAddress(url) {
  if (!url) return null;
  try {
    return /^https?:$/.test(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** A link to a role's page. */
export const roleAddress = (id) => `/role?id=${encodeURIComponent(id)}`;
export const roleLink = (role, id) => h("a", { href: roleAddress(id ?? role), "data-nav": true, class: "role" }, h("bdi", null, role));

/** How a role stands to the matter. */
export function badge(relation, note = "") {
  if (!relationName(relation)) return null;
  return h("span", { class: `badge ${relation}` }, note ? `${relationName(relation)}: ${note}` : relationName(relation));
}

/** Text with the words of a query set apart. */
export function withHits(text, query) {
  const stems = [...new Set(query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [])].filter((word) => !SMALL.has(word)).map((word) => word.slice(0, Math.max(4, word.length - 2)));
  if (!stems.length) return [text];
  const escaped = stems.map((stem) => stem.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})[\\p{L}\\p{N}]*`, "giu");
  const out = [];
  let from = 0;
  for (const found of text.matchAll(pattern)) {
    out.push(text.slice(from, found.index), h("b", { class: "hit" }, found[0]));
    from = found.index + found[0].length;
  }
  return [...out, text.slice(from)];
}

const SMALL = new Set("the and for who what which does are how with that this from own owns role roles their".split(" "));

/** A quote for reading on one line: a row's cells apart, no list marks. */
export const onOneLine = (text) =>
  text.split("\n").map((line) => line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, "").split(" | ").filter((cell) => cell.trim()).join(" · ")).join(" ");

const INLINE = /\\([\\`*_{}[\]()#+.!|<>~-])|\*\*(.+?)\*\*|(?<![*\w])\*([^*\s][^*]*)\*(?![*\w])|\[(\d+)\]/g;

/** Emphasis and marks of a line; `mark(n)` gives the element for [n], or null where n is no citation. */
export function inline(text, mark) {
  const out = [];
  let from = 0;
  for (const found of text.matchAll(INLINE)) {
    const [whole, escaped, strong, light, cited] = found;
    const made = escaped ?? (strong ? h("strong", null, inline(strong, mark)) : light ? h("em", null, inline(light, mark)) : mark(Number(cited)));
    if (made === null) continue;
    out.push(text.slice(from, found.index), made);
    from = found.index + whole.length;
  }
  return [...out, text.slice(from)];
}

const cellsOf = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

/** The Markdown that answers are written in: paragraphs, lists, tables, headings in bold. */
export function markdown(text, mark) {
  const out = [];
  let lists = []; // open, outermost first: {indent, list}
  let table = null;
  for (const line of text.split("\n")) {
    const item = /^(\s*)[-*] (.*)$/.exec(line);
    const row = line.trimStart().startsWith("|");
    if (!item) lists = [];
    if (!row) table = null;
    if (item) {
      const indent = item[1].length;
      while (lists.length && lists.at(-1).indent > indent) lists.pop();
      if (!lists.length || lists.at(-1).indent < indent) {
        const list = h("ul");
        if (lists.length) lists.at(-1).list.lastElementChild.append(list);
        else out.push(list);
        lists.push({ indent, list });
      }
      lists.at(-1).list.append(h("li", { dir: "auto" }, inline(item[2], mark)));
    } else if (row) {
      if (!table) out.push(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, (table = h("table"))));
      addRow(table, line, mark);
    } else if (/^\*\*[^*]+\*\*( > .*)?$/.test(line) && !/\[\d+\]/.test(line)) {
      out.push(h("h3", { class: "part" }, inline(line.replaceAll("**", ""), mark).map((piece) => (typeof piece === "string" ? piece.replaceAll(" > ", " › ") : piece))));
    } else if (/^\*[^*]+\*$/.test(line)) {
      out.push(h("h4", { class: "part" }, inline(line.slice(1, -1), mark)));
    } else if (line.trim()) {
      out.push(h("p", { dir: "auto" }, inline(line, mark)));
    }
  }
  return out;
}

function addRow(table, line, mark) {
  const cells = cellsOf(line);
  if (cells.every((cell) => /^:?-{3,}:?$/.test(cell))) return;
  const head = !table.tHead;
  const part = head ? table.createTHead() : (table.tBodies[0] ?? table.createTBody());
  const named = cells.map((cell, n) => h(head && (cell || n < cells.length - 1) ? "th" : "td", { scope: head && cell ? "col" : null, dir: "auto" }, inline(cell, mark)));
  if (head && cells.every((cell) => !cell)) return void part.append(h("tr", { hidden: true }));
  part.append(h("tr", null, named));
}
