"""Texts to BM25's columns, in one pass over the texts and one over what was counted."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt

from index.words import forms

CHUNK = 8192  # texts counted at once

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The words of some texts, text by text."""

    lengths: npt.NDArray[np.int32]  # (texts,): words
    different: npt.NDArray[np.int32]  # (texts,): different words
    terms: npt.NDArray[np.int32]  # (postings,): numbers of words as they were first met
    counts: npt.NDArray[np.int32]  # (postings,)


@dataclass(slots=True)
class Counted:
    """The words of all texts; eight bytes for each different word of a text are held."""

    numbers: dict[str, int] = field(default_factory=dict)  # of a stem, as it was first met
    written: Counter[str] = field(default_factory=Counter)  # how often each form comes
    chunks: list[_Chunk] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(len(chunk.lengths) for chunk in self.chunks)


def count(texts: Iterable[str]) -> Counted:
    """The words of the texts, which are read one after the other and not kept."""
    counted, stream = Counted(), iter(texts)
    while part := [forms(text) for text in islice(stream, CHUNK)]:
        counted.written.update([form for pairs in part for _, form in pairs])
        numbers, met = counted.numbers, [stem for pairs in part for stem, _ in pairs]
        for stem in dict.fromkeys(met):
            numbers.setdefault(stem, len(numbers))
        lengths = np.array([len(pairs) for pairs in part], dtype=np.int64)
        flat = np.fromiter(map(numbers.__getitem__, met), dtype=np.int64, count=len(met))
        keys, counts = np.unique(np.repeat(np.arange(len(part)), lengths) << 32 | flat, return_counts=True)
        different = np.bincount(keys >> 32, minlength=len(part))
        terms = (keys & 0xFFFFFFFF).astype(np.int32)
        counted.chunks.append(
            _Chunk(lengths.astype(np.int32), different.astype(np.int32), terms, counts.astype(np.int32))
        )
    return counted


def columns(counted: Counted, k1: float, b: float) -> tuple[list[str], dict[str, npt.NDArray[Any]]]:
    """The words in order, and for each its idf and its postings: texts by position, and what it adds to their BM25.

    What was counted is used up.
    """
    size, terms = len(counted), sorted(counted.numbers)
    rank = np.empty(len(terms), dtype=np.int64)
    rank[[counted.numbers[term] for term in terms]] = np.arange(len(terms))
    df = np.zeros(len(terms), dtype=np.int64)
    for chunk in counted.chunks:
        df += np.bincount(rank[chunk.terms], minlength=len(terms))
    idf = np.log1p((size - df + 0.5) / (df + 0.5))
    starts = np.concatenate(([0], np.cumsum(df))).astype(np.int64)
    words = sum(int(chunk.lengths.sum(dtype=np.int64)) for chunk in counted.chunks)
    mean = words / size if words else 1.0
    places = np.empty(int(starts[-1]), dtype=np.int32)
    weights = np.empty(int(starts[-1]), dtype=np.float32)
    free = starts[:-1].copy()
    for first, chunk in _used_up(counted):
        ranked = rank[chunk.terms]
        order = np.argsort(ranked, kind="stable")
        term, counts = ranked[order], chunk.counts[order]
        inside = np.repeat(np.arange(len(chunk.lengths)), chunk.different)[order]
        at = free[term] + _within_runs(term)
        norm = k1 * (1 - b + b * chunk.lengths / mean)
        places[at] = first + inside
        weights[at] = idf[term] * counts / (counts + norm[inside])
        free += np.bincount(term, minlength=len(terms))
    return terms, {"starts": starts, "places": places, "weights": weights, "idf": idf.astype(np.float32)}


def _used_up(counted: Counted) -> Iterator[tuple[int, _Chunk]]:
    """Each chunk with the position of its first text, let go of before the next."""
    first = 0
    counted.chunks.reverse()
    while counted.chunks:
        chunk = counted.chunks.pop()
        yield first, chunk
        first += len(chunk.lengths)


def _within_runs(ranked: Whole) -> Whole:
    """How many equal numbers stand before each in a sorted list."""
    begins = np.flatnonzero(np.diff(ranked, prepend=-1))
    return np.arange(len(ranked)) - np.repeat(begins, np.diff(begins, append=len(ranked)))
