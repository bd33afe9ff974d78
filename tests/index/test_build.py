"""Sources go in, the index changes by exactly that, and nothing is encoded twice."""

import shutil
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from index.build import build
from index.encoded import ENCODED
from index.encoders import Encoder, Vectors
from index.generation import Generation
from index.library import Library
from index.remove import remove
from index.sources import sources
from index.stages import Batch, Encodings, Readings, Stages, encode_here, read_here
from ingest.blueprint import Passage, RawPage
from ingest.errors import BadInput, ModelMismatch, NoIndex, StoreError, UnknownName, UnreadablePage
from tests.conftest import WordEncoder
from tests.index.conftest import DUTIES, write_json, write_markdown

T = TypeVar("T")


@dataclass(frozen=True)
class CountingEncoder(WordEncoder):
    """Remembers what it was given."""

    seen: list[str] = field(default_factory=list)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        return super().encode_document(texts)


def content(home: Path) -> list[tuple[int, Passage, list[float]]]:
    """Every passage with its row and vector."""
    with closing(Generation.open(home)) as generation:
        rows = range(1, generation.manifest.passages + 1)
        return [
            (row, passage, generation.vectors.get([row])[0].tolist())
            for row, passage in zip(rows, generation.passages(rows), strict=True)
        ]


def roles(home: Path) -> list[str]:
    with closing(Generation.open(home)) as generation:
        return [entry.blueprint_id for entry in generation.catalogue()]


def best(home: Path, question: str) -> str:
    with closing(Library.open(home, WordEncoder())) as library:
        _, rows = library.generation.vectors.search(library.encoder.encode_query([question]), 1)
        return library.generation.passage(int(rows[0, 0])).text


def test_the_right_passage_is_first_after_a_build(folder: Path, home: Path) -> None:
    report = build([str(folder)], home, WordEncoder())
    assert (report.new, report.changed, report.unchanged, report.failed) == (3, 0, 0, ())
    assert (report.blueprints, report.passages, report.encoded, report.generation) == (3, 9, 9, 1)
    assert best(home, "Who does drift monitoring of models?") == "Own drift monitoring of all models"
    assert best(home, "ingestion pipelines") == "Build ingestion pipelines"


def test_a_second_build_changes_nothing(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    encoder = CountingEncoder()
    report = build([str(folder)], home, encoder)
    assert (report.generation, report.unchanged, report.encoded, report.passages) == (1, 3, 0, 9)
    assert encoder.seen == []
    assert [path.name for path in (home / "generations").iterdir()] == ["1"]


def test_a_changed_page_encodes_only_what_is_new_in_it(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    write_json(folder, "Data Engineer", [*DUTIES["Data Engineer"], "Retire old tables"])
    encoder = CountingEncoder()
    report = build([str(folder)], home, encoder)
    assert (report.changed, report.unchanged, report.encoded, report.reused) == (1, 2, 1, 9)
    assert [text.rsplit(": ", 1)[-1] for text in encoder.seen] == ["Retire old tables"] * 2  # alone, in context
    assert best(home, "Retire old tables") == "Retire old tables"


def test_page_by_page_gives_the_same_index_as_all_at_once(folder: Path, home: Path, tmp_path: Path) -> None:
    write_json(folder, "SRE Director", ["Buy hardware"], slug="sre-director-in-banking")
    write_markdown(folder, "MLOps Manager")
    build([str(folder)], home, WordEncoder())
    other = tmp_path / "other"
    for path in sorted(folder.iterdir(), reverse=True):
        build([str(path)], other, WordEncoder())
    assert content(home) == content(other)
    assert roles(home) == roles(other)


def test_a_file_that_left_its_folder_leaves_the_index(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    (folder / "data-engineer.json").unlink()
    report = build([str(folder)], home, WordEncoder())
    assert (report.dropped, report.blueprints, report.encoded) == (1, 2, 0)
    assert roles(home) == ["mlops-manager@example.org", "sre-director@example.org"]


def test_other_sources_are_not_touched(folder: Path, home: Path, tmp_path: Path) -> None:
    build([str(folder)], home, WordEncoder())
    apart = tmp_path / "apart"
    apart.mkdir()
    write_json(apart, "Release Manager", ["Approve every release"])
    report = build([str(apart)], home, WordEncoder())
    assert (report.new, report.unchanged, report.dropped, report.blueprints) == (1, 0, 0, 4)


def test_a_folder_is_known_however_it_is_spelled(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build([str(folder)], home, WordEncoder())
    monkeypatch.chdir(folder.parent)
    report = build(["pages", "./pages/"], home, WordEncoder())
    assert (report.new, report.unchanged) == (0, 3)


def test_an_unreadable_page_is_reported_and_the_others_go_on(folder: Path, home: Path) -> None:
    (folder / "broken.json").write_text('{"id": 7, "content": {"rende', encoding="utf-8")
    report = build([str(folder)], home, WordEncoder())
    assert report.blueprints == 3
    assert len(report.failed) == 1
    assert "broken.json" in str(report.failed[0])


def test_a_page_that_breaks_keeps_its_last_good_reading(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    (folder / "data-engineer.json").write_text("", encoding="utf-8")
    write_json(folder, "SRE Director", ["Buy hardware"])
    report = build([str(folder)], home, WordEncoder())
    assert (len(report.failed), report.changed, report.dropped) == (1, 1, 0)
    assert best(home, "ingestion pipelines") == "Build ingestion pipelines"


def test_nothing_readable_at_all_is_an_error_and_leaves_the_index(folder: Path, home: Path, tmp_path: Path) -> None:
    build([str(folder)], home, WordEncoder())
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "one.html").write_text("", encoding="utf-8")
    (bad / "two.json").write_text("{", encoding="utf-8")
    with pytest.raises(UnreadablePage, match=r"one\.html.*two\.json"):
        build([str(bad)], home, WordEncoder())
    assert len(roles(home)) == 3


def test_a_missing_path_is_bad_input_and_leaves_the_index(folder: Path, home: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        build([str(folder), str(folder / "nowhere")], home, WordEncoder())
    with pytest.raises(NoIndex, match="rolebook build"):
        Generation.open(home)


def test_an_empty_folder_is_bad_input(home: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput, match="no page"):
        build([str(tmp_path / "empty")], home, WordEncoder())


def test_the_same_post_in_two_forms_is_kept_once(folder: Path, home: Path) -> None:
    copy = write_markdown(folder, "MLOps Manager")
    report = build([str(folder)], home, WordEncoder())
    assert (report.blueprints, report.duplicates, report.passages) == (3, 1, 9)
    (entry,) = [entry for entry in sources(home) if entry.source == str(copy)]
    assert (entry.blueprints, entry.duplicate_of) == ((), ("mlops-manager@example.org",))
    with closing(Generation.open(home)) as generation:
        rows = generation.rows(sources=[str(copy)])
        assert rows is not None
        assert {passage.blueprint_id for passage in generation.passages(rows)} == {"mlops-manager@example.org"}


def test_removing_the_kept_form_brings_the_other_back(folder: Path, home: Path) -> None:
    write_markdown(folder, "MLOps Manager")
    build([str(folder)], home, WordEncoder())
    report = remove(str(folder / "mlops-manager.json"), home, WordEncoder())
    assert report.blueprints == ("mlops-manager@example.org",)
    assert len(report.restored) == 1
    assert report.restored[0].startswith("mlops-manager~")
    assert best(home, "drift monitoring") == "Own drift monitoring of all models"


def test_a_second_post_of_a_role_takes_its_slug_into_its_id(folder: Path, home: Path) -> None:
    write_json(folder, "SRE Director", ["Buy hardware", "Sell hardware"], slug="sre-director-in-banking")
    build([str(folder)], home, WordEncoder())
    assert roles(home)[-2:] == ["sre-director@example.org", "sre-director@example.org/sre-director-in-banking"]


def test_removing_a_role_takes_out_every_form_of_it(folder: Path, home: Path) -> None:
    write_markdown(folder, "MLOps Manager")
    build([str(folder)], home, WordEncoder())
    dry = remove("mlops manager", home, WordEncoder(), dry_run=True)
    assert len(roles(home)) == 3
    wet = remove("mlops manager", home, WordEncoder())
    assert (dry.sources, dry.blueprints, dry.restored, dry.passages) == (
        wet.sources, wet.blueprints, wet.restored, wet.passages,
    )  # fmt: skip
    assert (len(wet.sources), wet.blueprints, wet.passages) == (2, ("mlops-manager@example.org",), 3)
    assert roles(home) == ["data-engineer@example.org", "sre-director@example.org"]


def test_a_role_removed_from_a_page_of_several_stays_out(home: Path, tmp_path: Path) -> None:
    posts = [write_json(tmp_path, role) for role in DUTIES]
    listing = tmp_path / "listing.json"
    listing.write_text(f"[{','.join(path.read_text(encoding='utf-8') for path in posts)}]", encoding="utf-8")
    build([str(listing)], home, WordEncoder())
    report = remove("data-engineer@example.org", home, WordEncoder())
    assert (report.sources, report.blueprints) == ((), ("data-engineer@example.org",))
    build([str(listing)], home, WordEncoder(), rebuild=True)
    assert roles(home) == ["mlops-manager@example.org", "sre-director@example.org"]


def test_removing_an_unknown_name_proposes_a_near_one(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    with pytest.raises(UnknownName, match="'Data Engineer'"):
        remove("Data Enginer", home, WordEncoder())


def test_the_last_source_can_be_removed_and_built_again(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    remove(str(folder), home, WordEncoder())
    assert roles(home) == []
    assert build([str(folder)], home, WordEncoder()).blueprints == 3


def test_another_encoder_is_refused_until_a_rebuild(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    other = WordEncoder(name="wider", dimension=1024)
    with pytest.raises(ModelMismatch, match="rolebook build --rebuild --encoder wider"):
        build([str(folder)], home, other)
    with pytest.raises(ModelMismatch, match="'words'"):
        Library.open(home, other)
    report = build([], home, other, rebuild=True)
    assert (report.unchanged, report.encoded, report.reused) == (3, 9, 0)
    with closing(Library.open(home, other)) as library:
        assert library.generation.manifest.dimension == 1024


def test_a_rebuild_needs_only_the_stored_pages(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    before = content(home)
    for path in folder.iterdir():
        path.unlink()
    report = build([], home, WordEncoder(), rebuild=True)
    assert (report.generation, report.blueprints) == (2, 3)
    assert content(home) == before


def test_a_rebuild_without_an_index_builds_the_sources(folder: Path, home: Path) -> None:
    assert build([str(folder)], home, WordEncoder(), rebuild=True).new == 3


def test_only_one_writer_at_a_time(folder: Path, home: Path) -> None:
    from index.disk import writing

    with writing(home), pytest.raises(StoreError, match="Another process"):
        build([str(folder)], home, WordEncoder())


def test_a_library_switches_when_a_new_generation_is_there(folder: Path, home: Path) -> None:
    build([str(folder)], home, WordEncoder())
    library = Library.open(home, WordEncoder())
    old = library.generation
    assert library.refresh() is False
    for wanted in ("Archive logs", "Archive backups", "Archive models"):
        write_json(folder, "Data Engineer", [wanted])
        build([str(folder)], home, WordEncoder())
    assert len(old.catalogue()) == 3  # still readable although its folder is gone
    assert library.refresh() is True
    assert library.generation.manifest.generation == 4
    assert best(home, "Archive models") == "Archive models"
    old.close()
    library.close()


def test_only_two_generations_and_their_pages_are_kept(folder: Path, home: Path) -> None:
    for wanted in ("Archive logs", "Archive backups", "Archive models"):
        write_json(folder, "Data Engineer", [wanted])
        build([str(folder)], home, WordEncoder())
    assert sorted(path.name for path in (home / "generations").iterdir()) == ["2", "3"]
    assert len(list((home / "pages").glob("*/*"))) == 4  # three now, and the changed one as it was before


def test_progress_counts_up_to_all_passages(folder: Path, home: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    build([str(folder)], home, WordEncoder(), progress=lambda stage, done, total: calls.append((stage, done, total)))
    assert calls == [("read", 1, 0), ("read", 2, 0), ("read", 3, 0), ("encode", 9, 9)]


def test_stages_may_work_ahead_and_answer_in_any_order(folder: Path, home: Path, tmp_path: Path) -> None:
    """As workers on other machines do: everything is asked for at once, by another thread, and comes back reversed."""

    def read(pages: Iterable[tuple[int, RawPage]]) -> Readings:
        return reversed([next(read_here([page])) for page in elsewhere(pages)])

    def encode(encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
        return reversed([next(encode_here(encoder, [batch])) for batch in elsewhere(batches)])

    (folder / "broken.json").write_text("{", encoding="utf-8")
    report = build([str(folder)], home, WordEncoder(), stages=Stages(read, encode))
    assert (report.new, report.encoded, len(report.failed)) == (3, 9, 1)
    build([str(folder)], tmp_path / "other", WordEncoder())
    assert content(home) == content(tmp_path / "other")


def elsewhere(stream: Iterable[T]) -> list[T]:
    """All of a stream, pulled by another thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(list, stream).result()


@pytest.mark.parametrize("given_back", [slice(2), slice(1, None)])
def test_pages_that_do_not_come_back_are_missed(folder: Path, home: Path, given_back: slice) -> None:
    def lossy(pages: Iterable[tuple[int, RawPage]]) -> Readings:
        return iter(list(read_here(pages))[given_back])

    with pytest.raises(StoreError, match="did not come back"):
        build([str(folder)], home, WordEncoder(), stages=Stages(read=lossy))
    with pytest.raises(StoreError, match="did not come back"):
        build([str(folder)], home, WordEncoder(), stages=Stages(read=lambda pages: read_here(islice(pages, 1))))
    assert build([str(folder)], home, WordEncoder()).new == 3


def test_texts_that_do_not_come_back_are_missed_and_asked_for_again(folder: Path, home: Path) -> None:
    def half(encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
        for batch in batches:
            hashes, contexts, texts = batch.hashes[:4], batch.contexts[:4], batch.texts[:4]
            yield from encode_here(encoder, [Batch(hashes, contexts, texts)])

    with pytest.raises(StoreError, match="4 of 9 texts"):
        build([str(folder)], home, WordEncoder(), stages=Stages(encode=half))
    report = build([str(folder)], home, WordEncoder())
    assert (report.encoded, report.reused) == (5, 4)
    assert not (home / ENCODED).exists()


@pytest.fixture
def broken_off(folder: Path, home: Path) -> Path:
    """What the first build of a home had encoded when it ended: twice two texts of nine."""

    def killed(encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
        (batch,) = batches
        for part in (slice(2), slice(2, 4)):
            yield from encode_here(encoder, [Batch(batch.hashes[part], batch.contexts[part], batch.texts[part])])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([str(folder)], home, WordEncoder(), stages=Stages(encode=killed))
    return home / ENCODED


def test_a_build_that_was_broken_off_encodes_only_the_rest(folder: Path, broken_off: Path, tmp_path: Path) -> None:
    encoder = CountingEncoder()
    report = build([str(folder)], broken_off.parent, encoder)
    assert (report.encoded, report.reused, len(encoder.seen)) == (5, 4, 10)
    assert not broken_off.exists()
    build([str(folder)], tmp_path / "other", WordEncoder())
    assert content(broken_off.parent) == content(tmp_path / "other")


def test_a_build_that_changes_nothing_leaves_what_a_broken_off_one_has_encoded(
    folder: Path, broken_off: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        build([str(tmp_path / "empty")], broken_off.parent, WordEncoder())
    assert build([str(folder)], broken_off.parent, WordEncoder()).encoded == 5


def test_a_rebuild_takes_up_what_a_broken_off_one_has_encoded(folder: Path, broken_off: Path) -> None:
    assert build([str(folder)], broken_off.parent, WordEncoder(), rebuild=True).encoded == 5


@pytest.mark.parametrize(
    "encoder", [WordEncoder(name="other"), WordEncoder(fingerprint="1"), WordEncoder(dimension=64)]
)
def test_another_encoders_vectors_are_not_taken_up(folder: Path, broken_off: Path, encoder: WordEncoder) -> None:
    assert build([str(folder)], broken_off.parent, encoder).encoded == 9


def test_damaged_vectors_are_not_taken_up(folder: Path, broken_off: Path, tmp_path: Path) -> None:
    build([str(folder)], tmp_path / "other", WordEncoder())
    whole = broken_off.read_bytes()
    chance = Random(3)
    for size in chance.sample(range(len(whole)), 10):
        broken_off.write_bytes(whole[:size])
        assert build([str(folder)], broken_off.parent, WordEncoder()).encoded in (9, 7)
        start_again(broken_off, whole)
    for place in chance.sample(range(len(whole)), 10):
        broken_off.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert build([str(folder)], broken_off.parent, WordEncoder()).encoded in (9, 7, 5)
        assert content(broken_off.parent) == content(tmp_path / "other")
        start_again(broken_off, whole)


def start_again(broken_off: Path, whole: bytes) -> None:
    """The home as it was when its first build was broken off."""
    shutil.rmtree(broken_off.parent)
    broken_off.parent.mkdir()
    broken_off.write_bytes(whole)


def test_what_was_kept_of_more_texts_than_there_are_is_dropped(folder: Path, broken_off: Path, tmp_path: Path) -> None:
    (one := tmp_path / "one").mkdir()
    write_json(one, "Release Manager", ["Approve every release"])
    report = build([str(one)], broken_off.parent, WordEncoder())
    assert (report.encoded, report.passages) == (1, 1)
    assert not broken_off.exists()
