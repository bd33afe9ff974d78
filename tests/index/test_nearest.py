"""Lists of near vectors: nearly the exact ranking, exactly the exact scores, and never a wrong file."""

from contextlib import closing
from pathlib import Path
from random import Random

import numpy as np
import pytest

from index.build import update
from index.generation import Generation
from index.manifest import NEAREST, VECTORS, generation_folder
from index.nearest import FEW, READ, NearestStore
from index.vectors import IN_MEMORY, FaissStore
from ingest.blueprint import RawPage
from ingest.errors import DamagedIndex
from ingest.read import read_pages
from tests.conftest import WordEncoder
from tests.index.conftest import write_json

SIZE = FEW + 10_000


@pytest.fixture(scope="module")
def whole() -> FaissStore:
    """Vectors around a thousand directions, as texts lie around matters."""
    chance = np.random.default_rng(1)
    vectors = chance.normal(size=(1000, 64))[chance.integers(0, 1000, SIZE)] + 0.5 * chance.normal(size=(SIZE, 64))
    store = FaissStore(64)
    store.add(np.arange(SIZE), (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32))
    return store


@pytest.fixture(scope="module")
def listed(whole: FaissStore) -> NearestStore:
    return NearestStore.over(whole)


def test_nearly_all_of_the_exact_ten_are_found(whole: FaissStore, listed: NearestStore) -> None:
    queries = whole.get(np.arange(0, SIZE, 100))
    right, found = whole.search(queries, 10), listed.search(queries, 10)
    shared = [len(np.intersect1d(a, b)) for a, b in zip(right[1], found[1], strict=True)]
    assert np.mean(shared) >= 9.8
    whole_lists = [n for n, number in enumerate(shared) if number == 10]
    assert found[0][whole_lists].tolist() == right[0][whole_lists].tolist()  # to the last bit


@pytest.mark.parametrize("left", [5, FEW // 2, FEW + 5000])
def test_with_a_filter_it_is_exact(whole: FaissStore, listed: NearestStore, left: int) -> None:
    """However far what it leaves is from the question."""
    query = whole.get([7])[0]
    allowed = np.sort(whole.search(-query, left)[1][0])
    right, found = whole.search(query, 10, allowed), listed.search(query, 10, allowed)
    assert [a.tolist() for a in found] == [a.tolist() for a in right]


def test_with_many_hits_wanted_it_is_exact(whole: FaissStore, listed: NearestStore) -> None:
    query = whole.get([7])[0]
    for k in (SIZE // READ, SIZE, 2 * SIZE):
        assert listed.search(query, k)[1].tolist() == whole.search(query, k)[1].tolist()


def test_of_very_many_vectors_the_lists_give_more_hits(
    whole: FaissStore, listed: NearestStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, real = [], NearestStore._candidates
    monkeypatch.setattr(NearestStore, "_candidates", lambda store, rows, k: asked.append(k) or real(store, rows, k))
    monkeypatch.setattr("index.nearest.DEEP", 10)
    monkeypatch.setattr("index.nearest.THIN", SIZE // 50)
    for k in (10, 50, 51):
        assert listed.search(whole.get([7])[0], k)[1].shape == (1, k)
    assert asked == [10, 50]


def test_the_same_vectors_give_the_same_lists(whole: FaissStore, listed: NearestStore, tmp_path: Path) -> None:
    queries = whole.get(np.arange(0, SIZE, 500))
    again = NearestStore.over(whole)
    again.save(tmp_path / "lists")
    for store in (again, NearestStore.load(whole, tmp_path / "lists")):
        assert [a.tolist() for a in store.search(queries, 20)] == [a.tolist() for a in listed.search(queries, 20)]


def test_other_vectors_lists_are_damage(whole: FaissStore, listed: NearestStore, tmp_path: Path) -> None:
    listed.save(tmp_path / "lists")
    fewer = FaissStore(64)
    fewer.add(np.arange(50), whole.get(np.arange(50)))
    with pytest.raises(DamagedIndex, match="not the lists of these vectors"):
        NearestStore.load(fewer, tmp_path / "lists")
    (tmp_path / "lists").write_bytes((tmp_path / "lists").read_bytes()[:-40])
    with pytest.raises(DamagedIndex, match="rolebook build --rebuild"):
        NearestStore.load(whole, tmp_path / "lists")


def test_a_large_file_is_mapped_and_ranks_as_before(tmp_path: Path) -> None:
    size, chance = IN_MEMORY // 512 + 1000, np.random.default_rng(2)
    store = FaissStore(256)
    for start in range(0, size, 50_000):
        ids = np.arange(start, min(size, start + 50_000))
        store.add(ids, chance.standard_normal((len(ids), 256), dtype=np.float32))
    store.save(tmp_path / "vectors")
    query, (scores, found) = store.get([3])[0], store.search(store.get([3])[0], 5)
    before = held()
    mapped = FaissStore.load(tmp_path / "vectors")
    assert held() - before < 100 * 2**20
    assert mapped.get([3, size - 1]).tolist() == store.get([3, size - 1]).tolist()
    assert [a.tolist() for a in mapped.search(query, 5)] == [scores.tolist(), found.tolist()]


def held() -> int:
    """Bytes of memory that this process has of its own."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5]) * 4096


@pytest.fixture
def pages(tmp_path: Path) -> list[RawPage]:
    (folder := tmp_path / "pages").mkdir()
    for number in range(20):
        write_json(folder, f"Role {number} Manager", [f"Own matter {number}-{n} of area {n}" for n in range(6)])
    return [page for page in read_pages(folder) if isinstance(page, RawPage)]


def test_lists_come_and_go_with_the_number_of_passages(pages: list[RawPage], home: Path) -> None:
    assert update(pages, home, WordEncoder(), lambda page: False, exact=100).passages == 120
    with closing(Generation.open(home)) as generation:
        assert isinstance(generation.vectors, NearestStore)
        query = WordEncoder().encode_query(["matter 7-3"])[0]
        best = int(generation.vectors.search(query, 1)[1][0, 0])
        assert generation.passage(best).text == "Own matter 7-3 of area 3"
    update(pages[:5], home, WordEncoder(), lambda page: True, exact=100)
    with closing(Generation.open(home)) as generation:
        assert isinstance(generation.vectors, FaissStore)
        assert not (generation.folder / NEAREST).exists()


def test_damaged_lists_are_refused(pages: list[RawPage], home: Path) -> None:
    update(pages, home, WordEncoder(), lambda page: False, exact=100)
    path = generation_folder(home, 1) / NEAREST
    whole, chance = path.read_bytes(), Random(5)
    for place in chance.sample(range(len(whole)), 30):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
        with pytest.raises(DamagedIndex, match=r"nearest\.faiss.*rolebook doctor --repair"):
            Generation.open(home)
    for damage in (whole[:-9], b"", (path.parent / VECTORS).read_bytes()):
        path.write_bytes(damage)
        with pytest.raises(DamagedIndex, match=r"nearest\.faiss"):
            Generation.open(home)
    path.unlink()
    with pytest.raises(DamagedIndex, match=r"nearest\.faiss is missing"):
        Generation.open(home)
