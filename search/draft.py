"""What an answer is made of, before and after its quotes are checked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingest.blueprint import Passage
from search.citations import Citation, plain
from search.evidence import Found
from search.question import Kind

Relation = Literal["owner", "shared", "contributor", "other", "unknown"]
Key = tuple[str, str]  # of a passage: blueprint_id, passage_id
Cited = Mapping[Key, Citation]  # the citations that passed the check, in their order


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and the ids of the citations that bear it out."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a role stands to the matter asked about."""

    role: str
    relation: Relation
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """An answer in words."""

    text: str  # Markdown with [1] marks
    roles: tuple[Standing, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The passages to quote, in order, and how to say them once they are checked."""

    passages: tuple[Passage, ...]
    evidence: tuple[tuple[Found, ...], ...]  # best first, by side; each side must be there for an answer
    placed: bool  # whether it is the very part of the page that was asked for
    write: Callable[[Cited], Written]
    counted: bool = False  # whether a number is asked for


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said, or why nothing can."""

    question: str
    kind: Kind
    answerable: bool
    reason: str | None  # why there is no answer; None where there is one
    text: str  # Markdown with [1] marks
    roles: tuple[Standing, ...]
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float  # 0 to 1, higher = more surely answered by the blueprints


def one_each(citations: Iterable[Citation]) -> tuple[Claim, ...]:
    """Each quote as a claim of its own."""
    return tuple(Claim(plain(citation.quote), (citation.id,)) for citation in citations)


def key(passage: Passage) -> Key:
    return passage.blueprint_id, passage.passage_id


def standings(cited: Cited, relations: Mapping[str, Relation] | None = None) -> tuple[Standing, ...]:
    """Each cited role with its citations, in their order."""
    ids: dict[str, list[int]] = {}
    for citation in cited.values():
        ids.setdefault(citation.role, []).append(citation.id)
    return tuple(Standing(role, (relations or {}).get(role, "unknown"), tuple(found)) for role, found in ids.items())


def those(cited: Cited, passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """The citations of these passages that passed."""
    return tuple(cited[key(passage)] for passage in passages if key(passage) in cited)
