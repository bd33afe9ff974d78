"""Damage to the files of an index, and whether what is then said is right or refused."""

import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from index.build import build
from index.library import Library
from index.manifest import current, generation_folder
from ingest.errors import StoreError
from tests.conftest import WordEncoder
from tests.index.conftest import write_json

FILES = ("blueprints.sqlite", "vectors.faiss", "lexical.safetensors", "manifest.json", "CURRENT")
QUESTIONS = ("Own matter 1-0", "Who answers for all data?", "area 3", "state 2")
Answers = Sequence[tuple[object, ...]]


def three_builds(root: Path) -> Path:
    """A home whose generations 2 and 3 are there, 3 the current one."""
    folder, home = root / "pages", root / "home"
    folder.mkdir()
    for number in range(4):
        write_json(folder, f"Role {number} Manager", [f"Own matter {number}-{n} of area {n}" for n in range(4)])
    for number in range(3):
        write_json(folder, "Chief Data Officer", [f"Answer for all data in state {number}"])
        build([str(folder)], home, WordEncoder())
    assert current(home) == 3
    return home


def answers(home: Path) -> Answers:
    """What the index says to some questions, by vector and by word, with all that is shown of a passage."""
    with closing(Library.open(home, WordEncoder())) as library:
        told: list[tuple[object, ...]] = []
        for question in QUESTIONS:
            generation = library.generation
            scores, rows = generation.vectors.search(library.encoder.encode_query([question]), 5)
            found, places = generation.lexical.search(question, 5)
            passages = generation.passages([*rows[0].tolist(), *places.tolist()])
            blueprints = [generation.blueprint(passage.blueprint_id) for passage in passages]
            told.append((question, scores.tolist(), found.tolist(), passages, blueprints))
        return [*told, (generation.catalogue(), generation.pages())]


def file_of(home: Path, name: str, number: int = 3) -> Path:
    return home / name if name == "CURRENT" else generation_folder(home, number) / name


def flip(path: Path, chance: Random) -> None:
    """One bit, anywhere."""
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def truncate(path: Path, chance: Random) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def delete(path: Path, chance: Random) -> None:
    path.unlink()


def swap(path: Path, chance: Random) -> None:
    """The file of the generation before takes its place."""
    shutil.copy(path.parent.parent / "2" / path.name, path)


def empty(path: Path, chance: Random) -> None:
    path.write_bytes(b"")


def garble(path: Path, chance: Random) -> None:
    path.write_bytes(chance.randbytes(path.stat().st_size))


Harm = Callable[[Path, Random], None]
HARMS: tuple[Harm, ...] = (truncate, delete, empty, garble, flip, swap)


def outcome(home: Path, name: str, right: Answers) -> str:
    """ "right" or "refused" with a message that names the file and a command; fails if it is neither."""
    try:
        told = answers(home)
    except StoreError as error:
        message = str(error)
        assert name in message or "generations/" in message, message
        assert "'rolebook doctor --repair'" in message or "'rolebook build" in message, message
        return "refused"
    assert told == right, f"a wrong answer after damage to {name}"
    return "right"
