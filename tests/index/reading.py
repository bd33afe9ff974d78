"""Readers and a writer in processes of their own: `python -m tests.index.reading KIND HOME EDITIONS SECONDS`.

Every edition of the pages says its number in all of them, so that a reader that saw two editions at once would know.
"""

import json
import re
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from index.build import build
from index.generation import Generation
from index.library import Library
from tests.conftest import WordEncoder
from tests.index.conftest import write_json

ROOT = Path(__file__).resolve().parents[2]
ROLES = tuple(f"Role {number} Manager" for number in range(6))


def write_edition(folder: Path, number: int) -> None:
    for role in ROLES:
        write_json(folder, role, [f"Own edition {number}", f"Keep {role} in edition {number}"])


def edition_of(generation: Generation) -> int:
    """The edition that all passages, vectors and words agree on; fails if they do not."""
    rows = list(range(1, generation.manifest.passages + 1))
    texts = [passage.text for passage in generation.passages(rows)]
    (number,) = {int(match[1]) for text in texts if (match := re.search(r"edition (\d+)", text))}
    assert len(texts) == 2 * len(ROLES)
    (found,) = generation.vectors.search(WordEncoder().encode_query([f"Own edition {number}"]), 1)[1][0].tolist()
    assert f"edition {number}" in generation.passage(found).text
    assert len(generation.lexical.search(str(number), 20)[1]) == len(rows)
    return number


def read(home: Path) -> dict[str, int]:
    """Opens the index anew each time, as every command does."""
    reads = last = 0
    while not (ended := done(home).exists()) or not reads:
        with closing(Generation.open(home)) as generation:
            last = _later(last, edition_of(generation))
        reads += 1
    assert ended
    with closing(Generation.open(home)) as generation:
        return {"reads": reads, "last": edition_of(generation)}


def serve(home: Path) -> dict[str, int]:
    """Keeps it open and takes up new generations, as a server does."""
    reads = last = 0
    with closing(Library.open(home, WordEncoder())) as library:
        while not done(home).exists():
            old = library.generation
            last = _later(last, edition_of(old))
            reads += 1
            if library.refresh():
                edition_of(old)  # whoever still reads it
                old.close()
        library.refresh()
        return {"reads": reads, "last": edition_of(library.generation)}


def write(home: Path, editions: int, seconds: float) -> dict[str, int]:
    """So many editions, and then more until the time is up."""
    until, number = time.monotonic() + seconds, 1
    try:
        while number < editions or time.monotonic() < until:
            number += 1
            write_edition(home.parent / "pages", number)
            assert build([str(home.parent / "pages")], home, WordEncoder()).changed == len(ROLES)
    finally:
        done(home).touch()
    return {"last": number}


def done(home: Path) -> Path:
    return home.parent / "done"


def _later(last: int, number: int) -> int:
    assert number >= last, "an older edition after a newer one"
    return number


def together(root: Path, readers: int, editions: int, seconds: float = 0) -> list[dict[str, int]]:
    """What the writer and each reader say at the end; half of the readers serve. Fails if one of them failed."""
    home = root / "home"
    (root / "pages").mkdir()
    write_edition(root / "pages", 1)
    build([str(root / "pages")], home, WordEncoder())
    kinds = ["write", *("read" if number % 2 else "serve" for number in range(readers))]
    command = [sys.executable, "-m", "tests.index.reading"]
    running = [
        subprocess.Popen(
            [*command, kind, str(home), str(editions), str(seconds)], stdout=-1, stderr=-1, text=True, cwd=ROOT
        )
        for kind in kinds
    ]
    told = [process.communicate() for process in running]
    failed = [error for process, (_, error) in zip(running, told, strict=True) if process.returncode]
    assert not failed, failed[0]
    return [json.loads(out) for out, _ in told]


def main(kind: str, home: Path, editions: str, seconds: str) -> dict[str, int]:
    if kind == "write":
        return write(home, int(editions), float(seconds))
    return read(home) if kind == "read" else serve(home)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])))
