"""Many vectors: lists of near ones in short codes give candidates, which their stored vectors rank."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.encoders import Vectors
from index.vectors import FaissStore, Ids, Scores, VectorReader, mapping
from ingest.errors import DamagedIndex, StoreError

EXACT = 200_000  # vectors up to which every search scores every one, 17 ms at most; docs/scale.md has the study
TRAINED_ON = 40  # vectors a list, which the lists are learned from
READ = 32  # one list of so many is read
REFINED = 10  # candidates for each hit wanted, from ten on, but no more than MORE above the hits
MORE = 1024
DEEP = 2048  # hits above which a search is exact, since the lists that are read hold too few of the right ones,
THIN = 256  # unless they are less than one of so many vectors
FEW = 5_000  # vectors that a filter leaves, up to which they are taken out and scored alone
PART = 65_536  # vectors put into lists at once
SEED = 1


class NearestStore:
    """A search without a filter reads an inverted file of int8 codes, one list of READ, for candidates.

    Scores and the order of candidates are the exact store's. It answers alone, and so exactly, where a filter is given
    and where very many hits are wanted or fewer than wanted are found. Reads are threadsafe.
    """

    def __init__(self, whole: FaissStore, lists: Any, *, read: int = READ) -> None:
        self._whole = whole
        self._lists = lists
        self._probes = max(1, lists.nlist // read)

    @classmethod
    def over(cls, whole: FaissStore, *, read: int = READ) -> Self:
        """Learns the lists from a sample of the vectors, the same for the same vectors, and fills them."""
        import faiss

        count = min(lists_for(len(whole)), len(whole))
        lists: Any = faiss.index_factory(whole.dimension, f"IVF{count},SQ8", faiss.METRIC_INNER_PRODUCT)
        lists.cp.min_points_per_centroid = 1  # below which it would only print a warning
        ids = whole.ids()
        sample = np.random.default_rng(SEED).choice(ids, min(len(ids), count * TRAINED_ON), replace=False)
        lists.train(whole.get(np.sort(sample)))
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            lists.add_with_ids(whole.get(part), part)
        return cls(whole, lists, read=read)

    def __len__(self) -> int:
        return len(self._whole)

    @property
    def dimension(self) -> int:
        return self._whole.dimension

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        return self._whole.get(ids)

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        rows = np.ascontiguousarray(np.atleast_2d(query), dtype=np.float32)
        if rows.shape[1] != self.dimension or not 0 < k <= min(len(self), max(DEEP, len(self) // THIN)):
            return self._whole.search(query, k, allowed)
        if allowed is not None:
            ids = np.flatnonzero(self._whole.chosen(allowed))
            return self._whole.among(ids).search(rows, k) if len(ids) <= FEW else self._whole.search(rows, k, allowed)
        near = self._candidates(rows, k)
        if not near or min(map(len, near)) < k:
            return self._whole.search(rows, k)
        ranked = [self._whole.among(ids).search(row, k) for row, ids in zip(rows, near, strict=True)]
        return np.concatenate([scores for scores, _ in ranked]), np.concatenate([ids for _, ids in ranked])

    def _candidates(self, rows: Vectors, k: int) -> list[Ids]:
        """For each query the ids that may be among its k best."""
        import faiss

        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = self._probes
        found = self._lists.search(rows, min(REFINED * max(k, 10), k + MORE, len(self)), params=parameters)[1]
        return [np.sort(ids[ids >= 0]) for ids in found]

    def save(self, path: Path) -> None:
        """Writes the lists; the vectors have a file of their own."""
        import faiss

        with path.open("wb") as file:  # as FaissStore.save
            try:
                faiss.write_index(self._lists, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
            except RuntimeError as error:
                raise StoreError(f"{path} cannot be written ({error}). Make room, then run this again.") from error

    @classmethod
    def load(cls, whole: FaissStore, path: Path) -> Self:
        """The lists of these vectors."""
        import faiss

        try:
            lists = faiss.read_index(str(path), mapping(path))
        except (RuntimeError, OSError) as error:
            raise DamagedIndex(f"{path} cannot be read. Run 'rolebook build --rebuild'.") from error
        if not isinstance(lists, faiss.IndexIVF) or (len(whole), whole.dimension) != (lists.ntotal, lists.d):
            raise DamagedIndex(f"{path} is not the lists of these vectors. Run 'rolebook build --rebuild'.")
        return cls(whole, lists)


def lists_for(size: int) -> int:
    """How many lists so many vectors have: the power of two nearest to twice the root."""
    return 1 << round(1 + math.log2(max(1, size)) / 2)


def open_store(vectors: Path, lists: Path | None) -> VectorReader:
    """The store in these files."""
    whole = FaissStore.load(vectors)
    return whole if lists is None else NearestStore.load(whole, lists)
