"""Files and folders to raw pages; nothing else in this package touches the disk."""

import gzip
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import IO

from ingest.blueprint import RawPage
from ingest.errors import BadInput, UnreadablePage
from ingest.recognise import MAX_BYTES


def read_pages(source: str | Path) -> Iterator[RawPage | UnreadablePage]:
    """The pages of a file or of a folder and its subfolders, sorted; what cannot be read is yielded as its error."""
    path = Path(source)
    if not path.exists():
        raise BadInput(f"{source}: no such file or folder. Check the path.")
    for file in _files(path) if path.is_dir() else [path]:
        try:
            yield RawPage(source=str(file), content=_content(file), fetched_at=_modified(file))
        except (OSError, EOFError, zlib.error) as e:
            yield UnreadablePage(f"{file}: cannot be read ({e}). Check its rights and that it is whole.")
        except UnreadablePage as e:
            yield e


def _files(folder: Path) -> list[Path]:
    """Files below `folder` but hidden ones; a README describes a folder and is no page of it."""
    found = (p for p in folder.rglob("*") if p.is_file())
    return sorted(p for p in found if is_page(p.relative_to(folder)))


def is_page(path: str | PurePath) -> bool:
    """Whether a file at this path within its folder is taken for a page."""
    path = PurePath(path)
    return not any(part.startswith(".") for part in path.parts) and path.stem.upper() != "README"


def _content(file: Path) -> bytes:
    with file.open("rb") as raw:
        return unpacked(raw)


def unpacked(raw: IO[bytes]) -> bytes:
    """A file's bytes, unpacked if gzipped; never much more than a page may have."""
    packed = raw.read(2) == b"\x1f\x8b"
    raw.seek(0)
    if not packed:
        return raw.read(MAX_BYTES + 1)
    with gzip.open(raw) as inner:
        return inner.read(MAX_BYTES + 1)


def _modified(file: Path) -> str:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
