"""One published generation, read from PostgreSQL by any number of processes."""

import json
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from index.generation import Entry, Generation
from index.manifest import FileState, Manifest
from index.postgres import Database, no_index, table
from index.postgres_lexical import PostgresLexical
from index.postgres_tables import VERSION
from index.postgres_vectors import PostgresReader
from index.records import from_json
from index.tables import PASSAGE, Asked, Page
from index.vectors import Ids
from ingest.blueprint import Blueprint
from ingest.errors import ModelMismatch, UnknownName

_CLAUSES = {
    "topic": "topic = ANY(%(topic)s)",
    "role": "(role = ANY(%(role)s) OR blueprint_id = ANY(%(role)s))",
    "level": "level = ANY(%(level)s)",
    "function": "function = ANY(%(function)s)",
    "source": "blueprint_id = ANY(%(source)s)",
}
_CURRENT = "SELECT generation, version, manifest, nearest FROM rolebook_current JOIN rolebook_generations"


class PostgresGeneration(Generation):
    """A generation like one on disk; the process holds only what it has read and may forget."""

    def __init__(self, db: Database, manifest: Manifest, *, nearest: bool) -> None:
        number = manifest.generation
        self.folder = Path()  # none: what it says of itself is `place`
        self.manifest = manifest
        self.vectors = PostgresReader(db, number, manifest.dimension, nearest=nearest)
        self.lexical = PostgresLexical(db, number)
        self._database = db
        self._names = {name: table(name, number) for name in ("passages", "blueprints", "sources")}
        self._keep()

    @classmethod
    def serve(cls, dsn: str) -> Self:
        """The generation that this database serves; StoreAway, NoIndex, or ModelMismatch for another version."""
        db = Database(dsn)
        try:
            found = _current(db)
        except BaseException:
            db.close()
            raise
        number, version, text, nearest = found
        if version != VERSION:
            db.close()
            raise ModelMismatch(
                f"{db.place} holds version {version}, this is {VERSION}. "
                "Run 'rolebook build' with this version of Rolebook, where the index's home is."
            )
        record = json.loads(text)
        files = {name: FileState(**state) for name, state in record["files"].items()}
        return cls(db, Manifest(**record | {"files": files, "generation": number}), nearest=nearest)

    @property
    def place(self) -> str:
        return f"{self._database.place} (generation {self.manifest.generation})"

    def newest(self) -> int:
        return int(_current(self._database)[0])

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        rows = self._select(
            "blueprint_id, role, level, function, url, modified, source, passages FROM {blueprints}"
            " WHERE duplicate = 0 ORDER BY role, blueprint_id"
        )
        return tuple(Entry(*row) for row in rows)

    def _record(self, blueprint_id: str) -> Blueprint:
        rows = self._select("record FROM {blueprints} WHERE blueprint_id = %(id)s AND duplicate = 0", id=blueprint_id)
        if not rows:
            raise UnknownName(f"There is no blueprint '{blueprint_id}'. 'rolebook roles' lists them.")
        return replace(from_json(rows[0][0]), blueprint_id=blueprint_id)

    def _passage_rows(self, rows: list[int]) -> list[tuple[Any, ...]]:
        return self._select(f"row, {PASSAGE} FROM {{passages}} WHERE row = ANY(%(rows)s::bigint[])", rows=rows)

    def row_of(self, blueprint_id: str, passage_id: str) -> int | None:
        asked = "row FROM {passages} WHERE blueprint_id = %(blueprint)s AND passage_id = %(passage)s"
        rows = self._select(asked, blueprint=blueprint_id, passage=passage_id)
        return int(rows[0][0]) if rows else None

    def _filtered(self, asked: Asked) -> Ids:
        where = " AND ".join(_CLAUSES[name] for name, _ in asked)
        given = {name: list(names) for name, names in asked}
        found = self._select(f"array_agg(row ORDER BY row) FROM {{passages}} WHERE {where}", **given)
        return np.array(found[0][0] or [], dtype=np.int64)

    @cached_property
    def _headings(self) -> dict[str, Ids]:
        found = self._select(
            "title, array_agg(row ORDER BY row) FROM {passages}, json_array_elements_text(path::json) AS title"
            " GROUP BY title ORDER BY min(row)"
        )
        return {title: np.array(rows, dtype=np.int64) for title, rows in found}

    def pages(self) -> dict[str, Page]:
        rows = self._select("key, source, sha256, media_type, fetched_at, format, without FROM {sources} ORDER BY key")
        return {row[0]: Page(*row[:6], frozenset(json.loads(row[6]))) for row in rows}  # type: ignore[call-arg]

    def standings(self) -> tuple[tuple[str, str, str, bool], ...]:
        rows = self._select("key, role, blueprint_id, duplicate FROM {blueprints} ORDER BY key, blueprint_id")
        return tuple((key, role, blueprint_id, bool(duplicate)) for key, role, blueprint_id, duplicate in rows)

    def close(self) -> None:
        self._database.close()

    def _select(self, what: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Rows of SELECT `what`, in which {passages} and the like stand for this generation's tables."""
        return self._database.all("SELECT " + what.format(**self._names), **parameters)


def _current(db: Database) -> tuple[Any, ...]:
    """(generation, version, manifest, nearest) of what is served; NoIndex if nothing was published."""
    if not db.all("SELECT to_regclass('rolebook_current') IS NOT NULL")[0][0]:
        raise no_index(db.place)
    found = db.all(f"{_CURRENT} USING (generation)")
    if not found:
        raise no_index(db.place)
    return found[0]
