"""Mixed load on a real server for a long time, with syncs that change the index under it.

    python -m bench.soak [--minutes 30] [--clients 4] [--every 20] [--home HOME]

Without --home the sample pages are built first; with it a copy of that index is served. Every `--every` seconds a post
of a site is edited, written or deleted and `rolebook sync` run. Prints a line of JSON for each tenth of the time
(requests, errors, latency, the server's memory, threads and open files) and a last one with the drift; exit code 1 if
there was an error or the memory of the last third is more than a tenth above that of the second.
"""

import argparse
import json
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.blog import Blog
from tests.webserver import serving

ROOT = Path(__file__).resolve().parent.parent
PARTS = 10
COMMAND = [sys.executable, "-c", "from api.cli import main; main()"]
REQUESTS = (
    ("/v1/search", {"query": "drift monitoring"}),
    ("/v1/search", {"query": "incident review", "group_by": "role"}),
    ("/v1/search", {"query": "cost of the cloud", "topic": "responsibilities"}),
    ("/v1/ask", {"question": "Which roles own drift monitoring?"}),
    ("/v1/ask", {"question": "What are the KPIs of the Head of ML Platform?"}),
    ("/v1/ask", {"question": "Who bakes the bread?"}),
    ("/v1/similar", {"text": "Run the weekly review of incidents"}),
    ("/v1/matrix", {"matter": "on-call"}),
    ("/v1/roles", {}),
)


@dataclass
class Log:
    """What the clients and the syncs have seen; the lists are emptied at each report."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    syncs: int = 0
    stop: threading.Event = field(default_factory=threading.Event)


def load(address: str, log: Log, seed: int) -> None:
    """One client: a request after the other, in random order."""
    chance = random.Random(seed)
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        while not log.stop.is_set():
            path, parameters = chance.choice(REQUESTS)
            started = time.perf_counter()
            try:
                response = client.get(path, params=parameters)
                if response.status_code != 200:
                    log.errors.append(f"{path}: {response.status_code} {response.text[:200]}")
            except httpx.HTTPError as error:
                log.errors.append(f"{path}: {error!r}")
            log.seconds.append(time.perf_counter() - started)


def syncing(blog: Blog, environment: dict[str, str], log: Log, every: float) -> None:
    """Changes the site and follows it, again and again."""
    chance, number = random.Random(7), 100
    while not log.stop.wait(every):
        number += 1
        stamp = f"2026-02-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
        which = chance.choice(list(blog.posts))
        if chance.random() < 0.5:
            blog.edit(which, f"Duty {number} of the platform", stamp)
            blog.posts[which].duties = blog.posts[which].duties[-3:]
        elif chance.random() < 0.5 or len(blog.posts) < 4:
            blog.write(number).modified = stamp
        else:
            del blog.posts[which]
        command = [*COMMAND, "sync", blog.url, "--allow-private"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        log.syncs += 1
        if done.returncode:
            log.errors.append(f"sync: {done.stderr.strip()}")


def state(process: int) -> dict[str, float]:
    """The server's memory in MB, threads and open files."""
    facts = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":" in line)
    return {
        "rss_mb": round(int(facts["VmRSS"].split()[0]) / 1024, 1),
        "threads": int(facts["Threads"]),
        "files": len(os.listdir(f"/proc/{process}/fd")),
    }


@contextmanager
def server(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """The address and process of `rolebook serve` once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*COMMAND, "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            while not _ready(address):
                if process.poll() is not None:
                    raise SystemExit("the server did not start")
                time.sleep(0.2)
            yield address, process.pid
        finally:
            process.terminate()


def _ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def observe(process: int, log: Log, minutes: float) -> tuple[list[dict[str, float]], int]:
    """Prints and gives a line for each part of the time, and how many errors there were."""
    parts: list[dict[str, float]] = []
    failed = 0
    for part in range(1, PARTS + 1):
        time.sleep(minutes * 60 / PARTS)
        seconds, log.seconds = sorted(log.seconds), []
        errors, log.errors = log.errors, []
        failed += len(errors)
        p50, p99 = statistics.median(seconds), seconds[int(len(seconds) * 0.99)]
        line = {"part": part, "requests": len(seconds), "errors": len(errors), "syncs": log.syncs}
        line |= {"p50_ms": round(p50 * 1000, 1), "p99_ms": round(p99 * 1000, 1)} | state(process)
        parts.append(line)
        print(json.dumps(line | ({"first": errors[0]} if errors else {})), flush=True)
    return parts, failed


def drift(parts: list[dict[str, float]], what: str) -> float:
    """The mean of the last third over that of the second; the first warms up."""
    third = len(parts) // 3
    middle, last = parts[third : 2 * third], parts[-third:]
    return round(statistics.mean(p[what] for p in last) / statistics.mean(p[what] for p in middle), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--every", type=float, default=20, help="seconds between two syncs")
    parser.add_argument("--home", type=Path, help="an index to copy")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, serving(Blog(8)) as blog:
        assert isinstance(blog, Blog)
        home = Path(folder) / "home"
        environment = os.environ | {"ROLEBOOK_HOME": str(home), "ROLEBOOK_RATE": "0", "PYTHONPATH": str(ROOT)}
        if given.home:
            shutil.copytree(given.home, home)
        else:
            subprocess.run([*COMMAND, "build", str(ROOT / "corpus" / "pages")], env=environment, check=True)
        log = Log()
        with server(environment) as (address, process):
            work = [threading.Thread(target=load, args=(address, log, seed)) for seed in range(given.clients)]
            work.append(threading.Thread(target=syncing, args=(blog, environment, log, given.every)))
            for thread in work:
                thread.start()
            try:
                parts, failed = observe(process, log, given.minutes)
            finally:
                log.stop.set()
                for thread in work:
                    thread.join()
    drifts = {what: drift(parts, what) for what in ("rss_mb", "p50_ms", "p99_ms")}
    print(json.dumps({"errors": failed, "drift": drifts}))
    sys.exit(failed > 0 or drifts["rss_mb"] > 1.1)


if __name__ == "__main__":
    main()
