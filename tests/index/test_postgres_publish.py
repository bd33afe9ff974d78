"""A publication is seen whole or not at all, and who reads from a database is told what to do when it fails."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.live import Live
from index import postgres
from index.build import build
from index.library import Library
from index.postgres import Database, place_of
from index.postgres_generation import PostgresGeneration
from index.postgres_publish import publish
from ingest.errors import BadInput, ModelMismatch, NoIndex, StoreAway, StoreError
from search import retrieve
from tests.conftest import WordEncoder
from tests.index.conftest import DUTIES, write_json
from tests.postgres_server import needed, shared_server

psycopg = pytest.importorskip("psycopg")
STEPS = ("tables", "texts", "vectors", "words", "indexes", "manifest", "commit", "tidy")


@pytest.fixture
def dsn() -> str:
    return shared_server().database()


@pytest.fixture
def built(folder: Path, home: Path) -> Path:
    build([str(folder)], home, WordEncoder())
    return home


def test_what_is_served_already_is_not_written_again(built: Path, dsn: str) -> None:
    assert publish(built, dsn).new
    again = publish(built, dsn)
    assert (again.generation, again.new) == (1, False)


def test_readers_move_on_and_old_generations_go(
    built: Path, folder: Path, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(built, dsn)
    library = Library.open(built, WordEncoder(), dsn)
    first = library.generation
    for number in (2, 3):
        write_json(folder, "MLOps Manager", [*DUTIES["MLOps Manager"], f"Teach class {number}"])
        build([str(folder)], built, WordEncoder())
        assert publish(built, dsn).generation == number
        assert library.refresh()
        assert not library.refresh()
    assert retrieve(library, "teach class 3", 1)[0].passage.text == "Teach class 3"
    monkeypatch.setattr(postgres, "PATIENCE", 0.2)
    with pytest.raises(StoreError, match=r"no longer has this generation.*Open the library again"):
        first.catalogue()
    assert tables(dsn) == {2, 3}
    for generation in (first, library.generation):
        generation.close()
    with pytest.raises(StoreError, match="closed"):
        first.catalogue()


def test_a_service_takes_up_what_is_published(built: Path, folder: Path, dsn: str) -> None:
    publish(built, dsn)
    live = Live(Library.open(Path("nowhere"), WordEncoder(), dsn), workers=2, waiting=8, timeout=30)
    with live.lease() as before:
        write_json(folder, "MLOps Manager", ["Teach a class"])
        build([str(folder)], built, WordEncoder())
        assert not live.switch()
        publish(built, dsn)
        assert live.switch()
        assert "Teach a class" not in {hit.passage.text for hit in retrieve(before, "teach a class", 9)}
        with live.lease() as after:
            assert retrieve(after, "teach a class", 1)[0].passage.text == "Teach a class"
    with pytest.raises(StoreError, match="closed"):
        before.generation.pages()
    live._now.library.close()


def tables(dsn: str) -> set[int]:
    """The generations that have tables."""
    with psycopg.connect(dsn) as db:
        names = db.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return {int(name.rpartition("_")[2]) for (name,) in names if name.rpartition("_")[2].isdecimal()}


@pytest.mark.parametrize("step", STEPS)
def test_a_publication_that_is_killed_is_as_if_it_had_not_begun(built: Path, folder: Path, dsn: str, step: str) -> None:
    publish(built, dsn)
    write_json(folder, "SRE Director", ["Sail round the world"])
    build([str(folder)], built, WordEncoder())
    code = (
        "import os, signal, sys; from pathlib import Path; from index.postgres_publish import publish;"
        "publish(Path(sys.argv[1]), sys.argv[2],"
        " step=lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == sys.argv[3] else None)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(built), dsn, step]).returncode == -signal.SIGKILL
    done = step == "tidy"  # the step after the commit
    with closing(PostgresGeneration.serve(dsn)) as served:
        said = [passage.text for passage in served.passages(range(1, served.manifest.passages + 1))]
    assert ("Sail round the world" in said, len(said)) == ((True, 7) if done else (False, 9))
    assert publish(built, dsn).new is not done
    assert tables(dsn) == {1, 2}
    with closing(PostgresGeneration.serve(dsn)) as served:
        assert served.passage(7).text == "Sail round the world"


def test_a_server_that_goes_away_leaves_what_it_served(built: Path, folder: Path, dsn: str) -> None:
    publish(built, dsn)
    write_json(folder, "SRE Director", ["Sail round the world"])
    build([str(folder)], built, WordEncoder())

    def cut(step: str) -> None:
        if step == "words":
            with psycopg.connect(dsn, autocommit=True) as db:
                db.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'")

    with pytest.raises(StoreAway, match=r"could not be written to the end.*then run the command again"):
        publish(built, dsn, step=cut)
    with closing(PostgresGeneration.serve(dsn)) as served:
        assert (served.manifest.generation, served.manifest.passages) == (1, 9)
    assert publish(built, dsn).new


def test_of_two_publications_at_once_one_is_refused(built: Path, dsn: str) -> None:
    refused: list[str] = []

    def another(step: str) -> None:
        if step == "words":
            with pytest.raises(StoreError, match="Another process is publishing") as error:
                publish(built, dsn)
            refused.append(str(error.value))

    assert publish(built, dsn, step=another).new
    assert len(refused) == 1


def test_every_failure_says_what_to_do(built: Path, dsn: str, tmp_path: Path) -> None:
    with pytest.raises(NoIndex, match="rolebook build"):
        PostgresGeneration.serve(dsn)
    with pytest.raises(StoreAway, match=r"answers.*ROLEBOOK_STORE"):
        PostgresGeneration.serve(f"postgresql:///postgres?host={tmp_path}")
    with pytest.raises(BadInput, match="ROLEBOOK_STORE"):
        PostgresGeneration.serve("postgresql://[")
    publish(built, dsn)
    with pytest.raises(ModelMismatch, match=r"encoder 'words'.*encoder 'other'"):
        Library.open(built, WordEncoder(name="other"), dsn)
    with psycopg.connect(dsn, autocommit=True) as db:
        db.execute("UPDATE rolebook_generations SET version = '0'")
    with pytest.raises(ModelMismatch, match=r"holds version 0.*rolebook build"):
        PostgresGeneration.serve(dsn)
    assert publish(built, dsn).generation == 2


def test_without_the_driver_it_says_what_to_install(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)
    with pytest.raises(StoreError, match=r"pip install -e .\[postgres\]"):
        PostgresGeneration.serve(dsn)


def test_no_message_shows_the_password(tmp_path: Path) -> None:
    needed()
    dsn = f"postgresql://reader:hidden@/roles?host={tmp_path},10.0.0.2&port=5432"
    assert place_of(dsn) == f"postgresql://reader@{tmp_path}:5432,10.0.0.2:5432/roles"
    with pytest.raises(StoreAway) as error:
        PostgresGeneration.serve(f"postgresql://reader:hidden@/roles?host={tmp_path}")
    assert "hidden" not in str(error.value)


def rolebook(home: Path, dsn: str, *arguments: str) -> str:
    ran = CliRunner().invoke(
        app, list(arguments), env={"ROLEBOOK_HOME": str(home), "ROLEBOOK_STORE": dsn, "HF_HUB_OFFLINE": "1"}
    )
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_build_publishes_and_a_machine_without_an_index_reads(
    folder: Path, home: Path, dsn: str, tmp_path: Path
) -> None:
    elsewhere, secret = tmp_path / "elsewhere", dsn.replace("user=postgres", "user=postgres&password=hidden")
    assert "Published to" in rolebook(home, secret, "build", str(folder))
    assert "Already in" in rolebook(home, secret, "build", str(folder))
    assert "Own drift monitoring" in rolebook(elsewhere, secret, "search", "drift monitoring")
    assert "MLOps Manager" in rolebook(elsewhere, secret, "ask", "Which roles own drift monitoring?")
    assert rolebook(elsewhere, secret, "roles", "--json") == rolebook(home, "", "roles", "--json")
    rolebook(home, secret, "remove", "SRE Director")
    assert "SRE Director" not in rolebook(elsewhere, secret, "roles")
    told = rolebook(elsewhere, secret, "doctor")
    assert "2 blueprints, 6 passages" in " ".join(told.split())
    assert "hidden" not in told
    assert not (elsewhere / "CURRENT").exists()


def test_only_an_address_of_postgresql_is_a_store() -> None:
    ran = CliRunner().invoke(app, ["roles"], env={"ROLEBOOK_STORE": "mysql://root:hidden@db/roles"})
    assert ran.exit_code == 2
    assert "postgresql://" in ran.output
    assert "hidden" not in ran.output


def test_a_pool_closes_with_its_owner(dsn: str) -> None:
    database = Database(dsn)
    assert database.all("SELECT %(n)s::int", n=1) == [(1,)]
    database.close()
    with pytest.raises(StoreError, match="closed"):
        database.all("SELECT 1")
