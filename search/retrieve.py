"""Ranked passages for a question; filters are applied before ranking."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from index.generation import Entry
from index.library import Library
from ingest.blueprint import Passage
from ingest.errors import BadQuery
from search.fusion import EVIDENCE, ROLE_DEPTH, dense_leg, fuse, lexical_leg, matter, soft_maximum
from search.names import LEVELS, TOPICS, resolve, resolve_roles, unknown

MAX_K = 1000
MAX_QUESTION = 8_000  # characters
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
    scores: dict[str, float] = field(default_factory=dict)  # by leg: "dense" the cosine, "lexical" the share of BM25


@dataclass(frozen=True, slots=True)
class RoleHits:
    """A ranked role with its best passages, best first."""

    role: str
    blueprint_id: str
    score: float  # the soft maximum of its best passages' scores
    hits: tuple[Hit, ...]


def retrieve(library: Library, query: str, k: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
    """The best k passages, best first, ties by row; raises BadQuery and UnknownName."""
    _check(query, k)
    catalogue = library.generation.catalogue()
    allowed = rows_of(library, filters or Filters(), catalogue)
    if allowed is not None and not len(allowed):
        return ()
    return _fused(library, query, k, allowed, catalogue)


def retrieve_roles(library: Library, query: str, k: int = 10, filters: Filters | None = None) -> tuple[RoleHits, ...]:
    """The best k roles, best first, by their passages among the best ROLE_DEPTH, more where those are too few."""
    _check(query, k)
    catalogue = library.generation.catalogue()
    allowed = rows_of(library, filters or Filters(), catalogue)
    if allowed is not None and not len(allowed):
        return ()
    depth = max(ROLE_DEPTH, 10 * k)
    while True:
        hits = _fused(library, query, depth, allowed, catalogue)
        roles = group_by_role(hits)
        if len(roles) >= k or len(hits) < depth:
            return roles[:k]
        depth *= 4


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


def _fused(
    library: Library, query: str, k: int, allowed: npt.NDArray[np.int64] | None, catalogue: Sequence[Entry]
) -> tuple[Hit, ...]:
    urls = {entry.blueprint_id: entry.url for entry in catalogue}
    generation = library.generation
    wanted = matter(query)
    vector = library.encoder.encode_query([wanted])[0]
    fused = fuse((dense_leg(generation.vectors, vector, allowed), lexical_leg(generation.lexical, wanted, allowed)), k)
    passages = generation.passages(fused.ids.tolist())
    return tuple(
        Hit(passage, urls[passage.blueprint_id], score, {"dense": dense, "lexical": lexical})
        for passage, score, dense, lexical in zip(passages, fused.scores.tolist(), *fused.legs.tolist(), strict=True)
    )
