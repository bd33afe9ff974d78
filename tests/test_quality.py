"""Quality has a floor: what the shipped encoder and the retrieval find on the sample corpus.

The figures belong to one state of the data (its hash is checked) and may fall by NOISE. Raise a floor with a change that
earns it; lower one only with a reason in docs/decisions.md. `python -m tests.test_quality` prints the present figures.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from index.build import build
from index.encoders import load_encoder
from index.library import Library
from search.beir import read_beir
from search.evaluate import measure, runs
from search.labelled import judge, means, read_questions

ROOT = Path(__file__).parents[1]
FLOORS = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))
NOISE = 0.01  # what the order of float sums and a processor's int8 may move


def sha256(paths: Iterable[Path]) -> str:
    """Of the names and bytes of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def on_questions(home: Path) -> dict[str, dict[str, float]]:
    """Evidence and roles found on the sample questions, by leg."""
    build([str(ROOT / "corpus" / "pages")], home, load_encoder())
    library = Library.open(home)
    found = judge(library, read_questions(ROOT / "corpus" / "questions.jsonl"))
    library.close()
    return {
        leg: {name: round(value, 4) for name, value in means(values)["all"].items()} for leg, values in found.items()
    }


def on_duties(cache: Path) -> dict[str, dict[str, float]]:
    """The small BEIR set, by leg."""
    beir = read_beir(ROOT / "corpus" / "duties")
    return {
        leg: {name: round(sum(values) / len(values), 4) for name, values in measure(run, beir.qrels).items()}
        for leg, run in runs(beir, load_encoder(), cache).items()
    }


def hashes() -> dict[str, str]:
    corpus = ROOT / "corpus"
    return {
        "questions": sha256([*(corpus / "pages").rglob("*.*"), corpus / "questions.jsonl"]),
        "duties": sha256((corpus / "duties").rglob("*.*")),
    }


def too_low(found: dict[str, dict[str, float]], floors: dict[str, dict[str, float]]) -> list[str]:
    return [
        f"{leg} {name}: {found[leg][name]} where the floor is {floor}"
        for leg, figures in floors.items()
        for name, floor in figures.items()
        if found[leg][name] < floor - NOISE
    ]


@pytest.mark.parametrize("name", ["questions", "duties"])
def test_the_floors_belong_to_this_data(name: str) -> None:
    assert hashes()[name] == FLOORS[name]["sha256"], "the data changed: measure anew and write tests/floors.json"


def test_the_sample_questions_find_their_evidence(tmp_path: Path) -> None:
    assert too_low(on_questions(tmp_path), FLOORS["questions"]["floors"]) == []


def test_duties_find_their_like(tmp_path: Path) -> None:
    assert too_low(on_duties(tmp_path), FLOORS["duties"]["floors"]) == []


def test_a_fall_below_the_floor_is_seen() -> None:
    assert too_low({"dense": {"x": 0.48}}, {"dense": {"x": 0.5}}) == ["dense x: 0.48 where the floor is 0.5"]
    assert too_low({"dense": {"x": 0.495}}, {"dense": {"x": 0.5}}) == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        found = {"questions": on_questions(Path(folder) / "home"), "duties": on_duties(Path(folder) / "cache")}
    print(json.dumps({name: {"sha256": hashes()[name], "floors": found[name]} for name in found}, indent=1))
