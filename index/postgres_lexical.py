"""The lexical leg in PostgreSQL: BM25's weights as rows, summed by the server."""

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from index.lexical import Bm25Index
from index.postgres import Database, table
from index.postgres_tables import Db, copy_postings, copy_rows, only
from index.vectors import Ids, Scores
from index.words import words

_TEXT = 0  # the number of no term: every text is in it with no weight, so that one without words is known too


class PostgresLexical:
    """The words of one generation; scores are Bm25Index's to the last bit, since they are summed in its order."""

    def __init__(self, db: Database, generation: int) -> None:
        self._db = db
        self._postings = table("postings", generation)
        self._terms = table("terms", generation)
        self._forms = table("forms", generation)
        self._met: dict[str, tuple[int, float, int]] = {}  # terms looked up before

    @cached_property
    def _size(self) -> int:
        return int(self._db.all(f"SELECT count(*) FROM {self._postings} WHERE number = {_TEXT}")[0][0])

    def __len__(self) -> int:
        return self._size

    def search(self, query: str, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        known = self._known(query)
        if not known or k < 1 or (allowed is not None and not len(allowed)):
            return np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64)
        allows, given = only(allowed)
        statement = (
            f"SELECT row, sum(weight ORDER BY number) / %(most)s::real AS score FROM {self._postings}"
            f" WHERE number = ANY(%(numbers)s::int[]) AND {allows}"
            " GROUP BY row ORDER BY score DESC, row LIMIT %(k)s"
        )
        found = self._db.all(statement, numbers=_numbers(known), most=_most(known), k=k, **given)
        ids = np.array([row for row, _ in found], dtype=np.int64)
        return np.array([score for _, score in found], dtype=np.float32), ids

    def scores(self, query: str, ids: Ids) -> Scores:
        known = self._known(query)
        wanted, place = np.unique(ids, return_inverse=True)
        found = self._db.all(
            f"SELECT sum(weight ORDER BY number) / %(most)s::real FROM {self._postings}"
            " WHERE number = ANY(%(numbers)s::int[]) AND row = ANY(%(rows)s::int[]) GROUP BY row ORDER BY row",
            numbers=[_TEXT, *_numbers(known)],
            most=_most(known) if known else 1.0,
            rows=wanted.tolist(),
        )
        if len(found) != len(wanted):
            raise ValueError("an id is not in the index")
        return np.array([row[0] for row in found], dtype=np.float32)[place]

    def count(self, query: str) -> int:
        known = self._known(query)
        if len(known) < 2:
            return sum(texts for _, _, texts in known)
        statement = f"SELECT count(DISTINCT row) FROM {self._postings} WHERE number = ANY(%(numbers)s::int[])"
        return int(self._db.all(statement, numbers=_numbers(known))[0][0])

    def vocabulary(self) -> Mapping[str, int]:
        return self._vocabulary

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        return dict(self._db.all(f"SELECT form, count FROM {self._forms} ORDER BY form"))

    def _known(self, query: str) -> list[tuple[int, float, int]]:
        """(number, idf, how many texts) of the query's terms, by number."""
        asked = set(words(query))
        if new := sorted(asked - self._met.keys()):
            statement = f"SELECT term, number, idf, texts FROM {self._terms} WHERE term = ANY(%(new)s)"
            self._met.update({term: tuple(found) for term, *found in self._db.all(statement, new=new)})
        return sorted(self._met[term] for term in asked & self._met.keys())


def copy_lexical(db: Db, generation: int, lexical: Bm25Index) -> None:
    """Fills a generation's terms, forms and postings."""
    columns = lexical.columns()
    texts = np.diff(columns.starts)
    numbers = np.arange(1, len(texts) + 1)
    listed = zip(numbers.tolist(), columns.terms, columns.idf.tolist(), texts.tolist(), strict=True)
    copy_rows(db, "terms", generation, listed)
    copy_rows(db, "forms", generation, lexical.vocabulary().items())
    nothing = np.zeros(len(columns.ids), dtype=np.float32)
    copy_postings(db, generation, np.full(len(columns.ids), _TEXT), columns.ids, nothing)
    copy_postings(db, generation, np.repeat(numbers, texts), columns.rows, columns.weights)


def _numbers(known: list[tuple[int, float, int]]) -> list[int]:
    return [number for number, _, _ in known]


def _most(known: list[tuple[int, float, int]]) -> float:
    """The best that a text could reach, added up as Bm25Index does."""
    return float(np.array([idf for _, idf, _ in known], dtype=np.float32).sum())
