"""Fusion finds the exact best of the weighted sum, and a role is more than its best passage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import fusion
from search.fusion import Leg, Listed, flat_leg, fuse, matter, soft_maximum


def leg_of(scores: np.ndarray, weight: float, floor: float) -> Leg:
    """A leg over all ids; with floor 0 it shows only what scores above 0, as the lexical one does."""

    def search(depth):
        order = np.lexsort((np.arange(len(scores)), -scores))
        order = order[scores[order] > 0] if floor == 0 else order
        ended = len(order) < depth
        return Listed(scores[order[:depth]], order[:depth], floor if ended else float(scores[order[depth - 1]]), ended)

    return Leg(search, lambda ids: scores[ids], weight)


SCORES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=80)


@given(pairs=SCORES, k=st.integers(1, 30), weight=st.sampled_from([0.25, 0.5, 0.75]), data=st.data())
def test_the_top_k_equals_brute_force(pairs, k, weight, data):
    dense, lexical = (np.array([pair[n] for pair in pairs], dtype=np.float32) / 20 for n in (0, 1))
    flat = np.array(data.draw(st.lists(st.booleans(), min_size=len(pairs), max_size=len(pairs))), dtype=np.float32)
    first, fusion._FIRST = fusion._FIRST, 2  # so that small lists must be read deeper
    try:
        legs = (leg_of(dense, weight, -np.inf), leg_of(lexical, 1 - weight, 0.0))
        fused = fuse((*legs, flat_leg(np.flatnonzero(flat), None, 0.125)), k)
    finally:
        fusion._FIRST = first
    total = np.float32(weight) * dense + np.float32(1 - weight) * lexical + np.float32(0.125) * flat
    expected = np.lexsort((np.arange(len(total)), -total))[:k]
    assert fused.ids.tolist() == expected.tolist()
    assert fused.scores.tolist() == total[expected].tolist()
    assert fused.legs.tolist() == [leg[expected].tolist() for leg in (dense, lexical, flat)]


def test_a_single_leg_is_ranked_as_it_is():
    fused = fuse((leg_of(np.array([0.1, 0.9, 0.5], dtype=np.float32), 1.0, -np.inf),), 2)
    assert fused.ids.tolist() == [1, 2]


def test_a_leg_that_finds_less_than_asked_for_ends():
    fused = fuse((leg_of(np.array([0.0, 0.9, 0.0], dtype=np.float32), 0.5, 0.0),), 10)
    assert fused.ids.tolist() == [1]


def test_near_passages_lift_a_role_and_weak_ones_hardly():
    assert soft_maximum([0.5]) == pytest.approx(0.5)
    assert soft_maximum([0.5, 0.49]) > soft_maximum([0.52])
    assert soft_maximum([0.5] + [0.1] * 50) < 0.502
    assert soft_maximum([0.9]) > soft_maximum([0.7] * 5)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which roles own drift monitoring?", "own drift monitoring"),
        ("who approves budgets", "approves budgets"),
        ("Which roles?", "Which roles?"),
        ("What are the KPIs of the SRE Director?", "What are the KPIs of the SRE Director"),
    ],
)
def test_the_frame_of_a_question_is_not_searched_for(question, expected):
    assert matter(question) == expected
