"""Measures `relation_of` on a labelled set: accuracy, macro-F1, confusion, and the baseline that always says owner."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import process_time
from typing import Any, get_args

from search.ownership import relation_of
from search.statements import Label

LABELS: tuple[Label, ...] = get_args(Label)
Row = dict[str, Any]


def said_of(row: Row) -> str:
    """The label that the rules give a row."""
    path = [step for step in (*row["section"], row["parent"]) if step]
    return relation_of(row["text"], role=row["role"], path=path).label


def f1(said: Sequence[str], meant: Sequence[str], label: str) -> float:
    """The harmonic mean of precision and recall of one label; 0 where it never occurs."""
    both = sum(a == b == label for a, b in zip(said, meant, strict=True))
    return 2 * both / max(1, said.count(label) + meant.count(label))


def report(name: str, said: Sequence[str], meant: Sequence[str]) -> None:
    """One line of figures."""
    accuracy = sum(a == b for a, b in zip(said, meant, strict=True)) / len(meant)
    macro = sum(f1(said, meant, label) for label in LABELS) / len(LABELS)
    others = [a for a, b in zip(said, meant, strict=True) if b == "other"]
    usurped = others.count("owner") / max(1, len(others))
    print(f"{name:13} n={len(meant)} accuracy={accuracy:.3f} macro-F1={macro:.3f} other-called-owner={usurped:.3f}")


def main() -> None:
    """Prints the figures of a file of labelled statements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statements", type=Path, help="JSON lines with role, section, parent, text, label")
    rows: list[Row] = [json.loads(line) for line in parser.parse_args().statements.open(encoding="utf-8")]
    meant = [row["label"] for row in rows]
    began = process_time()
    said = [said_of(row) for row in rows]
    took = (process_time() - began) / len(rows)
    report("rules", said, meant)
    report("always owner", ["owner"] * len(rows), meant)
    print(f"{took * 1e6:.0f} microseconds a statement\n\nlabelled (down), said (across)")
    print(f"{'':12}" + "".join(f"{label:>12}" for label in LABELS))
    pairs = Counter(zip(meant, said, strict=True))
    for label in LABELS:
        print(f"{label:12}" + "".join(f"{pairs[label, found]:12}" for found in LABELS))


if __name__ == "__main__":
    main()
