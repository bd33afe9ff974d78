"""Quality has a floor: what retrieval finds and answers say on the sample corpus, with the shipped encoder.

The figures belong to one state of the data (its hash is checked) and may fall by NOISE. Raise a floor with a change that
earns it; lower one only with a reason in docs/decisions.md. `python -m tests.test_quality` prints the present figures.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from bench.answers import judge as judged_answers
from index.build import build
from index.encoders import load_encoder
from index.library import Library
from search.beir import read_beir
from search.evaluate import measure, runs
from search.labelled import judge, means, read_questions

ROOT = Path(__file__).parents[1]
FLOORS = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))
ANSWERS = ("kind", "owners F1", "list recall", "list precision", "evidence: fact", "compare, both sides", "AUROC")
NOISE = 0.02  # what the order of float sums and a processor's int8 may move


def sha256(paths: Iterable[Path]) -> str:
    """Of the names and bytes of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def on_questions(home: Path) -> dict[str, dict[str, float]]:
    """On the sample questions, with their pages' index: evidence and roles found, by leg; what the answers are worth."""
    library, path = Library.open(home), ROOT / "corpus" / "questions.jsonl"
    found = judge(library, read_questions(path))
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    answers = judged_answers(library, lines).means()
    library.close()
    by_leg = {leg: {name: round(v, 4) for name, v in means(values)["all"].items()} for leg, values in found.items()}
    right = {name: answers[name] for name in ANSWERS}
    return by_leg | {"answers": right | {"false answers withheld": round(1 - answers["false answers"], 3)}}


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


def test_the_sample_questions_find_their_evidence_and_answers(corpus_home: Path) -> None:
    assert too_low(on_questions(corpus_home), FLOORS["questions"]["floors"]) == []


def test_duties_find_their_like(tmp_path: Path) -> None:
    assert too_low(on_duties(tmp_path), FLOORS["duties"]["floors"]) == []


def test_a_fall_below_the_floor_is_seen() -> None:
    assert too_low({"dense": {"x": 0.47}}, {"dense": {"x": 0.5}}) == ["dense x: 0.47 where the floor is 0.5"]
    assert too_low({"dense": {"x": 0.49}}, {"dense": {"x": 0.5}}) == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build([str(ROOT / "corpus" / "pages")], Path(folder) / "home", load_encoder())
        found = {"questions": on_questions(Path(folder) / "home"), "duties": on_duties(Path(folder) / "cache")}
    print(json.dumps({name: {"sha256": hashes()[name], "floors": found[name]} for name in found}, indent=1))
