"""What a sync knows of its site: kept under the home, written step by step, so that a run goes on where one ended."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.disk import unwritable, writing
from ingest.blueprint import RawPage
from ingest.errors import StoreError
from ingest.site import Chosen, Listed
from ingest.titles import slug

STATE = "state.sqlite"
DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
SCHEMA = """
PRAGMA journal_mode = WAL;     -- a commit a page: safe from a crash, and no wait for the disk
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS site (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS posts (
    source TEXT PRIMARY KEY,   -- permalink
    number INTEGER,            -- the post's id, where the site says it
    kind TEXT NOT NULL,
    stamp TEXT NOT NULL,       -- when the site modified what was fetched last
    fetched_at TEXT NOT NULL,
    media_type TEXT,
    content BLOB,              -- fetched, and not yet in the index
    unreadable INTEGER NOT NULL DEFAULT 0
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Post:
    """A followed post: what was fetched of it last."""

    item: Listed
    fetched_at: str
    waiting: bool  # for the index
    unreadable: bool


@dataclass(frozen=True, slots=True)
class FollowedSite:
    """A site that is followed, and when it was last read to its end."""

    site: str
    chosen: Chosen
    way: str  # "rest" or "sitemap"; "" before the first sync has ended
    synced_at: str  # ISO 8601, UTC; "" before the first sync has ended
    posts: int


class Followed:
    """The posts of one site and choice; every change is safe when its method returns."""

    def __init__(self, site: str, folder: Path, db: sqlite3.Connection) -> None:
        self.site = site
        self.folder = folder
        self._db = db

    def posts(self) -> dict[str, Post]:
        """Every followed post by its source."""
        columns = "source, stamp, number, kind, fetched_at, content IS NOT NULL, unreadable"
        return {
            source: Post(Listed(source, stamp, number, kind), fetched_at, bool(waiting), bool(unreadable))
            for source, stamp, number, kind, fetched_at, waiting, unreadable in self._all(
                f"SELECT {columns} FROM posts ORDER BY source"
            )
        }

    def keep(self, item: Listed, page: RawPage) -> None:
        """Remembers a fetched page until it is in the index."""
        row = (item.source, item.number, item.kind, item.stamp, page.fetched_at or "", page.media_type, page.content)
        self._write(("INSERT OR REPLACE INTO posts VALUES (?, ?, ?, ?, ?, ?, ?, 0)", [row]))

    def waiting(self) -> Iterator[RawPage]:
        """The pages that are not yet in the index."""
        columns = "source, content, media_type, fetched_at"
        sources = [source for (source,) in self._all("SELECT source FROM posts WHERE content IS NOT NULL ORDER BY 1")]
        for source in sources:  # one at a time: all of them may be more than memory holds
            for row in self._all(f"SELECT {columns} FROM posts WHERE source = ?", source):
                yield RawPage(*row)

    def forget(self, sources: Iterable[str]) -> None:
        self._write(("DELETE FROM posts WHERE source = ?", [(source,) for source in sources]))

    def indexed(self, unreadable: Iterable[str]) -> None:
        """No page waits any more; these held nothing that could be read."""
        self._write(
            ("UPDATE posts SET content = NULL WHERE content IS NOT NULL", [()]),
            ("UPDATE posts SET unreadable = 1 WHERE source = ?", [(source,) for source in unreadable]),
        )

    def ended(self, way: str, at: str) -> None:
        """Notes that the site was read to its end."""
        self._write(("INSERT OR REPLACE INTO site VALUES (?, ?)", [("way", way), ("synced_at", at)]))

    def synced(self) -> bool:
        """Whether a sync has ended before."""
        return bool(self._all("SELECT 1 FROM site WHERE name = 'synced_at'"))

    def _all(self, statement: str, *parameters: str) -> list[Any]:
        with _told(self.folder / STATE):
            return self._db.execute(statement, parameters).fetchall()

    def _write(self, *changes: tuple[str, Sequence[tuple[Any, ...]]]) -> None:
        with _told(self.folder / STATE), self._db:
            for statement, rows in changes:
                self._db.executemany(statement, rows)


@contextmanager
def following(home: Path, site: str, chosen: Chosen) -> Iterator[Followed]:
    """The state of this site and choice, held against other writers; StoreError if it is held or damaged."""
    name = json.dumps([site, asdict(chosen)])
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    folder = home / "syncs" / f"{slug(urlsplit(site).netloc)}-{mark}"
    with writing(folder):
        with _told(folder / STATE):
            db = sqlite3.connect(folder / STATE)
        with closing(db):
            with _told(folder / STATE), db:
                db.executescript(SCHEMA)
                facts = [("site", site), ("chosen", json.dumps(asdict(chosen)))]
                db.executemany("INSERT OR REPLACE INTO site VALUES (?, ?)", facts)
            yield Followed(site, folder, db)


def followed_sites(home: Path) -> tuple[FollowedSite, ...]:
    """Every followed site, by address."""
    found = []
    for path in sorted((home / "syncs").glob(f"*/{STATE}")):
        with _told(path), closing(sqlite3.connect(path)) as db:
            facts = dict(db.execute("SELECT name, value FROM site").fetchall())
            (posts,) = db.execute("SELECT count(*) FROM posts WHERE unreadable = 0").fetchone()
        chosen = Chosen(**json.loads(facts["chosen"]))
        way, synced_at = facts.get("way", ""), facts.get("synced_at", "")
        found.append(FollowedSite(facts["site"], chosen, way, synced_at, posts))
    return tuple(sorted(found, key=lambda entry: (entry.site, repr(entry.chosen))))


def followed_elsewhere(home: Path, folder: Path) -> set[str]:
    """The sources that other syncs follow."""
    sources: set[str] = set()
    for path in (home / "syncs").glob(f"*/{STATE}"):
        if path.parent != folder:
            with _told(path), closing(sqlite3.connect(path)) as db:
                sources.update(source for (source,) in db.execute("SELECT source FROM posts"))
    return sources


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in DISK:
            raise unwritable(path, error) from error
        raise StoreError(f"{path} cannot be used ({error}). Delete it and run 'rolebook sync' again.") from error
