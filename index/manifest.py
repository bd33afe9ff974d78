"""Where a home keeps its generations, and what each of them says of itself."""

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.errors import DamagedIndex, ModelMismatch, NoIndex, StoreError

FORMAT = 3
BLUEPRINTS = "blueprints.sqlite"
VECTORS = "vectors.faiss"
NEAREST = "nearest.faiss"  # where there are many vectors
LEXICAL = "lexical.safetensors"
MANIFEST = "manifest.json"
POINTER = "CURRENT"
POINTER_DRAFT = "CURRENT.tmp"  # there from before a generation is finished until CURRENT names it
MEND = "Run 'rolebook build --rebuild', or 'rolebook doctor --repair' to go back to the last good generation."


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was built with and what its files must be."""

    format: int
    generation: int
    created: str  # ISO 8601, UTC
    encoder: str
    fingerprint: str
    dimension: int
    prefixes: Mapping[str, str]  # what the encoder puts before a "query" or "document"
    sources: int
    blueprints: int
    passages: int
    files: Mapping[str, FileState]

    @property
    def seal(self) -> str:
        """SHA-256 over everything that the manifest says; written beside it and into CURRENT."""
        return _seal(asdict(self))

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self) | {"seal": self.seal}, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder; DamagedIndex, or ModelMismatch for another format version."""
    path = folder / MANIFEST
    try:
        record = sealed_record(path)
        version = record["format"]
        if version == FORMAT:
            files = {name: FileState(**state) for name, state in record["files"].items()}
            return Manifest(**record | {"files": files})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedIndex(f"{path} is missing or damaged. {MEND}") from error
    raise ModelMismatch(f"{folder} has format version {version}, this is {FORMAT}. Run 'rolebook build --rebuild'.")


def sealed_record(path: Path) -> dict[str, Any]:
    """What a manifest of whatever format says; ValueError if it differs from its seal."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if record.pop("seal", None) not in (None, _seal(record)):  # None: written before there were seals
        raise ValueError(f"{path} differs from its seal")
    return record


def _seal(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def file_state(path: Path) -> FileState:
    with path.open("rb") as file:
        return FileState(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compares sizes and hashes with the manifest; DamagedIndex names the first file that differs."""
    if folder.name != str(manifest.generation):
        raise DamagedIndex(f"{folder / MANIFEST} is that of generation {manifest.generation}. {MEND}")
    for name in (BLUEPRINTS, VECTORS, LEXICAL):
        if name not in manifest.files:
            raise DamagedIndex(f"{folder / MANIFEST} does not name {name}. {MEND}")
    with ThreadPoolExecutor(len(manifest.files)) as threads:  # hashing leaves the interpreter to others
        checks = [threads.submit(_check, folder / name, state) for name, state in manifest.files.items()]
        for check in checks:
            check.result()


def _check(path: Path, state: FileState) -> None:
    try:
        same = path.stat().st_size == state.size and file_state(path) == state
    except OSError as error:
        raise DamagedIndex(f"{path} is missing or cannot be read ({error.strerror}). {MEND}") from error
    if not same:
        raise DamagedIndex(f"{path} differs from its manifest. {MEND}")


def generation_folder(home: Path, number: int) -> Path:
    return home / "generations" / str(number)


def finished(home: Path) -> tuple[int, ...]:
    """The numbers of all finished generations, ascending."""
    folder = home / "generations"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return tuple(sorted(int(name) for name in names if name.isdecimal()))


@dataclass(frozen=True, slots=True)
class Pointer:
    """What CURRENT says: the generation that is read, and its manifest's seal ("" before there were seals)."""

    number: int
    seal: str

    def __str__(self) -> str:
        return f"{self.number} {self.seal}".strip()


def pointer(home: Path) -> Pointer:
    """What CURRENT says; NoIndex if nothing was built, DamagedIndex if it is not usable."""
    path = home / POINTER
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        if finished(home) and not (home / POINTER_DRAFT).exists():  # else a first build that was killed
            raise DamagedIndex(f"{path} is missing. {MEND}") from error
        raise NoIndex(f"There is no index in {home}. Run 'rolebook build'.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{path} cannot be read. {MEND}") from error
    number, _, seal = text.partition(" ")
    if not number.isdecimal():
        raise DamagedIndex(f"{path} does not hold a number. {MEND}")
    return Pointer(int(number), seal)


def current(home: Path) -> int:
    """The number of the generation that is read; NoIndex or DamagedIndex as `pointer`."""
    return pointer(home).number


def next_number(home: Path) -> int:
    """A generation's number that no reader can have seen."""
    try:
        named = current(home)
    except StoreError:
        named = 0
    return max(named, *finished(home), 0) + 1


def built_with(home: Path) -> str | None:
    """The encoder that the index's manifest names, or else the newest readable one; NoIndex if nothing was built."""
    numbers = list(reversed(finished(home)))
    with suppress(DamagedIndex):
        numbers.insert(0, current(home))
    for folder in (generation_folder(home, number) for number in numbers):
        try:
            return read_manifest(folder).encoder
        except ModelMismatch:
            return str(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("encoder", "")) or None
        except DamagedIndex:
            continue
    return None
