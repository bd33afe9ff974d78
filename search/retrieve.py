"""Ranked passages for a question; filters are applied before ranking."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter

import numpy as np
import numpy.typing as npt

from index.encoders import Vectors
from index.generation import Entry
from index.lexical import Bm25Index
from index.library import Library
from index.rerankers import Reranker
from index.texts import context_text
from index.words import words
from ingest.blueprint import Passage
from ingest.errors import BadQuery
from search.fusion import EVIDENCE, ROLE_DEPTH, dense_leg, dense_share, fuse, lexical_leg, matter, soft_maximum
from search.names import LEVELS, TOPICS, resolve, resolve_roles, unknown
from search.priors import OWNED, is_owned, narrowed, priors, spread
from search.question import Question, Told, analyse
from search.spelling import mended

MAX_K = 1000
MAX_QUESTION = 8_000  # characters
RERANKED = 50  # hits that a reranker reads
SPREAD = 4  # hits looked at for each one wanted, so that some can be folded and roles take turns
PER_ROLE = 3  # passages shown as a role's evidence
MANY = 200_000  # passages from which a question's words take milliseconds
_MEANWHILE = ThreadPoolExecutor(max_workers=32, thread_name_prefix="encode")  # threads are made as they are needed


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
    alike: tuple[Passage, ...] = ()  # lower ones in the same words among those looked at


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to look for, as words and as their vector, and among which rows (None for all)."""

    question: Question
    text: str
    vector: Vectors  # (dim,)
    allowed: npt.NDArray[np.int64] | None


@dataclass(frozen=True, slots=True)
class RoleHits:
    """A ranked role with its best passages, best first."""

    role: str
    blueprint_id: str
    score: float  # the soft maximum of its best passages' scores
    hits: tuple[Hit, ...]


def retrieve(
    library: Library,
    query: str,
    k: int = 10,
    filters: Filters | None = None,
    *,
    fold: bool = True,
    reranker: Reranker | None = None,
) -> tuple[Hit, ...]:
    """The best k passages, best first; raises BadQuery and UnknownName.

    What the question names (roles, levels, a topic) narrows and weighs the ranking; a filter given wins over it. Where
    it is after roles, a role's further passages count for less, so that one long page does not fill the list. With
    `fold` passages in the same words are one hit. A reranker orders the best RERANKED anew.
    """
    wanted = _wanted(library, query, k, filters)
    if wanted.allowed is not None and not len(wanted.allowed):
        return ()
    roles_wanted = wanted.question.kind in ("owners", "similar")
    depth = max(SPREAD * k, RERANKED if reranker else 0)
    while True:
        hits = _fused(library, wanted, depth)
        folded = _folded(hits, by_role=roles_wanted) if fold else hits
        if len(folded) >= k or len(hits) < depth:
            break
        depth *= 2
    if reranker:
        return _reranked(folded[:RERANKED], wanted.question.text, reranker)[:k]
    if wanted.question.kind == "owners":
        folded = tuple(map(_owned, folded))
    if roles_wanted:
        return tuple(spread([(hit.score, hit.passage.role, hit) for hit in folded], k))
    return folded[:k]


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


def understood(library: Library, query: str, history: Sequence[str] = (), told: Told | None = None) -> Question:
    """The query as `retrieve` reads it, slips mended, over the index's roles; `history` and `told` as for `analyse`."""
    vocabulary = library.generation.lexical.vocabulary()
    earlier = [mended(turn, vocabulary) for turn in history]
    return analyse(mended(query, vocabulary), earlier, library.generation.roles, told)


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
    functions = sorted({entry.function for entry in catalogue if entry.function}) if filters.functions else []
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


def _folded(hits: Sequence[Hit], *, by_role: bool) -> tuple[Hit, ...]:
    """One hit for passages in the same words, in the order of the best; `by_role`: of one role, as roles are wanted."""
    first: dict[tuple[str, ...], Hit] = {}
    alike: dict[tuple[str, ...], list[Passage]] = {}
    for hit in hits:
        said = (hit.passage.role if by_role else "", *_said(hit.passage.text))
        if first.setdefault(said, hit) is not hit:
            alike.setdefault(said, []).append(hit.passage)
    return tuple(replace(hit, alike=tuple(alike[said])) if said in alike else hit for said, hit in first.items())


@lru_cache(maxsize=1 << 13)
def _said(text: str) -> tuple[str, ...]:
    """What tells a text from others: its words, or itself where it has none."""
    return tuple(words(text)) or (text,)


def _reranked(hits: Sequence[Hit], query: str, reranker: Reranker) -> tuple[Hit, ...]:
    """The hits by the reranker's scores, each read with its headings."""
    scores = reranker.score(query, [context_text(hit.passage) for hit in hits]).tolist()
    scored = [
        replace(hit, score=score, scores=hit.scores | {"reranker": score})
        for hit, score in zip(hits, scores, strict=True)
    ]
    return tuple(sorted(scored, key=attrgetter("score"), reverse=True))


def _owned(hit: Hit) -> Hit:
    """The hit, worth more if its role owns what it says."""
    passage = hit.passage
    owned = is_owned(passage.text, passage.role, passage.path)
    return Hit(passage, hit.url, hit.score + OWNED * owned, {**hit.scores, "owned": float(owned)}, hit.alike)


def _wanted(library: Library, query: str, k: int, filters: Filters | None) -> _Wanted:
    _check(query, k)
    given = filters or Filters()
    allowed = rows_of(library, given, library.generation.catalogue())
    question = understood(library, query)
    if not given.roles:
        allowed = narrowed(library.generation, question, allowed)
    text = matter(question.text)
    return _Wanted(question, text, _encoded(library, text)[0], allowed)


def _encoded(library: Library, text: str) -> Vectors:
    """(1, dim). The words of many passages take as long to count as a text to encode, so that they are counted
    meanwhile and kept for the lexical leg."""
    encode, lexical = library.encoder.encode_query, library.generation.lexical
    if not (isinstance(lexical, Bm25Index) and len(lexical) > MANY):
        return encode([text])
    encoded = _MEANWHILE.submit(encode, [text])
    lexical.count(text)
    return encoded.result()


def _fused(library: Library, wanted: _Wanted, k: int) -> tuple[Hit, ...]:
    generation = library.generation
    share = dense_share(wanted.question.kind)
    legs = (
        dense_leg(generation.vectors, wanted.vector, wanted.allowed, share),
        lexical_leg(generation.lexical, wanted.text, wanted.allowed, 1 - share),
        *priors(generation, wanted.question, wanted.allowed),
    )
    fused = fuse(legs, k)
    passages = generation.passages(fused.ids.tolist())
    asked = fused.legs[2:].sum(axis=0).tolist()
    return tuple(
        Hit(passage, generation.urls[passage.blueprint_id], score, {"dense": dense, "lexical": lexical, "asked": part})
        for passage, score, dense, lexical, part in zip(
            passages, fused.scores.tolist(), *fused.legs[:2].tolist(), asked, strict=True
        )
    )
