"""The tables of `blueprints.sqlite` and the rows that move between them and the records."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.identity import Candidate
from ingest.blueprint import Passage

IN_MEMORY = 256 * 2**20  # bytes; some 300,000 passages
SCHEMA = """
CREATE TABLE sources (
    key TEXT PRIMARY KEY,      -- absolute path or address
    source TEXT NOT NULL,      -- as given when it was last read
    sha256 TEXT NOT NULL,      -- of the bytes, and their name in pages/
    media_type TEXT,
    fetched_at TEXT,
    format TEXT NOT NULL,
    without TEXT NOT NULL      -- JSON list: slugs of roles that were removed from this page
) STRICT;
CREATE TABLE blueprints (
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL REFERENCES sources (key),
    parsed_id TEXT NOT NULL,
    blueprint_id TEXT,         -- its own, or that of the one that stands for it
    duplicate INTEGER NOT NULL DEFAULT 0,
    role TEXT NOT NULL,
    level TEXT NOT NULL,
    function TEXT,
    url TEXT,
    published TEXT,
    modified TEXT,
    passage_ids TEXT NOT NULL, -- JSON list
    record TEXT NOT NULL       -- JSON of the whole blueprint, as parsed
) STRICT;
CREATE TABLE passages (
    row INTEGER PRIMARY KEY,   -- the vector's id
    passage_id TEXT NOT NULL,
    blueprint_id TEXT NOT NULL,
    role TEXT NOT NULL,
    topic TEXT NOT NULL,
    path TEXT NOT NULL,        -- JSON list
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    hash TEXT NOT NULL         -- of the text that was encoded
) STRICT;
"""
INDEXES = """
CREATE INDEX blueprints_key ON blueprints (key);
CREATE UNIQUE INDEX blueprints_kept ON blueprints (blueprint_id) WHERE duplicate = 0;
CREATE UNIQUE INDEX passages_key ON passages (blueprint_id, passage_id);
CREATE INDEX passages_topic ON passages (topic, blueprint_id);
"""
BLUEPRINT = "key, parsed_id, role, level, function, url, published, modified, passage_ids, record"
PASSAGE = "passage_id, blueprint_id, role, topic, path, kind, text, start, stop"

Asked = tuple[tuple[str, tuple[str, ...]], ...]  # filters, each with its names
_CLAUSES = {
    "topic": "p.topic IN {0}",
    "role": "(b.role IN {0} OR b.blueprint_id IN {0})",
    "level": "b.level IN {0}",
    "function": "b.function IN {0}",
    "source": "b.blueprint_id IN {0}",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A stored page: where it came from and which bytes it has."""

    key: str
    source: str
    sha256: str
    media_type: str | None
    fetched_at: str | None
    format: str
    without: frozenset[str] = frozenset()


def open_readonly(path: Path) -> sqlite3.Connection:
    """A connection that writes nothing, not even a lock file; for many threads under a lock of the caller."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


def open_kept(path: Path) -> sqlite3.Connection:
    """As `open_readonly`, but a file of moderate size is held in memory: no later damage to the disk reaches it."""
    if path.stat().st_size > IN_MEMORY:
        return open_readonly(path)
    db = sqlite3.connect(":memory:", check_same_thread=False)
    db.deserialize(path.read_bytes())
    db.execute("PRAGMA query_only = ON")
    return db


def read_pages_table(db: sqlite3.Connection) -> dict[str, Page]:
    """Every page by its key."""
    rows = db.execute("SELECT key, source, sha256, media_type, fetched_at, format, without FROM sources ORDER BY key")
    pages = (
        Page(key, source, sha256, media_type, fetched_at, form, frozenset(json.loads(without)))
        for key, source, sha256, media_type, fetched_at, form, without in rows
    )
    return {page.key: page for page in pages}


def insert_page(db: sqlite3.Connection, page: Page) -> None:
    fields = (page.key, page.source, page.sha256, page.media_type, page.fetched_at, page.format)
    db.execute("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)", (*fields, json.dumps(sorted(page.without))))


def candidates(db: sqlite3.Connection) -> Iterator[Candidate]:
    """Every parsed blueprint, kept or not, for `identity.resolve`; those of one role's slug together.

    The connection must have `slug` as a function.
    """
    columns = "number, key, format, parsed_id, role, url, published, modified, passage_ids"
    rows = db.execute(f"SELECT {columns} FROM blueprints JOIN sources USING (key) ORDER BY slug(role), number")
    for number, key, form, parsed_id, role, url, published, modified, passage_ids in rows:
        ids = frozenset(json.loads(passage_ids))
        yield Candidate(number, key, form, parsed_id, role, url, published, modified, ids)


def passage_row(passage: Passage) -> tuple[str | int, ...]:
    """The columns PASSAGE."""
    return (
        passage.passage_id,
        passage.blueprint_id,
        passage.role,
        passage.topic,
        json.dumps(passage.path),
        passage.kind,
        passage.text,
        passage.start,
        passage.end,
    )


def to_passage(row: tuple[str, str, str, str, str, str, str, int, int]) -> Passage:
    """A passage from the columns PASSAGE."""
    passage_id, blueprint_id, role, topic, path, kind, text, start, stop = row
    return Passage(passage_id, blueprint_id, role, topic, tuple(json.loads(path)), kind, text, start, stop)  # type: ignore[arg-type]


def rows_that_pass(asked: Asked) -> str:
    """The statement for the rows that pass every filter, ascending; each takes its names as a JSON list by its name."""
    clauses = [_CLAUSES[name].format(f"(SELECT value FROM json_each(:{name}))") for name, _ in asked]
    kept = " AND ".join(["b.duplicate = 0", *(clause for clause in clauses if "b." in clause)])
    inside = f"p.blueprint_id IN (SELECT b.blueprint_id FROM blueprints AS b WHERE {kept})"  # few are looked up
    where = " AND ".join([*(clause for clause in clauses if "b." not in clause), inside])
    return f"SELECT p.row FROM passages AS p WHERE {where} ORDER BY p.row"
