"""How well "which roles need SKILL?" is answered, on the skills of the UK Digital and Data framework:

rolebook import ddat roles.jsonl && python -m bench.needs HOME who_needs.dev.jsonl
"""

import json
import sys
from contextlib import closing
from pathlib import Path

from index.library import Library
from search.answer import ask


def main(home: Path, labels: Path) -> None:
    """Precision, recall and F1 of the roles named, each a mean over the questions; no answer counts as 0."""
    scores = []
    with closing(Library.open(home)) as library:
        for line in labels.read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            named = {standing.role for standing in ask(library, label["query"]).roles}
            right = {relevant["role"] for relevant in label["relevant"]}
            both = len(named & right)
            scores.append(
                (both / len(named) if named else 0.0, both / len(right), 2 * both / (len(named) + len(right)))
            )
    precision, recall, f1 = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    print(f"{len(scores)} questions: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
