// Loading, nothing there, gone wrong: what a view shows when it has no answer to show.

import { hasKey, useKey } from "./api.js";
import { h, tell } from "./dom.js";

/** Grey lines in the shape of what is to come. */
export function loading(lines = 4, label = "Loading") {
  const bars = Array.from({ length: lines }, (_, n) => h("span", { class: "bar", style: { width: `${[92, 78, 86, 64][n % 4]}%` } }));
  return h("div", { class: "loading", role: "status" }, h("span", { class: "unseen" }, label), bars);
}

/** Why there is nothing, and what to do. */
export function empty(title, ...rest) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), rest.map((part) => (part instanceof Node ? part : h("p", null, part))));
}

const TITLES = {
  0: "No connection", 401: "A key is needed", 403: "This key may not see this", 404: "Not there", 413: "That is too long",
  422: "That cannot be asked", 429: "Too many requests", 503: "Busy",
};

/** A refusal in words, with the way out: a key, another try. */
export function failure(problem, again) {
  if (problem.status === 401) return keyForm(problem.message, again);
  const wait = problem.retry ? ` It asks to wait ${problem.retry} s.` : "";
  const box = h(
    "div",
    { class: "failure", role: "alert" },
    h("p", { class: "empty-title" }, TITLES[problem.status] ?? "Something went wrong"),
    h("p", null, (problem.message || String(problem)) + wait),
    again && ![403, 404, 422].includes(problem.status) && h("button", { type: "button", class: "button", on: { click: again } }, "Try again"),
  );
  tell(box.textContent);
  return box;
}

/** A box for the key; `done` is called once it is set. */
export function keyForm(reason, done) {
  const input = h("input", { type: "password", name: "key", autocomplete: "off", spellcheck: "false", placeholder: "rb_…", "aria-label": "API key" });
  const submit = (event) => {
    event.preventDefault();
    useKey(input.value);
    done?.();
  };
  return h(
    "form",
    { class: "failure key", on: { submit } },
    h("p", { class: "empty-title" }, hasKey() ? "Another key is needed" : "A key is needed"),
    h("p", null, reason),
    h("div", { class: "row" }, input, h("button", { class: "button primary" }, "Use this key")),
    h("p", { class: "fine" }, "It is kept in this tab only and sent to this server only."),
  );
}
