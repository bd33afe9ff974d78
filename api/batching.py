"""One encoder for many threads: questions that come while it is at work go into its next call together.

A question comes more than once: the page asks for its hits and their counts, a conversation comes back to it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from threading import Condition

import numpy as np

from index.encoders import Encoder, Vectors

LARGEST = 32  # questions in one call
KEPT = 1024  # questions whose vectors are kept, 1.5 KB each


@dataclass
class _Waiting:
    text: str
    row: Vectors | None = None
    error: BaseException | None = None

    @property
    def done(self) -> bool:
        return self.row is not None or self.error is not None


class BatchingEncoder:
    """An encoder whose calls for single questions are gathered: whoever finds it idle encodes for all who wait."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._queue: list[_Waiting] = []
        self._turn = Condition()
        self._busy = False
        self._row = lru_cache(KEPT)(self._encoded)

    @property
    def name(self) -> str:
        return self._encoder.name

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        with self._alone():
            return self._encoder.encode_document(texts)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._row(text) for text in texts])

    def _encoded(self, text: str) -> Vectors:
        mine = _Waiting(text)
        with self._turn:
            self._queue.append(mine)
        while not mine.done:
            with self._turn:
                self._turn.wait_for(lambda: mine.done or not self._busy)
                if mine.done:
                    break
                self._busy = True
                batch, self._queue = self._queue[:LARGEST], self._queue[LARGEST:]
            self._encode(batch)
        if mine.error is not None:
            raise mine.error
        assert mine.row is not None
        return mine.row

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """The encoder for one caller: tokenizers are not made for two threads at a time."""
        with self._turn:
            self._turn.wait_for(lambda: not self._busy)
            self._busy = True
        try:
            yield
        finally:
            self._free()

    def _free(self) -> None:
        with self._turn:
            self._busy = False
            self._turn.notify_all()

    def _encode(self, batch: list[_Waiting]) -> None:
        """Encodes the batch and wakes all; one bad text fails its whole batch."""
        try:
            rows = self._encoder.encode_query([item.text for item in batch])
            for item, row in zip(batch, rows, strict=True):
                item.row = row.copy()  # a view would keep the whole batch
        except BaseException as error:
            for item in batch:
                item.error = error
        finally:
            self._free()
