"""Questions and matters that this index can answer, found in its own words and tried."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from index.generation import Entry, Generation
from index.library import Library
from ingest.blueprint import Passage
from search.answer import ask
from search.nearness import TOPIC, near

QUESTIONS = 6
MATTERS = 5
TRIED = 14  # matters asked about until enough have an owner
READ = 4_000  # responsibilities that matters are looked for in
FULL = 20  # passages from which on a page is one to ask about
_OWNS = re.compile(
    r"(?:own|lead|run|manage|approve)s?\s+(?:the\s+|all\s+)?(?!(?:up|out|on|off|over|down|for)\b)(.+)", re.I
)
_END = re.compile(
    r"\s+(?:of|for|across|and|with|to|in|on|by|from|at|that|which|including|through|using|so|as|per|every|each|where)\b"
    r"|[,;:.()/&–—]"
)


@dataclass(frozen=True, slots=True)
class Examples:
    """Tried: each question has an answer, each matter an owner."""

    questions: tuple[str, ...]
    matters: tuple[str, ...]


_known: WeakKeyDictionary[Generation, Examples] = WeakKeyDictionary()
_finding = Lock()  # it takes seconds: a second asker waits for the first one's


def examples(library: Library) -> Examples:
    """A few questions of different kinds; none where nothing was found to be answerable."""
    generation = library.generation
    with _finding:
        if generation not in _known:
            matters = tuple(_with_owner(library, _candidates(generation)))
            asked = [f"Which roles own {matter}?" for matter in matters[:2]]
            asked += _first_answerable(library, _about_roles(generation))
            _known[generation] = Examples(tuple(asked[:QUESTIONS]), matters)
        return _known[generation]


def _with_owner(library: Library, matters: Iterable[str]) -> Iterator[str]:
    found = 0
    for matter in matters:
        given = ask(library, f"Which roles own {matter}?")
        if given.answerable and any(standing.relation == "owner" for standing in given.roles):
            yield matter
            found += 1
        if found == MATTERS:
            return


def _candidates(generation: Generation) -> list[str]:
    """What responsibilities say is owned or led, first what most roles speak of."""
    rows = generation.rows(topics=(TOPIC,))
    passages = generation.passages([] if rows is None else rows[:READ].tolist())
    matters = dict.fromkeys(matter for passage in passages if (matter := owned(passage.text)))
    speak: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for passage in passages:
        texts[passage.blueprint_id] = f"{texts.get(passage.blueprint_id, '')} {passage.text.lower()}"
    for matter in matters:
        speak[matter] = sum(matter.lower() in text for text in texts.values())
    return [matter for matter, _ in speak.most_common(TRIED)]


def owned(duty: str) -> str | None:
    """The matter of a responsibility such as "Own drift monitoring across …": two or three words, or None."""
    said = _OWNS.match(duty)
    matter = _END.split(said[1], maxsplit=1)[0].strip() if said else ""
    words = matter.split()
    return matter if 2 <= len(words) <= 3 and all(word.replace("-", "").isalpha() for word in words) else None


def _about_roles(generation: Generation) -> Iterator[Sequence[str]]:
    """Questions of which the first answerable one of each row is taken, about the fullest pages."""
    full = sorted(generation.catalogue(), key=lambda entry: -entry.passages)[:6]
    full = [entry for entry in full if entry.passages >= FULL and _alone(entry, generation)]
    if not full:
        return
    yield [f"What are the KPIs of the {entry.role}?" for entry in full]
    yield [question for entry in full if (question := _target(generation, entry))]
    yield [f"What does the {entry.role} decide alone?" for entry in full[1:]]
    pairs = [(entry, other.entry) for entry in full[:3] for other in near(generation, entry.blueprint_id, 1)]
    yield [f"How do the {a.role} and the {b.role} differ on decision rights?" for a, b in pairs if b.passages >= FULL]
    yield [f"What are the responsibilities of the {entry.role}?" for entry in full[-1:]]


def _alone(entry: Entry, generation: Generation) -> bool:
    return sum(other.role == entry.role for other in generation.catalogue()) == 1


def _target(generation: Generation, entry: Entry) -> str | None:
    """A question for the target of the page's first KPI row that has words for a name."""
    rows = generation.rows(roles=(entry.blueprint_id,), topics=("kpis",))
    for passage in generation.passages([] if rows is None else rows.tolist()):
        name = _name(passage)
        if name:
            return f"What is the {entry.role}'s target for {name}?"
    return None


def _name(passage: Passage) -> str | None:
    """The first cell of a row, if it is a name of several words; small letters but in abbreviations."""
    name = passage.text.split("|")[0].strip()
    if passage.kind != "row" or not re.fullmatch(r"[A-Za-z]+(?: [A-Za-z]+){1,5}", name):
        return None
    return " ".join(word if any(map(str.isupper, word[1:])) else word.lower() for word in name.split())


def _first_answerable(library: Library, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for questions in rows:
        answered = (question for question in questions[:3] if ask(library, question).answerable)
        yield from (question for question in (next(answered, None),) if question)
