"""The files of a public data release: tables of a zip or folder, JSON lines; bounded, every damage a typed error."""

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath

from ingest.errors import BadInput, UnreadablePage

MAX_TABLE = 128 * 2**20  # bytes, unpacked; the longest table of O*NET that is read has 3 MB
MAX_FILES = 10_000  # in a zip; a release has under 100

_DAMAGE = (
    OSError,
    EOFError,
    zlib.error,
    LZMAError,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
    ValueError,
    OverflowError,
)


@dataclass(frozen=True, slots=True)
class Tables:
    """A release's text tables by name ("Task Statements"), wherever in the zip or folder they lie."""

    source: str
    files: dict[str, str]  # file name in lower case -> member of the zip, or path

    def has(self, name: str) -> bool:
        return f"{name.lower()}.txt" in self.files

    def text(self, name: str) -> str:
        """The table as text; UnreadablePage if it is missing, damaged, far too long or not UTF-8."""
        if not self.has(name):
            raise UnreadablePage(f"{self.source}: the table '{name}.txt' is missing. Give the whole text release.")
        place = self.files[f"{name.lower()}.txt"]
        try:
            content = _member(Path(self.source), place) if not Path(self.source).is_dir() else _head(Path(place))
            return _decoded(content, f"{self.source}: '{name}.txt'")
        except UnreadablePage:
            raise
        except _DAMAGE as e:
            raise UnreadablePage(f"{self.source}: '{name}.txt' is damaged ({e}). Download the release again.") from None

    def rows(self, name: str, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
        """These columns of a table, row by row; UnreadablePage names a missing column or the line that is broken."""
        lines = self.text(name).split("\n")
        heads = [head.strip() for head in lines[0].split("\t")]
        missing = [column for column in columns if column not in heads]
        if missing:
            raise UnreadablePage(f"{self.source}: '{name}.txt' has no column '{missing[0]}'. Give the text release.")
        places = [heads.index(column) for column in columns]
        for number, line in enumerate(lines[1:], 2):
            if not line.strip():
                continue
            cells = line.split("\t")
            if len(cells) != len(heads):
                raise UnreadablePage(
                    f"{self.source}: '{name}.txt' is broken in line {number} ({len(cells)} of {len(heads)} cells). "
                    "Download the release again."
                )
            yield tuple(cells[place].strip() for place in places)


def open_tables(path: Path) -> Tables:
    """The tables of a zip or a folder; BadInput if there is neither."""
    if path.is_dir():
        found = sorted(
            (p for p in path.rglob("*.txt") if p.is_file()), key=lambda p: (len(p.parts), str(p)), reverse=True
        )
        return Tables(str(path), {p.name.lower(): str(p) for p in found})
    if not path.exists():
        raise BadInput(f"{path}: no such file or folder. Check the path.")
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
    except _DAMAGE as e:
        raise UnreadablePage(
            f"{path}: neither a folder nor a whole zip file ({e}). Download the release again."
        ) from None
    if len(names) > MAX_FILES:
        raise UnreadablePage(f"{path}: a zip of {len(names):,} files is no release. Give the text release.")
    own = [n for n in names if not n.startswith("__MACOSX/")]
    return Tables(str(path), {PurePosixPath(n).name.lower(): n for n in sorted(own, key=len, reverse=True)})


def json_lines(path: Path, name: str, fields: Sequence[str]) -> Iterator[dict[str, object]]:
    """The records of a JSON-lines file, plain or .gz, or of the file `name` in a folder; each has the text `fields`."""
    file = _named(path, name)
    try:
        text = _decoded(_head(file), str(file))
    except UnreadablePage:
        raise
    except _DAMAGE as e:
        raise UnreadablePage(f"{file}: cannot be read ({e}). Download it again.") from None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as e:
            raise UnreadablePage(f"{file}: line {number} is damaged JSON ({e}). Download it again.") from None
        lacking = [f for f in fields if not (isinstance(record, dict) and isinstance(record.get(f), str) and record[f])]
        if lacking:
            raise UnreadablePage(f"{file}: line {number} is no record with '{lacking[0]}'. Give the file '{name}'.")
        yield record


def beside(path: Path, name: str) -> Path | None:
    """The file `name`, plain or .gz, in this folder or next to this file, if it is there."""
    folder = path if path.is_dir() else path.parent
    return next((p for p in (folder / name, folder / f"{name}.gz") if p.is_file()), None)


def _named(path: Path, name: str) -> Path:
    if not path.exists():
        raise BadInput(f"{path}: no such file or folder. Check the path.")
    if not path.is_dir():
        return path
    file = beside(path, name)
    if file is None:
        raise UnreadablePage(f"{path}: the file '{name}' (or '{name}.gz') is missing. Give the file or its folder.")
    return file


def _member(file: Path, member: str) -> bytes:
    with zipfile.ZipFile(file) as packed, packed.open(member) as raw:
        return raw.read(MAX_TABLE + 1)


def _head(file: Path) -> bytes:
    with file.open("rb") as raw:
        if raw.read(2) != b"\x1f\x8b":
            raw.seek(0)
            return raw.read(MAX_TABLE + 1)
        raw.seek(0)
        with gzip.open(raw) as unpacked:
            return unpacked.read(MAX_TABLE + 1)


def _decoded(content: bytes, what: str) -> str:
    if len(content) > MAX_TABLE:
        raise UnreadablePage(f"{what} is longer than {MAX_TABLE >> 20} MB unpacked. Give the official release.")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise UnreadablePage(f"{what} is not UTF-8 text. Give the official release.") from None
