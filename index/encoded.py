"""Vectors that a build has made so far, kept beside the generations so that a killed one goes on where it was."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from index.encoders import Encoder, Vectors
from index.manifest import POINTER
from index.vectors import Halves

ENCODED = "encoded.part"  # in the home, from the first text encoded until the next generation is current
_VERSION = 1
_HEAD = 64  # bytes before the first record: of what the vectors were made with, SHA-256 in hexadecimal
_HASH = 32  # bytes of a text's SHA-256

Places = npt.NDArray[np.int64]


class EncodedLog:
    """A file of blocks: one record that holds the block's length and SHA-256, then a hash and a vector each.

    Vectors are kept in half precision, as the store keeps them. A block that is not whole, and all after it, is cut
    off when the file is opened; another encoder's file is begun anew. Not for two writers: the home's lock guards it.
    """

    def __init__(self, path: Path, encoder: Encoder, limit: int) -> None:
        """Opens or begins the file; one with more than twice `limit` records is another build's and begun anew."""
        self.dimension = encoder.dimension
        self._size = max(2 * self.dimension + _HASH, 8 + _HASH)  # bytes of a record
        made_with = json.dumps([_VERSION, encoder.name, encoder.fingerprint, encoder.dimension])
        head = hashlib.sha256(made_with.encode()).hexdigest().encode()
        self._file = path.open("a+b")
        self._file.seek(0)
        if self._file.read(_HEAD) != head or self._records() > 2 * limit:
            self._file.truncate(0)
            self._file.write(head)
        self._end = _HEAD

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def found(self) -> Iterator[tuple[list[str], range]]:
        """The hashes of each whole block with the places of their vectors; what follows the last is cut off."""
        self._file.flush()
        self._file.seek(_HEAD)
        while (count := self._length(self._file.read(self._size))) is not None:
            digest, body = count[1], self._file.read(count[0] * self._size)
            if len(body) != count[0] * self._size or hashlib.sha256(body).digest() != digest:
                break
            first = (self._end - _HEAD) // self._size + 1
            self._end += self._size + len(body)
            hashes = [body[at : at + _HASH].hex() for at in range(0, len(body), self._size)]
            yield hashes, range(first, first + count[0])
        self._file.truncate(self._end)

    def add(self, hashes: Sequence[str], vectors: Vectors) -> range:
        """Appends a block; gives the places of its vectors. Only after `found` has come to its end."""
        if vectors.shape != (len(hashes), self.dimension) or not np.isfinite(vectors).all():
            raise ValueError(f"{len(hashes)} texts were encoded to {vectors.shape}, or to NaN or infinity")
        body = np.zeros((len(hashes), self._size), dtype=np.uint8)
        body[:, :_HASH] = np.frombuffer(bytes.fromhex("".join(hashes)), dtype=np.uint8).reshape(-1, _HASH)
        body[:, _HASH : _HASH + 2 * self.dimension] = vectors.astype("<f2").view(np.uint8)
        block = body.tobytes()
        head = len(hashes).to_bytes(8, "little") + hashlib.sha256(block).digest()
        self._file.write(head.ljust(self._size, b"\0") + block)
        self._file.flush()
        first = (self._end - _HEAD) // self._size + 1
        self._end += self._size + len(block)
        return range(first, first + len(hashes))

    def vectors(self, places: Places) -> Halves:
        """(places, dimension): the vectors at these places."""
        records = np.memmap(self._file.name, np.uint8, "r", _HEAD, (self._records(), self._size))
        return records[places][:, _HASH : _HASH + 2 * self.dimension].copy().view("<f2")

    def _records(self) -> int:
        return max(0, os.fstat(self._file.fileno()).st_size - _HEAD) // self._size

    def _length(self, head: bytes) -> tuple[int, bytes] | None:
        """How many records a block has and their SHA-256; None where no block begins."""
        count = int.from_bytes(head[:8], "little")
        if len(head) < self._size or any(head[8 + _HASH :]) or not 0 < count * self._size <= self._rest():
            return None
        return count, head[8 : 8 + _HASH]

    def _rest(self) -> int:
        """Bytes from here to the end of the file."""
        return os.fstat(self._file.fileno()).st_size - self._file.tell()


def discard(home: Path) -> None:
    """Deletes what was kept for a generation that is current by now; what a build was broken off with stays."""
    kept, pointer = home / ENCODED, home / POINTER
    if kept.exists() and pointer.exists() and kept.stat().st_mtime_ns <= pointer.stat().st_mtime_ns:
        kept.unlink()
