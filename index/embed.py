"""The vectors of a draft's passages: taken over where they are known, encoded where not, written row by row."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from threading import Lock

import numpy as np

from index.encoded import EncodedLog
from index.encoders import Encoder
from index.flat_file import write_flat
from index.generation import Generation
from index.stages import Batch, Encodings, Progress
from index.texts import in_context
from index.vectors import Halves, Ids
from ingest.errors import StoreError

BATCH = 2048  # texts handed to the encoder at once; it puts those of one length together
PART = 4096  # vectors written at once

Embedding = Callable[[Encoder, Iterable[Batch]], Encodings]
# Texts in the order of the alphabet: equal ones stand together, and are encoded once.
_QUEUE = """INSERT INTO queue (row)
 SELECT min(row) FROM passages WHERE NOT EXISTS (SELECT 1 FROM made WHERE made.hash = passages.hash)
 GROUP BY hash ORDER BY text, row"""
_KNOWN = "SELECT count(*) FROM passages WHERE EXISTS (SELECT 1 FROM made WHERE made.hash = passages.hash)"
_BATCH = """SELECT place, hash, role, path, text FROM queue JOIN passages USING (row)
 WHERE place > ? ORDER BY place LIMIT ?"""
_PLACES = "SELECT row, made.base, made.log FROM passages LEFT JOIN made USING (hash) ORDER BY row"


def embed(
    db: sqlite3.Connection,
    base: Generation | None,
    encoder: Encoder,
    kept: Path,
    path: Path,
    encode: Embedding,
    progress: Progress | None = None,
) -> tuple[int, int]:
    """Writes the vectors of the table `passages` to `path`; gives how many texts were encoded, how many rows were not.

    `db` has the draft's tables. What is encoded goes to the file `kept` first, from which a later run takes it up.
    """
    total = _count(db, "SELECT count(*) FROM passages")
    with EncodedLog(kept, encoder, total) as log:
        db.execute("BEGIN")
        if base:
            db.executemany("INSERT OR IGNORE INTO made VALUES (?, ?, NULL)", base.hashed())
        for hashes, places in log.found():
            db.executemany("INSERT OR IGNORE INTO made VALUES (?, NULL, ?)", zip(hashes, places, strict=True))
        db.execute(_QUEUE)
        reused = _count(db, _KNOWN)
        encoded = _encode(db, encoder, log, encode, progress)
        write_flat(path, encoder.dimension, total, _parts(db, base, log))
        db.execute("COMMIT")
    return encoded, reused


def _encode(
    db: sqlite3.Connection,
    encoder: Encoder,
    log: EncodedLog,
    encode: Embedding,
    progress: Progress | None,
) -> int:
    """Encodes what waits in `queue`; StoreError if not all of it came back."""
    waiting, done, turn = _count(db, "SELECT count(*) FROM queue"), 0, Lock()
    for hashes, vectors in encode(encoder, _batches(db, turn)):
        places = log.add(hashes, vectors)
        with turn:
            db.executemany("INSERT INTO made VALUES (?, NULL, ?)", zip(hashes, places, strict=True))
        done += len(hashes)
        if progress:
            progress("encode", done, waiting)
    if done != waiting:
        raise StoreError(f"{done:,} of {waiting:,} texts came back encoded. Run the same command again: it goes on.")
    return done


def _batches(db: sqlite3.Connection, turn: Lock) -> Iterator[Batch]:
    last = 0
    while True:
        with turn:
            rows = db.execute(_BATCH, (last, BATCH)).fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield Batch(
            tuple(row[1] for row in rows),
            tuple(in_context(role, json.loads(path), text) for _, _, role, path, text in rows),
            tuple(row[4] for row in rows),
        )


def _parts(db: sqlite3.Connection, base: Generation | None, log: EncodedLog) -> Iterator[tuple[Ids, Halves]]:
    """The vectors of all rows, in their order."""
    rows = db.execute(_PLACES)
    while part := rows.fetchmany(PART):
        vectors = np.zeros((len(part), log.dimension), dtype=np.float16)
        old = [n for n, row in enumerate(part) if row[1] is not None]
        new = [n for n, row in enumerate(part) if row[1] is None]
        if base and old:
            vectors[old] = base.vectors.get([part[n][1] for n in old])
        if new:
            vectors[new] = log.vectors(np.array([part[n][2] for n in new], dtype=np.int64))
        yield np.array([row[0] for row in part], dtype=np.int64), vectors


def _count(db: sqlite3.Connection, question: str) -> int:
    return int(db.execute(question).fetchone()[0])
