"""What other words and slips cost: evidence and roles found for the seed questions and for five rewordings of each.

python -m bench.rewordings INDEX QUESTIONS    # an index of the seed pages, and their questions.jsonl
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from index.library import Library
from search.labelled import MEASURES, Labelled, judge, means, read_questions

REWORDINGS = Path(__file__).with_name("rewordings.jsonl")


def reworded(path: Path) -> tuple[list[Labelled], list[Labelled]]:
    """The questions that have rewordings, as they are and in their other words."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    ids = [line["id"] for line in lines if line["answerable"]]
    questions = dict(zip(ids, read_questions(path), strict=True))
    others = {row["id"]: row["rewordings"] for row in map(json.loads, REWORDINGS.open(encoding="utf-8"))}
    return (
        [questions[name] for name in others],
        [replace(questions[name], question=text) for name, texts in others.items() for text in texts],
    )


def main() -> None:
    library = Library.open(Path(sys.argv[1]))
    own, others = (means(judge(library, asked)["hybrid"])["all"] for asked in reworded(Path(sys.argv[2])))
    for name in MEASURES:
        print(f"{name}: {own[name]:.3f}, reworded {others[name]:.3f} ({others[name] / own[name] - 1:+.1%})")


if __name__ == "__main__":
    main()
