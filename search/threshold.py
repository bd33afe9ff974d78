"""The confidence from which an answer is given: fitted on labelled questions, kept beside the index that it is for."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from index.library import Library
from ingest.errors import BadInput
from search.confidence import THRESHOLD

FILE = "threshold.json"  # in the index's folder, beside CURRENT: it outlives a build
MOST_FALSE = 0.05  # share of unanswerable questions that may be answered


@dataclass(frozen=True, slots=True)
class Fitted:
    """A threshold with what it does on the questions that it was fitted on; shares, 0 to 1."""

    threshold: float
    answered: float  # of the answerable questions
    false: float  # answered, of the unanswerable ones


def threshold_of(library: Library) -> float:
    """The threshold that is kept beside this index, else the built-in one."""
    path = library.home / FILE
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return THRESHOLD


def fit(answerable: Sequence[float], unanswerable: Sequence[float]) -> Fitted:
    """The threshold half-way to the next confidence where most is told apart, with at most MOST_FALSE answered falsely.

    Takes the confidence of each answer. BadInput where one of the two kinds is missing.
    """
    if not answerable or not unanswerable:
        raise BadInput("A threshold needs answerable and unanswerable questions. Add the kind that is missing.")
    marks = sorted({0.0, *answerable, *unanswerable, 1.0})
    tried = [_at((low + high) / 2, answerable, unanswerable) for low, high in pairwise(marks)]
    allowed = [made for made in tried if made.false <= MOST_FALSE] or tried[-1:]
    return max(allowed, key=lambda made: (made.answered - made.false, -abs(made.threshold - THRESHOLD)))


def keep(home: Path, fitted: Fitted) -> Path:
    """Writes the threshold beside the index in one step; the path."""
    path = home / FILE
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    made = {"threshold": round(fitted.threshold, 4), "answered": fitted.answered, "false": fitted.false}
    draft.write_text(json.dumps(made) + "\n", encoding="utf-8")
    os.replace(draft, path)
    return path


def _at(threshold: float, answerable: Sequence[float], unanswerable: Sequence[float]) -> Fitted:
    return Fitted(
        threshold,
        sum(value >= threshold for value in answerable) / len(answerable),
        sum(value >= threshold for value in unanswerable) / len(unanswerable),
    )


@lru_cache(maxsize=8)
def _read(path: Path, changed: int) -> float:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))["threshold"]
        if isinstance(value, int | float) and 0 <= value <= 1:
            return float(value)
    except (ValueError, KeyError, TypeError):
        pass
    raise BadInput(f"{path} holds no threshold from 0 to 1. Run 'rolebook eval QUESTIONS --fit', or delete it.")
