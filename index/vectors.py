"""Vector stores: exact inner product over ids, filters applied before ranking."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from index.encoders import Vectors
from ingest.errors import DamagedIndex, StoreError

Ids = npt.NDArray[np.int64]
Halves = npt.NDArray[np.float16]
Scores = npt.NDArray[np.float32]  # higher is better
Mask = npt.NDArray[np.bool_]
IN_MEMORY = 256 * 2**20  # bytes; some 340,000 vectors


class VectorReader(Protocol):
    """Vectors by id, for search."""

    def __len__(self) -> int: ...

    @property
    def dimension(self) -> int: ...

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        """The stored vectors in the order of `ids`; ValueError for an unknown id."""

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        """Scores and ids, both (queries, hits), best first, ties by id; hits = min(k, what is allowed and stored).

        `query` is one row (dim,) or (n, dim); `allowed` None means all, empty means none.
        """


class VectorStore(VectorReader, Protocol):
    """Vectors by id; every store gives the ranking of brute force."""

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Adds new ids; ValueError if one is there already or the shapes do not fit."""

    def remove(self, ids: Ids) -> None:
        """Removes these ids; unknown ones are ignored."""


class FaissStore:
    """FAISS's flat index of half-precision vectors under ids, row numbers: memory grows with the highest.

    Each is rounded once, when it is added (1e-3 of a component); all else is exact. Reads are threadsafe.
    """

    def __init__(self, dimension: int) -> None:
        import faiss

        self._index = faiss.IndexIDMap2(_half_precision(dimension))
        self._places = np.zeros(0, dtype=np.int64)  # where an id's vector stands, by id; -1 for one that is not there

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def add(self, ids: Ids, vectors: Vectors) -> None:
        if vectors.ndim != 2 or vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"ids and vectors differ: {len(ids)} of dimension {self.dimension} and {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity")
        if not len(ids):
            return
        if ids.min() < 0 or len(np.unique(ids)) != len(ids) or self._known(ids).any():
            raise ValueError("an id is negative, given twice or in the store already")
        first = len(self)
        self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids.astype(np.int64))
        self._mark(ids, first)

    def remove(self, ids: Ids) -> None:
        import faiss

        if len(ids):
            self._index.remove_ids(faiss.IDSelectorBatch(ids.astype(np.int64)))  # which closes the gaps
            self._places[:] = -1
            self._mark(faiss.vector_to_array(self._index.id_map), 0)

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        wanted = np.asarray(ids, dtype=np.int64)
        if not self._known(wanted).all():
            raise ValueError("an id is not in the store")
        if not len(wanted):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(_half_precision(self.dimension).sa_decode(self._codes(wanted)), dtype=np.float32)

    def ids(self) -> Ids:
        """All ids, in the order in which they were added."""
        import faiss

        return np.asarray(faiss.vector_to_array(self._index.id_map), dtype=np.int64)

    def among(self, ids: Ids) -> Self:
        """The vectors of these ids, which are in the store, taken out for a search without a filter."""
        few = type(self)(self.dimension)
        few._index.add_sa_codes(self._codes(ids), ids)
        return few

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        rows = np.ascontiguousarray(np.atleast_2d(query), dtype=np.float32)
        if rows.shape[1] != self.dimension:
            raise ValueError(f"the query has {rows.shape[1]} dimensions, the store {self.dimension}")
        chosen = None if allowed is None else self.chosen(allowed)
        size = len(self) if chosen is None else int(np.count_nonzero(chosen))
        k = min(k, size)
        if k < 1:
            return np.zeros((len(rows), 0), dtype=np.float32), np.zeros((len(rows), 0), dtype=np.int64)
        reach = min(k + 1, size)
        scores, ids = self._nearest(rows, reach, chosen)
        while reach < size and bool((scores[:, k - 1] == scores[:, -1]).any()):
            reach = min(reach * 2, size)
            scores, ids = self._nearest(rows, reach, chosen)
        order = np.lexsort((ids, -scores), axis=1)[:, :k]
        return np.take_along_axis(scores, order, axis=1), np.take_along_axis(ids, order, axis=1)

    def _nearest(self, rows: Vectors, k: int, chosen: Mask | None) -> tuple[Scores, Ids]:
        """FAISS's own ranking, which leaves the order of equal scores open."""
        import faiss

        if chosen is None:
            return self._index.search(rows, k)
        bits = np.packbits(chosen, bitorder="little")  # to stay while FAISS reads them
        parameters = faiss.SearchParameters()
        parameters.sel = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg, arg-type]  # as FAISS wraps it
        return self._index.search(rows, k, params=parameters)

    def _known(self, ids: Ids) -> Mask:
        """(ids,): whether each is in the store."""
        inside = (ids >= 0) & (ids < len(self._places))
        found: Mask = inside & (self._places[np.where(inside, ids, 0)] >= 0) if len(self._places) else inside
        return found

    def _codes(self, ids: Ids) -> npt.NDArray[np.uint8]:
        """(ids, bytes of a vector): the stored bytes."""
        import faiss

        codes = faiss.downcast_index(self._index.index)
        size = codes.sa_code_size()
        stored = faiss.rev_swig_ptr(codes.codes.data(), len(self) * size).reshape(len(self), size)  # type: ignore[attr-defined]
        found: npt.NDArray[np.uint8] = stored[self._places[ids]]
        return found

    def chosen(self, allowed: Ids) -> Mask:
        """By id, whether it is allowed and stored."""
        chosen = np.zeros(len(self._places), dtype=bool)
        chosen[allowed[self._known(allowed)]] = True
        return chosen

    def _mark(self, ids: Ids, first: int) -> None:
        """Notes that the vectors of these ids stand one after another from place `first` on."""
        most = int(ids.max(initial=-1)) + 1
        if most > len(self._places):
            grown = np.full(max(most, 2 * len(self._places)), -1, dtype=np.int64)
            grown[: len(self._places)] = self._places
            self._places = grown
        self._places[ids] = np.arange(first, first + len(ids))

    def header(self) -> bytes:
        """The bytes of an empty store's file."""
        import faiss

        return bytes(faiss.serialize_index(FaissStore(self.dimension)._index))

    def save(self, path: Path) -> None:
        import faiss

        with path.open("wb") as file:  # a file of Python's says when the disk is full; FAISS's own does not
            try:
                faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
            except RuntimeError as error:
                raise StoreError(f"{path} cannot be written ({error}). Make room, then run this again.") from error

    @classmethod
    def load(cls, path: Path) -> Self:
        import faiss

        try:
            index = faiss.read_index(str(path), mapping(path))
        except (RuntimeError, OSError) as error:
            raise DamagedIndex(f"{path} cannot be read. Run 'rolebook build --rebuild'.") from error
        if not isinstance(index, faiss.IndexIDMap2) or not isinstance(
            faiss.downcast_index(index.index), faiss.IndexScalarQuantizer
        ):
            raise DamagedIndex(f"{path} is not an index of half-precision vectors. Run 'rolebook build --rebuild'.")
        store = cls.__new__(cls)
        store._index = index
        store._places = np.zeros(0, dtype=np.int64)
        store._mark(faiss.vector_to_array(index.id_map), 0)
        return store


def on_one_core() -> None:
    """FAISS searches on one core in the calling thread from now on: where many search, sharing each costs more."""
    import faiss

    faiss.omp_set_num_threads(1)


def mapping(path: Path) -> int:
    """How FAISS reads a file: into memory, where later damage does not reach it, or as a map of it if it is large."""
    import faiss

    return faiss.IO_FLAG_MMAP_IFC if path.stat().st_size > IN_MEMORY else 0


def _half_precision(dimension: int) -> Any:
    import faiss

    return faiss.IndexScalarQuantizer(dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
