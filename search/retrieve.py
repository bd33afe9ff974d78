"""Ranked passages for a question; filters are applied before ranking."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from index.generation import Entry
from index.library import Library
from ingest.blueprint import Passage
from ingest.errors import BadQuery
from search.fusion import EVIDENCE, ROLE_DEPTH, dense_leg, fuse, lexical_leg, matter, soft_maximum
from search.names import LEVELS, TOPICS, resolve, resolve_roles, unknown
from search.priors import OWNED, is_owned, narrowed, priors, spread
from search.question import Question, analyse

MAX_K = 1000
MAX_QUESTION = 8_000  # characters
SPREAD = 4  # hits looked at for each one wanted, where roles take turns
PER_ROLE = 3  # passages shown as a role's evidence


@dataclass(frozen=True, slots=True)
class Filters:
    """Only passages that meet every filter that is not empty; the names within one filter are alternatives."""

    roles: tuple[str, ...] = ()  # role names, blueprint ids or slugs
    topics: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A ranked passage."""

    passage: Passage
    url: str | None
    score: float  # higher is better
    # by leg: "dense" the cosine, "lexical" the share of BM25, "asked" 0 to 2: of the topic, the subsection asked for
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to look for, among which rows (None for all), and each page's address."""

    question: Question
    allowed: npt.NDArray[np.int64] | None
    urls: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class RoleHits:
    """A ranked role with its best passages, best first."""

    role: str
    blueprint_id: str
    score: float  # the soft maximum of its best passages' scores
    hits: tuple[Hit, ...]


def retrieve(library: Library, query: str, k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
    """The best k passages, best first; raises BadQuery and UnknownName.

    What the question names (roles, levels, a topic) narrows and weighs the ranking; a filter given wins over it. Where
    it is after roles, a role's further passages count for less, so that one long page does not fill the list.
    """
    wanted = _wanted(library, query, k, filters)
    if wanted.allowed is not None and not len(wanted.allowed):
        return ()
    if wanted.question.kind not in ("owners", "similar"):
        return _fused(library, wanted, k)
    hits = _fused(library, wanted, SPREAD * k)
    if wanted.question.kind == "owners":
        hits = tuple(map(_owned, hits))
    return tuple(spread([(hit.score, hit.passage.role, hit) for hit in hits], k))


def retrieve_roles(library: Library, query: str, k: int = 10, filters: Filters | None = None) -> tuple[RoleHits, ...]:
    """The best k roles, best first, by their passages among the best ROLE_DEPTH, more where those are too few."""
    wanted = _wanted(library, query, k, filters)
    if wanted.allowed is not None and not len(wanted.allowed):
        return ()
    depth = max(ROLE_DEPTH, 10 * k)
    while True:
        hits = _fused(library, wanted, depth)
        roles = group_by_role(hits)
        if len(roles) >= k or len(hits) < depth:
            return roles[:k]
        depth *= 4


def understood(library: Library, query: str) -> Question:
    """The query as `retrieve` reads it, over the index's roles."""
    return analyse(query, (), tuple(sorted({entry.role for entry in library.generation.catalogue()})))


def group_by_role(hits: Sequence[Hit], per_role: int = PER_ROLE) -> tuple[RoleHits, ...]:
    """Hits gathered by blueprint, by the soft maximum of each one's scores, ties by the best passage."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.passage.blueprint_id, []).append(hit)
    roles = (
        RoleHits(
            group[0].passage.role,
            blueprint_id,
            soft_maximum([hit.score for hit in group[:EVIDENCE]]),
            tuple(group[:per_role]),
        )
        for blueprint_id, group in groups.items()
    )
    return tuple(sorted(roles, key=attrgetter("score"), reverse=True))


def rows_of(library: Library, filters: Filters, catalogue: Sequence[Entry]) -> npt.NDArray[np.int64] | None:
    """The rows that the filters leave, None for all; raises UnknownName."""
    generation = library.generation
    for source in filters.sources:
        rows = generation.rows(sources=(source,))
        if rows is None or not len(rows):
            unknown("source", source, sorted({entry.source for entry in catalogue}))
    functions = sorted({entry.function for entry in catalogue if entry.function})
    return generation.rows(
        roles=resolve_roles(filters.roles, catalogue) or None,
        topics=resolve("topic", filters.topics, TOPICS) or None,
        levels=resolve("level", filters.levels, LEVELS) or None,
        functions=resolve("function", filters.functions, functions) or None,
        sources=filters.sources or None,
    )


def check_question(text: str) -> None:
    """Raises BadQuery for what is empty, too long or no text."""
    if not any(character.isalnum() for character in text):
        raise BadQuery("The question is empty. Give it some words.")
    if len(text) > MAX_QUESTION:
        raise BadQuery(f"The question has {len(text):,} characters; the limit is {MAX_QUESTION:,}. Shorten it.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadQuery("The question is not valid Unicode text. Give it as UTF-8.")


def _check(query: str, k: int) -> None:
    check_question(query)
    if not 1 <= k <= MAX_K:
        raise BadQuery(f"k is {k}; it must be from 1 to {MAX_K:,}.")


def _owned(hit: Hit) -> Hit:
    """The hit, worth more if its role owns what it says."""
    passage = hit.passage
    owned = is_owned(passage.text, passage.role, passage.path)
    return replace(hit, score=hit.score + OWNED * owned, scores=hit.scores | {"owned": float(owned)})


def _wanted(library: Library, query: str, k: int, filters: Filters | None) -> _Wanted:
    _check(query, k)
    catalogue = library.generation.catalogue()
    given = filters or Filters()
    allowed = rows_of(library, given, catalogue)
    question = understood(library, query)
    if not given.roles:
        allowed = narrowed(library.generation, question, allowed)
    return _Wanted(question, allowed, {entry.blueprint_id: entry.url for entry in catalogue})


def _fused(library: Library, wanted: _Wanted, k: int) -> tuple[Hit, ...]:
    generation = library.generation
    words = matter(wanted.question.text)
    vector = library.encoder.encode_query([words])[0]
    legs = (
        dense_leg(generation.vectors, vector, wanted.allowed),
        lexical_leg(generation.lexical, words, wanted.allowed),
        *priors(generation, wanted.question, wanted.allowed),
    )
    fused = fuse(legs, k)
    passages = generation.passages(fused.ids.tolist())
    asked = fused.legs[2:].sum(axis=0).tolist()
    return tuple(
        Hit(passage, wanted.urls[passage.blueprint_id], score, {"dense": dense, "lexical": lexical, "asked": part})
        for passage, score, dense, lexical, part in zip(
            passages, fused.scores.tolist(), *fused.legs[:2].tolist(), asked, strict=True
        )
    )
