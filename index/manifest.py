"""Where a home keeps its generations, and what each of them says of itself."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import DamagedIndex, ModelMismatch, NoIndex

FORMAT = 2
BLUEPRINTS = "blueprints.sqlite"
VECTORS = "vectors.faiss"
LEXICAL = "lexical.safetensors"
MANIFEST = "manifest.json"
MEND = "Run 'rolebook build --rebuild'."


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

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation's folder; DamagedIndex, or ModelMismatch for another format version."""
    path = folder / MANIFEST
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        version = record["format"]
        if version == FORMAT:
            files = {name: FileState(**state) for name, state in record["files"].items()}
            return Manifest(**record | {"files": files})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise DamagedIndex(f"{path} is missing or damaged. {MEND}") from error
    raise ModelMismatch(f"{folder} has format version {version}, this is {FORMAT}. {MEND}")


def file_state(path: Path) -> FileState:
    with path.open("rb") as file:
        return FileState(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def check_files(folder: Path, manifest: Manifest, *, verify: bool) -> None:
    """Compares sizes, and hashes if `verify`, with the manifest; DamagedIndex names the first file that differs."""
    for name in (BLUEPRINTS, VECTORS, LEXICAL, *manifest.files):
        path = folder / name
        if name not in manifest.files or not path.is_file():
            raise DamagedIndex(f"{path} is missing. {MEND}")
        state = manifest.files[name]
        if path.stat().st_size != state.size or (verify and file_state(path) != state):
            raise DamagedIndex(f"{path} differs from its manifest. {MEND}")


def generation_folder(home: Path, number: int) -> Path:
    return home / "generations" / str(number)


def finished(home: Path) -> tuple[int, ...]:
    """The numbers of all finished generations, ascending."""
    folder = home / "generations"
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    return tuple(sorted(int(name) for name in names if name.isdecimal()))


def current(home: Path) -> int:
    """The number that CURRENT names; NoIndex if nothing was built, DamagedIndex if CURRENT is not usable."""
    path = home / "CURRENT"
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError as error:
        if finished(home):
            raise DamagedIndex(f"{path} is missing. {MEND}") from error
        raise NoIndex(f"There is no index in {home}. Run 'rolebook build'.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedIndex(f"{path} cannot be read. {MEND}") from error
    if not text.isdecimal():
        raise DamagedIndex(f"{path} does not hold a number. {MEND}")
    return int(text)
