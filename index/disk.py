"""Writing that survives a crash: one writer at a time, everything flushed before a name changes."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.manifest import BLUEPRINTS, finished, generation_folder
from index.tables import open_readonly, read_pages_table
from ingest.errors import StoreError, UnreadablePage

KEEP = 2  # generations, so that a reader that has just opened one keeps it


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Holds the home's lock; StoreError if another writer has it."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / "lock").open("w")
    except OSError as error:
        raise StoreError(f"{home} cannot be written ({error.strerror}). Choose another ROLEBOOK_HOME.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(f"Another process is writing to {home}. Run this again when it has ended.") from error
        yield


@contextmanager
def draft_folder(home: Path, number: int) -> Iterator[Path]:
    """An empty folder for the generation `number`; what is left of it at the end is deleted."""
    generations = home / "generations"
    generations.mkdir(exist_ok=True)
    for stale in generations.glob(".*.tmp"):
        shutil.rmtree(stale)
    folder = generations / f".{number}.tmp"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(home: Path, folder: Path, number: int) -> None:
    """Makes a draft the current generation in one step, then deletes what is older than the last two."""
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    folder.rename(generation_folder(home, number))
    flush(home / "generations")
    pointer = home / "CURRENT.tmp"
    pointer.write_text(f"{number}\n", encoding="ascii")
    flush(pointer)
    os.replace(pointer, home / "CURRENT")
    flush(home)
    _prune(home, number)


def flush(path: Path) -> None:
    """Waits until a file or a folder's list of names is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def page_path(home: Path, sha256: str) -> Path:
    return home / "pages" / sha256[:2] / sha256


def store_page(home: Path, content: bytes) -> str:
    """Keeps a page's bytes under their SHA-256, which is returned."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = page_path(home, sha256)
    if not (path.is_file() and path.read_bytes() == content):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(path.name + ".tmp")
        draft.write_bytes(content)
        flush(draft)
        os.replace(draft, path)
        flush(path.parent)
    return sha256


def stored_page(home: Path, sha256: str, source: str) -> bytes:
    """A stored page's bytes; UnreadablePage if they are gone or differ from their SHA-256."""
    path = page_path(home, sha256)
    try:
        content = path.read_bytes()
    except OSError:
        content = None
    if content is None or hashlib.sha256(content).hexdigest() != sha256:
        raise UnreadablePage(f"{source}: its stored copy {path} is missing or damaged. Run 'rolebook build {source}'.")
    return content


def _prune(home: Path, number: int) -> None:
    """Deletes older generations, and the pages that no remaining one knows."""
    kept = [n for n in finished(home) if n <= number][-KEEP:]
    for old in finished(home):
        if old not in kept:
            shutil.rmtree(generation_folder(home, old), ignore_errors=True)
    known: set[str] = set()
    for n in kept:
        try:
            db = open_readonly(generation_folder(home, n) / BLUEPRINTS)
            known.update(page.sha256 for page in read_pages_table(db).values())
            db.close()
        except sqlite3.Error:
            return  # a damaged older generation may still need its pages
    for path in (home / "pages").glob("*/*"):
        if path.name not in known:
            path.unlink(missing_ok=True)
