"""How good answers are on labelled questions, in process, and the fit of the confidence.

python -m bench.answers [QUESTIONS.jsonl] [--home DIR] [--half 0|1] [--fit] [-v]
"""

import argparse
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.library import Library
from ingest.blueprint import Block, Section
from search.answer import Answer, ask
from search.answer import seen as signals_of

KIND = {"ownership": "owners", "section": "section", "fact": "fact", "compare": "compare", "similar": "similar"}
CAP = {"fact": 3, "ownership": 12, "compare": 12, "similar": 12}
Record = dict[str, Any]


@dataclass
class Tally:
    """Values by measure, one for each question or piece of evidence."""

    values: dict[str, list[float]] = field(default_factory=dict)
    sure: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    notes: list[str] = field(default_factory=list)

    def add(self, measure: str, *values: float) -> None:
        self.values.setdefault(measure, []).extend(float(value) for value in values)

    def means(self) -> dict[str, float]:
        yes, no = self.sure[True], self.sure[False]
        made = {name: round(float(np.mean(found)), 3) for name, found in self.values.items() if found}
        if yes and no:
            made["AUROC"] = round(float(np.mean([(a > b) + 0.5 * (a == b) for a in yes for b in no])), 3)
            cut = sorted(yes)[len(yes) // 20]
            made["false at 95 % answered"] = round(float(np.mean([value >= cut for value in no])), 3)
        return made


def fold(text: str) -> str:
    """Letters and digits only, lower case."""
    return re.sub(r"\W+", "", text.replace("**", "")).lower()


def half_of(question: Record) -> int:
    return hashlib.sha256(str(question["id"]).encode()).digest()[0] % 2


def judge(library: Library, questions: Sequence[Record]) -> Tally:
    """The measures of the project's scorer for each question."""
    tally = Tally()
    for question in questions:
        answer = ask(library, question["question"])
        tally.sure[question["answerable"]].append(answer.confidence)
        for citation in answer.citations:
            text = library.generation.blueprint(citation.blueprint_id).text
            tally.add("unverbatim", text[citation.start : citation.end] != citation.quote)
        if not question["answerable"]:
            tally.add("false answers", answer.answerable)
            if answer.answerable:
                tally.notes.append(f"answered {answer.confidence:.2f}: {question['question']} | {answer.text[:150]!r}")
            continue
        tally.add("answered", answer.answerable)
        tally.add("kind", answer.kind == KIND[question["kind"]])
        if not answer.answerable:
            tally.notes.append(f"silent {answer.confidence:.2f}: {question['question']} | {answer.reason}")
        _evidence(tally, question, answer)
        if question["kind"] == "section":
            _list(tally, question, answer, library)
        if question["kind"] == "ownership":
            _owners(tally, question, answer)
    return tally


def _evidence(tally: Tally, question: Record, answer: Answer) -> None:
    cited = [(fold(c.role), fold(" ".join((*c.path, c.quote)))) for c in answer.citations[: CAP.get(question["kind"])]]
    got = [
        any(fold(e["role"]) == role and fold(e["quote"]) in text for role, text in cited) for e in question["evidence"]
    ]
    tally.add(f"evidence: {question['kind']}", *got)
    if question["kind"] == "compare":
        tally.add("compare, both sides", all(got))
    missed = [e["quote"][:60] for e, ok in zip(question["evidence"], got, strict=True) if not ok]
    if missed and question["kind"] != "ownership":
        tally.notes.append(f"uncited {question['kind']}: {question['question']} | {missed}")


def _list(tally: Tally, question: Record, answer: Answer, library: Library) -> None:
    quotes = [e["quote"] for e in question["evidence"]]
    pages = [
        library.generation.blueprint(entry.blueprint_id)
        for entry in library.generation.catalogue()
        if fold(entry.role) == fold(question["roles"][0])
    ]
    want: list[str] = next((w for page in pages if (w := _smallest(page.sections, quotes))), [])
    have = [fold(citation.quote) for citation in answer.citations]
    hit = [w for w in want if any(_same(w, h) for h in have)]
    place = [next((j for j, w in enumerate(want) if _same(w, h)), None) for h in have]
    seen = [spot for spot in place if spot is not None]
    recall, precision = len(hit) / max(1, len(want)), len(seen) / max(1, len(have))
    tally.add("list recall", recall)
    tally.add("list precision", precision)
    tally.add("list order", seen == sorted(seen))
    if recall < 1 or precision < 1:
        tally.notes.append(f"list: {question['question']} | recall {recall:.2f} precision {precision:.2f}")


def _owners(tally: Tally, question: Record, answer: Answer) -> None:
    named = {s.role for s in answer.roles if s.relation in ("owner", "shared")}
    right = set(question["roles"])
    wrong = [s.role for s in answer.roles if s.relation == "owner" and s.role in question["not_roles"]]
    value = 2 * len(named & right) / (len(named) + len(right)) if named or right else 1.0
    tally.add("owners F1", value)
    tally.add("not_roles named", len(wrong))
    if value < 1:
        tally.notes.append(
            f"owners {value:.2f}: {question['question']} | missing {sorted(right - named)}"
            f" extra {sorted(named - right)}"
        )


def _same(wanted: str, had: str) -> bool:
    return wanted in had or (len(had) > 8 and had in wanted)


def _smallest(sections: Sequence[Section], quotes: Sequence[str]) -> list[str] | None:
    for section in sections:
        if inner := _smallest(section.sections, quotes):
            return inner
        blocks = list(_blocks(section))
        text = fold(" ".join([section.title or "", *(block.text for block in blocks)]))
        if all(fold(quote) in text for quote in quotes):
            return [fold(block.text) for block in blocks if not block.header and block.kind != "heading"]
    return None


def _blocks(section: Section) -> Iterator[Block]:
    yield from section.blocks
    for inner in section.sections:
        yield from _blocks(inner)


def fit(library: Library, questions: Sequence[Record]) -> dict[str, Any]:
    """Weights of the confidence and its bias by logistic regression with a ridge."""
    rows, answerable = [], []
    for question in questions:
        seen = signals_of(library, question["question"])
        if seen:
            rows.append(astuple(seen))
            answerable.append(question["answerable"])
    x, y = np.array(rows), np.array(answerable, dtype=float)
    weights = _logistic(np.hstack([x, np.ones((len(x), 1))]), y)
    return {"WEIGHTS": [round(w, 2) for w in weights[:-1].tolist()], "BIAS": round(float(weights[-1]), 2)}


def _logistic(x: Any, y: Any, ridge: float = 0.3, steps: int = 100) -> Any:
    """Newton's method; both classes weigh the same, the last column is the bias and goes unpunished."""
    balance = np.where(y > 0, 0.5 / max(y.mean(), 1e-9), 0.5 / max(1 - y.mean(), 1e-9))
    penalty = np.diag([ridge] * (x.shape[1] - 1) + [1e-6])
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (balance * (chance - y)) + penalty @ weights
        curve = (x.T * (balance * chance * (1 - chance))) @ x + penalty
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="?", default=Path("corpus/questions.jsonl"))
    parser.add_argument("--home", type=Path, default=Path(".rolebook"))
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("-v", action="store_true")
    given = parser.parse_args()
    questions = [json.loads(line) for line in given.questions.read_text(encoding="utf-8").splitlines() if line]
    chosen = [question for question in questions if given.half is None or half_of(question) == given.half]
    library = Library.open(given.home)
    if given.fit:
        print(json.dumps(fit(library, chosen)))
        return
    tally = judge(library, chosen)
    if given.v:
        print(*tally.notes, sep="\n")
    print(json.dumps({"questions": len(chosen), **tally.means()}, indent=1))


if __name__ == "__main__":
    main()
