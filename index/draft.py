"""The next generation while it is put together from pages."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np

from index.encoders import Encoder, Vectors
from index.generation import Generation
from index.identity import resolve
from index.lexical import Bm25Index
from index.manifest import BLUEPRINTS, FORMAT, LEXICAL, VECTORS, Manifest, file_state
from index.records import from_json, to_json
from index.tables import (
    BLUEPRINT,
    INDEXES,
    PASSAGE,
    SCHEMA,
    Page,
    candidates,
    insert_page,
    passage_row,
    to_passage,
)
from index.texts import context_hash, context_text, document_vectors
from index.vectors import FaissStore
from ingest.blueprint import Blueprint
from ingest.titles import slug

Progress = Callable[[str, int, int], None]  # stage ("read", "encode"), done, total (0 = not known)
BATCH = 512  # texts handed to the encoder at once, of similar length


@dataclass(frozen=True, slots=True)
class Tally:
    """What a draft holds once it is filled."""

    blueprints: int
    duplicates: int
    passages: int


class Draft:
    """Pages go in, then `settle` gives ids and passages, then `embed` vectors, then `seal` the manifest.

    What stands in `base` for a page that did not change is copied; `base` None means that everything is made anew.
    """

    def __init__(self, folder: Path, base: Generation | None) -> None:
        self.folder = folder
        self.base = base
        self.db = sqlite3.connect(folder / BLUEPRINTS, isolation_level=None)
        self.db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        self.db.execute("BEGIN")

    def add(self, page: Page, blueprints: Sequence[Blueprint]) -> None:
        """A page as it was parsed just now, without the roles that were removed from it."""
        insert_page(self.db, page)
        for blueprint in blueprints:
            if slug(blueprint.role) not in page.without:
                self._insert(page.key, blueprint)

    def copy(self, base: Generation, page: Page) -> None:
        """A page as `base` has it, without the roles that were removed from it."""
        insert_page(self.db, page)
        for row in base.records(page.key):
            if slug(row[2]) not in page.without:
                self.db.execute(f"INSERT INTO blueprints ({BLUEPRINT}) VALUES ({', '.join('?' * 10)})", row)

    def settle(self) -> Tally:
        """Decides which blueprints are kept under which ids, and gives their passages rows in the order of the ids."""
        from ingest.passages import passages

        for number, standing in resolve(candidates(self.db)).items():
            self.db.execute(
                "UPDATE blueprints SET blueprint_id = ?, duplicate = ? WHERE number = ?",
                (standing.blueprint_id, standing.duplicate, number),
            )
        kept = self.db.execute(
            "SELECT number, blueprint_id FROM blueprints WHERE duplicate = 0 ORDER BY blueprint_id"
        ).fetchall()
        for number, blueprint_id in kept:
            (record,) = self.db.execute("SELECT record FROM blueprints WHERE number = ?", (number,)).fetchone()
            blueprint = replace(from_json(record), blueprint_id=blueprint_id)
            rows = [(*passage_row(passage), context_hash(passage)) for passage in passages(blueprint)]
            self.db.executemany(f"INSERT INTO passages ({PASSAGE}, hash) VALUES ({', '.join('?' * 10)})", rows)
        self.db.executescript(INDEXES)
        return Tally(len(kept), self._count("blueprints WHERE duplicate = 1"), self._count("passages"))

    def embed(self, encoder: Encoder, progress: Progress | None = None) -> tuple[int, int]:
        """Writes the vectors of all passages; gives how many texts were encoded and how many passages were not."""
        rows = dict(self.db.execute("SELECT row, hash FROM passages ORDER BY row").fetchall())
        at = self.base.hashes() if self.base else {}
        new = {digest: row for row, digest in rows.items() if digest not in at}
        fresh = self._encode(list(new.values()), encoder, progress)
        place = {digest: n for n, digest in enumerate(new)}
        store = FaissStore(encoder.dimension)
        ids = iter(rows)
        while chunk := list(islice(ids, BATCH)):
            vectors = np.zeros((len(chunk), encoder.dimension), dtype=np.float32)
            made = [n for n, row in enumerate(chunk) if rows[row] in place]
            had = [n for n, row in enumerate(chunk) if rows[row] not in place]
            vectors[made] = fresh[[place[rows[chunk[n]]] for n in made]]
            if self.base and had:
                vectors[had] = self.base.vectors.get([at[rows[chunk[n]]] for n in had])
            store.add(np.array(chunk, dtype=np.int64), vectors)
        store.save(self.folder / VECTORS)
        return len(new), sum(digest in at for digest in rows.values())

    def kept(self) -> dict[tuple[str, str], str]:
        """The ids of the blueprints that are kept, by page's key and role."""
        rows = self.db.execute("SELECT key, role, blueprint_id FROM blueprints WHERE duplicate = 0")
        return {(key, role): blueprint_id for key, role, blueprint_id in rows}

    def seal(self, number: int, encoder: Encoder) -> None:
        """Writes the lexical index, closes the files and puts their hashes into the manifest."""
        self._write_lexical()
        tally = (self._count("sources"), self._count("blueprints WHERE duplicate = 0"), self._count("passages"))
        self.close()
        Manifest(
            FORMAT,
            number,
            datetime.now(UTC).isoformat(timespec="seconds"),
            encoder.name,
            encoder.fingerprint,
            encoder.dimension,
            dict(getattr(encoder, "prompts", {})),
            *tally,
            {name: file_state(self.folder / name) for name in (BLUEPRINTS, VECTORS, LEXICAL)},
        ).write(self.folder)

    def close(self) -> None:
        self.db.close()

    def _insert(self, key: str, blueprint: Blueprint) -> None:
        from ingest.passages import passages

        fields = (blueprint.role, blueprint.level, blueprint.function, blueprint.url)
        dates = (blueprint.published, blueprint.modified)
        passage_ids = json.dumps([passage.passage_id for passage in passages(blueprint)])
        self.db.execute(
            f"INSERT INTO blueprints ({BLUEPRINT}) VALUES ({', '.join('?' * 10)})",
            (key, blueprint.blueprint_id, *fields, *dates, passage_ids, to_json(blueprint)),
        )

    def _encode(self, rows: Sequence[int], encoder: Encoder, progress: Progress | None) -> Vectors:
        """Vectors in the order of `rows`; texts of similar length go together, which saves padding."""
        passages = [to_passage(self._row(row)) for row in rows]
        texts = [context_text(passage) for passage in passages]
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = document_vectors(encoder, [texts[n] for n in batch], [passages[n].text for n in batch])
            if progress:
                progress("encode", start + len(batch), len(order))
        return vectors

    def _write_lexical(self) -> None:
        rows = self.db.execute(f"SELECT row, {PASSAGE} FROM passages ORDER BY row").fetchall()
        ids = np.array([row[0] for row in rows], dtype=np.int64)
        Bm25Index.build(ids, [context_text(to_passage(row[1:])) for row in rows]).save(self.folder / LEXICAL)

    def _row(self, row: int) -> tuple[str, str, str, str, str, str, str, int, int]:
        found: tuple[str, str, str, str, str, str, str, int, int] = self.db.execute(
            f"SELECT {PASSAGE} FROM passages WHERE row = ?", (row,)
        ).fetchone()
        return found

    def _count(self, what: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
