"""FAISS's file of half-precision vectors written piece by piece, so that they never lie in memory all at once."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.vectors import FaissStore, Halves, Ids

_COUNTS = (8, 45)  # where FAISS's header says how many vectors there are: under their ids, and without
_TAIL = 16  # bytes of two empty lists, codes and ids, at the end of an empty index


def write_flat(path: Path, dimension: int, size: int, parts: Iterable[tuple[Ids, Halves]]) -> None:
    """The bytes that `FaissStore.save` would write after these parts were added; `size` is the number of vectors."""
    header = bytearray(FaissStore(dimension).header()[:-_TAIL])
    for at in _COUNTS:
        header[at : at + 8] = _number(size)
    ids = []
    with path.open("wb") as file:
        file.write(header + _number(size * dimension * 2))
        for rows, vectors in parts:
            file.write(vectors.astype("<f2", copy=False).tobytes())
            ids.append(rows)
        file.write(_number(size) + np.concatenate([np.zeros(0, dtype=np.int64), *ids]).astype("<i8").tobytes())


def _number(value: int) -> bytes:
    return value.to_bytes(8, "little")
