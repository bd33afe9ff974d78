"""Every store ranks as brute force does."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders import Vectors
from index.flat_file import write_flat
from index.nearest import NearestStore
from index.vectors import FaissStore, Ids, Scores, VectorStore
from ingest.errors import DamagedIndex
from tests.postgres_server import vector_store


class Listed(FaissStore):
    """A store that is searched as one of many vectors is, its lists learned anew for each search, and all read."""

    def search(self, query: Vectors, k: int, allowed: Ids | None = None) -> tuple[Scores, Ids]:
        whole = FaissStore(self.dimension)
        whole.add(self.ids(), self.get(self.ids()))
        return (NearestStore.over(whole, read=1) if len(whole) else whole).search(query, k, allowed)


STORES: list[Callable[[int], VectorStore]] = [FaissStore, Listed, vector_store]


def brute_force(ids: Ids, vectors: Vectors, query: Vectors, k: int, allowed: Ids | None) -> tuple[Scores, Ids]:
    """The exact ranking: sort everything by score, then id."""
    chosen = np.ones(len(ids), dtype=bool) if allowed is None else np.isin(ids, allowed)
    scores = np.atleast_2d(query) @ vectors[chosen].T
    order = np.lexsort((np.broadcast_to(ids[chosen], scores.shape), -scores), axis=1)[:, :k]
    return np.take_along_axis(scores, order, axis=1), ids[chosen][order]


def whole_numbers(rows: int, dimension: int = 4) -> st.SearchStrategy[Vectors]:
    """Small whole numbers: products are exact in float32, and ties are frequent."""
    cells = st.lists(st.integers(-2, 2), min_size=rows * dimension, max_size=rows * dimension)
    return cells.map(lambda numbers: np.array(numbers, dtype=np.float32).reshape(rows, dimension))


@st.composite
def searches(draw: st.DrawFn) -> tuple[Ids, Vectors, Vectors, int, Ids | None]:
    names = draw(st.lists(st.integers(0, 60), unique=True, max_size=30))
    allowed = draw(st.none() | st.lists(st.integers(0, 80), unique=True))
    return (
        np.array(names, dtype=np.int64),
        draw(whole_numbers(len(names))),
        draw(whole_numbers(draw(st.integers(1, 3)))),
        draw(st.integers(1, 40)),
        None if allowed is None else np.array(allowed, dtype=np.int64),
    )


@pytest.fixture(params=STORES)
def make_store(request: pytest.FixtureRequest) -> Callable[[int], VectorStore]:
    made: Callable[[int], VectorStore] = request.param
    return made


@pytest.mark.parametrize("make", STORES)
@given(search=searches())
def test_a_filtered_search_equals_brute_force(
    make: Callable[[int], VectorStore], search: tuple[Ids, Vectors, Vectors, int, Ids | None]
) -> None:
    ids, vectors, query, k, allowed = search
    store = make(4)
    store.add(ids, vectors)
    scores, found = store.search(query, k, allowed)
    expected_scores, expected = brute_force(ids, vectors, query, k, allowed)
    assert found.tolist() == expected.tolist()
    assert scores.tolist() == expected_scores.tolist()


@pytest.mark.parametrize("make", STORES)
@given(search=searches(), gone=st.lists(st.integers(0, 60)))
def test_a_store_that_forgot_ids_equals_one_that_never_had_them(
    make: Callable[[int], VectorStore], search: tuple[Ids, Vectors, Vectors, int, Ids | None], gone: list[int]
) -> None:
    ids, vectors, query, k, allowed = search
    store, other = make(4), make(4)
    store.add(ids, vectors)
    store.remove(np.array(gone, dtype=np.int64))
    stays = ~np.isin(ids, gone)
    other.add(ids[stays], vectors[stays])
    assert len(store) == len(other)
    assert [a.tolist() for a in store.search(query, k, allowed)] == [
        a.tolist() for a in other.search(query, k, allowed)
    ]


def test_the_nearest_vector_is_first(make_store: Callable[[int], VectorStore]) -> None:
    store = make_store(2)
    store.add(np.array([7, 8, 9]), np.array([[0, 1], [1, 0], [0.6, 0.8]], dtype=np.float32))
    scores, ids = store.search(np.array([1, 0], dtype=np.float32), 2)
    assert ids.tolist() == [[8, 9]]
    assert scores[0].tolist() == pytest.approx([1.0, 0.6], abs=1e-3)  # half precision


def test_nothing_allowed_finds_nothing(make_store: Callable[[int], VectorStore]) -> None:
    store = make_store(2)
    store.add(np.array([1]), np.array([[0, 1]], dtype=np.float32))
    scores, ids = store.search(np.array([[0, 1], [1, 0]], dtype=np.float32), 3, np.array([], dtype=np.int64))
    assert scores.shape == ids.shape == (2, 0)


def test_vectors_come_back_in_the_order_asked_for(make_store: Callable[[int], VectorStore]) -> None:
    store = make_store(2)
    store.add(np.array([4, 2]), np.array([[0, 1], [1, 0]], dtype=np.float32))
    assert store.get([2, 4, 2]).tolist() == [[1, 0], [0, 1], [1, 0]]
    assert store.get([]).shape == (0, 2)
    with pytest.raises(ValueError, match="not in the store"):
        store.get([3])


def test_wrong_vectors_are_refused_at_the_door(make_store: Callable[[int], VectorStore]) -> None:
    store = make_store(2)
    store.add(np.array([1]), np.ones((1, 2), dtype=np.float32))
    with pytest.raises(ValueError, match="already"):
        store.add(np.array([1]), np.ones((1, 2), dtype=np.float32))
    with pytest.raises(ValueError, match="differ"):
        store.add(np.array([2]), np.ones((1, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="NaN"):
        store.add(np.array([2]), np.full((1, 2), np.nan, dtype=np.float32))
    with pytest.raises(ValueError, match="dimensions"):
        store.search(np.ones(3, dtype=np.float32), 1)
    assert len(store) == 1


def test_a_saved_store_ranks_as_before(tmp_path: Path) -> None:
    store = FaissStore(3)
    vectors = np.random.default_rng(5).normal(size=(50, 3)).astype(np.float32)
    store.add(np.arange(50) * 3, vectors)
    store.save(tmp_path / "vectors")
    loaded = FaissStore.load(tmp_path / "vectors")
    assert len(loaded) == 50
    assert [a.tolist() for a in loaded.search(vectors[:5], 7)] == [a.tolist() for a in store.search(vectors[:5], 7)]


def test_a_file_written_piece_by_piece_is_the_one_that_faiss_writes(tmp_path: Path) -> None:
    vectors = np.random.default_rng(5).normal(size=(50, 7)).astype(np.float32)
    vectors[0] *= 1e-7  # too small for half precision's usual form
    for size in (50, 0):
        store = FaissStore(7)
        store.add(np.arange(size), vectors[:size])
        store.save(tmp_path / "whole")
        parts = [(np.arange(size)[at : at + 20], vectors[:size][at : at + 20].astype(np.float16)) for at in (0, 20, 40)]
        write_flat(tmp_path / "parts", 7, size, parts)
        assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


def test_a_truncated_faiss_file_is_damage(tmp_path: Path) -> None:
    store = FaissStore(8)
    store.add(np.arange(20), np.ones((20, 8), dtype=np.float32))
    path = tmp_path / "vectors.faiss"
    store.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DamagedIndex, match="rolebook build --rebuild"):
        FaissStore.load(path)


@pytest.mark.parametrize(("given", "told"), [({}, "passive"), ({"OMP_WAIT_POLICY": "active"}, "active")])
def test_threads_that_wait_keep_no_core_busy_unless_it_is_wished(given: dict[str, str], told: str) -> None:
    plain = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    code = "import index, os; print(os.environ['OMP_WAIT_POLICY'])"
    ran = subprocess.run([sys.executable, "-c", code], env=plain | given, stdout=subprocess.PIPE, check=True, text=True)
    assert ran.stdout.split() == [told]
