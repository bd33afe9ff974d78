// A cleaned page as elements, with the words from one offset to another set apart where they stand.

import { h } from "./dom.js";

/** Sections of a blueprint; `mark` = {start, end} in code points of the page's text, or null. */
export function pageText(blueprint, mark = null, level = 2) {
  return blueprint.sections.map((section) => sectionOf(section, mark, level));
}

/** An id for a section's heading, the same for the outline and the text. */
export const anchor = (section) => `s-${(section.title ?? "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")}`;

function sectionOf(section, mark, level) {
  const head = section.title && h(`h${Math.min(level, 6)}`, { id: level === 2 ? anchor(section) : null, dir: "auto" }, section.title);
  return h("section", { class: `section l${level}` }, head, blocks(section.blocks, mark, level), section.sections.map((inner) => sectionOf(inner, mark, level + 1)));
}

function blocks(list, mark, level) {
  const out = [];
  let open = []; // lists that are open, outermost first: {depth, ordered, element, last}
  let table = null;
  for (const block of list) {
    if (block.kind !== "row") table = null;
    if (block.kind !== "item" && block.kind !== "field") open = [];
    if (block.kind === "item" || block.kind === "field") open = addItem(out, open, block, mark);
    else if (block.kind === "row") table = addRow(out, table, block, mark);
    else out.push(other(block, mark, level));
  }
  return out;
}

function other(block, mark, level) {
  const words = piece(block.text, block.start, mark);
  if (block.kind === "heading") return h(`h${Math.min(level + 1, 6)}`, { class: "minor", dir: "auto" }, words);
  if (block.kind === "code") return h("pre", { tabindex: "0" }, h("code", null, words));
  if (block.kind === "quote") return h("blockquote", { dir: "auto" }, words);
  return h("p", { dir: "auto" }, words);
}

function addItem(out, open, block, mark) {
  const ordered = block.number !== null && block.kind === "item";
  let kept = open.filter((list) => list.depth <= block.depth);
  const last = kept.at(-1);
  if (last?.depth === block.depth && last.ordered !== ordered && block.kind === "item") kept = kept.slice(0, -1);
  if (kept.at(-1)?.depth !== block.depth) {
    const element = h(ordered ? "ol" : "ul");
    const parent = kept.at(-1)?.last;
    if (parent) parent.append(element);
    else out.push(element);
    kept = [...kept, { depth: block.depth, ordered, element, last: null }];
  }
  const list = kept.at(-1);
  const item = h("li", { value: ordered ? block.number : null, class: block.kind === "field" ? "field" : null }, labelled(block, mark));
  list.element.append(item);
  list.last = item;
  return kept;
}

/** A field's label stands out from its value. */
function labelled(block, mark) {
  const size = block.label ? [...block.label].length : 0;
  if (!size || !block.text.startsWith(block.label)) return piece(block.text, block.start, mark);
  const letters = [...block.text];
  const label = piece(letters.slice(0, size + 1).join(""), block.start, mark);
  return [h("strong", null, label), piece(letters.slice(size + 1).join(""), block.start + size + 1, mark)];
}

function addRow(out, table, block, mark) {
  if (!table) {
    table = h("table");
    out.push(h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table" }, table));
  }
  const head = block.header && !table.tBodies.length;
  const part = head ? (table.tHead ?? table.createTHead()) : (table.tBodies[0] ?? table.createTBody());
  const known = block.cells && block.cells.some((cell) => cell !== null);
  const cells = known ? placed(block) : [{ text: block.text, start: block.start }];
  part.append(h("tr", null, cells.map(({ text, start }) => h(head ? "th" : "td", { scope: head ? "col" : null, dir: "auto" }, piece(text, start, mark)))));
  return table;
}

/** A row's cells with their offsets: they stand in its text in their order. */
function placed(block) {
  let from = 0;
  let before = 0;
  return block.cells.map((cell) => {
    const text = cell ?? "";
    const at = text ? block.text.indexOf(text, from) : from;
    if (at >= 0) {
      before += [...block.text.slice(from, at)].length;
      from = at + text.length;
    }
    const start = block.start + before;
    before += [...text].length;
    return { text, start };
  });
}

/** The text, the part of it that the mark covers set apart. */
function piece(text, start, mark) {
  if (!mark || !text) return [text];
  const letters = [...text];
  const from = Math.max(0, mark.start - start);
  const to = Math.min(letters.length, mark.end - start);
  if (from >= to) return [text];
  return [letters.slice(0, from).join(""), h("mark", { class: "quoted" }, letters.slice(from, to).join("")), letters.slice(to).join("")];
}
