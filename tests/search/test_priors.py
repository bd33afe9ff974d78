from hypothesis import given
from hypothesis import strategies as st

from search.priors import REPEATED, spread

hits = st.lists(st.tuples(st.floats(0, 1, width=32), st.sampled_from("abc")), max_size=30)


@given(hits, st.integers(0, 40))
def test_a_role_keeps_the_order_of_its_own_hits(found: list[tuple[float, str]], k: int) -> None:
    ranked = [(score, role, n) for n, (score, role) in enumerate(sorted(found, reverse=True))]
    for role in "abc":
        own = [n for n in spread(ranked, k) if ranked[n][1] == role]
        assert own == sorted(own)


@given(hits)
def test_nothing_is_lost_and_nothing_comes_twice(found: list[tuple[float, str]]) -> None:
    ranked = [(score, role, n) for n, (score, role) in enumerate(found)]
    assert sorted(spread(ranked, len(found))) == list(range(len(found)))


def test_one_role_does_not_fill_the_list() -> None:
    ranked = [(0.9, "a", "a1"), (0.89, "a", "a2"), (0.88, "a", "a3"), (0.86, "b", "b1"), (0.3, "c", "c1")]
    assert spread(ranked, 3) == ["a1", "b1", "a2"]
    assert 0.89 - REPEATED < 0.86


def test_a_much_better_hit_stays_before_another_role() -> None:
    assert spread([(0.9, "a", "a1"), (0.8, "a", "a2"), (0.4, "b", "b1")], 2) == ["a1", "a2"]
