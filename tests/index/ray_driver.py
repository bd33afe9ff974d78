"""Builds on Ray in a process of its own: `python -m tests.index.ray_driver TASK ARGUMENTS`, both as JSON; so is the answer.

Ray changes the process that it is started in (signals, environment, logging), and the tests' process is not to change.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index import embed
from index.encoders import Encoder, Vectors, load_encoder
from index.ray_build import build_on_ray
from index.ray_cluster import cluster, spread
from ingest.errors import RolebookError
from tests.conftest import WordEncoder

LOADS = "ROLEBOOK_TEST_LOADS"  # a file to which each process that loads an encoder writes its id


@dataclass(frozen=True)
class SlowEncoder(WordEncoder):
    """Takes its time, so that a node can be killed meanwhile."""

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        time.sleep(0.15)
        return super().encode_document(texts)


def words(name: str) -> Encoder:
    with open(os.environ[LOADS], "a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
    return WordEncoder()


def slow(name: str) -> Encoder:
    return SlowEncoder()


def other(name: str) -> Encoder:
    return WordEncoder(fingerprint="another")


LOADERS = {loader.__name__: loader for loader in (words, slow, other, load_encoder)}


def build(*, sources: list[str], home: str, load: str, texts: int = 2048, **more: Any) -> dict[str, Any]:
    """The report, `texts` being encoded at once."""
    embed.BATCH = texts
    loader = LOADERS[load]
    encoder = load_encoder() if load == "load_encoder" else WordEncoder()
    report = build_on_ray(sources, Path(home), encoder, load=loader, **more)
    counts = {
        name: getattr(report, name)
        for name in ("new", "changed", "unchanged", "dropped", "passages", "encoded", "reused")
    }
    return counts | {"failed": sorted(map(str, report.failed))}


def probe() -> dict[str, Any]:
    """What a local cluster of two cores does: what it listens on, and how far work is drawn ahead of its results."""
    import ray

    drawn = taken = ahead = 0

    def work() -> Iterator[int]:
        nonlocal drawn, ahead
        for number in range(40):
            drawn += 1
            ahead = max(ahead, drawn - taken)
            yield number

    with cluster(workers=2):
        task = ray.remote(_double)
        results = []
        for result in spread(work(), task.remote):
            taken += 1
            results.append(result)
        return {"results": sorted(results), "ahead": ahead, "listens": _listens()}


def _double(number: int) -> int:
    return 2 * number


def _listens() -> list[str]:
    import psutil

    found = [psutil.Process(), *psutil.Process().children(recursive=True)]
    sockets = [socket for process in found for socket in process.net_connections("inet")]
    return sorted({socket.laddr.ip for socket in sockets if socket.status == "LISTEN"})


def main() -> None:
    task, arguments = sys.argv[1:]
    try:
        answer = {"build": build, "probe": probe}[task](**json.loads(arguments))
    except RolebookError as error:
        answer = {"error": type(error).__name__, "says": str(error)}
    print(json.dumps(answer))


if __name__ == "__main__":
    from tests.index import ray_driver  # by this name, workers find what is handed to them

    ray_driver.main()
