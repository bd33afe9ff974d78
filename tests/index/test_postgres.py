"""An index in PostgreSQL gives what the index on disk gives."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build
from index.lexical import Bm25Index
from index.library import Library
from index.postgres import Database
from index.postgres_publish import publish
from index.postgres_tables import LISTED, index_nearest
from index.postgres_vectors import PostgresReader
from index.vectors import FaissStore
from ingest.errors import UnknownName
from search import ask, retrieve, retrieve_roles
from search.retrieve import Filters, Hit
from tests.conftest import WordEncoder
from tests.postgres_server import lexical_index, scratch, shared_server, vector_store

psycopg = pytest.importorskip("psycopg")
SAMPLES = Path(__file__).parents[2] / "corpus" / "pages"
QUESTIONS = (
    "Which roles own drift monitoring?",
    "What are the KPIs of the Head of ML Platform?",
    "Who decides on cloud spend?",
    "How do the FinOps Lead and the Head of Cloud Platform differ?",
    "What does the FinOps Lead report to the board?",
    "Which responsibilities are like 'run the on-call rota'?",
    "zzzz qqqq?",
)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Library, Library]]:
    """The sample pages, read from disk and from a database."""
    dsn = shared_server().database()
    home = tmp_path_factory.mktemp("both")
    build(
        [str(SAMPLES / name) for name in ("head-of-ml-platform.json", "finops-lead.md", "data-roles.json")],
        home,
        WordEncoder(),
    )
    publish(home, dsn)
    with (
        closing(Library.open(home, WordEncoder())) as local,
        closing(Library.open(Path("nowhere"), WordEncoder(), dsn)) as served,
    ):
        yield local, served


def assert_same(served: Sequence[Hit], local: Sequence[Hit]) -> None:
    """The same hits; their cosines are summed by two engines, which round in two ways."""
    assert [(hit.passage, hit.url, hit.alike) for hit in served] == [(hit.passage, hit.url, hit.alike) for hit in local]
    for hit, expected in zip(served, local, strict=True):
        assert {**hit.scores, "score": hit.score} == pytest.approx({**expected.scores, "score": expected.score})


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_stores_give_the_same_answers(both: tuple[Library, Library], question: str) -> None:
    local, served = both
    assert_same(retrieve(served, question, 20), retrieve(local, question, 20))
    for role, expected in zip(retrieve_roles(served, question), retrieve_roles(local, question), strict=True):
        assert (role.blueprint_id, role.score) == (expected.blueprint_id, pytest.approx(expected.score))
        assert_same(role.hits, expected.hits)
    assert ask(served, question) == ask(local, question)


def test_filters_give_the_same_rows_and_hits(both: tuple[Library, Library]) -> None:
    local, served = both
    role = local.generation.catalogue()[0]
    for given in (
        {"roles": (role.role, role.blueprint_id)},
        {"topics": ("kpis", "responsibilities"), "levels": (role.level,)},
        {"sources": (str(SAMPLES),)},
        {"roles": ("nobody",)},
        {"topics": ()},
        {},
    ):
        rows, expected = served.generation.rows(**given), local.generation.rows(**given)
        assert (rows is None) == (expected is None)
        assert rows is None or (rows.tolist() == expected.tolist() and rows.dtype == expected.dtype)
    for filters in (Filters(topics=("kpis",)), Filters(roles=(role.role,)), Filters(sources=(role.source,))):
        assert_same(retrieve(served, "drift", 10, filters), retrieve(local, "drift", 10, filters))


def test_every_reading_is_that_of_the_disk(both: tuple[Library, Library]) -> None:
    local, served = both[0].generation, both[1].generation
    assert served.catalogue() == local.catalogue()
    assert served.pages() == local.pages()
    assert served.standings() == local.standings()
    assert served.lexical.vocabulary() == local.lexical.vocabulary()
    assert {title: rows.tolist() for title, rows in served.by_heading().items()} == {
        title: rows.tolist() for title, rows in local.by_heading().items()
    }
    rows = list(range(1, local.manifest.passages + 1))
    assert served.passages(rows) == local.passages(rows)
    assert np.array_equal(served.vectors.get(rows), local.vectors.get(rows))
    passage = local.passage(rows[3])
    assert served.row_of(passage.blueprint_id, passage.passage_id) == rows[3]
    assert served.row_of("nobody", "x") is None
    assert served.blueprint(passage.blueprint_id) == local.blueprint(passage.blueprint_id)
    with pytest.raises(UnknownName, match="nobody"):
        served.blueprint("nobody")
    with pytest.raises(UnknownName, match="row 99999"):
        served.passage(99999)


def test_lexical_scores_are_the_same_to_the_last_bit(both: tuple[Library, Library]) -> None:
    for question in QUESTIONS:
        scores, ids = both[1].generation.lexical.search(question, 50)
        expected_scores, expected = both[0].generation.lexical.search(question, 50)
        assert (scores.tolist(), ids.tolist()) == (expected_scores.tolist(), expected.tolist())


def test_reads_outlive_their_connections(both: tuple[Library, Library]) -> None:
    _, served = both
    expected = retrieve(served, "drift", 5)
    with psycopg.connect(shared_server().address(), autocommit=True) as db:
        for _ in range(3):
            cut = db.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> ALL(%s) AND state = 'idle'",
                [[db.info.backend_pid, scratch()[1].info.backend_pid]],  # the writer of the other tests goes on
            ).fetchone()
            assert cut is not None
            assert cut[0] > 0
            assert retrieve(served, "drift", 5) == expected


class Planned(Database):
    """Keeps how the server went about each read."""

    def __init__(self, dsn: str) -> None:
        super().__init__(dsn)
        self.plans: list[str] = []

    def all(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        self.plans.append("\n".join(row[0] for row in super().all(f"EXPLAIN {statement}", **parameters)))
        return super().all(statement, **parameters)


def unit_rows(count: int, dimension: int) -> np.ndarray:
    rows = np.random.default_rng(7).normal(size=(count, dimension)).astype(np.float32)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit.astype(np.float16).astype(np.float32)  # as the store on disk keeps them


def test_a_long_list_of_allowed_rows_equals_brute_force() -> None:
    store, exact = vector_store(8), FaissStore(8)
    rows, vectors = np.arange(3 * LISTED, dtype=np.int64), unit_rows(3 * LISTED, 8)
    store.add(rows, vectors)
    exact.add(rows, vectors)
    allowed = np.concatenate([rows[rows % 3 > 0], [10**6]])
    for query in unit_rows(5, 8):
        scores, ids = store.search(query, 40, allowed)
        expected_scores, expected = exact.search(query, 40, allowed)
        assert ids.tolist() == expected.tolist()
        assert scores[0].tolist() == pytest.approx(expected_scores[0].tolist(), abs=1e-6)


def test_a_long_list_of_allowed_rows_leaves_those_texts() -> None:
    texts = [f"drift review {'data ' * (row % 7)}{row}" for row in range(2 * LISTED)]
    rows = np.arange(len(texts), dtype=np.int64)
    allowed = np.concatenate([rows[rows % 3 > 0], [10**6]])
    served, local = lexical_index(rows, texts), Bm25Index.build(rows, texts)
    for question in ("drift", "data review 17"):
        scores, ids = served.search(question, 30, allowed)
        expected_scores, expected = local.search(question, 30, allowed)
        assert (ids.tolist(), scores.tolist()) == (expected.tolist(), expected_scores.tolist())


@pytest.mark.parametrize("share", [1, 3])
def test_the_nearest_by_hnsw_are_those_of_brute_force_but_few(share: int) -> None:
    store, exact = vector_store(32), FaissStore(32)
    rows, vectors = np.arange(4000, dtype=np.int64), unit_rows(4000, 32)
    store.add(rows, vectors)
    exact.add(rows, vectors)
    writer = scratch()[1]
    index_nearest(writer, store._generation, 32)
    # so few rows would be read one by one, which the server finds cheaper
    options = f"{writer.info.get_parameters()['options']} -cenable_seqscan=off"
    database = Planned(psycopg.conninfo.make_conninfo(writer.info.dsn, options=options))
    reader = PostgresReader(database, store._generation, 32, nearest=True, exact=1000)
    allowed = None if share == 1 else rows[rows % share == 0]
    found = 0
    for query in unit_rows(20, 32):
        scores, ids = reader.search(query, 10, allowed)
        assert ids.shape == (1, 10)
        assert not (ids % share).any()
        assert scores[0].tolist() == pytest.approx((vectors[ids[0]] @ query).tolist(), abs=1e-6)
        found += len(np.intersect1d(ids, exact.search(query, 10, allowed)[1]))
    assert found >= 0.98 * 200
    assert len(database.plans) == 20
    assert all("vector_idx" in plan for plan in database.plans)
    deep = reader.search(vectors[0], 2000, allowed)
    assert deep[1].tolist() == exact.search(vectors[0], 2000, allowed)[1].tolist()
    database.close()
