"""Throughput of builds on Ray with 1, 2 and 4 workers of one thread, beside builds in one process with as many threads.

    python -m bench.ray_build WORK_FOLDER ONET_ZIP [--passages 12288] [--workers 1 2 4] [--rounds 3]

The pages are O*NET's. Rounds are interleaved and each build has a process of its own, begun when little else works on
the machine; medians are told of all builds, and of those that others disturbed little. Encoding is counted from the
first texts to the last, models being loaded meanwhile.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from index.build import update
from index.encoders import Encoder, load_encoder
from index.onnx_encoder import OnnxEncoder
from index.ray_cluster import cluster
from index.ray_stages import ray_stages
from index.stages import Batch, Encodings, Readings, Stages
from ingest.blueprint import RawPage
from ingest.datasets import read_release

PASSAGES_A_PAGE = 41  # of O*NET's, in the mean
QUIET = 0.15  # cores of others, up to which a build counts as undisturbed
ALIKE = {"RAY_worker_niceness": "0"}  # Ray's workers give way to other work, which this process would not


class Timed:
    """Stages whose time is kept, and how many bytes of pages went in."""

    def __init__(self, stages: Stages) -> None:
        self.seconds: dict[str, float] = {}
        self._inner = stages
        self.stages = Stages(self._read, self._encode)

    def _read(self, pages: Iterable[tuple[int, RawPage]]) -> Readings:
        yield from self._timed("read", self._inner.read(pages))

    def _encode(self, encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
        yield from self._timed("encode", self._inner.encode(encoder, batches))

    def _timed(self, name: str, results: Iterator[Any]) -> Iterator[Any]:
        begun = (time.perf_counter(), time.process_time(), busy(), ours())
        yield from results
        self.seconds[name] = time.perf_counter() - begun[0]
        self.seconds[f"{name}, processor, this process"] = time.process_time() - begun[1]
        self.seconds[f"{name}, processor, all"] = ours() - begun[3]
        self.seconds[f"{name}, processor, others"] = busy() - begun[2] - (ours() - begun[3])


def busy() -> float:
    """Processor seconds that this machine has worked."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def ours() -> float:
    """Processor seconds of this process and those that it started and that still run."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in family)


def wait_for_quiet() -> None:
    """Until other work takes less than a fifth of a core, or for half a minute."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        before = busy()
        time.sleep(4)
        if busy() - before < 0.8:
            return


def measured(options: argparse.Namespace, kind: str, workers: int) -> dict[str, float]:
    """One build in this process."""
    home = options.work / f"{kind}-{workers}"
    shutil.rmtree(home, ignore_errors=True)
    encoder = load_encoder()
    if isinstance(encoder, OnnxEncoder):
        encoder.threads = workers
    pages = islice(read_release("onet", options.onet).pages, -(-options.passages // PASSAGES_A_PAGE))
    begun = time.perf_counter()
    with cluster(workers=workers) if kind == "ray" else nullcontext():
        started = time.perf_counter() - begun
        timed = Timed(ray_stages() if kind == "ray" else Stages())
        report = update(list(pages), home, encoder, lambda page: False, stages=timed.stages)
    shutil.rmtree(home)
    return {"passages": report.passages, "texts": report.encoded, "start": started} | timed.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("onet", type=Path)
    parser.add_argument("--passages", type=int, default=12_288)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", default=["here", "ray"])
    parser.add_argument("--here", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        kind, workers = options.here.split(":")
        print(json.dumps(measured(options, kind, int(workers))))
        return
    found: dict[str, list[dict[str, float]]] = {}
    for number in range(options.rounds):
        for what in [f"{kind}:{workers}" for workers in options.workers for kind in options.kinds]:
            command = [sys.executable, "-m", "bench.ray_build", *sys.argv[1:], "--here", what]
            wait_for_quiet()
            ran = subprocess.run(command, env=os.environ | ALIKE, stdout=subprocess.PIPE, check=True, text=True)
            found.setdefault(what, []).append(json.loads(ran.stdout.splitlines()[-1]))
            print(number, what, found[what][-1], flush=True)
    show(found)
    show({what: quiet for what, runs in found.items() if (quiet := [run for run in runs if disturbed(run) < QUIET])})


def show(found: dict[str, list[dict[str, float]]]) -> None:
    print("\n| build | runs | start s | read s | encode s | passages/s | of one | others' cores |\n|" + " --- |" * 8)
    first: dict[str, float] = {}
    for what, runs in found.items():
        start, read, encode = (statistics.median(run[name] for run in runs) for name in ("start", "read", "encode"))
        rate, others = runs[0]["texts"] / encode, statistics.median(map(disturbed, runs))
        share = rate / first.setdefault(what.split(":")[0], rate)
        print(f"| {what} | {len(runs)} | {start:.1f} | {read:.1f} | {encode:.1f} |", end=" ")
        print(f"{rate:,.0f} | {share:.2f} | {others:.2f} |")


def disturbed(run: dict[str, float]) -> float:
    """How many cores others took while a build encoded."""
    return run["encode, processor, others"] / run["encode"]


if __name__ == "__main__":
    main()
