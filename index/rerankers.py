"""Scoring a question with each passage read beside it: slower, nearer to the meaning than vectors; off by default."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from index.encoders import from_disk
from index.vectors import Scores


class Reranker(Protocol):
    """Scores texts on a question, one by one."""

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        """(texts,), higher is better; comparable within one question only."""


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder by its folder or name; ModelError if it is not on the disk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = from_disk("CrossEncoder", name)

    def score(self, query: str, texts: Sequence[str]) -> Scores:
        pairs = [(query, text) for text in texts]
        return np.asarray(self._model.predict(pairs, show_progress_bar=False), dtype=np.float32).reshape(len(texts))
