"""What is on disk is read as it was written, or refused with the way to mend it."""

import json
import shutil
import sqlite3
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import index.generation
from index.build import build
from index.generation import Generation
from index.library import Library
from index.records import from_json, to_json
from ingest.blueprint import Block, Section
from ingest.errors import DamagedIndex, ModelMismatch, NoIndex, StoreError, UnknownName
from ingest.passages import passages
from tests.conftest import WordEncoder, make_blueprint


@pytest.fixture
def built(folder: Path, home: Path) -> Path:
    """A home that holds one generation."""
    build([str(folder)], home, WordEncoder())
    return home


@pytest.fixture
def generation(built: Path) -> Iterator[Generation]:
    with closing(Generation.open(built)) as opened:
        yield opened


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [truncate, flip, Path.unlink])
@pytest.mark.parametrize("name", ["blueprints.sqlite", "vectors.faiss", "manifest.json"])
def test_damage_is_refused_and_a_rebuild_mends_it(built: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(built / "generations" / "1" / name)
    with pytest.raises(DamagedIndex, match=rf"{name}.*rolebook build --rebuild"):
        Generation.open(built)
    with pytest.raises(DamagedIndex):
        build([str(built.parent / "pages")], built, WordEncoder())
    if name == "blueprints.sqlite":  # the list of the sources is in it
        with pytest.raises(StoreError, match=r"Delete .*generations.*rolebook build"):
            build([], built, WordEncoder(), rebuild=True)
    else:
        assert build([], built, WordEncoder(), rebuild=True).blueprints == 3
        Generation.open(built).close()


@pytest.mark.parametrize("text", ["", "one", "7", None])
def test_a_pointer_to_nowhere_is_damage(built: Path, text: str | None) -> None:
    pointer = built / "CURRENT"
    pointer.unlink() if text is None else pointer.write_text(text, encoding="utf-8")
    with pytest.raises(DamagedIndex, match="rolebook build --rebuild"):
        Generation.open(built)
    assert build([], built, WordEncoder(), rebuild=True).passages == 9


def test_another_format_is_a_mismatch(built: Path) -> None:
    path = built / "generations" / "1" / "manifest.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["seal"]
    path.write_text(json.dumps(record | {"format": 99}), encoding="utf-8")
    with pytest.raises(ModelMismatch, match=r"format version 99.*rolebook build --rebuild"):
        Generation.open(built)


def test_an_encoder_with_other_weights_is_a_mismatch(built: Path) -> None:
    with pytest.raises(ModelMismatch, match="rolebook build --rebuild --encoder words"):
        Library.open(built, WordEncoder(fingerprint="f" * 64))


def test_no_index_names_the_command_that_builds_one(tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="rolebook build"):
        Generation.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("step", ["read_manifest", "check_files", "open_store", "open_kept"])
def test_a_generation_that_goes_while_it_is_opened_gives_way_to_the_new_one(
    built: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """However far the opening has come when a writer has switched and pruned."""
    real, slow = getattr(index.generation, step), [True]

    def late(*given: object) -> object:
        if slow.pop() if slow else False:
            build([], built, WordEncoder(), rebuild=True)
            shutil.rmtree(built / "generations" / "1", ignore_errors=True)
        return real(*given)

    monkeypatch.setattr(index.generation, step, late)
    with closing(Generation.open(built)) as opened:
        assert opened.manifest.generation == 2


def test_a_build_that_was_killed_leaves_the_old_generation(built: Path) -> None:
    half = built / "generations" / ".2.tmp"
    half.mkdir()
    (half / "blueprints.sqlite").write_bytes(b"half")
    Generation.open(built).close()
    assert build([], built, WordEncoder(), rebuild=True).generation == 2
    assert not half.exists()


def test_reading_writes_nothing(built: Path) -> None:
    before = sorted(built.rglob("*"))
    with closing(Library.open(built, WordEncoder())) as library:
        library.generation.catalogue()
    assert sorted(built.rglob("*")) == before


def test_a_stored_blueprint_is_the_one_that_was_parsed(generation: Generation) -> None:
    for entry in generation.catalogue():
        blueprint = generation.blueprint(entry.blueprint_id)
        made = passages(blueprint)
        rows = [generation.row_of(passage.blueprint_id, passage.passage_id) for passage in made]
        assert generation.passages([row for row in rows if row is not None]) == made
        assert len(made) == entry.passages
        assert all(blueprint.text[passage.start : passage.end] == passage.text for passage in made)


def test_a_record_survives_json() -> None:
    row = Block("row", "| a | b |", 0, 9, cells=("a", None), header=True)
    field = Block("field", "Importance: Critical", 0, 20, depth=2, number=3, label="Importance")
    inner = Section(None, None, "kpis", (row, field))
    record = replace(make_blueprint(), sections=(Section("1", "1) Ü — 🚀", "other", (), (inner, inner)),))
    assert from_json(to_json(record)) == record


def test_the_catalogue_is_sorted_by_role(generation: Generation) -> None:
    catalogue = generation.catalogue()
    assert [(entry.role, entry.level, entry.passages) for entry in catalogue] == [
        ("Data Engineer", catalogue[0].level, 3),
        ("MLOps Manager", "manager", 3),
        ("SRE Director", "director", 3),
    ]
    assert catalogue[1].url == "https://example.org/mlops-manager/"


def test_filters_give_exactly_the_rows_that_pass_all_of_them(generation: Generation, folder: Path) -> None:
    def named(**filters: list[str]) -> set[str]:
        rows = generation.rows(**filters)
        assert rows is not None
        assert rows.tolist() == sorted(rows.tolist())
        return {passage.role for passage in generation.passages(rows)}

    everyone = {"Data Engineer", "MLOps Manager", "SRE Director"}
    assert generation.rows() is None
    assert named(roles=["MLOps Manager", "data-engineer@example.org"]) == {"MLOps Manager", "Data Engineer"}
    assert named(levels=["director"], topics=["responsibilities"]) == {"SRE Director"}
    assert named(levels=["director"], roles=["MLOps Manager"]) == set()
    assert named(sources=[str(folder)]) == everyone
    assert named(sources=[str(folder / "mlops-manager.json")]) == {"MLOps Manager"}
    assert named(topics=["kpis"]) == named(roles=[]) == set()


def test_unknown_names_and_rows(generation: Generation) -> None:
    assert generation.row_of("nobody@example.org", "x#1") is None
    with pytest.raises(UnknownName, match="nobody"):
        generation.blueprint("nobody@example.org")
    with pytest.raises(UnknownName, match="row 99"):
        generation.passage(99)
    assert [passage.role for passage in generation.passages([9, 1, 9])] == [
        "SRE Director",
        "Data Engineer",
        "SRE Director",
    ]


def test_many_threads_read_one_generation(generation: Generation) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: generation.passage(n % 9 + 1).role, range(400)))
    assert found == [generation.passage(n % 9 + 1).role for n in range(400)]


def test_a_closed_generation_says_so(built: Path) -> None:
    generation = Generation.open(built)
    generation.close()
    with pytest.raises(StoreError, match="closed"):
        generation.catalogue()


def test_a_generation_cannot_be_written_to(generation: Generation) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        generation._db.execute("DELETE FROM passages")


def test_a_generation_that_nobody_holds_is_gone_at_once(built):
    generation = Generation.open(built)
    assert generation.rows(topics=["responsibilities"]) is not None
    assert generation.by_heading()
    assert generation.blueprint(generation.catalogue()[0].blueprint_id)
    generation.close()
    seen = weakref.ref(generation)
    del generation
    assert seen() is None
