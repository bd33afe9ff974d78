"""Vectors in PostgreSQL (pgvector): exact, or by HNSW where there are many and a filter leaves many."""

from collections.abc import Sequence

import numpy as np

from index.encoders import Vectors
from index.postgres import Database, table
from index.postgres_tables import Db, copy_vectors, only
from index.vectors import Ids, Scores

EXACT = 10_000  # vectors that a query reads one by one; docs/scale.md has the measurement
_DEEPEST = 1_000  # hits taken from HNSW at most


class PostgresReader:
    """The vectors of one generation, for search.

    Exact unless `nearest` says that there is an HNSW index: then a search among more than `exact` rows takes the
    nearest from it, ranks them by their exact scores, and is exact again where it brought too few.
    """

    def __init__(
        self, db: Database, generation: int, dimension: int, *, nearest: bool = False, exact: int = EXACT
    ) -> None:
        self.dimension = dimension
        self._db = db
        self._table = table("vectors", generation)
        self._nearest = nearest
        self._exact = exact

    def __len__(self) -> int:
        return int(self._db.all(f"SELECT count(*) FROM {self._table}")[0][0])

    def get(self, ids: Sequence[int] | Ids) -> Vectors:
        wanted, place = np.unique(np.asarray(ids, dtype=np.int64), return_inverse=True)
        if not len(wanted):
            return np.zeros((0, self.dimension), dtype=np.float32)
        statement = f"SELECT vector FROM {self._table} WHERE row = ANY(%(rows)s::int[]) ORDER BY row"
        found = self._db.all(statement, rows=wanted.tolist())
        if len(found) != len(wanted):
            raise ValueError("an id is not in the store")
        form = np.dtype([("dim", ">i2"), ("zero", ">i2"), ("vector", ">f4", (self.dimension,))])
        rows = np.frombuffer(b"".join(row[0] for row in found), dtype=form)["vector"]
        return rows.astype(np.float32)[place]

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        rows = np.atleast_2d(query)
        if rows.shape[1] != self.dimension:
            raise ValueError(f"the query has {rows.shape[1]} dimensions, the store {self.dimension}")
        found = [self._one(row, k, allowed) for row in rows] if k > 0 else [[] for _ in rows]
        width = len(found[0]) if found else 0
        scores = np.array([[score for _, score in hits] for hits in found], dtype=np.float32)
        ids = np.array([[row for row, _ in hits] for hits in found], dtype=np.int64)
        return scores.reshape(len(rows), width), ids.reshape(len(rows), width)

    def _one(self, query: Vectors, k: int, allowed: Ids | None) -> list[tuple[int, float]]:
        asked = "[" + ",".join(map(repr, query.tolist())) + "]"
        allows, given = only(allowed)
        if self._nearest and k <= _DEEPEST and (allowed is None or len(allowed) > self._exact):
            half = f"halfvec({self.dimension:d})"
            near = (
                f"SELECT row, vector FROM {self._table} WHERE {allows}"
                f" ORDER BY vector::{half} <#> %(query)s::vector::{half} LIMIT %(reach)s"
            )
            found = self._ranked(f"({near}) AS near", query=asked, k=k, reach=k + k // 4 + 16, **given)
            if len(found) == k:
                return found
        return self._ranked(f"{self._table} WHERE {allows}", query=asked, k=k, **given)

    def _ranked(self, among: str, **parameters: object) -> list[tuple[int, float]]:
        statement = (
            f"SELECT row, -distance FROM (SELECT row, vector <#> %(query)s::vector AS distance FROM {among}) AS scored"
            " ORDER BY distance, row LIMIT %(k)s"
        )
        return [(row, score) for row, score in self._db.all(statement, **parameters)]


class PostgresStore(PostgresReader):
    """The vectors of one generation while it is made; one thread writes."""

    def __init__(self, db: Database, writer: Db, generation: int, dimension: int) -> None:
        super().__init__(db, generation, dimension)
        self._writer = writer
        self._generation = generation

    def add(self, ids: Ids, vectors: Vectors) -> None:
        if vectors.ndim != 2 or vectors.shape != (len(ids), self.dimension):
            raise ValueError(f"ids and vectors differ: {len(ids)} of dimension {self.dimension} and {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds NaN or infinity")
        there = f"SELECT 1 FROM {self._table} WHERE row = ANY(%s) LIMIT 1".encode()
        if (
            (ids < 0).any()
            or len(np.unique(ids)) != len(ids)
            or self._writer.execute(there, (ids.tolist(),)).fetchall()
        ):
            raise ValueError("an id is negative, given twice or in the store already")
        copy_vectors(self._writer, self._generation, ids, vectors)

    def remove(self, ids: Ids) -> None:
        self._writer.execute(f"DELETE FROM {self._table} WHERE row = ANY(%s)".encode(), (ids.tolist(),))
