"""Hard negatives: what BM25 confuses with a text."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from index.encoders import Vectors

K1, B = 1.2, 0.75  # the usual values (Robertson and Zaragoza 2009)
WORD = re.compile(r"[a-z0-9]+")


def words(text: str) -> list[str]:
    """Lower-case words without the commonest English endings."""
    return [re.sub(r"(?:ing|ed|es|s)$", "", word) for word in WORD.findall(text.lower()) if len(word) > 2]


class Bm25:
    """BM25 over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(words(text)) for text in texts]
        lengths = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        norms = K1 * (1 - B + B * lengths / lengths.mean())
        postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, count in enumerate(counts):
            for word, number in count.items():
                postings[word].append((row, number))
        self._size = len(texts)
        self._postings: dict[str, tuple[np.ndarray, Vectors]] = {}
        for word, found in postings.items():
            rows = np.array([row for row, _ in found])
            times = np.array([n for _, n in found], dtype=np.float32)
            idf = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
            self._postings[word] = rows, idf * times * (K1 + 1) / (times + norms[rows])

    def top(self, query: str, k: int) -> list[int]:
        """The k best rows, best first."""
        scores = np.zeros(self._size, dtype=np.float32)
        for word in set(words(query)):
            if word in self._postings:
                rows, weights = self._postings[word]
                scores[rows] += weights
        best = np.argpartition(-scores, k)[:k]
        return [int(row) for row in best[np.argsort(-scores[best], kind="stable")]]
