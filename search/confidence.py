"""How sure an answer is, from its final evidence, and from where on it is given."""

from dataclasses import astuple, dataclass
from math import exp

from search.asked import asks_pay
from search.evidence import Found, Look

# Fitted by `python -m bench.answers --fit` on corpus/questions.jsonl.
WEIGHTS = (4.59, 4.47, -2.71, -3.06, 3.23, -1.29, -2.03)
BIAS = -4.98
THRESHOLD = 0.507  # fitted by `rolebook eval corpus/questions.jsonl --fit`
PLACED = 0.97  # where the part of the page that was asked for is there, and nothing more was asked
_MANY = 10.0  # words
_TOLD = 0.5  # a number with its unit often answers without the name of what is counted: "60 ms" for a latency


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether the evidence answers the question; every figure 0 to 1."""

    dense: float  # mean cosine of the best passage with question and matter
    said: float  # share of the matter's words, by weight, in the text of the best passage
    absent: float  # share of them that no passage looked at has
    unpaid: float  # 1 if pay is asked about and the evidence is not from a part on pay
    length: float  # how many words the matter has
    asks: float  # 1 if the thing asked for is named: "what notice period"
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
        missing=look.missing([found.passage for found in best[:1]]) * (_TOLD if numbered else 1.0),
    )


def confidence(seen: Signals) -> float:
    """The chance that the blueprints answer the question (logistic regression)."""
    total = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, astuple(seen), strict=True))
    return 1.0 / (1.0 + exp(-total))
