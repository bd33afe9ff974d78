"""Going back to the last good generation when the current one is damaged, and what can be read of a damaged one."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from index.disk import point, writing
from index.generation import Generation
from index.manifest import (
    BLUEPRINTS,
    MANIFEST,
    FileState,
    current,
    file_state,
    finished,
    generation_folder,
    sealed_record,
)
from index.tables import Page, open_readonly, read_pages_table
from ingest.errors import DamagedIndex, StoreError


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did; `generation` is the one that is read from now on."""

    generation: int
    created: str  # ISO 8601, UTC
    damage: str  # what was wrong; "" if nothing was, and nothing was done


def repair(home: Path) -> Repair:
    """Points CURRENT at the newest whole generation if the current one is damaged; deletes nothing.

    NoIndex if nothing was built, ModelMismatch for another format (which is no damage), StoreError if no generation
    is whole.
    """
    with suppress(DamagedIndex):
        current(home)  # where nothing was built, nothing is written either
    with writing(home):
        try:
            with closing(Generation.open(home)) as generation:
                return Repair(generation.manifest.generation, generation.manifest.created, "")
        except DamagedIndex as error:
            damage = error
        for number in reversed(finished(home)):
            try:
                with closing(Generation.read(generation_folder(home, number))) as generation:
                    point(home, number)
                    return Repair(number, generation.manifest.created, str(damage))
            except StoreError:
                continue
    raise StoreError(f"There is no whole generation in {home} to go back to ({damage}) {_anew(home)}") from damage


def salvaged_pages(home: Path) -> dict[str, Page]:
    """The pages of the newest generation, whose other files may be damaged; none if there is no generation.

    StoreError if its list of pages is damaged itself: an older one's may lack pages, which must not be lost unsaid.
    """
    numbers = finished(home)
    for number in reversed(numbers):
        folder = generation_folder(home, number)
        try:
            pages = _pages(folder)
        except (OSError, sqlite3.Error, ValueError):
            continue
        if number != numbers[-1]:
            raise StoreError(
                f"{generation_folder(home, numbers[-1]) / BLUEPRINTS}, which lists the sources, is damaged. Run "
                "'rolebook doctor --repair', then 'rolebook build' or 'rolebook sync' with what has changed since."
            )
        return pages
    if numbers:
        raise StoreError(f"No generation in {home} can be read. {_anew(home)}")
    return {}


def _pages(folder: Path) -> dict[str, Page]:
    """The pages that a generation lists; ValueError or sqlite3.Error if the list is damaged."""
    path = folder / BLUEPRINTS
    state = _state(folder)
    if state and file_state(path) != state:
        raise ValueError(f"{path} differs from its manifest")
    with closing(open_readonly(path)) as db:
        if not state and db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise ValueError(f"{path} is damaged")
        return read_pages_table(db)


def _state(folder: Path) -> FileState | None:
    """What the manifest, of whatever format, says of the list of pages; None if it cannot be read."""
    try:
        return FileState(**sealed_record(folder / MANIFEST)["files"][BLUEPRINTS])
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _anew(home: Path) -> str:
    return f"Delete {home / 'generations'} and {home / 'CURRENT'}, then run 'rolebook build' with its sources."
