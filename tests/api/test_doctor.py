"""`rolebook doctor` finds damage, and `--repair` goes back to what is whole."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from index.build import build
from tests.conftest import WordEncoder
from tests.index.harm import three_builds


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # "words" is no name that a user may give
    monkeypatch.setattr("api.doctor.load_encoder", lambda name: WordEncoder())
    return three_builds(tmp_path)


def doctor(home: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["doctor", *options], env={"ROLEBOOK_HOME": str(home)})


def checks(result: Result) -> dict[str, tuple[bool, str]]:
    return {check["name"]: (check["ok"], check["detail"]) for check in json.loads(result.stdout)["checks"]}


def test_damage_is_named_with_what_mends_it(home: Path) -> None:
    (home / "generations" / "3" / "vectors.faiss").write_bytes(b"")
    ok, detail = checks(doctor(home, "--json"))["index"]
    assert not ok
    assert "3/vectors.faiss" in detail
    assert "rolebook doctor --repair" in detail


def test_a_repair_says_what_it_did_and_what_to_run(home: Path) -> None:
    (home / "generations" / "3" / "vectors.faiss").write_bytes(b"")
    found = checks(doctor(home, "--repair", "--json"))
    ok, detail = found["repair"]
    assert ok
    for words in ("went back to generation 2", "rolebook build", "rolebook sync", "3/vectors.faiss differs"):
        assert words in detail
    assert found["index"][0]
    assert "generation 2" in found["index"][1]
    build([str(home.parent / "pages")], home, WordEncoder())
    assert "nothing is damaged" in checks(doctor(home, "--repair", "--json"))["repair"][1]


def test_nothing_to_fall_back_to_is_a_failure_in_words(home: Path) -> None:
    for number in (2, 3):
        (home / "generations" / str(number) / "blueprints.sqlite").unlink()
    result = doctor(home, "--repair", "--json")
    assert result.exit_code == 1
    ok, detail = checks(result)["repair"]
    assert not ok
    assert "no whole generation" in detail
    assert "rolebook build" in detail


def test_without_the_option_nothing_is_changed(home: Path) -> None:
    (home / "generations" / "3" / "vectors.faiss").write_bytes(b"")
    doctor(home)
    assert (home / "CURRENT").read_text(encoding="ascii").startswith("3 ")
