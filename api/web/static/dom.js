// Elements from plain values. Text becomes text nodes only: nothing that a page says is ever parsed as markup.

const SVG = "http://www.w3.org/2000/svg";
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** The text without control characters and marks that would turn the direction of what stands around it. */
export const clean = (text) => String(text).replace(CONTROL, "");

/** An HTML element; `props`: attributes, `class`, `on` (listeners), `data` (dataset). Null children are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) element.addEventListener(type, listener);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "style") for (const [key, set] of Object.entries(value)) element.style.setProperty(key, set);
    else if (name === "value" && "value" in element && element.tagName !== "LI") element.value = value;
    else if (name === "checked") element.checked = value;
    else element.setAttribute(name, value === true ? "" : clean(value));
  }
  put(element, children);
  return element;
}

/** Appends nodes, texts and lists of them. */
export function put(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
  return element;
}

/** The element with nothing but these children. */
export function set(element, ...children) {
  element.replaceChildren();
  return put(element, ...children);
}

/** Puts the focus there, unless the person has already put it elsewhere. */
export function offerFocus(element) {
  if (document.activeElement === document.body) element.focus({ preventScroll: true });
}

const ICONS = {
  close: "M6 6l12 12M18 6 6 18",
  left: "M14.5 5.5 8 12l6.5 6.5",
  right: "M9.5 5.5 16 12l-6.5 6.5",
  out: "M13 5h6v6M19 5l-9 9M11 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-5",
  up: "M12 19V5M6 11l6-6 6 6",
  search: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5",
  sun: "M12 7.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 4v16",
  copy: "M9 9h10v11H9zM5 15V4h10",
  down: "M12 5v13M6 12l6 6 6-6",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
};

/** A line drawing, hidden from assistive technology. */
export function icon(name, size = 18) {
  const drawn = s("path", { d: ICONS[name], fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round" });
  return s("svg", { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" }, drawn);
}

/** Says something to whoever listens to the page instead of seeing it. */
export function tell(text) {
  document.getElementById("live").textContent = clean(text);
}

/** The function, called once calls have paused for so many milliseconds. */
export function paused(wait, work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), wait);
  };
}

/** Whether the reader wants things to stay still. */
export const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
