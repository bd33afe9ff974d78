"""Vector stores: exact inner product over ids, filters applied before ranking."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from index.encoders import Vectors
from ingest.errors import DamagedIndex

Ids = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]  # higher is better


class VectorStore(Protocol):
    """Vectors by id; every store gives the ranking of brute force."""

    def __len__(self) -> int: ...

    @property
    def dimension(self) -> int: ...

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds new ids; ValueError if one is there already or the shapes do not fit."""

    def remove(self, ids: Ids) -> None:
        """Removes these ids; unknown ones are ignored."""

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        """The stored vectors in the order of `ids`; ValueError for an unknown id."""

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        """Scores and ids, both (queries, hits), best first, ties by id; hits = min(k, what is allowed and stored).

        `query` is one row (dim,) or (n, dim); `allowed` None means all, empty means none.
        """

    def save(self, path: Path) -> None: ...

    @classmethod
    def load(cls, path: Path) -> Self: ...


class FaissStore:
    """FAISS's exact flat index under ids; reads are safe from many threads."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))
        self._ids: set[int] = set()

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        new = ids.tolist()
        if vectors.ndim != 2 or vectors.shape != (len(new), self.dimension):
            raise ValueError(f"ids and vectors differ: {len(new)} of dimension {self.dimension} and {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity")
        if len(set(new)) != len(new) or not self._ids.isdisjoint(new) or min(new, default=0) < 0:
            raise ValueError("an id is negative, given twice or in the store already")
        if new:
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids.astype(np.int64))
            self._ids.update(new)

    def remove(self, ids: Ids) -> None:
        import faiss

        if len(ids):
            self._index.remove_ids(faiss.IDSelectorBatch(ids.astype(np.int64)))
            self._ids.difference_update(ids.tolist())

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        wanted = np.asarray(ids, dtype=np.int64)
        if not self._ids.issuperset(wanted.tolist()):
            raise ValueError("an id is not in the store")
        if not len(wanted):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(wanted), dtype=np.float32)

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        rows = np.ascontiguousarray(np.atleast_2d(query), dtype=np.float32)
        if rows.shape[1] != self.dimension:
            raise ValueError(f"the query has {rows.shape[1]} dimensions, the store {self.dimension}")
        size = len(self) if allowed is None else len(self._ids.intersection(allowed.tolist()))
        k = min(k, size)
        if k < 1:
            return np.zeros((len(rows), 0), dtype=np.float32), np.zeros((len(rows), 0), dtype=np.int64)
        reach = min(k + 1, size)
        scores, ids = self._nearest(rows, reach, allowed)
        while reach < size and bool((scores[:, k - 1] == scores[:, -1]).any()):
            reach = min(reach * 2, size)
            scores, ids = self._nearest(rows, reach, allowed)
        order = np.lexsort((ids, -scores), axis=1)[:, :k]
        return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)

    def _nearest(self, rows: Vectors, k: int, allowed: Ids | None) -> tuple[Scores, Ids]:
        """FAISS's own ranking, which leaves the order of equal scores open."""
        import faiss

        if allowed is None:
            return self._index.search(rows, k)
        selector = faiss.IDSelectorBatch(np.ascontiguousarray(allowed, dtype=np.int64))
        parameters = faiss.SearchParameters()
        parameters.sel = selector
        return self._index.search(rows, k, params=parameters)

    def save(self, path: Path) -> None:
        import faiss

        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> Self:
        import faiss

        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise DamagedIndex(f"{path} cannot be read. Run 'rolebook build --rebuild'.") from error
        if not isinstance(index, faiss.IndexIDMap2) or not isinstance(
            faiss.downcast_index(index.index), faiss.IndexFlatIP
        ):
            raise DamagedIndex(f"{path} is not a flat inner-product index. Run 'rolebook build --rebuild'.")
        store = cls.__new__(cls)
        store._index = index
        store._ids = set(faiss.vector_to_array(index.id_map).tolist())
        return store
