"""What the blueprints have on a question: passages with the features that ranking and confidence are made of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from index.encoders import Vectors
from index.library import Library
from index.vectors import Ids
from index.words import words
from ingest.blueprint import Passage
from search.fusion import dense_leg, fuse, lexical_leg
from search.fusion import matter as unframed
from search.question import Question

POOL = 240  # passages that a question over the whole library is judged by
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and how near it comes to a question; every figure 0 to 1, higher is nearer."""

    passage: Passage
    dense: float  # mean cosine with the question and with its matter
    cover: float  # share of the matter's words, by their weight, in text, headings and role
    said: float  # the same in the text alone
    lexical: float  # share of the best BM25 that the question could have

    @property
    def score(self) -> float:
        return self.dense + 0.2 * self.cover + 0.2 * self.said

    @property
    def has_number(self) -> bool:
        return bool(_NUMBER.search(self.passage.text))


class Look:
    """One question over one library; whatever is asked of it twice is worked out once."""

    def __init__(self, library: Library, question: Question) -> None:
        self.library = library
        self.generation = library.generation
        self.question = question
        self.wanted = question.matter if words(question.matter) else unframed(question.query)

    @cached_property
    def vectors(self) -> Vectors:
        """(2, dim): the question's and its matter's."""
        return self.library.encoder.encode_query([unframed(self.question.query), self.wanted])

    @cached_property
    def weights(self) -> dict[str, float]:
        """The matter's words, each with its inverse document frequency."""
        return self.weigh(self.wanted)

    def weigh(self, text: str) -> dict[str, float]:
        size = len(self.generation.lexical)
        return {stem: log((size + 1) / (df + 0.5)) for stem, df in self._frequencies(text).items()}

    @cached_property
    def strange(self) -> float:
        """The share of the matter's words, by their weight, that no passage has."""
        known = self._frequencies(self.wanted)
        return 1.0 - _share(self.weights, {stem for stem, df in known.items() if df})

    def found(self, rows: Ids | None = None, most: int = POOL) -> tuple[Found, ...]:
        """The best passages of these rows, or of the library, best first, ties by row."""
        if rows is None or len(rows) > 2 * most:
            rows = self._pool(rows, most)
        if not len(rows):
            return ()
        return tuple(sorted(self._judged(rows), key=lambda found: -found.score))

    def judge(self, rows: Ids) -> tuple[Found, ...]:
        """The passages of all these rows, best first."""
        return tuple(sorted(self._judged(rows), key=lambda found: -found.score)) if len(rows) else ()

    def weighed(self, passage: Passage, dense: float) -> Found:
        """A passage whose cosine is known."""
        return Found(passage, dense, *self._covered(passage), 0.0)

    def _judged(self, rows: Ids) -> list[Found]:
        dense = (self.generation.vectors.get(rows) @ self.vectors.T).mean(axis=1)
        lexical = self.generation.lexical.scores(unframed(self.question.query), np.asarray(rows, dtype=np.int64))
        passages = self.generation.passages(rows.tolist())
        return [
            Found(passage, float(near), *self._covered(passage), float(share))
            for passage, near, share in zip(passages, dense, lexical, strict=True)
        ]

    def share(self, text: str) -> float:
        """The share of the matter's words, by their weight, that a text has."""
        return _share(self.weights, set(words(text)))

    def coverage(self, passages: Iterable[Passage]) -> float:
        """The share of the matter's words that these passages have together."""
        have = {word for passage in passages for word in words(_whole(passage))}
        return _share(self.weights, have)

    def _covered(self, passage: Passage) -> tuple[float, float]:
        said = set(words(passage.text))
        return _share(self.weights, said | set(words(" ".join((passage.role, *passage.path))))), _share(
            self.weights, said
        )

    def _pool(self, rows: Ids | None, most: int) -> Ids:
        legs = (
            dense_leg(self.generation.vectors, self.vectors[0], rows, 0.25),
            dense_leg(self.generation.vectors, self.vectors[1], rows, 0.25),
            lexical_leg(self.generation.lexical, self.wanted, rows),
        )
        return np.sort(fuse(legs, most).ids)

    def _frequencies(self, text: str) -> dict[str, int]:
        """How many passages have each of the text's words, by its stem."""
        lexical, found = self.generation.lexical, {}
        for piece in text.split():
            parts = re.findall(r"[^\W_]+", piece) if len(words(piece)) > 1 else [piece]
            for part in (*parts, "".join(parts)):
                stems = words(part)
                if len(stems) == 1 and stems[0] not in found and stems[0] in words(piece):
                    found[stems[0]] = len(lexical.search(part, len(lexical))[1])
        return found


def _share(weights: dict[str, float], have: set[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in have) / (sum(weights.values()) or 1.0)


def _whole(passage: Passage) -> str:
    return " ".join((passage.role, *passage.path, passage.text))


def first_of_each(found: Sequence[Found], per_role: int) -> tuple[Found, ...]:
    """Of each role the best ones, in their order."""
    counts: dict[str, int] = {}
    kept = []
    for item in found:
        counts[item.passage.role] = counts.get(item.passage.role, 0) + 1
        if counts[item.passage.role] <= per_role:
            kept.append(item)
    return tuple(kept)
