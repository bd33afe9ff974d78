// Ask: one box, a thread of answers, every claim with marks that open its quote.

import { ask as stream, get, getOnce } from "./api.js";
import { h, icon, offerFocus, set, still, tell } from "./dom.js";
import { markOf, offer, open } from "./reader.js";
import { go, here, withParams } from "./router.js";
import { empty, failure, loading } from "./states.js";
import { badge, markdown, onOneLine, pathName, plural, roleLink } from "./words.js";

const answers = new Map(); // by thread: what was answered need not be asked again on the way back

export function mount(root, params) {
  const thread = h("div", { class: "thread" });
  const start = h("div", { class: "start" });
  const box = composer();
  root.append(start, thread, box.form);
  const view = { turns: [], thread, start, box };
  follow(view, params.getAll("q"));
  if (!params.getAll("q").length) offerFocus(box.input);
  return { update: (now) => follow(view, now.getAll("q")), leave: () => view.turns.forEach((turn) => turn.stop()) };
}

/** Makes the thread the one that the address has: what is common stays, the rest goes, what is new is asked. */
function follow(view, questions) {
  let same = 0;
  while (same < view.turns.length && view.turns[same].question === questions[same]) same += 1;
  for (const turn of view.turns.splice(same)) {
    turn.stop();
    turn.element.remove();
  }
  for (const question of questions.slice(same)) view.turns.push(turnOf(view, question, questions.slice(0, view.turns.length)));
  const begun = questions.length > 0;
  document.body.classList.toggle("asked", begun);
  view.box.label(begun);
  if (begun) set(view.start);
  else if (!view.start.firstChild) welcome(view.start);
  const last = view.turns.at(-1);
  offer(last?.citations ?? []);
  if (same < questions.length && same > 0) last.element.scrollIntoView({ block: "start", behavior: still() ? "instant" : "smooth" });
}

function composer() {
  const input = h("textarea", { rows: "1", name: "q", maxlength: "8000", "data-box": true, enterkeyhint: "send", autocomplete: "off", "aria-label": "Your question", placeholder: "Which roles own …" });
  const button = h("button", { class: "send", "aria-label": "Ask" }, icon("up"));
  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 180)}px`;
  };
  const submit = (event) => {
    event.preventDefault();
    const question = input.value.trim();
    if (!question) return;
    input.value = "";
    grow();
    go(withParams({ q: [...here().params.getAll("q"), question], read: null, at: null }));
  };
  const form = h("form", { class: "composer", role: "search", on: { submit } }, h("div", { class: "box" }, input, button));
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
  });
  const label = (begun) => {
    input.placeholder = begun ? "Ask a follow-up" : "Which roles own …";
    input.setAttribute("aria-label", begun ? "Follow-up question" : "Your question");
  };
  return { form, input, label };
}

function welcome(root) {
  const told = h("p", { class: "lead" }, "Every answer is made of quotes. Open a number and the words are shown where they stand.");
  const list = h("div", { class: "examples" }, loading(3, "Looking for examples"));
  set(root, h("h1", null, "Ask the role blueprints"), told, list);
  getOnce("/v1/roles").then(({ roles }) => {
    if (!roles.length) set(list, empty("The index is empty.", "'rolebook build PATH' reads pages into it."));
    else told.textContent = `${plural(roles.length, "role")} on the shelf. Every answer is made of quotes: open a number and the words are shown where they stand.`;
  }).catch(() => {});
  getOnce("/v1/examples").then(
    ({ questions }) => questions.length && set(list, h("h2", { class: "fine" }, "For example"), h("ul", null, questions.map((question) => h("li", null, h("a", { href: `/?q=${encodeURIComponent(question)}`, "data-nav": true }, question))))),
    (problem) => set(list, failure(problem, () => welcome(root))),
  ).then(() => list.querySelector(".loading")?.remove());
}

function turnOf(view, question, earlier) {
  const ended = new AbortController();
  const body = h("div", { class: "answer", "aria-busy": "true" }, loading(4, "Looking for an answer"));
  const element = h("article", { class: "turn" }, h("h2", { class: "question", dir: "auto" }, question), body);
  view.thread.append(element);
  const turn = { question, element, citations: [], stop: () => ended.abort() };
  const name = JSON.stringify([...earlier, question]);
  const begin = async () => {
    set(body, loading(4, "Looking for an answer"));
    try {
      const answer = answers.get(name) ?? (await streamed(body, { question, history: earlier.map((content) => ({ role: "user", content })) }, ended.signal));
      answers.set(name, answer);
      turn.citations = answer.citations;
      if (view.turns.at(-1) === turn) offer(answer.citations);
      set(body, answer.answerable ? answered(answer) : unanswered(answer, ended.signal));
      tell(answer.answerable ? `Answered with ${plural(answer.roles.length, "role")} and ${plural(answer.citations.length, "quote")}` : `No answer. ${answer.reason ?? ""}`);
    } catch (error) {
      if (error.name !== "AbortError") set(body, failure(error, begin));
    }
    body.removeAttribute("aria-busy");
  };
  begin();
  return turn;
}

/** The whole answer; claims are shown as they come. */
async function streamed(body, request, signal) {
  const list = h("ul", { class: "coming" });
  for await (const { name, data } of stream(request, signal)) {
    if (name === "done") return data;
    if (name !== "claim") continue;
    if (!list.isConnected) set(body, list);
    list.append(h("li", { dir: "auto" }, onOneLine(data.text)));
  }
  throw new Error("The answer broke off.");
}

function answered(answer) {
  const cited = new Map(answer.citations.map((citation) => [citation.id, citation]));
  const mark = (id) => (cited.has(id) ? markOf(cited.get(id)) : null);
  const own = answer.claims.some((claim) => answer.answer.includes(claim.text.slice(0, 24)));
  const byRole = (answer.kind === "owners" || answer.kind === "similar") && answer.roles.length;
  return [
    byRole ? [own ? null : h("div", { class: "prose" }, markdown(answer.answer, mark)), standings(answer, cited)] : h("div", { class: "prose" }, markdown(answer.answer, mark)),
    foot(answer),
  ];
}

/** Roles as rows: how each stands to the matter, and its quotes. */
function standings(answer, cited) {
  return h("ol", { class: "standings" }, answer.roles.map((standing) => {
    const quotes = standing.citations.map((id) => cited.get(id)).filter(Boolean);
    return h(
      "li",
      { class: `standing ${standing.relation}` },
      h("div", { class: "standing-head" }, roleLink(standing.role, quotes[0]?.blueprint_id), answer.kind === "owners" && badge(standing.relation, actor(answer.answer, standing.role))),
      h("ul", { class: "quotes" }, quotes.map((citation) => h("li", null, markOf(citation), h("q", { dir: "auto" }, onOneLine(citation.quote)), h("span", { class: "where", dir: "auto" }, pathName(citation.path))))),
    );
  }));
}

/** To whom a role leaves the matter, which only the answer's own words tell. */
function actor(text, role) {
  const line = text.split("\n").find((one) => one.startsWith(`- **${role}** (`));
  return /\(leaves it to others: ([^)]*)\):/.exec(line ?? "")?.[1] ?? "";
}

function foot(answer) {
  const roles = [...new Map(answer.citations.map((citation) => [citation.blueprint_id, citation])).keys()].slice(0, 4);
  const address = `/compare?${new URLSearchParams(roles.map((id) => ["role", id]))}`;
  const copy = h("button", { type: "button", class: "link", on: { click: () => copied(answer, copy) } }, icon("copy", 15), h("span", null, "Copy with sources"));
  const sure = Math.round(answer.confidence * 100);
  return h(
    "footer",
    { class: "foot" },
    h("span", { class: "sure", title: "How surely the blueprints answer this, by Rolebook's own measure" }, h("span", { class: "meter", "aria-hidden": "true" }, h("span", { style: { width: `${sure}%` } })), `Confidence ${sure} %`),
    h("span", null, plural(answer.citations.length, "checked quote")),
    copy,
    roles.length > 1 && h("a", { href: address, "data-nav": true }, "Compare these roles"),
  );
}

async function copied(answer, button) {
  const sources = answer.citations.map((one) => `[${one.id}] ${one.role}, ${pathName(one.path)}: “${onOneLine(one.quote)}”${one.url ? ` ${one.deep_link ?? one.url}` : ""}`);
  try {
    await navigator.clipboard.writeText(`${answer.question}\n\n${answer.answer}\n\n${sources.join("\n")}\n`);
    button.lastChild.textContent = "Copied";
  } catch {
    button.lastChild.textContent = "This browser does not allow copying";
  }
}

/** Why not, and what comes nearest, told apart from an answer. */
function unanswered(answer, signal) {
  const said = answer.kind === "none" ? answer.answer : (answer.reason ?? answer.answer);
  const box = h("div", { class: "unanswered" }, h("p", { class: "empty-title", dir: "auto" }, answer.kind === "none" ? "That is no question about roles" : "The blueprints do not answer this"), h("p", { dir: "auto" }, said));
  if (answer.kind !== "none") nearest(box, answer.question, signal);
  return box;
}

async function nearest(box, question, signal) {
  const place = h("div", null, loading(3, "Looking for the nearest passages"));
  box.append(place);
  try {
    const { hits } = await get("/v1/search", { query: question, k: 4 }, signal);
    set(place, hits.length > 0 && [h("h3", { class: "fine" }, "Nearest passages, not an answer"), h("ul", { class: "nearest" }, hits.map(hitOf))]);
  } catch (error) {
    if (error.name !== "AbortError") set(place, failure(error, null));
  }
}

function hitOf(hit) {
  const click = (event) => open(hit.blueprint_id, hit.start, hit.end, event.currentTarget);
  return h("li", null, h("button", { type: "button", class: "near", data: { cite: `${hit.blueprint_id} ${hit.start}-${hit.end}` }, on: { click } }, h("span", { class: "near-role" }, h("bdi", null, hit.role), h("span", { class: "where" }, pathName(hit.path))), h("span", { class: "near-text", dir: "auto" }, onOneLine(hit.text))));
}
