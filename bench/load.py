"""Requests a second over HTTP, of `rolebook serve` and, beside it, of txtai's API, with wrk (Debian package `wrk`).

    python -m bench.load --home INDEX --questions QUESTIONS.jsonl [--seconds 60] [--connections 32]
        [--txtai VENV TXTAI_INDEX]

A txtai index is made by `Embeddings(path=MINILM, hybrid=True, content=True)` and `save`. Each line of QUESTIONS has a
"question", "query" or "text"; they are asked in turn, or, where a row says "none twice", each time with a new number
behind it, as Rolebook keeps the vectors of questions. Servers run one after the other on this machine, the load
generator beside them.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

PORT = 8765
BASE = f"http://127.0.0.1:{PORT}"
MOST = 500  # questions that are asked in turn


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk and the system say of one run."""

    requests: float  # a second
    p50: str
    p99: str
    errors: int  # answers other than 200, and broken or timed-out connections
    megabytes: int  # resident at the end


@contextmanager
def served(command: Sequence[str], environment: dict[str, str], ready: str) -> Iterator[int]:
    """A server's process id, once it answers."""
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} stopped with {process.returncode}. Run it by hand to see why.")
            try:
                with urllib.request.urlopen(BASE + ready, timeout=2):
                    break
            except OSError:
                time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def loaded(pid: int, paths: Sequence[str], seconds: int, connections: int, *, twice: bool = True) -> Load:
    """wrk's figures for these paths asked in turn, with a running number behind them unless one may come twice."""
    path = "paths[n % #paths + 1]" + ("" if twice else ' .. "%20" .. n')
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(f"local paths = {{{', '.join(json.dumps(path) for path in paths)}}}\nlocal n = 0\n")
        script.write(f'function request() n = n + 1; return wrk.format("GET", {path}) end\n')
        script.flush()
        command = [
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{seconds}s",
            "--latency",
            "--timeout",
            "30s",
            "-s",
            script.name,
        ]
        out = subprocess.run([*command, BASE], capture_output=True, text=True, check=True).stdout
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = sum(map(int, broken.groups())) if broken else 0
    return Load(
        float(_found(r"Requests/sec:\s+([\d.]+)", out)),
        _found(r"\n +50%\s+(\S+)", out),
        _found(r"\n +99%\s+(\S+)", out),
        errors + (int(refused[1]) if refused else 0),
        int(_found(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())) // 1024,
    )


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"wrk said nothing of {pattern!r}:\n{text}")
    return found[1]


def questions(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [quote(row.get("question") or row.get("query") or row["text"]) for row in rows][:MOST]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--txtai", nargs=2, metavar=("VENV", "TXTAI_INDEX"))
    args = parser.parse_args()
    asked = questions(args.questions)
    rounds = (args.seconds, args.connections)
    print("| server | requests/s | p50 | p99 | errors | MB |\n|" + " --- |" * 6)
    own = [str(Path(sys.executable).with_name("rolebook")), "serve", "--port", str(PORT)]
    with served(own, {"ROLEBOOK_HOME": str(args.home), "ROLEBOOK_RATE": "0"}, "/readyz") as pid:
        for name in ("search", "ask"):
            paths = [f"/v1/{name}?{'query' if name == 'search' else 'question'}={text}" for text in asked]
            _show(f"Rolebook /v1/{name}, none twice", loaded(pid, paths, *rounds, twice=False))
            _show(f"Rolebook /v1/{name}", loaded(pid, paths, *rounds))
    if args.txtai:
        venv, index = args.txtai
        with tempfile.NamedTemporaryFile("w", suffix=".yml") as config:
            config.write(f"path: {index}\nwritable: false\nembeddings:\n  hybrid: true\n  content: true\n")
            config.flush()
            command = [f"{venv}/bin/uvicorn", "txtai.api:app", "--port", str(PORT), "--log-level", "error"]
            with served(command, {"CONFIG": config.name}, "/count") as pid:
                _show("txtai /search", loaded(pid, [f"/search?query={text}&limit=10" for text in asked], *rounds))


def _show(name: str, found: Load) -> None:
    print(
        f"| {name} | {found.requests:.1f} | {found.p50} | {found.p99} | {found.errors} | {found.megabytes} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
