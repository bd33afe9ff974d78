"""PostgreSQL: connections that outlive one server's end, and its errors as Rolebook's own."""

import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from ingest.errors import BadInput, NoIndex, StoreAway, StoreError

if TYPE_CHECKING:
    from psycopg import Connection

PATIENCE = 5.0  # seconds that a read looks for a server that answers
MOST = 16  # connections of one process
_AGAIN = 0.05  # seconds between two tries
# A host that is switched off says nothing: these make it count as gone after seconds, not minutes.
_SOON = {"connect_timeout": 2, "tcp_user_timeout": 2000, "keepalives_idle": 2, "keepalives_interval": 1}
# The nearest by HNSW come in order, as many as asked for; a plan made for no list and limit in particular misses HNSW.
_SESSION = """SET hnsw.ef_search = 200; SET hnsw.iterative_scan = strict_order; SET hnsw.max_scan_tuples = 200000;
SET plan_cache_mode = force_custom_plan"""


class Database:
    """Reads of one database, which may stand on several servers; safe from many threads.

    A read that meets a server's end is asked again of another, for PATIENCE seconds; then StoreAway.
    """

    def __init__(self, dsn: str) -> None:
        """Connects once, so that a wrong address or password is told at once; StoreAway."""
        driver()
        from psycopg_pool import ConnectionPool

        self.place = place_of(dsn)
        self._dsn = dsn
        with connected(dsn):
            pass
        self._pool = ConnectionPool(
            dsn,
            kwargs={**_soon(dsn), "autocommit": True},
            min_size=1,
            max_size=MOST,
            configure=_configure,
            open=True,
            name="rolebook",
        )
        self._drained = 0  # times that all connections were let go
        self._close = weakref.finalize(self, self._pool.close)

    def all(self, statement: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Every row that a reading statement gives; its columns come in binary form."""
        from psycopg import Error, OperationalError
        from psycopg.errors import UndefinedTable
        from psycopg_pool import PoolClosed, PoolTimeout

        end = time.monotonic() + PATIENCE
        while True:
            drained = self._drained
            try:
                with self._pool.connection(timeout=max(_AGAIN, end - time.monotonic())) as connection:
                    return connection.execute(statement.encode(), parameters or None, binary=True).fetchall()
            except PoolClosed as error:
                raise StoreError(f"{self.place} is closed. Open the library again.") from error
            except (OperationalError, PoolTimeout, UndefinedTable) as error:
                if time.monotonic() + _AGAIN > end:
                    raise self._said(error) from error
                time.sleep(_AGAIN)
                if _is_gone(error) and drained == self._drained:
                    self._drained += 1
                    with suppress(PoolClosed):  # then the next try says so
                        self._pool.drain()
            except Error as error:
                raise StoreError(f"{self.place} cannot be read ({_line(error)}). Run 'rolebook doctor'.") from error

    def close(self) -> None:
        self._close()

    def _said(self, error: Exception) -> StoreError:
        from psycopg.errors import UndefinedTable

        if isinstance(error, UndefinedTable):
            return StoreError(
                f"{self.place} no longer has this generation, or its replica has not got it yet ({_line(error)}). "
                "Open the library again."
            )
        try:
            with connected(self._dsn):
                return StoreAway(f"{self.place} does not answer in time ({_line(error)}). Come back in a moment.")
        except StoreError as reason:
            return reason


@contextmanager
def connected(dsn: str, *, writing: bool = False) -> "Iterator[Connection[tuple[Any, ...]]]":
    """One connection; StoreAway if no server answers, or, for `writing`, none takes writes."""
    psycopg = driver()
    more = {"target_session_attrs": "read-write"} if writing else {}
    try:
        connection = psycopg.connect(dsn, autocommit=True, **{**_soon(dsn), **more})
    except psycopg.OperationalError as error:
        if writing and "read-only" in str(error):
            raise read_only(dsn, error) from error
        raise StoreAway(
            f"No server of {place_of(dsn)} answers ({_line(error)}). Start it, or mend ROLEBOOK_STORE."
        ) from error
    try:
        yield connection
    finally:
        connection.close()


def read_only(dsn: str, error: Exception) -> StoreAway:
    """The error of a write where only reading goes on."""
    return StoreAway(
        f"{place_of(dsn)} takes no writes now ({_line(error)}); reading goes on and what is served has not changed. "
        "Start the primary or promote a replica, then run the command again."
    )


def place_of(dsn: str) -> str:
    """The database as messages name it: without password and options."""
    given = {name: str(value) for name, value in _parts(dsn).items()}
    hosts, ports = given.get("host", "").split(","), given.get("port", "").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    where = ",".join(host + (f":{port}" if port else "") for host, port in zip(hosts, ports, strict=False))
    user = f"{given['user']}@" if given.get("user") else ""
    return f"postgresql://{user}{where}/{given.get('dbname', '')}"


def driver() -> Any:
    """psycopg; StoreError where it is not installed."""
    try:
        import psycopg.conninfo
        import psycopg_pool  # noqa: F401
    except ImportError as error:
        raise StoreError(
            f"ROLEBOOK_STORE needs {error.name}, which a plain install leaves out. "
            "Run 'pip install -e .[postgres] -c constraints.txt'."
        ) from error
    return psycopg


def table(name: str, generation: int) -> str:
    """The partition of one generation; reading it, and not the whole, fails where that generation is missing."""
    return f"rolebook_{name}_{generation:d}"


def no_index(place: str) -> NoIndex:
    return NoIndex(f"There is no index in {place}. Run 'rolebook build' where its pages are, with ROLEBOOK_STORE set.")


def _soon(dsn: str) -> dict[str, Any]:
    given = _parts(dsn)
    return {name: value for name, value in _SOON.items() if name not in given}


def _parts(dsn: str) -> dict[str, Any]:
    psycopg = driver()
    try:
        return dict(psycopg.conninfo.conninfo_to_dict(dsn))
    except psycopg.ProgrammingError as error:
        raise BadInput("ROLEBOOK_STORE is no address of a PostgreSQL database. Mend it.") from error


def _configure(connection: "Connection[tuple[Any, ...]]") -> None:
    connection.execute(_SESSION.encode())


def _is_gone(error: Exception) -> bool:
    """Whether a connection broke or its server is ending, and the others of the pool have most likely gone with it."""
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(("08", "57P"))


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
