"""The lexical leg: BM25 over words, its weights worked out when it is built and stored word by word."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from index.postings import columns, count
from index.vectors import Ids, Scores
from index.words import words
from ingest.errors import DamagedIndex, StoreError

K1 = 1.2  # how soon a repeated word stops counting
B = 0.75  # how much a long text is discounted
GROUP = 64  # texts of which the best is looked at first: all are compared once, and few are sorted
MAKE = {"index": "bm25", "version": "2"}  # changes with the format or with how words are cut


class LexicalIndex(Protocol):
    """Texts by id, ranked by the words that they share with a question.

    A score is BM25 as a share of the most that any text could reach on this question: above 0, below 1. It depends on
    neither the filter nor k.
    """

    def __len__(self) -> int: ...

    def search(self, query: str, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        """Scores and ids, both (hits,), best first, ties by id; only texts that share a word with the question.

        `allowed` None means all, empty means none.
        """

    def scores(self, query: str, ids: Ids) -> Scores:
        """The scores of these ids in their order, 0 for one that shares no word; ValueError for an unknown id."""

    def count(self, query: str) -> int:
        """How many texts share a word with the question."""

    def vocabulary(self) -> Mapping[str, int]:
        """The words of the texts as they are written, in lower case, with how often they come."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Every stored weight, term by term."""

    ids: Ids  # of all texts, ascending
    terms: tuple[str, ...]
    idf: Scores  # (terms,)
    starts: Ids  # (terms + 1,): where each term's postings begin
    rows: Ids  # (postings,): the text's id
    weights: Scores  # (postings,): what the term adds to the text's BM25


class Bm25Index:
    """BM25 as Lucene has it (Robertson and Zaragoza 2009), summed eagerly (Lù 2024): a query adds up stored columns."""

    def __init__(self, terms: Sequence[str], forms: Sequence[str], arrays: dict[str, npt.NDArray[Any]]) -> None:
        self._forms = dict(zip(forms, arrays["counts"].tolist(), strict=True))
        self._terms = {term: number for number, term in enumerate(terms)}
        self._arrays = arrays
        self._ids = arrays["ids"]  # ascending
        self._starts = arrays["starts"]  # (terms + 1,): where each term's postings begin
        self._places = arrays["places"]  # (postings,): positions in ids
        self._weights = arrays["weights"]  # (postings,): idf * tf / (tf + K)
        self._idf = arrays["idf"]  # (terms,)
        self._last: tuple[str, Scores] = ("", np.zeros(len(self._ids), dtype=np.float32))  # asked for more than once

    @classmethod
    def build(cls, ids: Ids, texts: Iterable[str], *, k1: float = K1, b: float = B) -> Self:
        """The index of these texts, none of which is kept; ValueError unless the ids are distinct and as many."""
        order = np.argsort(ids, kind="stable")
        if not np.array_equal(order, np.arange(len(ids))):
            given = list(texts)
            texts = [given[place] for place in order] if len(given) == len(ids) else given
        counted = count(texts)
        if len(counted) != len(ids) or len(np.unique(ids)) != len(ids):
            raise ValueError(f"{len(counted)} texts under {len(ids)} ids, which must be as many and distinct")
        written = sorted(counted.written)
        counts = np.array([counted.written[form] for form in written], dtype=np.int64)
        terms, arrays = columns(counted, k1, b)
        return cls(terms, written, {"ids": np.sort(ids).astype(np.int64), "counts": counts, **arrays})

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, query: str, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        scores = self._all(query)
        if allowed is None:
            floor = _floor(scores, k)
            places = np.flatnonzero(scores >= floor if floor > 0 else scores > 0)
        else:
            ascending = bool((np.diff(allowed) > 0).all())
            places = self._find(allowed if ascending else np.unique(allowed))
            places = places[scores[places] > 0]
        found = scores[places]
        if len(found) > max(k, 0) > 0:
            kept = found >= np.partition(found, -k)[-k]
            places, found = places[kept], found[kept]
        order = np.lexsort((places, -found))[: max(k, 0)]
        return found[order], self._ids[places[order]]

    def scores(self, query: str, ids: Ids) -> Scores:
        places = np.searchsorted(self._ids, ids)
        if len(ids) and not np.array_equal(self._ids[np.minimum(places, len(self) - 1)] if len(self) else [], ids):
            raise ValueError("an id is not in the index")
        return self._all(query)[places]

    def _all(self, query: str) -> Scores:
        """The score of every text, by position; not to be changed."""
        asked, scores = self._last
        if query == asked:
            return scores
        known = sorted({self._terms[word] for word in words(query) if word in self._terms})
        scores = np.zeros(len(self), dtype=np.float32)
        for term in known:
            postings = slice(int(self._starts[term]), int(self._starts[term + 1]))
            scores[self._places[postings]] += self._weights[postings]
        if known:
            scores /= np.float32(self._idf[known].sum())
        self._last = (query, scores)
        return scores

    def count(self, query: str) -> int:
        return int(np.count_nonzero(self._all(query)))

    def vocabulary(self) -> Mapping[str, int]:
        return self._forms

    def columns(self) -> Columns:
        """What it is made of, for another store to take over."""
        rows = self._ids[self._places]
        return Columns(self._ids, tuple(self._terms), self._idf, self._starts, rows, self._weights)

    def _find(self, ids: Ids) -> Ids:
        """The positions of those of these ascending ids that are in the index."""
        places = np.searchsorted(self._ids, ids)
        inside = places < len(self)
        places, ids = places[inside], ids[inside]
        found: Ids = places[self._ids[places] == ids]
        return found

    def save(self, path: Path) -> None:
        """One safetensors file: arrays with a JSON header, nothing that runs."""
        from safetensors import SafetensorError
        from safetensors.numpy import save_file

        texts = _packed("terms", list(self._terms)) | _packed("forms", list(self._forms))
        try:
            save_file({**self._arrays, **texts}, path, MAKE)
        except SafetensorError as error:
            raise StoreError(f"{path} cannot be written ({error}). Make room, then run this again.") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="numpy") as file:
                if file.metadata() != MAKE:
                    raise DamagedIndex(f"{path} is of another version. Run 'rolebook build --rebuild'.")
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return cls(_unpacked("terms", arrays), _unpacked("forms", arrays), arrays)
        except (OSError, SafetensorError, KeyError, UnicodeDecodeError) as error:
            raise DamagedIndex(f"{path} cannot be read. Run 'rolebook build --rebuild'.") from error


def _floor(scores: Scores, k: int) -> float:
    """A score that at least k texts reach: the k-th best of the best of each group."""
    groups = len(scores) // GROUP
    if not 0 < k <= groups:
        return 0.0
    best = scores[: groups * GROUP].reshape(GROUP, groups).max(axis=0)
    return float(np.partition(best, -k)[-k])


def _packed(name: str, texts: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """The texts as one array of UTF-8 bytes and one of where each ends."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    return {name: np.array(bytearray(b"".join(encoded)), dtype=np.uint8), f"{name}_ends": ends}


def _unpacked(name: str, arrays: dict[str, npt.NDArray[Any]]) -> list[str]:
    """Takes the texts that `_packed` put there out of the arrays."""
    blob, ends = arrays.pop(name).tobytes(), arrays.pop(f"{name}_ends").tolist()
    return [blob[start:end].decode() for start, end in pairwise(ends)]
