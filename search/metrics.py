"""Ranking metrics as trec_eval has them, and the paired bootstrap that tells a difference from noise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

Ranking = Sequence[str]  # documents, best first, each once


def ndcg(ranking: Ranking, grades: Mapping[str, int], k: int) -> float:
    """nDCG@k with linear gain, as trec_eval's ndcg_cut (Järvelin and Kekäläinen 2002); 0 where nothing is relevant."""
    ideal = _dcg(sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k])
    return _dcg([max(0, grades.get(document, 0)) for document in ranking[:k]]) / ideal if ideal else 0.0


def mrr(ranking: Ranking, grades: Mapping[str, int], k: int) -> float:
    """One over the rank of the first relevant document, 0 where the first k hold none."""
    return next((1 / rank for rank, found in enumerate(ranking[:k], 1) if grades.get(found, 0) > 0), 0.0)


def recall(ranking: Ranking, grades: Mapping[str, int], k: int) -> float:
    """The share of the relevant documents that the first k hold, 0 where nothing is relevant."""
    relevant = {document for document, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(place + 2) for place, gain in enumerate(gains))


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better one run is than another on the same queries."""

    mean: float  # of the run minus the other
    low: float  # the ends of its 95 % interval
    high: float
    p: float  # two-sided: how often a difference of nothing would look like this


def paired_bootstrap(
    values: npt.ArrayLike, others: npt.ArrayLike, *, samples: int = 10_000, seed: int = 1
) -> Difference:
    """The difference of two runs' values, query by query, over resampled queries (Efron and Tibshirani 1993).

    ValueError unless both have the same number of values, at least one.
    """
    one, other = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if one.shape != other.shape or one.ndim != 1 or not len(one):
        raise ValueError(f"two runs of one set have as many values, not {one.shape} and {other.shape}")
    differences = one - other
    generator = np.random.default_rng(seed)
    size = len(differences)
    means = generator.multinomial(size, np.full(size, 1 / size), samples) @ differences / size
    mean = float(differences.mean())
    low, high = np.percentile(means, [2.5, 97.5])
    extreme = np.abs(means - mean) >= abs(mean) - 1e-12
    return Difference(mean, float(low), float(high), float((extreme.sum() + 1) / (samples + 1)))
