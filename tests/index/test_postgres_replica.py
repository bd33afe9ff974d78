"""Two servers: the primary is killed while many read; reading goes on at its replica, and nothing is lost."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from index.build import build
from index.library import Library
from index.postgres_generation import PostgresGeneration
from index.postgres_publish import publish
from ingest.errors import StoreAway
from search import retrieve
from tests.conftest import WordEncoder
from tests.index.conftest import DUTIES, write_json
from tests.postgres_server import Server, needed

QUESTIONS = ("drift monitoring", "ingestion pipelines", "reliability targets", "incident reviews")


@pytest.fixture
def pair() -> Iterator[tuple[Server, Server]]:
    """A primary, and a replica that has every commit before it is told to be done."""
    psycopg = needed()
    primary = Server()
    try:
        replica = Server(copy_of=primary)
        try:
            with psycopg.connect(primary.address(), autocommit=True) as db:
                db.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                db.execute("ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
                db.execute("SELECT pg_reload_conf()")
            yield primary, replica
        finally:
            replica.stop()
    finally:
        primary.stop()


def test_a_killed_primary_stops_no_reader_and_loses_nothing(
    pair: tuple[Server, Server], folder: Path, home: Path
) -> None:
    primary, replica = pair
    dsn = primary.address(replica)
    build([str(folder)], home, WordEncoder())
    publish(home, dsn)
    with closing(Library.open(home, WordEncoder())) as local:
        duties = local.generation.passages(range(1, 10))

    ended, killed, served = Event(), Event(), [0, 0]  # reads before and after

    def read(library: Library, question: str) -> None:
        while not ended.is_set():
            after = killed.is_set()
            assert retrieve(library, question, 5) == expected[question]
            served[after] += 1

    with closing(Library.open(home, WordEncoder(), dsn)) as library, ThreadPoolExecutor(len(QUESTIONS)) as pool:
        expected = {question: retrieve(library, question, 5) for question in QUESTIONS}
        reading = [pool.submit(read, library, question) for question in QUESTIONS]
        wait_until(lambda: served[0] > 20 or any(one.done() for one in reading))
        primary.kill()
        killed.set()
        wait_until(lambda: served[1] > 20 or any(one.done() for one in reading))
        write_json(folder, "MLOps Manager", [*DUTIES["MLOps Manager"], "Teach a class"])
        build([str(folder)], home, WordEncoder())
        with pytest.raises(StoreAway, match=r"takes no writes now.*promote a replica, then run the command again"):
            publish(home, dsn)
        ended.set()
        for one in reading:
            one.result()
        assert min(served) > 20
        assert library.generation.passages(range(1, 10)) == duties

        replica.promote()
        assert publish(home, dsn).generation == 2
        assert library.refresh()
        assert retrieve(library, "teach a class", 1)[0].passage.text == "Teach a class"

    primary.start()
    with closing(PostgresGeneration.serve(primary.address())) as old:
        assert old.passages(range(1, 10)) == duties


def wait_until(done: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.02)
