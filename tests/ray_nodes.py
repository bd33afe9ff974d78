"""Ray clusters of several nodes on this machine, each node with processes of its own, all on loopback."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

ROOT = Path(__file__).resolve().parent.parent
START = "import sys; from ray.scripts.scripts import main; sys.exit(main())"


def needed() -> None:
    """Skips the test where Ray is not installed."""
    if find_spec("ray") is None:
        pytest.skip("needs Ray: pip install -e '.[ray]' -c constraints.txt")


class Cluster:
    """A head without cores, and nodes that work; the folder and all processes go when it ends."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="rolebook-nodes-", dir="/tmp"))  # a socket's path must be short
        self.environment = environment(self.folder)
        self.address = f"127.0.0.2:{free_port()}"
        self._numbers = count()
        self.nodes: list[subprocess.Popen[bytes]] = []
        port = self.address.rpartition(":")[2]
        self._head = self._start("--head", f"--port={port}", "--num-cpus=0", "--include-dashboard=false")

        wait_until(self._joined)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for process in [*self.nodes, self._head]:
            kill(process)
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, nodes: int = 1) -> None:
        """Nodes of one core each, which have joined when this returns."""
        joined = self._joined()
        self.nodes += [self._start(f"--address={self.address}", "--num-cpus=1") for _ in range(nodes)]
        wait_until(lambda: self._joined() == joined + nodes)

    def kill(self, node: int) -> None:
        """All of a node's processes, by SIGKILL."""
        kill(self.nodes[node])

    def _joined(self) -> int:
        """How many nodes have said so, the head too."""
        return (self.folder / "nodes.log").read_text().count("Ray runtime started.")

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        fixed = ("--node-ip-address=127.0.0.2", "--object-store-memory=100000000", "--disable-usage-stats", "--block")
        own = (f"--temp-dir={self.folder / str(next(self._numbers))}", "--min-worker-port=0", "--max-worker-port=0")
        with (self.folder / "nodes.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-c", START, "start", *options, *fixed, *own],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def environment(folder: Path) -> dict[str, str]:
    """A password, Rolebook and its tests for workers, and nothing left in the user's own folder."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAY_")}
    return kept | {
        "HOME": str(folder),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "RAY_AUTH_MODE": "token",
        "RAY_health_check_period_ms": "1000",  # of three seconds, after five of which a node is taken for dead
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }


def wait_until(done: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def kill(process: "subprocess.Popen[bytes]") -> None:
    """A process and its children, dead when this returns."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
