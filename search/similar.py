"""Passages of other roles that mean the same as a text or a passage."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from rapidfuzz import fuzz

from index.encoders import Vectors
from index.generation import Entry
from index.library import Library
from ingest.blueprint import Passage
from ingest.errors import BadQuery, UnknownName
from search.names import key, resolve_roles, slug_of
from search.retrieve import MAX_K, check_question

PER_PAGE = 2  # passages of one page in a list
_SAME = 90.0  # rapidfuzz ratio from which two texts are one text of a template
_TELLING = re.compile(r"\d+|\b(?:not|no|nor|never|without|cannot|t)\b")  # another one makes another statement
_DEPTH = 8  # passages looked at for each one wanted, at first
_PASSAGE_ID = re.compile(r"[^\s#]+#[0-9a-f]{6,}\Z")


@dataclass(frozen=True, slots=True)
class Match:
    """A passage like the given one."""

    passage: Passage
    url: str | None
    score: float  # cosine; higher is better
    folded: tuple[str, ...] = ()  # the roles of further passages with nearly the same text, one for each


@dataclass(frozen=True, slots=True)
class Similar:
    """A text with what is like it, best first."""

    text: str  # the passage's where its id was given
    matches: tuple[Match, ...]


def similar(library: Library, text_or_id: str, k: int = 10) -> Similar:
    """The k passages that are nearest by cosine; raises BadQuery and UnknownName.

    Of a passage's own role nothing is told, of a page two passages at most; nearly the same texts are folded into the
    best of them.
    """
    check_question(text_or_id)
    if not 1 <= k <= MAX_K:
        raise BadQuery(f"k is {k}; it must be from 1 to {MAX_K:,}.")
    given = text_or_id.strip()
    catalogue = library.generation.catalogue()
    if _PASSAGE_ID.match(given):
        row = _row_of(library, given, catalogue)
        passage = library.generation.passage(row)
        vector = library.generation.vectors.get([row])
        return Similar(passage.text, _nearest(library, vector, k, passage.role, catalogue))
    return Similar(given, _nearest(library, library.encoder.encode_query([given]), k, None, catalogue))


def _row_of(library: Library, passage_id: str, catalogue: Sequence[Entry]) -> int:
    """The row of the first page's passage of this id."""
    slug = passage_id.split("#")[0]
    for entry in catalogue:
        if slug_of(entry.blueprint_id) == slug:
            row = library.generation.row_of(entry.blueprint_id, passage_id)
            if row is not None:
                return row
    raise UnknownName(f"No passage {passage_id!r} in the index. 'rolebook search --explain' shows the ids.")


def _nearest(
    library: Library, vector: Vectors, k: int, but: str | None, catalogue: Sequence[Entry]
) -> tuple[Match, ...]:
    """Looks deeper until k matches are found or nothing is left."""
    urls = library.generation.urls
    own = _own_rows(library, but, catalogue)
    depth = _DEPTH * k + len(own)
    while True:
        scores, rows = library.generation.vectors.search(vector, depth)
        ranked = [(int(row), float(s)) for row, s in zip(rows[0], scores[0], strict=True) if int(row) not in own]
        passages = library.generation.passages([row for row, _ in ranked])
        hits = [Match(p, urls[p.blueprint_id], s) for p, (_, s) in zip(passages, ranked, strict=True)]
        matches = fold(hits)
        if len(matches) >= k or len(rows[0]) < depth:
            return matches[:k]
        depth *= 4


def fold(hits: Sequence[Match], per_page: int = PER_PAGE) -> tuple[Match, ...]:
    """The hits in their order, each text once, of each page no more than `per_page`."""
    kept: list[Match] = []
    texts: list[tuple[str, list[str]]] = []
    pages: dict[str, int] = {}
    for hit in hits:
        text = key(hit.passage.text)
        telling = _TELLING.findall(text)
        alike = (n for n, (other, told) in enumerate(texts) if told == telling and fuzz.ratio(text, other) >= _SAME)
        same = next(alike, None)
        if same is not None:
            kept[same] = replace(kept[same], folded=(*kept[same].folded, hit.passage.role))
        elif pages.get(hit.passage.blueprint_id, 0) < per_page:
            pages[hit.passage.blueprint_id] = pages.get(hit.passage.blueprint_id, 0) + 1
            kept.append(hit)
            texts.append((text, telling))
    return tuple(kept)


def _own_rows(library: Library, role: str | None, catalogue: Sequence[Entry]) -> frozenset[int]:
    """The rows of every page of this role."""
    if role is None:
        return frozenset()
    rows = library.generation.rows(roles=resolve_roles((role,), catalogue))
    return frozenset() if rows is None else frozenset(np.asarray(rows).tolist())
