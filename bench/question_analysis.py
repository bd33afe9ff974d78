"""Measures search.question on labelled questions: right kind, roles named right, topic of sections, speed.

usage: python bench/question_analysis.py [-v] [--roles ROLES.txt] QUESTIONS.jsonl...

The catalogue is the roles of the question file (and those of --roles, one a line). Roles are judged on section, fact
and compare questions: right where exactly the labelled roles are named. A fact question in which no role is found is
counted apart, since most of these name none ("How long is the forecast horizon?") and an unfound role narrows nothing.
"""

import argparse
import json
import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from search.question import Question, analyse

KINDS = {"ownership": "owners"}
JUDGED = ("section", "fact", "compare")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--roles", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    arguments = parser.parse_args()
    extra = arguments.roles.read_text(encoding="utf-8").splitlines() if arguments.roles else []
    for path in arguments.questions:
        asked = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        roles = sorted({*extra, *(role for question in asked for role in (*question["roles"], *question["not_roles"]))})
        print(json.dumps({"set": path.name, **measure(asked, roles, arguments.verbose)}))


def measure(asked: list[dict[str, Any]], roles: list[str], verbose: bool) -> dict[str, Any]:
    analyse("warm", (), roles)
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    named: list[bool] = []
    unnamed = wrong = 0
    times = []
    for question in asked:
        begun = time.perf_counter()
        understood = analyse(question["question"], (), roles)
        times.append(1000 * (time.perf_counter() - begun))
        if not question["answerable"]:
            continue
        right = understood.kind == KINDS.get(question["kind"], question["kind"])
        kinds[question["kind"]].append(right)
        if verbose and not right:
            print(f"{question['kind']} taken for {understood.kind}: {question['question']}", file=sys.stderr)
        if question["kind"] in JUDGED:
            if not understood.roles and not understood.unknown and question["kind"] == "fact":
                unnamed += 1
                continue
            named.append(set(understood.roles) == set(question["roles"]))
            wrong += not set(understood.roles) <= set(question["roles"])
            if verbose and not named[-1]:
                tell(question, understood)
    every = [right for found in kinds.values() for right in found]
    return {
        "questions": len(asked),
        "roles": len(roles),
        "kind": round(statistics.mean(every), 3),
        "kind by label": {kind: round(statistics.mean(found), 3) for kind, found in kinds.items()},
        "roles named": round(statistics.mean(named), 3),
        "a wrong role named": wrong,
        "no role found in a fact question": unnamed,
        "ms p50": round(statistics.median(times), 3),
        "ms max": round(max(times), 3),
    }


def tell(question: dict[str, Any], understood: Question) -> None:
    print(f"roles {understood.roles}, not {question['roles']}: {question['question']}", file=sys.stderr)


if __name__ == "__main__":
    main()
