"""How sure an answer is, from its final evidence, and from where on it is given."""

from dataclasses import astuple, dataclass
from math import exp

from search.evidence import Found, Look

# Fitted by `python -m bench.answers --fit` on corpus/questions.jsonl.
WEIGHTS = (6.0, 3.0, 2.0, -4.0, 1.5)
BIAS = -4.5
THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What tells whether the evidence answers the question; every figure 0 to 1."""

    dense: float  # mean cosine of the best passage with question and matter
    cover: float  # share of the matter's words, by weight, in the best passage with its headings
    said: float  # in all of the evidence together
    strange: float  # share of the matter's words that no passage in the library has
    placed: float  # 1 if the part of the page asked for was found, 0 if not, one half if none was named


def signals(look: Look, evidence: tuple[Found, ...], placed: float = 0.5) -> Signals:
    """The signals of the passages that an answer is made of."""
    best = evidence[:3]
    return Signals(
        dense=max((found.dense for found in best), default=0.0),
        cover=max((found.cover for found in best), default=0.0),
        said=look.coverage(found.passage for found in best),
        strange=look.strange,
        placed=placed,
    )


def confidence(seen: Signals) -> float:
    """The chance that the blueprints answer the question (logistic regression)."""
    total = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, astuple(seen), strict=True))
    return 1.0 / (1.0 + exp(-total))
