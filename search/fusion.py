"""Fusion of the legs: a weighted sum of scores that lie on fixed scales, and roles ranked by their passages."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, inf, log

import numpy as np

from index.encoders import Vectors
from index.lexical import LexicalIndex
from index.vectors import Ids, Scores, VectorReader

DENSE = 0.5  # the dense leg's share of a passage's score; docs/decisions.md has the study
DENSE_ALIKE = 0.7  # the same where a statement is given, whose like shares its meaning more than its words
SHARPNESS = 15.0  # of the soft maximum: a passage 1/15 below a role's best counts 1/e as much
EVIDENCE = 5  # passages that a role is scored by
ROLE_DEPTH = 200  # passages that roles are ranked by
_FIRST = 256  # hits taken of each leg at first; at most one question in twenty then needs a second round
_ROUNDING = 1e-5  # more than two ways of summing one score differ by
# What a question names its answer by, which is not the matter: "which roles ...", "who ...".
_FRAME = re.compile(
    r"\b(?:which|what|whose) (?:roles?|jobs?|positions?|occupations?|teams?|people|persons?)\b|^\s*who\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Listed:
    """The passages that a leg shows."""

    scores: Scores
    ids: Ids
    rest: float  # no other passage scores more; -inf: there is no other
    ended: bool  # whether it has no more to show, however deep it is read


@dataclass(frozen=True, slots=True)
class Leg:
    """One way of scoring passages, on a scale that neither the filter nor the depth moves."""

    search: Callable[[int], Listed]  # the best passages, at most as many as asked for
    score: Callable[[Ids], Scores]  # of any passages, given ascending; as `search` scores them
    weight: float


def matter(question: str) -> str:
    """What both legs look for: the question without the words that frame it, if others are left."""
    rest = " ".join(_FRAME.sub(" ", question).split()).strip(" ?,")
    return rest if any(letter.isalnum() for letter in rest) else question


def dense_share(kind: str) -> float:
    """The dense leg's weight for a question of this kind; the lexical one has the rest."""
    return DENSE_ALIKE if kind == "similar" else DENSE


def dense_leg(vectors: VectorReader, query: Vectors, allowed: Ids | None, weight: float = 1.0) -> Leg:
    """The cosine of each passage with the question's vector (dim,)."""

    def search(depth: int) -> Listed:
        (scores,), (ids,) = vectors.search(query, depth, allowed)
        return _listed(scores, ids, depth, -inf)

    def score(ids: Ids) -> Scores:
        (scores,), (order,) = vectors.search(query, len(ids), ids)
        ascending: Scores = scores[np.argsort(order)]
        return ascending

    return Leg(search, score, weight)


def lexical_leg(lexical: LexicalIndex, query: str, allowed: Ids | None, weight: float = 1.0) -> Leg:
    """The share of the best possible BM25 that each passage reaches on the question."""

    def search(depth: int) -> Listed:
        scores, ids = lexical.search(query, depth, allowed)
        return _listed(scores, ids, depth, 0.0)

    return Leg(search, lambda ids: lexical.scores(query, ids), weight)


def flat_leg(rows: Ids | None, allowed: Ids | None, weight: float) -> Leg:
    """A leg that gives 1 to all of `rows`, ascending, and 0 to others; None for the rows means none."""
    kept = np.empty(0, dtype=np.int64) if rows is None else rows
    if allowed is not None:
        kept = np.intersect1d(kept, allowed, assume_unique=True)

    def search(depth: int) -> Listed:
        if len(kept) > depth:
            return Listed(np.ones(0, dtype=np.float32), kept[:0], 1.0, ended=False)  # none is better than the others
        return Listed(np.ones(len(kept), dtype=np.float32), kept, 0.0, ended=True)

    def score(ids: Ids) -> Scores:
        if not len(kept):
            return np.zeros(len(ids), dtype=np.float32)
        places = np.searchsorted(kept, ids)  # both ascend; np.isin would sort them again
        scores: Scores = (kept[np.minimum(places, len(kept) - 1)] == ids).astype(np.float32)
        return scores

    return Leg(search, score, weight)


@dataclass(frozen=True, slots=True)
class Fused:
    """The best passages by the weighted sum of the legs."""

    ids: Ids  # (hits,), best first, ties by id
    scores: Scores  # (hits,)
    legs: Scores  # (legs, hits)


def fuse(legs: Sequence[Leg], k: int) -> Fused:
    """The exact top k of the sum over all passages, without scoring them all (threshold algorithm, Fagin et al. 2003).

    Each leg is read to some depth; what none of them has shown cannot score more than the sum of their last scores.
    Once the k-th hit is above that, the list is complete; else the legs are read deeper.
    """
    depth = max(_FIRST, 2 * k)
    while True:
        found = [leg.search(depth) for leg in legs]
        ids = np.sort(np.concatenate([listed.ids for listed in found]))
        ids = ids[np.diff(ids, prepend=-1) > 0]
        parts = np.stack([_parts(leg, listed, ids) for leg, listed in zip(legs, found, strict=True)])
        total = _sum(legs, parts)
        order = np.lexsort((ids, -total))[:k]
        most = sum(leg.weight * listed.rest for leg, listed in zip(legs, found, strict=True)) + _ROUNDING
        spent = most == -inf or all(listed.ended for listed in found)
        if spent or (len(order) == k and total[order[-1]] > most):
            return Fused(ids[order], total[order], parts[:, order])
        depth *= 4


def soft_maximum(scores: Sequence[float]) -> float:
    """A role's score from those of its best passages, best first: the best one's, and a little for each near it.

    log-sum-exp over the first EVIDENCE, so that one strong passage outweighs any number of weak ones.
    """
    best = max(scores[:EVIDENCE])
    return best + log(sum(exp(SHARPNESS * (score - best)) for score in scores[:EVIDENCE])) / SHARPNESS


def _sum(legs: Sequence[Leg], parts: Scores) -> Scores:
    """The weighted sum, leg by leg, so that a passage's score does not hang on what else was scored."""
    total = np.zeros(parts.shape[1], dtype=np.float32)
    for leg, scores in zip(legs, parts, strict=True):
        total += np.float32(leg.weight) * scores
    return total


def _listed(scores: Scores, ids: Ids, depth: int, floor: float) -> Listed:
    """A list that was asked for to this depth, best first; what a full one leaves out scores `floor`."""
    ended = len(ids) < depth
    return Listed(scores, ids, floor if ended else float(scores[-1]), ended)


def _parts(leg: Leg, listed: Listed, ids: Ids) -> Scores:
    """What the leg gives to each of these ids, ascending, which its list is among."""
    scores = np.full(len(ids), np.nan, dtype=np.float32)
    scores[np.searchsorted(ids, listed.ids)] = listed.scores
    left = np.isnan(scores)
    if left.any():
        scores[left] = leg.score(ids[left])
    return scores
