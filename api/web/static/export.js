// Drawings and their figures as files, made here: nothing leaves the machine.

import { h, icon, tell } from "./dom.js";

/** Buttons for SVG, PNG and CSV; `drawing` gives the SVG on show, `rows` the figures with their head. */
export function exports(drawing, rows, name) {
  const button = (label, work) => h("button", { type: "button", class: "button small", on: { click: () => work().then(() => tell(`${label} saved`), (error) => tell(`${label} failed: ${error.message}`)) } }, icon("down", 14), label);
  return h(
    "div",
    { class: "exports", role: "group", "aria-label": "Save as" },
    h("span", { class: "fine" }, "Save as"),
    button("SVG", async () => save(new Blob([svgText(drawing())], { type: "image/svg+xml" }), `${name}.svg`)),
    button("PNG", async () => save(await png(drawing()), `${name}.png`)),
    button("CSV", async () => save(new Blob([csvText(rows())], { type: "text/csv;charset=utf-8" }), `${name}.csv`)),
  );
}

export const fileName = (what) => `rolebook-${what}-${new Date().toISOString().slice(0, 10)}`;

/** The drawing as a document of its own. */
export function svgText(svg) {
  const copy = svg.cloneNode(true);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of [["width", "100%"], ["height", "100%"], ["fill", getComputedStyle(document.body).backgroundColor]]) ground.setAttribute(name, value);
  copy.prepend(ground);
  for (const link of copy.querySelectorAll("a")) {
    link.removeAttribute("href");
    link.removeAttribute("tabindex");
  }
  return new XMLSerializer().serializeToString(copy);
}

/** A field that a spreadsheet would take for a formula is given as text (OWASP, CSV injection). */
export function csvText(rows) {
  const field = (value) => {
    const text = String(value);
    const safe = typeof value !== "number" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\ufeff${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`;
}

async function png(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const url = URL.createObjectURL(new Blob([svgText(svg)], { type: "image/svg+xml" }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = h("canvas", { width: width * 2, height: height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, width * 2, height * 2);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the drawing is too large"))), "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
