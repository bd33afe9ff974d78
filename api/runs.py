"""What the last builds and syncs did: a line of JSON for each under the home, for whoever looks after it."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "runs.jsonl"
KEPT = 200  # runs; the file is cut to them when it has twice as many
FAILURES = 50  # of one run that are written down; their number is always told


@contextmanager
def recorded(home: Path, command: str, of: str) -> Iterator[dict[str, Any]]:
    """Notes a run that goes on in the block, with the report put into the mapping, or with the error that ended it."""
    began, clock = datetime.now(UTC).isoformat(timespec="seconds"), time.perf_counter()
    report: dict[str, Any] = {}
    error: str | None = None
    try:
        yield report
    except Exception as raised:
        error = str(raised)
        raise
    finally:
        failed = [str(one) for one in report.pop("failed", [])]
        line = {"command": command, "of": of, "at": began, "seconds": round(time.perf_counter() - clock, 1)}
        more = {"error": error, "failures": len(failed), "failed": failed[:FAILURES], "counts": report}
        with suppress(OSError):  # a run is not lost because its note is
            _append(home, line | more)


def last(home: Path, most: int = 20) -> list[dict[str, Any]]:
    """The last runs, newest first; lines that cannot be read are left out."""
    try:
        lines = (home / FILE).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    found = []
    for line in reversed(lines):
        with suppress(ValueError):
            found.append(json.loads(line))
    return found[:most]


def _append(home: Path, line: dict[str, Any]) -> None:
    path = home / FILE
    if not home.is_dir():
        return
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if len(lines) > 2 * KEPT:
        draft = path.with_suffix(".tmp")
        draft.write_text("".join(lines[-KEPT:]), encoding="utf-8")
        os.replace(draft, path)
