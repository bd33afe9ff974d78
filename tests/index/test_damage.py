"""A damaged file is refused by name with the command that mends it; no answer comes from it."""

import random
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.generation import Generation
from index.library import Library
from index.manifest import built_with, current
from index.remove import remove
from index.repair import repair
from ingest.errors import DamagedIndex, ModelMismatch, NoIndex, StoreError
from tests.conftest import WordEncoder
from tests.index.harm import (
    FILES,
    HARMS,
    Answers,
    Harm,
    answers,
    delete,
    file_of,
    flip,
    garble,
    outcome,
    swap,
    three_builds,
)

FLIPS = 12  # of each file; `python -m bench.crash` does 1,000


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_builds(tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def right(whole: Path) -> Answers:
    return answers(whole)


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "home"))


@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_refused_by_its_name(home: Path, right: Answers, name: str, harm: Harm) -> None:
    if (name, harm) == ("CURRENT", swap):
        pytest.skip("there is one CURRENT; an older one is a valid one")
    harm(file_of(home, name), random.Random(7))
    assert outcome(home, name, right) == "refused"


@pytest.mark.parametrize("name", FILES)
def test_no_flipped_bit_gives_a_wrong_answer(home: Path, right: Answers, name: str) -> None:
    path, chance = file_of(home, name), random.Random(7)
    good = path.read_bytes()
    found = set()
    for _ in range(FLIPS):
        flip(path, chance)
        found.add(outcome(home, name, right))
        path.write_bytes(good)
    assert "refused" in found


def test_a_flipped_bit_in_the_number_of_current_is_no_silent_step_back(home: Path) -> None:
    """ "3" and "2" are one bit apart, and generation 2 is whole."""
    path = home / "CURRENT"
    path.write_text("2" + path.read_text(encoding="ascii")[1:], encoding="ascii")
    with pytest.raises(DamagedIndex, match=r"CURRENT.*rolebook doctor --repair"):
        Generation.open(home)


@pytest.mark.parametrize("harm", [harm for harm in HARMS if harm is not swap])
@pytest.mark.parametrize("name", FILES)
def test_a_repair_goes_back_to_the_last_good_generation(home: Path, right: Answers, name: str, harm: Harm) -> None:
    harm(file_of(home, name), random.Random(7))
    done = repair(home)
    assert done.damage
    assert done.generation == (3 if name == "CURRENT" else 2)
    assert (answers(home) == right) is (name == "CURRENT")
    assert repair(home).damage == ""


def broken_off(stage: str, done: int, total: int) -> None:
    raise KeyboardInterrupt


def test_after_a_repair_a_build_brings_back_what_was_lost(tmp_path: Path) -> None:
    home = three_builds(tmp_path)
    right = answers(home)
    delete(file_of(home, "vectors.faiss"), random.Random(7))
    assert repair(home).generation == 2
    with pytest.raises(KeyboardInterrupt):
        build([str(tmp_path / "pages")], home, WordEncoder(), progress=broken_off)
    report = build([str(tmp_path / "pages")], home, WordEncoder())
    assert (report.changed, report.generation) == (1, 4)  # 3 is never given again: a server may have it open
    assert answers(home) == right
    assert sorted(path.name for path in (home / "generations").iterdir()) == ["2", "4"]


def test_a_server_takes_up_what_a_repair_went_back_to(home: Path) -> None:
    with closing(Library.open(home, WordEncoder())) as served:
        flip(file_of(home, "vectors.faiss"), random.Random(7))
        assert not served.refresh()
        repair(home)
        assert served.refresh()
        assert served.generation.manifest.generation == 2


def test_a_whole_index_is_not_touched_by_a_repair(home: Path, right: Answers) -> None:
    before = (home / "CURRENT").read_text(encoding="ascii")
    assert (repair(home).generation, repair(home).damage) == (3, "")
    assert (home / "CURRENT").read_text(encoding="ascii") == before


def test_nothing_to_fall_back_to_is_said(home: Path) -> None:
    for number in (2, 3):
        flip(file_of(home, "vectors.faiss", number), random.Random(7))
    with pytest.raises(StoreError, match=r"no whole generation.*vectors\.faiss.*Delete .*generations.*rolebook build"):
        repair(home)
    assert current(home) == 3


def test_a_repair_of_nothing_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="rolebook build"):
        repair(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["vectors.faiss", "lexical.safetensors", "manifest.json", "CURRENT"])
def test_a_rebuild_makes_anew_what_is_damaged(home: Path, right: Answers, name: str) -> None:
    flip(file_of(home, name), random.Random(7))
    assert build([], home, WordEncoder(), rebuild=True).failed == ()
    told, wanted = answers(home), list(right)
    assert told == wanted


def test_a_damaged_list_of_sources_is_not_replaced_by_an_older_one_unsaid(home: Path) -> None:
    flip(file_of(home, "blueprints.sqlite"), random.Random(7))
    with pytest.raises(StoreError, match=r"3/blueprints\.sqlite.*lists the sources.*rolebook doctor --repair"):
        build([], home, WordEncoder(), rebuild=True)


def test_nothing_is_written_to_a_damaged_index(home: Path) -> None:
    flip(file_of(home, "vectors.faiss"), random.Random(7))
    for write in (lambda: build([str(home)], home, WordEncoder()), lambda: remove("Role 1 Manager", home)):
        with pytest.raises(DamagedIndex, match=r"vectors\.faiss"):
            write()
    assert current(home) == 3


def test_the_encoder_of_a_damaged_index_is_still_known(home: Path) -> None:
    """So that the rebuild that mends it does not change the encoder."""
    flip(file_of(home, "vectors.faiss"), random.Random(7))
    assert built_with(home) == "words"
    delete(file_of(home, "manifest.json"), random.Random(7))
    assert built_with(home) == "words"  # as generation 2 says


def test_a_damaged_stored_page_is_named_and_its_last_reading_stays(home: Path, right: Answers) -> None:
    page = min((home / "pages").glob("*/*"))
    flip(page, random.Random(7))
    report = build([], home, WordEncoder(), rebuild=True)
    (error,) = report.failed
    assert str(page) in str(error)
    assert "rolebook build" in str(error)
    assert answers(home)[:-1] == right[:-1]


@pytest.mark.parametrize("name", FILES)
def test_no_damage_reaches_an_index_that_is_open(
    home: Path, right: Answers, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files were compared when it was opened, and are held in memory from then on."""
    open_it = Library.open

    def opened(*arguments: Any) -> Library:
        library = open_it(*arguments)
        garble(file_of(home, name), random.Random(7))
        return library

    monkeypatch.setattr(Library, "open", opened)
    assert answers(home) == right


def test_an_open_index_answers_although_its_files_are_deleted(home: Path, right: Answers) -> None:
    with closing(Library.open(home, WordEncoder())) as library:
        shutil.rmtree(home / "generations")
        assert library.generation.catalogue() == right[-1][0]
        with pytest.raises(DamagedIndex):
            Generation.open(home)


def test_another_encoder_is_refused_with_the_command_and_a_rebuild_goes_on_beside(home: Path, right: Answers) -> None:
    wide = WordEncoder(name="wide", dimension=1024)
    with closing(Library.open(home, WordEncoder())) as served:
        with pytest.raises(ModelMismatch, match="rolebook build --rebuild --encoder wide"):
            build([str(home)], home, wide)
        during = []
        build([], home, wide, rebuild=True, progress=lambda *_: during.append(Generation.open(home).catalogue()))
        assert during == [right[-1][0]] * len(during)
        assert during
        with pytest.raises(ModelMismatch, match="rolebook build --rebuild --encoder words"):
            served.refresh()
        assert served.generation.catalogue() == right[-1][0]  # the served one goes on
    with closing(Library.open(home, wide)) as library:
        assert library.generation.manifest.dimension == 1024
