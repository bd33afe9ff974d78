"""A generation on disk to the one that a database serves, in one transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np

from index.generation import Generation
from index.lexical import Bm25Index
from index.manifest import BLUEPRINTS, MEND
from index.postgres import connected, driver, place_of, read_only, table
from index.postgres_lexical import copy_lexical
from index.postgres_tables import (
    BLOCK,
    TABLES,
    VERSION,
    Db,
    begin,
    copy_rows,
    copy_vectors,
    drop,
    index,
    index_nearest,
    prepare,
)
from index.postgres_vectors import EXACT
from index.tables import BLUEPRINT, PASSAGE, open_readonly
from index.vectors import Ids
from ingest.errors import DamagedIndex, StoreAway, StoreError

KEEP = 2  # generations, so that a process that reads the last one has time to take up the new one
_KEPT = "blueprints AS b ON b.blueprint_id = p.blueprint_id AND b.duplicate = 0"
_SOURCES = "SELECT key, source, sha256, media_type, fetched_at, format, without FROM sources"
_BLUEPRINTS = f"""SELECT number, key, parsed_id, blueprint_id, duplicate, {BLUEPRINT.split(", ", 2)[2]}, source,
 (SELECT count(*) FROM passages AS p WHERE p.blueprint_id = blueprints.blueprint_id)
 FROM blueprints JOIN sources USING (key)"""
_PASSAGES = f"""SELECT row, {", ".join(f"p.{name}" for name in PASSAGE.split(", "))}, hash, b.level, b.function
 FROM passages AS p JOIN {_KEPT} ORDER BY row"""

Step = Callable[[str], None]  # is told each step before it is taken


@dataclass(frozen=True, slots=True)
class Published:
    """What a database serves now."""

    place: str
    generation: int  # its number in the database
    new: bool  # False: it was served already


def publish(home: Path, dsn: str, *, step: Step = lambda name: None, exact: int = EXACT) -> Published:
    """Makes the home's current generation the one that the database serves; readers see the old one or the new one.

    StoreAway if no server takes writes, StoreError if another process is publishing; what was served is served on.
    More than `exact` passages get an index of the nearest vectors.
    """
    psycopg = driver()
    with closing(Generation.open(home)) as generation, connected(dsn, writing=True) as db:
        try:
            prepare(db)
            with db.transaction():
                made = _made(db, place_of(dsn), generation, step, exact)
            step("tidy")
            _tidy(db, made.generation)
            return made
        except psycopg.errors.ReadOnlySqlTransaction as error:
            raise read_only(dsn, error) from error
        except psycopg.errors.LockNotAvailable as error:
            raise StoreError(
                f"Another process is publishing to {place_of(dsn)}. Run this again when it has ended."
            ) from error
        except psycopg.OperationalError as error:
            raise StoreAway(
                f"{place_of(dsn)} could not be written to the end ({' '.join(str(error).split())}); it serves what it "
                "did. Mend the server, then run the command again."
            ) from error
        except psycopg.Error as error:
            raise StoreError(
                f"{place_of(dsn)} refused what was published ({' '.join(str(error).split())}); it serves what it did."
            ) from error


def _made(db: Db, place: str, generation: Generation, step: Step, exact: int) -> Published:
    manifest = generation.manifest
    (served,) = db.execute("SELECT generation FROM rolebook_current FOR UPDATE NOWAIT").fetchall()[0]
    known = db.execute("SELECT generation, version, manifest FROM rolebook_generations").fetchall()
    record = asdict(manifest)
    if any(row == (served, VERSION, json.dumps(record)) for row in known):
        return Published(place, served, False)
    number = max([served, *(row[0] for row in known)]) + 1
    step("tables")
    begin(db, number)
    _fill(db, number, generation, step)
    nearest = manifest.passages > exact
    step("indexes")
    index(db, number)
    if nearest:
        index_nearest(db, number, manifest.dimension)
    step("manifest")
    db.execute(
        "INSERT INTO rolebook_generations VALUES (%s, %s, %s, %s)", (number, VERSION, json.dumps(record), nearest)
    )
    db.execute("UPDATE rolebook_current SET generation = %s", (number,))
    step("commit")
    return Published(place, number, True)


def _fill(db: Db, number: int, generation: Generation, step: Step) -> None:
    folder = generation.folder
    step("texts")
    with closing(open_readonly(folder / BLUEPRINTS)) as tables:
        copy_rows(db, "sources", number, tables.execute(_SOURCES))
        copy_rows(db, "blueprints", number, tables.execute(_BLUEPRINTS))
        copy_rows(db, "passages", number, tables.execute(_PASSAGES))
        rows = np.array([row for (row,) in tables.execute("SELECT row FROM passages ORDER BY row")], dtype=np.int64)
    step("vectors")
    for block in _blocks(rows):
        copy_vectors(db, number, block, generation.vectors.get(block))
    step("words")
    copy_lexical(db, number, cast(Bm25Index, generation.lexical))
    for name in ("passages", "vectors"):
        count = db.execute(f"SELECT count(*) FROM {table(name, number)}".encode())
        if count.fetchall()[0][0] != generation.manifest.passages:
            raise DamagedIndex(f"{folder} does not hold as many {name} as it says. {MEND}")


def _blocks(rows: Ids) -> Iterator[Ids]:
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]


def _tidy(db: Db, served: int) -> None:
    """Drops all but the last generations; what cannot be done now, as a reader holds it, is done the next time."""
    error = driver().Error
    with suppress(error), db.transaction():
        db.execute("SET LOCAL lock_timeout = '2s'")
        known = [row[0] for row in db.execute("SELECT generation FROM rolebook_generations").fetchall()]
        for old in sorted(number for number in known if number <= served)[:-KEEP]:
            drop(db, old)
    with suppress(error):
        for name in TABLES:
            db.execute(f"VACUUM {table(name, served)}".encode())
