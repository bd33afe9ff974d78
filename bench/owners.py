"""How well the roles named as owners fit the labelled ones, cross-validated, and the fit of `owners.STANDS_OUT`.

python -m bench.owners QUESTIONS.jsonl=HOME [QUESTIONS.jsonl=HOME ...]
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.library import Library
from search.evidence import Look
from search.owners import NAMED, background, holders
from search.retrieve import understood

Asked = tuple[dict[str, Any], list[str], Any]  # a question, its roles that claim the matter, their signals
FOLDS = 10


def asked(questions: Path, home: Path) -> list[Asked]:
    """Each ownership question that names no roles, with the signals of each role that may be named."""
    library = Library.open(home)
    made: list[Asked] = []
    for line in questions.read_text(encoding="utf-8").splitlines():
        question = json.loads(line)
        read = understood(library, question["question"])
        if question["kind"] == "ownership" and read.kind == "owners" and not read.negated:
            owning = [h for h in holders(Look(library, read), None) if h.label in ("owner", "shared")]
            evidence = [stance.score for h in owning for stance in h.stances]
            signals = np.array(background([h.score for h in owning], evidence))
            made.append((question, [h.role for h in owning], signals))
    return made


def fit(rows: Sequence[Asked], ridge: float = 0.5, steps: int = 25) -> Any:
    """Logistic regression with a ridge; the last weight is the bias. `optional` roles do not count."""
    kept = [(s, r in q["roles"]) for q, roles, x in rows for r, s in zip(roles, x, strict=True) if not _free(q, r)]
    x, y = np.array([signals for signals, _ in kept]), np.array([right for _, right in kept], dtype=float)
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [1e-6])
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = (x.T * (chance * (1 - chance))) @ x + penalty
        weights = weights - np.linalg.solve(curve, x.T @ (chance - y) + penalty @ weights)
    return weights


def f1(row: Asked, weights: Any) -> tuple[float, int]:
    """The F1 of the roles that are named, and how many of them are wrong by name."""
    question, roles, x = row
    sure = 1 / (1 + np.exp(-x @ weights)) if roles else []
    named = {role for role, chance in zip(roles, sure, strict=True) if chance >= NAMED} or set(roles[:1])
    named -= set(question.get("optional", ()))
    right = set(question["roles"])
    return 2 * len(named & right) / max(1, len(named) + len(right)), len(named & set(question["not_roles"]))


def _free(question: dict[str, Any], role: str) -> bool:
    return role in question.get("optional", ())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", help="QUESTIONS.jsonl=HOME")
    sets = [given.rsplit("=", 1) for given in parser.parse_args().sets]
    rows = [(name, row) for name, home in sets for row in asked(Path(name), Path(home))]
    values: dict[str, list[tuple[float, int]]] = {name: [] for name, _ in sets}
    for fold in range(FOLDS):
        weights = fit([row for place, (_, row) in enumerate(rows) if place % FOLDS != fold])
        for name, row in rows[fold::FOLDS]:
            values[name].append(f1(row, weights))
    for name, found in values.items():
        print(f"{name}: n={len(found)} F1={np.mean([v for v, _ in found]):.3f} wrong={sum(n for _, n in found)}")
    print("STANDS_OUT =", tuple(np.round(fit([row for _, row in rows]), 2).tolist()))


if __name__ == "__main__":
    main()
