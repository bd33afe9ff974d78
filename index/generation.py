"""One finished state of the index, opened for reading."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Self, TypeVar

import numpy as np

from index.encoders import Encoder
from index.lexical import Bm25Index, LexicalIndex
from index.manifest import (
    BLUEPRINTS,
    LEXICAL,
    MANIFEST,
    MEND,
    NEAREST,
    VECTORS,
    Manifest,
    check_files,
    current,
    generation_folder,
    pointer,
    read_manifest,
)
from index.nearest import open_store
from index.places import stands_under
from index.records import from_json
from index.stages import CutBlueprint, cut
from index.tables import BLUEPRINT, PASSAGE, Asked, Page, open_kept, read_pages_table, rows_that_pass, to_passage
from index.vectors import Ids, VectorReader
from ingest.blueprint import Blueprint, Level, Passage
from ingest.errors import DamagedIndex, ModelMismatch, StoreError, UnknownName


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the catalogue."""

    blueprint_id: str
    role: str
    level: Level
    function: str | None
    url: str | None
    modified: str | None
    source: str
    passages: int


FILTERS = 64  # whose rows are kept, since a generation does not change
RECORDS = 64  # kept, since reading one takes some milliseconds
PASSAGES = 8192  # kept, about one KiB each
K = TypeVar("K")
V = TypeVar("V")


class Generation:
    """Blueprints, passages, vectors and words of one generation, read-only; safe from many threads."""

    def __init__(
        self, folder: Path, manifest: Manifest, db: sqlite3.Connection, vectors: VectorReader, lexical: LexicalIndex
    ) -> None:
        self.folder = folder
        self.manifest = manifest
        self.vectors = vectors
        self.lexical = lexical
        self._db = db
        self._lock = Lock()
        self._keep()

    def _keep(self) -> None:
        """What is read is kept, since a generation does not change."""
        self._passages: dict[int, Passage] = {}
        self._records: dict[str, Blueprint] = {}
        self._rows: dict[Asked, Ids] = {}

    @classmethod
    def open(cls, home: Path) -> Self:
        """The current generation, every file of it as its manifest says.

        NoIndex, DamagedIndex or ModelMismatch (another format) with the way to mend it.
        """
        here = pointer(home)
        try:
            return cls.read(generation_folder(home, here.number), here.seal)
        except StoreError:
            if pointer(home) == here:
                raise
            return cls.open(home)  # a writer has switched and pruned meanwhile

    @classmethod
    def read(cls, folder: Path, seal: str = "") -> Self:
        """The generation in `folder`, current or not; with `seal`, only if its manifest has that one."""
        manifest = read_manifest(folder)
        if seal not in ("", manifest.seal):
            raise DamagedIndex(f"{folder / MANIFEST} is not the one that CURRENT was written for. {MEND}")
        check_files(folder, manifest)
        vectors = open_store(folder / VECTORS, folder / NEAREST if NEAREST in manifest.files else None)
        lexical = Bm25Index.load(folder / LEXICAL)
        try:
            db = open_kept(folder / BLUEPRINTS)
            stored = db.execute("SELECT count(*) FROM passages").fetchone()[0]
        except (sqlite3.Error, OSError) as error:
            raise DamagedIndex(f"{folder / BLUEPRINTS} cannot be read ({error}). {MEND}") from error
        sizes = (stored, len(vectors), len(lexical), vectors.dimension)
        if sizes != (*[manifest.passages] * 3, manifest.dimension):
            db.close()
            raise DamagedIndex(
                f"{folder} holds {stored} passages, {len(vectors)} vectors and the words of {len(lexical)}. {MEND}"
            )
        return cls(folder, manifest, db, vectors, lexical)

    @property
    def place(self) -> str:
        """Where it stands, as messages say it."""
        return str(self.folder)

    def newest(self) -> int:
        """The number of the generation that is current now, this one or a later one."""
        return current(self.folder.parent.parent)

    def check(self, encoder: Encoder) -> None:
        """Raises ModelMismatch unless the vectors are this encoder's."""
        built = (self.manifest.encoder, self.manifest.fingerprint, self.manifest.dimension)
        if built != (encoder.name, encoder.fingerprint, encoder.dimension):
            raise ModelMismatch(
                f"{self.place} was built with {_describe(*built)}, "
                f"this is {_describe(encoder.name, encoder.fingerprint, encoder.dimension)}. "
                f"Run 'rolebook build --rebuild --encoder {encoder.name}'."
            )

    def catalogue(self) -> tuple[Entry, ...]:
        """Every blueprint that is kept, by role and id."""
        return self._entries

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The names of all roles, ascending."""
        return tuple(sorted({entry.role for entry in self.catalogue()}))

    @cached_property
    def urls(self) -> dict[str, str | None]:
        """Each blueprint's address."""
        return {entry.blueprint_id: entry.url for entry in self.catalogue()}

    def blueprint(self, blueprint_id: str) -> Blueprint:
        """The whole record; UnknownName if it is not there."""
        return _kept(self._records, blueprint_id, self._record, RECORDS)

    def passage(self, row: int) -> Passage:
        """The passage of this row (a row is a vector's id); UnknownName if it is not there."""
        return self.passages([row])[0]

    def passages(self, rows: Iterable[int]) -> tuple[Passage, ...]:
        """The passages of these rows, order kept; UnknownName if one is not there."""
        wanted = [int(row) for row in rows]
        kept = self._passages
        if len(kept) + len(wanted) > PASSAGES:
            kept = self._passages = {}
        if new := [row for row in wanted if row not in kept]:
            kept |= {row[0]: to_passage(row[1:]) for row in self._passage_rows(new)}
        if missing := [row for row in new if row not in kept]:
            raise UnknownName(f"{self.place} has no passage in row {missing[0]}.")
        return tuple(kept[row] for row in wanted)

    def row_of(self, blueprint_id: str, passage_id: str) -> int | None:
        """The row of a passage by its key, None if it is not there."""
        rows = self._all("SELECT row FROM passages WHERE blueprint_id = ? AND passage_id = ?", blueprint_id, passage_id)
        return int(rows[0][0]) if rows else None

    def rows(
        self,
        *,
        roles: Sequence[str] | None = None,
        topics: Sequence[str] | None = None,
        levels: Sequence[str] | None = None,
        functions: Sequence[str] | None = None,
        sources: Sequence[str] | None = None,
    ) -> Ids | None:
        """The rows that pass every given filter, ascending; None if no filter is given.

        A role is given by its name or blueprint_id, a source by file, folder or address. A source whose blueprint
        another page stands for gives that one's rows.
        """
        given = {
            "role": roles,
            "topic": topics,
            "level": levels,
            "function": functions,
            "source": None if sources is None else self._ids_from(sources),
        }
        asked = tuple((name, tuple(names)) for name, names in given.items() if names is not None)
        return _kept(self._rows, asked, self._filtered, FILTERS) if asked else None

    def by_heading(self) -> dict[str, Ids]:
        """The rows, ascending, under each heading and parent."""
        return self._headings

    def pages(self) -> dict[str, Page]:
        """Every page that the index was made from, by its key."""
        with self._reading() as db:
            return read_pages_table(db)

    def standings(self) -> tuple[tuple[str, str, str, bool], ...]:
        """(page's key, role, blueprint_id, whether that is another page's) for every parsed blueprint."""
        rows = self._all("SELECT key, role, blueprint_id, duplicate FROM blueprints ORDER BY key, blueprint_id")
        return tuple((key, role, blueprint_id, bool(duplicate)) for key, role, blueprint_id, duplicate in rows)

    def hashed(self) -> Iterator[tuple[str, int]]:
        """The hash of each passage's text and its row, a part at a time."""
        return self._by_row("hash")

    def cuts(self, key: str) -> Iterator[CutBlueprint]:
        """A page's blueprints as parsed, with their passages, to be copied into the next generation."""
        found = self._all(
            f"SELECT blueprint_id, duplicate, {BLUEPRINT} FROM blueprints WHERE key = ? ORDER BY number", key
        )
        for blueprint_id, duplicate, _, *columns in found:
            if duplicate:  # whose passages are not stored
                yield cut(from_json(columns[-1]))
                continue
            passages = self._all(
                f"SELECT {PASSAGE}, hash FROM passages WHERE blueprint_id = ? ORDER BY row", blueprint_id
            )
            yield CutBlueprint(columns[1], tuple(columns), tuple(passages))

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        rows = self._all(
            "SELECT blueprint_id, role, level, function, url, modified, source,"
            " (SELECT count(*) FROM passages WHERE passages.blueprint_id = blueprints.blueprint_id)"
            " FROM blueprints JOIN sources USING (key) WHERE duplicate = 0 ORDER BY role, blueprint_id"
        )
        return tuple(Entry(*row) for row in rows)

    def _record(self, blueprint_id: str) -> Blueprint:
        rows = self._all("SELECT record FROM blueprints WHERE blueprint_id = ? AND duplicate = 0", blueprint_id)
        if not rows:
            raise UnknownName(f"There is no blueprint '{blueprint_id}'. 'rolebook roles' lists them.")
        return replace(from_json(rows[0][0]), blueprint_id=blueprint_id)

    def _filtered(self, asked: Asked) -> Ids:
        found = self._all(rows_that_pass(asked), **{name: json.dumps(names) for name, names in asked})
        return np.array([row[0] for row in found], dtype=np.int64)

    @cached_property
    def _headings(self) -> dict[str, Ids]:
        by_path: dict[str, list[int]] = {}
        for path, row in self._by_row("path"):
            by_path.setdefault(path, []).append(row)
        found: dict[str, list[int]] = {}
        for path, rows in by_path.items():
            for title in dict.fromkeys(json.loads(path)):
                found.setdefault(title, []).extend(rows)
        return {title: np.sort(np.array(rows, dtype=np.int64)) for title, rows in found.items()}

    def _by_row(self, column: str) -> Iterator[tuple[str, int]]:
        """A column of every passage with its row, a part at a time."""
        last = 0
        while part := self._all(f"SELECT {column}, row FROM passages WHERE row > {last} ORDER BY row LIMIT 10000"):
            yield from part
            last = part[-1][1]

    def _passage_rows(self, rows: list[int]) -> list[tuple[Any, ...]]:
        """The row and the columns PASSAGE of these rows, in any order."""
        asked = f"SELECT row, {PASSAGE} FROM passages WHERE row IN (SELECT value FROM json_each(?))"
        return self._all(asked, json.dumps(rows))

    def _ids_from(self, names: Sequence[str]) -> list[str]:
        keys = {key for key, page in self.pages().items() if any(stands_under(page, name) for name in names)}
        return [blueprint_id for key, _, blueprint_id, _ in self.standings() if key in keys]

    def _all(self, statement: str, *parameters: str, **named: str) -> list[Any]:
        with self._reading() as db:
            return db.execute(statement, named or parameters).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._db
            except sqlite3.ProgrammingError as error:
                raise StoreError(f"{self.folder} is closed. Open the library again.") from error
            except sqlite3.DatabaseError as error:
                raise DamagedIndex(f"{self.folder / BLUEPRINTS} cannot be read ({error}). {MEND}") from error


def _kept(kept: dict[K, V], key: K, read: Callable[[K], V], most: int) -> V:
    """What was read before, or is read and kept now; no cache of `functools`, which would keep its own generation."""
    if (value := kept.get(key)) is None:
        value = read(key)
        if len(kept) >= most:
            kept.clear()
        kept[key] = value
    return value


def _describe(name: str, fingerprint: str, dimension: int) -> str:
    weights = f", weights {fingerprint[:12]}" if fingerprint else ""
    return f"encoder '{name}' ({dimension} dimensions{weights})"
