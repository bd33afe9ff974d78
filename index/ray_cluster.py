"""A Ray cluster that is there, or one of this machine's cores that lives as long as it is needed."""

import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from queue import Empty, Full, Queue
from threading import Event, Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

from index.onnx_encoder import cores
from ingest.errors import BadInput, RolebookError, StoreError

T = TypeVar("T")

RETRIES = 5  # nodes that may be lost under one piece of work
ROOM = 2  # pieces of work that a core has: one at work, one at hand
PATIENCE = 60.0  # seconds without a result and without a core after which a build is given up
COUNTED = 2.0  # seconds for which the number of cores is believed
SHARED_MEMORY = 512 * 2**20  # bytes for pieces on their way, on this machine; more goes to its disk
ENVIRONMENT = {"env_vars": {"TOKENIZERS_PARALLELISM": "false"}}  # a worker has one core
GOES_ON = "Run the same command again: what was encoded is kept."


@contextmanager
def cluster(address: str = "", workers: int = 0) -> Iterator[None]:
    """Connects to the cluster at `host:port` (or "auto"), or starts one on loopback; StoreError where that fails."""
    ray = _installed()
    if "://" in address:
        raise BadInput(f"{address}: Rolebook joins a cluster as one of its nodes. {_how_to_join('HOST:6379')}")
    with ExitStack() as stack:
        folder = "" if address else stack.enter_context(_folder())
        stack.enter_context(redirect_stdout(sys.stderr))  # where Ray says that a node has died
        stack.callback(ray.shutdown)
        if address:
            _join(ray, address)
        else:
            _start(ray, folder, workers or cores())
        yield


def spread(work: Iterable[T], submit: Callable[[T], Any], patience: float = PATIENCE) -> Iterator[Any]:
    """What comes of each piece of work, in the order in which it is ready; a few a core are under way, no more.

    `submit` gives a task's reference, or the result itself. StoreError where the cluster is lost.
    """
    from ray import ObjectRef

    waiting: list[Any] = []
    count = _Cores()
    with failures():
        for piece in work:
            made = submit(piece)
            if not isinstance(made, ObjectRef):
                yield made
                continue
            waiting.append(made)
            while len(waiting) >= ROOM * max(1, count()):
                yield from _ready(waiting, patience)
        while waiting:
            yield from _ready(waiting, patience)


def watched(results: Iterable[T], patience: float = PATIENCE) -> Iterator[T]:
    """The same, drawn by a thread, since the drawing may wait for ever where the cluster is lost."""
    drawn: Queue[tuple[bool, Any]] = Queue(1)  # whether more comes, and a result or what ended it
    stopped = Event()

    def put(more: bool, result: Any) -> None:
        while not stopped.is_set():
            with suppress(Full):
                return drawn.put((more, result), timeout=1)

    def draw() -> None:
        try:
            for result in results:
                put(True, result)
            put(False, None)
        except Exception as error:
            put(False, error)

    Thread(target=draw, daemon=True, name="ray-data").start()
    try:
        with failures():
            while (got := _next(drawn, patience))[0]:
                yield got[1]
            if got[1]:
                raise got[1]
    finally:
        stopped.set()


@contextmanager
def failures() -> Iterator[None]:
    """What Ray raises as what Rolebook raises: a worker's own error as it was, a lost cluster as StoreError."""
    from ray.exceptions import RayError, RayTaskError

    try:
        yield
    except RayTaskError as error:
        cause = getattr(error, "cause", None)
        if isinstance(cause, ImportError):
            raise StoreError(f"A node lacks {cause.name}. Install the same Rolebook on every node.") from error
        if isinstance(cause, RolebookError):
            raise cause from None
        raise
    except RayError as error:
        reason = _first_line(error)
        raise StoreError(f"The Ray cluster gave up on a piece of work ({reason}). {GOES_ON}") from error


def _next(drawn: "Queue[tuple[bool, Any]]", patience: float) -> tuple[bool, Any]:
    while True:
        try:
            return drawn.get(timeout=patience)
        except Empty:
            _require_cores()


class _Cores:
    """The cluster's cores, asked for now and then."""

    def __init__(self) -> None:
        self._number, self._asked = 0, 0.0

    def __call__(self) -> int:
        if time.monotonic() - self._asked > COUNTED:
            self._number, self._asked = cluster_cores(), time.monotonic()
        return self._number


def cluster_cores() -> int:
    """How many cores the cluster has for work."""
    import ray

    return int(ray.cluster_resources().get("CPU", 0))


def _ready(waiting: list[Any], patience: float) -> Iterator[Any]:
    import ray

    done, waiting[:] = ray.wait(waiting, timeout=patience)
    if not done:
        _require_cores()
    for reference in done:
        yield ray.get(reference)


def _require_cores() -> None:
    if not cluster_cores():
        raise StoreError(f"The Ray cluster has no node left that works. Start one. {GOES_ON}")


def _installed() -> Any:
    """The package; StoreError where it is not installed."""
    try:
        import ray
    except ImportError as error:
        raise StoreError(
            f"--ray needs {error.name}, which a plain install leaves out. "
            "Run 'pip install -e .[ray] -c constraints.txt'."
        ) from error
    return ray


def _join(ray: Any, address: str) -> None:
    host = _reached(address)
    try:
        with _on_loopback(host in ("127.0.0.1", "localhost")):
            ray.init(address=address, runtime_env=ENVIRONMENT, **_quiet())
    except Exception as error:  # Ray raises all kinds here, also Exception itself
        reason = _first_line(error)
        raise StoreError(
            f"The Ray cluster at {address} cannot be joined ({reason}). {_how_to_join(address)}"
        ) from error


def _start(ray: Any, folder: str, workers: int) -> None:
    """A cluster of this machine's cores that only this machine reaches, without dashboard and usage reports."""
    try:
        with _on_loopback(True):
            ray.init(
                address="local",
                num_cpus=workers,
                include_dashboard=False,
                object_store_memory=SHARED_MEMORY,
                runtime_env=ENVIRONMENT,
                _temp_dir=folder,
                _node_ip_address="127.0.0.1",
                **_quiet(),
            )
    except Exception as error:  # Ray raises Exception itself here
        raise StoreError(f"Ray did not start on this machine ({_first_line(error)}). Run the command again.") from error


def _reached(address: str) -> str:
    """The host, if something listens there; Ray itself would try for a minute."""
    if address == "auto":
        return ""
    try:
        parts = urlsplit(f"//{address}")
        where = (parts.hostname or "", parts.port or 6379)
        with socket.create_connection(where, timeout=10):
            return where[0]
    except (OSError, ValueError) as error:
        raise StoreError(f"No Ray cluster answers at {address} ({error}). {_how_to_join('HOST:PORT')}") from error


def _how_to_join(address: str) -> str:
    return (
        f"Run 'ray start --address={address}' on this machine, after 'ray start --head' on one, then --ray {address}."
    )


def _quiet() -> dict[str, Any]:
    return {"logging_level": "ERROR", "log_to_driver": False}


@contextmanager
def _on_loopback(wanted: bool) -> Iterator[None]:
    """Ray's own switch for machines where it shall not leave loopback; it has no public one on Linux."""
    from ray._private import ray_constants

    before = ray_constants.ENABLE_RAY_CLUSTER
    ray_constants.ENABLE_RAY_CLUSTER = before and not wanted
    try:
        yield
    finally:
        ray_constants.ENABLE_RAY_CLUSTER = before


@contextmanager
def _folder() -> Iterator[str]:
    folder = tempfile.mkdtemp(prefix="rolebook-ray-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
