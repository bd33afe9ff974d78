"""Writing that survives a crash: one writer at a time, everything flushed before a name changes."""

import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from index.manifest import (
    BLUEPRINTS,
    MANIFEST,
    POINTER,
    POINTER_DRAFT,
    Pointer,
    current,
    finished,
    generation_folder,
    read_manifest,
)
from index.tables import open_readonly, read_pages_table
from ingest.errors import StoreError, UnreadablePage

FLUSHES = 16  # pages that wait for the disk at once: a journal takes many in one go
# What a disk that is full, read-only or broken says; other errors of the system are not the home's.
DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO})


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Holds the home's lock; StoreError if another writer has it, or if the disk is full or cannot be written."""
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
        try:
            yield
        except (OSError, sqlite3.OperationalError) as error:
            if isinstance(error, OSError) and error.errno not in DISK:
                raise
            raise unwritable(home, error) from error


def unwritable(path: Path, error: Exception) -> StoreError:
    """What to say of a home or a file of it that the disk does not take."""
    reason = (isinstance(error, OSError) and error.strerror) or error
    return StoreError(
        f"{path} cannot be written ({reason}). The index is whole; make room or mend the disk, then run this again."
    )


@contextmanager
def draft_folder(home: Path, number: int) -> Iterator[Path]:
    """An empty folder for the generation `number`; what is left of it at the end is deleted."""
    generations = home / "generations"
    generations.mkdir(exist_ok=True)
    _sweep(home)
    for stale in generations.glob(".*.tmp"):
        shutil.rmtree(stale)
    folder = generations / f".{number}.tmp"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(home: Path, folder: Path, number: int) -> None:
    """Makes a draft the current generation in one step, then deletes all but it and the one before it."""
    for path in folder.iterdir():
        flush(path)
    flush(folder)
    before = _before(home)
    _draft_pointer(home, folder, number)
    folder.rename(generation_folder(home, number))
    flush(home / "generations")
    _switch(home)
    _prune(home, {number, before})


def point(home: Path, number: int) -> None:
    """Makes a finished generation the current one, in one step."""
    _draft_pointer(home, generation_folder(home, number), number)
    _switch(home)


def _draft_pointer(home: Path, folder: Path, number: int) -> None:
    draft = home / POINTER_DRAFT
    draft.write_text(f"{Pointer(number, read_manifest(folder).seal)}\n", encoding="ascii")
    flush(draft)
    flush(home)


def _switch(home: Path) -> None:
    os.replace(home / POINTER_DRAFT, home / POINTER)
    flush(home)


def flush(path: Path) -> None:
    """Waits until a file or a folder's list of names is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def page_path(home: Path, sha256: str) -> Path:
    return home / "pages" / sha256[:2] / sha256


class PageWriter:
    """Keeps pages' bytes under their SHA-256; several wait for the disk at once, and all have reached it after `flush`.

    A page that a crash has torn is written again when it comes again; no generation can know it before the flush.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folders: set[Path] = set()
        self._waiting: deque[Future[None]] = deque()
        self._threads = ThreadPoolExecutor(FLUSHES, thread_name_prefix="flush")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._threads.shutdown(cancel_futures=True)

    def store(self, content: bytes) -> str:
        """Gives the SHA-256 of the bytes, which stand in their file now."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = page_path(self._home, sha256)
        if not (path.is_file() and path.read_bytes() == content):
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True)
                self._folders.add(path.parent.parent)
            draft = path.with_name(path.name + ".tmp")
            draft.write_bytes(content)
            os.replace(draft, path)
        self._folders.add(path.parent)
        self._waiting.append(self._threads.submit(flush, path))  # also of one that a killed build left unflushed
        if len(self._waiting) > FLUSHES * FLUSHES:
            self._waiting.popleft().result()
        return sha256

    def flush(self) -> None:
        """Waits until every page is on the disk; OSError if one cannot be."""
        while self._waiting:
            self._waiting.popleft().result()
        for done in [self._threads.submit(flush, folder) for folder in sorted(self._folders)]:
            done.result()
        self._folders.clear()


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


def _before(home: Path) -> int:
    """The generation that readers have open now, or the newest one if CURRENT cannot be read; 0 if there is none."""
    with suppress(StoreError):
        return current(home)
    return max(finished(home), default=0)


def _sweep(home: Path) -> None:
    """Ends the deleting that a killed writer has begun; nothing is deleted where CURRENT cannot be read."""
    with suppress(StoreError):
        here = current(home)
        (home / POINTER_DRAFT).unlink(missing_ok=True)
        # one above it was never switched to, or was left for an older one: its number is not to be given again
        kept = {here, max((number for number in finished(home) if number < here), default=here)}
        kept.update(number for number in finished(home) if number > here)
        if not kept.issuperset(finished(home)):
            _prune(home, kept)


def _prune(home: Path, kept: set[int]) -> None:
    """Deletes the pages that no kept generation knows, then the other generations, so that a killed one goes on."""
    _prune_pages(home, kept.intersection(finished(home)))
    for number in finished(home):
        if number not in kept:
            folder = generation_folder(home, number)
            with suppress(OSError):
                (folder / MANIFEST).unlink()  # first: what is half deleted is never taken for whole
            shutil.rmtree(folder, ignore_errors=True)


def _prune_pages(home: Path, kept: set[int]) -> None:
    known: set[str] = set()
    for number in kept:
        try:
            with closing(open_readonly(generation_folder(home, number) / BLUEPRINTS)) as db:
                known.update(page.sha256 for page in read_pages_table(db).values())
        except (sqlite3.Error, ValueError):
            return  # a damaged older generation may still need its pages
    for path in (home / "pages").glob("*/*"):
        if path.name not in known:
            path.unlink(missing_ok=True)
