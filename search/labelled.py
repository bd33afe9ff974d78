"""How good retrieval is on labelled questions: evidence and roles among the first passages, per leg and per kind."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.library import Library
from ingest.blueprint import Passage
from ingest.errors import BadInput
from search.fusion import dense_leg, fuse, lexical_leg, matter
from search.retrieve import retrieve

MEASURES = ("evidence@5", "evidence@10", "role@5")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote that an answer needs; `section` is the number or title of the section that it stands in."""

    role: str
    section: int | str | None
    quote: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answerable question with its roles and evidence."""

    kind: str
    question: str
    roles: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    answerable: bool = True


Values = dict[str, dict[str, list[float]]]  # 0 or 1 per piece of evidence or role, by measure, by kind


def read_questions(path: Path) -> tuple[Labelled, ...]:
    """The answerable questions of a JSONL file; BadInput names the line that cannot be used."""
    found = tuple(question for question in read_all(path) if question.answerable)
    if not found:
        raise BadInput(f"{path} holds no answerable question. Give a BEIR folder or a file of labelled questions.")
    return found


def read_all(path: Path) -> tuple[Labelled, ...]:
    """The questions of a JSONL file, those that have no answer included; BadInput names the line."""
    found = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}). Give a BEIR folder or a file of questions.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                record = json.loads(line)
                evidence = tuple(Evidence(e["role"], e["section"], e["quote"]) for e in record["evidence"])
                asked, roles, answerable = record["question"], tuple(record["roles"]), bool(record["answerable"])
                found.append(Labelled(record["kind"], asked, roles, evidence, answerable))
            except (ValueError, TypeError, KeyError) as error:
                raise BadInput(f"{path}, line {number}: not a labelled question ({error!r}). Mend the file.") from error
    return tuple(found)


def judge(library: Library, questions: Sequence[Labelled]) -> dict[str, Values]:
    """Every leg's values; "hybrid" is what `retrieve` gives."""
    finders: dict[str, Callable[[str], Sequence[Passage]]] = {
        "dense": lambda text: _one_leg(library, text, "dense"),
        "lexical": lambda text: _one_leg(library, text, "lexical"),
        "hybrid": lambda text: [hit.passage for hit in retrieve(library, text, 10)],
    }
    return {leg: _values(find, questions) for leg, find in finders.items()}


def means(values: Values) -> dict[str, dict[str, float]]:
    """The mean of each measure, over all questions under "all" and by kind."""
    kinds = {"all": {name: [v for kind in values.values() for v in kind[name]] for name in MEASURES}, **values}
    return {
        kind: {name: float(np.mean(found[name])) for name in MEASURES if found[name]} for kind, found in kinds.items()
    }


def _values(find: Callable[[str], Sequence[Passage]], questions: Sequence[Labelled]) -> Values:
    values: Values = {}
    for question in questions:
        found = find(question.question)
        of_kind = values.setdefault(question.kind, {name: [] for name in MEASURES})
        for evidence in question.evidence:
            meets = [_meets(passage, evidence, question.kind) for passage in found]
            of_kind["evidence@5"].append(any(meets[:5]))
            of_kind["evidence@10"].append(any(meets[:10]))
        first = {_key(passage.role) for passage in found[:5]}
        of_kind["role@5"] += [_key(role) in first for role in question.roles]
    return values


def _meets(passage: Passage, evidence: Evidence, kind: str) -> bool:
    """Of its role, and with the quote; a section's question needs the section, since no single row is its answer."""
    if _key(passage.role) != _key(evidence.role):
        return False
    if kind == "section" and evidence.section is not None:
        return _in_section(passage.path, evidence.section)
    return _key(evidence.quote) in _key(" ".join((*passage.path, passage.text)))


def _in_section(path: Sequence[str], section: int | str) -> bool:
    if isinstance(section, int):
        return any(re.match(rf"\s*{section}\s*[).]", title) for title in path)
    return _key(section) in _key(" / ".join(path))


def _key(text: str) -> str:
    """Letters and digits only, lower case."""
    return re.sub(r"\W+", "", text.replace("**", "")).lower()


def _one_leg(library: Library, question: str, leg: str) -> tuple[Passage, ...]:
    wanted = matter(question)
    generation = library.generation
    if leg == "dense":
        chosen = dense_leg(generation.vectors, library.encoder.encode_query([wanted])[0], None)
    else:
        chosen = lexical_leg(generation.lexical, wanted, None)
    return generation.passages(fuse((chosen,), 10).ids.tolist())
