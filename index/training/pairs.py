"""Training pairs from data whose licence lets the weights be shared: what should lie near what."""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from index.texts import context_text
from index.training.tasks import Task, Tasks, read_jsonl, read_tasks
from ingest.blueprint import Passage, RawPage
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.passages import passages

HEADINGS = ("Responsibilities", "Core Responsibilities", "Tasks", "Duties", "Key activities")
OWNERS = (
    "which roles {}?",
    "Which roles {}?",
    "Which role is expected to {}?",
    "Whose job is it to {}?",
    "Who is there to {}?",
    "{}",
)
SECTIONS = ("What are the {} of the {}?", "{} of a {}", "Which {} does the {} have?", "List the {} of the {}.")
PER_ACTIVITY = 10  # of an activity's tasks in an epoch, for its question
CLAUSES = 2500  # task statements made questions, in an epoch
POSITION_PAIRS = 1600
SECTION_PAIRS = 1200
TITLE_SHARE = 0.5  # of the occupations, in an epoch
PER_SKILL = 4
SHARED = 3  # a text on more pages than these is boilerplate


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and a text that should lie near it."""

    query: str
    passage: str
    negative: str  # should lie farther; "" where none was mined
    keys: frozenset[str]  # two pairs of a batch share none, or one's passage would be the other's wrong negative


Source = Callable[[random.Random], Iterator[Pair]]


def in_context(role: str, text: str, *headings: str) -> str:
    """The text as the index encodes it."""
    return context_text(Passage("", "", role, "other", headings, "item", text, 0, len(text)))


def similar_tasks(tasks: Tasks, rng: random.Random) -> Iterator[Pair]:
    """Task -> a task of another role that shares an activity."""
    for task in tasks.all:
        others = [other for dwa in sorted(task.dwas) for other in tasks.of_activity[dwa] if other.role != task.role]
        if others:
            other = rng.choice(others)
            query = task.text if rng.random() < 0.7 else _form(tasks, task, rng)
            negative = tasks.negative(task, rng)
            yield Pair(query, _form(tasks, other, rng), _form(tasks, negative, rng), task.dwas | other.dwas)


def owner_questions(tasks: Tasks, rng: random.Random) -> Iterator[Pair]:
    """Question after an activity -> a task of a role that has it; questions made of task statements too."""
    for dwa, activity in tasks.activities.items():
        found = tasks.of_activity[dwa]
        for task in rng.sample(found, min(PER_ACTIVITY, len(found))):
            yield _owner(tasks, rng.choice(OWNERS).format(activity), task, task, frozenset({dwa}), rng)
    for task in rng.sample(tasks.all, min(CLAUSES, len(tasks.all))):
        others = [other for dwa in sorted(task.dwas) for other in tasks.of_activity[dwa] if other.role != task.role]
        clause = re.split(r"[,;]", task.text.rstrip("."))[0]
        if others and len(clause.split()) > 2:
            question = rng.choice(OWNERS).format(clause[0].lower() + clause[1:])
            yield _owner(tasks, question, rng.choice(others), task, task.dwas, rng)


def _owner(tasks: Tasks, question: str, task: Task, asked: Task, dwas: frozenset[str], rng: random.Random) -> Pair:
    negative = tasks.negative(asked, rng)
    return Pair(question, _form(tasks, task, rng), _form(tasks, negative, rng), dwas | task.dwas)


def _form(tasks: Tasks, task: Task, rng: random.Random) -> str:
    """As it stands, or as the index encodes it, under one of the role's titles."""
    role = rng.choice((task.role, *tasks.titles.get(task.role, ())[:8]))
    headings = rng.choice(((), (rng.choice(HEADINGS),)))
    return task.text if rng.random() < 0.4 else in_context(role, task.text, *headings)


def occupation_titles(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A title of an occupation -> its description or one sentence of it, O*NET and ESCO."""
    for name in ("onet/roles.jsonl.gz", "esco/occupations.jsonl.gz"):
        for row in read_jsonl(data / name):
            if rng.random() > TITLE_SHARE:
                continue
            title, description = str(row["title"]), str(row["description"])
            others = [str(other) for other in row["alternate_titles"]]
            sentence = rng.choice(re.split(r"(?<=[.])\s+", description))
            asked = rng.choice((title, *others))
            role = rng.choice((title, *others))
            query = rng.choice((asked, f"What does a {asked} do?", f"{asked} role summary"))
            passage = rng.choice((description, sentence, in_context(role, sentence, "Summary")))
            yield Pair(query, passage, "", frozenset({title, asked.lower()}))


def section_questions(tasks: Tasks, rng: random.Random) -> Iterator[Pair]:
    """Question after a role's section -> one of its items; the negative is an item like it of another role."""
    for task in rng.sample(tasks.all, min(SECTION_PAIRS, len(tasks.all))):
        heading = rng.choice(HEADINGS)
        question = rng.choice(SECTIONS).format(heading.lower(), task.role)
        negative = tasks.of_another_role(task, rng)
        passage, wrong = (in_context(t.role, t.text, heading) for t in (task, negative))
        yield Pair(question, passage, wrong, frozenset({task.role, negative.role}))


def position_items(pages: Sequence[Passage], rng: random.Random) -> Iterator[Pair]:
    """Heading or parent item, or a question after it -> an item below it."""
    for passage in rng.sample(pages, min(POSITION_PAIRS, len(pages))):
        heading = passage.path[-1].rstrip(" .:")
        question = rng.choice(SECTIONS).format(heading, passage.role)
        query, text = rng.choice(((question, context_text(passage)), (heading, passage.text)))
        yield Pair(query, text, "", frozenset({heading.lower(), passage.text}))


def read_positions(data: Path) -> list[Passage]:
    """Passages of the federal position descriptions that stand under a heading and are no boilerplate."""
    found: list[Passage] = []
    for row in read_jsonl(data / "tts_positions" / "positions.jsonl.gz"):
        markdown = f"# {row['title']}\n\n{row['markdown']}"
        page = RawPage(f"{row['id']}.md", markdown.encode(), "text/markdown", str(row["date"]))
        with suppress(UnreadablePage):
            found += [passage for blueprint in parse(page).blueprints for passage in passages(blueprint)]
    times = Counter(passage.text for passage in found)
    return [p for p in found if p.path and len(p.text.split()) > 4 and times[p.text] <= SHARED]


def skill_questions(data: Path, rng: random.Random) -> Iterator[Pair]:
    """Question after a skill -> a line about a role that needs it; skill -> what it takes. Half of the skills only."""
    roles = {str(row["id"]): row for row in read_jsonl(data / "ddat" / "roles.jsonl")}
    for row in read_jsonl(data / "ddat" / "who_needs.dev.jsonl"):
        if trains_on_skill(str(row["query_id"])):
            found = [roles[relevant["role_id"]] for relevant in row["relevant"]]
            for role in rng.sample(found, min(PER_SKILL, len(found))):
                text = in_context(str(role["title"]), rng.choice(role_lines(role)))
                yield Pair(str(row["query"]), text, "", frozenset({role["id"], row["query_id"]}))
            skill = str(row["query"]).removeprefix("which roles need ").rstrip("?")
            yield Pair(skill, str(row["description"]) or skill, "", frozenset({str(row["query_id"])}))


def trains_on_skill(query_id: str) -> bool:
    """Whether this half of the skills may be trained on; the other half is for measuring."""
    return hashlib.sha256(query_id.encode()).digest()[0] % 2 == 0


def role_lines(role: Mapping[str, Any]) -> list[str]:
    """Sentences and list items that describe the role and its levels."""
    texts = [role["description"], *(level["description"] for level in role["levels"])]
    return [line.strip("- ").strip() for text in texts for line in text.split("\n") if len(line.split()) > 3]


def read_sources(data: Path, without: Sequence[str] = ()) -> dict[str, Source]:
    """What makes an epoch's pairs, by name; every epoch draws anew."""
    tasks, pages = read_tasks(data), read_positions(data)
    sources: dict[str, Source] = {
        "similar": partial(similar_tasks, tasks),
        "owners": partial(owner_questions, tasks),
        "titles": partial(occupation_titles, data),
        "sections": partial(section_questions, tasks),
        "positions": partial(position_items, pages),
        "skills": partial(skill_questions, data),
    }
    return {name: make for name, make in sources.items() if name not in without}
