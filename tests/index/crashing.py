"""Work on an index in processes that are killed, or whose disk fails, at a chosen moment.

A nursery is a process that has imported everything; each job runs in a fork of it, so that a hundred take seconds.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from errno import EIO
from pathlib import Path

from index.encoders import Encoder
from index.stages import Batch, Encodings, Stages, encode_here

ROOT = Path(__file__).resolve().parents[2]
FEW = 5  # texts
WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect"}


@dataclass(frozen=True)
class Job:
    """What to do, and what goes wrong with it."""

    do: str  # "build", "rebuild", "sync", "remove", "repair"
    home: str
    source: str = ""
    kill_after: float | None = None  # seconds from the start, or from the switch if `in_switch`
    in_switch: bool = False
    kill_at_event: int = 0  # the how many-th touch of a file under the home, from 1
    fail_fsync: int = 0  # the how many-th call and all after it, from 1
    file_limit: int = 0  # bytes that a file may have
    kill_after_batch: int = 0  # the how many-th batch of FEW texts that was encoded and kept, from 1


@dataclass(frozen=True)
class End:
    """How a job ended."""

    how: str  # "done", "killed" or the error's type
    message: str = ""
    events: int = 0  # touches of files
    seconds: float = 0.0
    switch_at: float = 0.0  # when the switch to the new generation began


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, job: Job) -> End:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
        return End(**json.loads(self._process.stdout.readline()))


@contextmanager
def nursery() -> Iterator[Nursery]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "tests.index.crashing"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as process:
        try:
            yield Nursery(process)
        finally:
            assert process.stdin
            process.stdin.close()


def main() -> None:
    from tests.index.conftest import write_json

    with tempfile.TemporaryDirectory() as folder:  # loads what would be loaded in every job
        write_json(Path(folder), "Data Engineer")
        work(Job("build", str(Path(folder) / "home"), folder))
        import index.sync  # noqa: F401
    for line in sys.stdin:
        print(json.dumps(asdict(in_a_fork(Job(**json.loads(line))))), flush=True)


def in_a_fork(job: Job) -> End:
    """Runs the job in a child; kills it from here if its time is up."""
    reading, writing = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if not child:
        os.close(reading)
        in_the_child(job, writing)
    os.close(writing)
    with os.fdopen(reading) as told:
        if job.kill_after is not None:
            if job.in_switch:
                told.readline()
            time.sleep(job.kill_after)
            os.kill(child, signal.SIGKILL)
        lines = [json.loads(line) for line in told]
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return End("killed", str(os.WTERMSIG(status)), seconds=time.monotonic() - started)
    return End(**lines[-1])


def in_the_child(job: Job, told: int) -> None:
    started = time.monotonic()
    counts = {"events": 0, "fsync": 0}
    switch_at = 0.0

    def touched(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal switch_at
        place = str(arguments[0]) if arguments else ""
        if event not in WATCHED or not (place.startswith(job.home) or event in ("os.remove", "os.rmdir")):
            return
        if event == "os.rename" and "generations" in place:
            switch_at = time.monotonic() - started
            os.write(told, b"{}\n")
        counts["events"] += 1
        if counts["events"] == job.kill_at_event:
            os.kill(os.getpid(), signal.SIGKILL)

    real = os.fsync

    def fsync(descriptor: int) -> None:
        counts["fsync"] += 1
        touched("open", (job.home,))
        if 0 < job.fail_fsync <= counts["fsync"]:
            raise OSError(EIO, os.strerror(EIO))
        real(descriptor)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(touched)
    if job.file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job.file_limit, job.file_limit))
    how, message = "done", ""
    try:
        message = work(job)
    except BaseException as error:
        how, message = type(error).__name__, str(error)
    end = End(how, message, counts["events"], time.monotonic() - started, switch_at)
    os.write(told, (json.dumps(asdict(end)) + "\n").encode())
    os._exit(0)


def killing(job: Job) -> Stages:
    """Encodes a few texts at a time, until it is killed."""

    def encode(encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
        done = 0
        for batch in batches:
            for part in (slice(at, at + FEW) for at in range(0, len(batch.hashes), FEW)):
                if done == job.kill_after_batch:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield from encode_here(encoder, [Batch(batch.hashes[part], batch.contexts[part], batch.texts[part])])
                done += 1

    return Stages(encode=encode) if job.kill_after_batch else Stages()


def work(job: Job) -> str:
    from index.build import build
    from index.remove import remove
    from index.repair import repair
    from ingest.fetch import Limits
    from tests.conftest import WordEncoder

    home = Path(job.home)
    match job.do:
        case "build":
            return str(build([job.source], home, WordEncoder(), stages=killing(job)).encoded)
        case "rebuild":
            return str(build([], home, WordEncoder(), rebuild=True).encoded)
        case "remove":
            return str(remove(job.source, home, WordEncoder()).passages)
        case "repair":
            return str(repair(home).generation)
        case "sync":
            from index.sync import sync

            limits = Limits(backoff=0.01, attempts=2)
            return str(sync(job.source, home, WordEncoder(), allow_private=True, limits=limits).new)
    raise ValueError(job.do)


if __name__ == "__main__":
    main()
