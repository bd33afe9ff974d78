"""The next generation while it is put together from pages."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import numpy as np

from index.embed import Embedding, embed
from index.encoded import ENCODED
from index.encoders import Encoder
from index.generation import Generation
from index.identity import resolve
from index.lexical import Bm25Index
from index.manifest import BLUEPRINTS, FORMAT, LEXICAL, NEAREST, VECTORS, Manifest, file_state
from index.nearest import EXACT, NearestStore
from index.stages import CutBlueprint, Progress, ReadPage, encode_here
from index.tables import BLUEPRINT, INDEXES, PASSAGE, SCHEMA, Page, candidates, insert_page
from index.texts import in_context
from index.vectors import FaissStore
from ingest.titles import slug

WORK = "work.sqlite"  # what is needed only until the generation is finished
CACHES = "PRAGMA main.cache_size = -16384; PRAGMA work.cache_size = -65536;"  # KiB
WORK_SCHEMA = f"""
CREATE TABLE work.cut (
    number INTEGER NOT NULL, -- of the blueprint
    {PASSAGE}, hash
);
CREATE TABLE work.made (     -- where the vector of a text is found
    hash TEXT PRIMARY KEY,
    base INTEGER,            -- row of the generation before
    log INTEGER              -- place among those encoded for this one
) STRICT, WITHOUT ROWID;
CREATE TABLE work.queue (    -- texts to be encoded, in this order
    place INTEGER PRIMARY KEY,
    row INTEGER NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """What a draft holds once it is filled."""

    blueprints: int
    duplicates: int
    passages: int


class Draft:
    """Pages go in, then `settle` gives ids and passages, then `embed` vectors, then `seal` the manifest.

    What stands in `base` for a page that did not change is copied; `base` None means that everything is made anew.
    Texts and vectors pass through: what is held in memory is a line a page and what the lexical index needs.
    """

    def __init__(self, folder: Path, base: Generation | None, exact: int = EXACT) -> None:
        self.folder = folder
        self.base = base
        self.exact = exact  # vectors up to which a search scores every one
        # the encoding stage may ask for texts from another thread; `embed` takes turns
        self.db = sqlite3.connect(folder / BLUEPRINTS, isolation_level=None, check_same_thread=False)
        self.db.execute("ATTACH ? AS work", (str(folder / WORK),))
        for name in ("main", "work"):
            self.db.executescript(f"PRAGMA {name}.journal_mode = OFF; PRAGMA {name}.synchronous = OFF;")
        self.db.executescript(CACHES + SCHEMA + WORK_SCHEMA)
        self.db.execute("BEGIN")

    def add(self, page: Page, read: ReadPage) -> None:
        """A page as it was read just now, without the roles that were removed from it."""
        insert_page(self.db, page)
        for blueprint in read.blueprints:
            self._insert(page, blueprint)

    def copy(self, base: Generation, page: Page) -> None:
        """A page as `base` has it, without the roles that were removed from it."""
        insert_page(self.db, page)
        for blueprint in base.cuts(page.key):
            self._insert(page, blueprint)

    def settle(self) -> Tally:
        """Decides which blueprints are kept under which ids, and gives their passages rows in the order of the ids."""
        self.db.create_function("slug", 1, slug, deterministic=True)
        for _, alike in groupby(candidates(self.db), key=lambda candidate: slug(candidate.role)):
            standings = resolve(alike)
            self.db.executemany(
                "UPDATE blueprints SET blueprint_id = ?, duplicate = ? WHERE number = ?",
                [(standing.blueprint_id, standing.duplicate, number) for number, standing in standings.items()],
            )
        self.db.execute("CREATE INDEX work.cut_number ON cut (number)")
        columns = PASSAGE.replace("blueprint_id", "?")
        kept = self.db.execute(
            "SELECT blueprint_id, number FROM blueprints WHERE duplicate = 0 ORDER BY blueprint_id"
        ).fetchall()
        self.db.executemany(
            f"INSERT INTO passages ({PASSAGE}, hash) SELECT {columns}, hash FROM cut WHERE number = ? ORDER BY rowid",
            kept,
        )
        self.db.execute("DROP TABLE work.cut")
        self.db.execute("COMMIT")
        self.db.executescript(INDEXES)
        return Tally(len(kept), self._count("blueprints WHERE duplicate = 1"), self._count("passages"))

    def embed(
        self, encoder: Encoder, progress: Progress | None = None, encode: Embedding = encode_here
    ) -> tuple[int, int]:
        """Writes the vectors of all passages; gives how many texts were encoded and how many passages were not.

        What a build that was broken off has encoded is taken up.
        """
        kept = self.folder.parent.parent / ENCODED
        return embed(self.db, self.base, encoder, kept, self.folder / VECTORS, encode, progress)

    def kept(self) -> dict[tuple[str, str], str]:
        """The ids of the blueprints that are kept, by page's key and role."""
        rows = self.db.execute("SELECT key, role, blueprint_id FROM blueprints WHERE duplicate = 0")
        return {(key, role): blueprint_id for key, role, blueprint_id in rows}

    def seal(self, number: int, encoder: Encoder) -> None:
        """Writes the lexical index, closes the files and puts their hashes into the manifest."""
        self._write_lexical()
        tally = (self._count("sources"), self._count("blueprints WHERE duplicate = 0"), self._count("passages"))
        self.close()
        (self.folder / WORK).unlink()
        files = [BLUEPRINTS, VECTORS, LEXICAL]
        if tally[-1] > self.exact:
            NearestStore.over(FaissStore.load(self.folder / VECTORS)).save(self.folder / NEAREST)
            files.append(NEAREST)
        Manifest(
            FORMAT,
            number,
            datetime.now(UTC).isoformat(timespec="seconds"),
            encoder.name,
            encoder.fingerprint,
            encoder.dimension,
            dict(getattr(encoder, "prompts", {})),
            *tally,
            {name: file_state(self.folder / name) for name in files},
        ).write(self.folder)

    def close(self) -> None:
        self.db.close()

    def _insert(self, page: Page, blueprint: CutBlueprint) -> None:
        if slug(blueprint.role) in page.without:
            return
        number = self.db.execute(
            f"INSERT INTO blueprints ({BLUEPRINT}) VALUES ({', '.join('?' * 10)})", (page.key, *blueprint.columns)
        ).lastrowid
        self.db.executemany(
            f"INSERT INTO cut VALUES ({', '.join('?' * 11)})", [(number, *passage) for passage in blueprint.passages]
        )

    def _write_lexical(self) -> None:
        rows = self.db.execute("SELECT role, path, text FROM passages ORDER BY row")
        texts = (in_context(role, json.loads(path), text) for role, path, text in rows)
        ids = np.arange(1, self._count("passages") + 1)
        Bm25Index.build(ids, texts).save(self.folder / LEXICAL)

    def _count(self, what: str) -> int:
        return int(self.db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])
