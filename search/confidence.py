"""How sure an answer is, from its final evidence, and from where on it is given."""

import re
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import exp

from search.asked import asks_pay
from search.evidence import Found, Look, stems

# Fitted by `python -m bench.answers --fit` on corpus/questions.jsonl.
WEIGHTS = (5.29, 3.88, -2.99, -3.24, 4.46, -0.68, -3.01, -2.2, -2.65)
BIAS = -5.49
THRESHOLD = 0.477  # fitted by `rolebook eval corpus/questions.jsonl --fit`
PLACED = 0.97  # where the part of the page that was asked for is there, and nothing more was asked
_FAR = 0.2  # below it
UNHELD = 0.66  # cosine from which other words may mean the matter
_MANY = 10.0  # words
_TOLD = 0.5  # a number with its unit often answers without the name of what is counted: "60 ms" for a latency
_DATED = re.compile(
    r"\b(?:last|past|previous|this|next) (?:night|week|month|quarter|year|spring|summer|autumn|winter)\b"
    r"|\b(?:yesterday|tomorrow|so far|right now)\b|\bwas\b.* in (?:january|february|march|april|june|july|august"
    r"|september|october|november|december|\d{4})\b|\bhow old\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether the evidence answers the question; every figure 0 to 1."""

    dense: float  # mean cosine of the best passage with question and matter
    said: float  # share of the matter's words, by weight, in the text of the best passage
    absent: float  # share of them that no passage looked at has
    unpaid: float  # 1 if pay is asked about and the evidence is not from a part on pay
    length: float  # how many words the matter has
    asks: float  # 1 if the thing asked for is named: "what notice period"
    unheld: float  # how far below UNHELD in meaning the best is, for owners whose evidence lacks the matter's head
    dated: float  # 1 if it asks what happened at some time: blueprints tell what holds, not what was
    missing: float  # share of its words that the first passage lacks; half of it where a number is asked for and there


def signals(look: Look, evidence: tuple[Found, ...], *, counted: bool = False) -> Signals:
    """The signals of the passages that an answer is made of, best first; `counted`: a number is asked for."""
    best = evidence[:3]
    numbered = counted and any(found.has_number for found in best[:1])
    pay = asks_pay(look.question.text)
    return Signals(
        dense=max((found.dense for found in best), default=0.0),
        said=max((found.said for found in best), default=0.0),
        absent=look.absent,
        unpaid=float(pay and all(found.passage.topic != "compensation" for found in best)),
        length=min(1.0, len(look.weights) / _MANY),
        asks=float(bool(look.asked)),
        unheld=_unheld(look, best),
        dated=float(bool(_DATED.search(look.question.text))),
        missing=look.missing([found.passage for found in best[:1]]) * (_TOLD if numbered else 1.0),
    )


def _unheld(look: Look, best: Sequence[Found]) -> float:
    """A side word alone ("machine" of "coffee machine") makes nobody an owner, unless the meaning is near."""
    if look.question.kind != "owners" or any(_is_held(look, found.passage.text) for found in best):
        return 0.0
    far = UNHELD - max((found.dense for found in best), default=0.0)
    return min(1.0, max(0.0, far) / _FAR)


def _is_held(look: Look, text: str) -> bool:
    """Whether a text has the matter's head as a head, or else more than half of its words: "on-call shifts"."""
    had = len(stems(text) & set(look.weights))
    return look.holds(text) or 2 * had > len(look.weights)


def confidence(seen: Signals) -> float:
    """The chance that the blueprints answer the question (logistic regression)."""
    total = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, astuple(seen), strict=True))
    return 1.0 / (1.0 + exp(-total))
