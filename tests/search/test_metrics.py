"""The metrics are those of trec_eval."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.metrics import mrr, ndcg, paired_bootstrap, recall


def test_ndcg_by_hand():
    # DCG 1/log2(3) + 2/log2(5), ideal 2/log2(2) + 1/log2(3)
    assert ndcg(["x", "a", "y", "b"], {"a": 1, "b": 2}, 10) == pytest.approx((0.63093 + 0.86135) / 2.63093, abs=1e-5)
    assert ndcg(["x", "a", "y", "b"], {"a": 1, "b": 2}, 1) == 0
    assert ndcg(["a"], {}, 10) == ndcg([], {"a": 1}, 10) == 0


def test_mrr_and_recall_by_hand():
    assert mrr(["x", "a", "b"], {"a": 1, "b": 1, "x": 0}, 10) == 0.5
    assert mrr(["x", "a"], {"a": 1}, 1) == 0
    assert recall(["x", "a"], {"a": 1, "b": 2, "x": 0}, 2) == 0.5


@given(
    ranking=st.lists(st.integers(0, 15), unique=True, min_size=1),
    grades=st.dictionaries(st.integers(0, 15), st.integers(0, 3), min_size=1),
    k=st.integers(1, 12),
)
def test_metrics_equal_trec_eval(ranking, grades, k):
    pytrec_eval = pytest.importorskip("pytrec_eval")
    names, qrels = [f"d{n}" for n in ranking], {f"d{n}": grade for n, grade in grades.items()}
    judge = pytrec_eval.RelevanceEvaluator({"q": qrels}, {f"ndcg_cut.{k}", f"recall.{k}", "recip_rank"})
    run = {name: float(len(names) - place) for place, name in enumerate(names)}
    expected = judge.evaluate({"q": run})["q"]
    assert ndcg(names, qrels, k) == pytest.approx(expected[f"ndcg_cut_{k}"])
    assert recall(names, qrels, k) == pytest.approx(expected[f"recall_{k}"])
    assert mrr(names, qrels, len(names)) == pytest.approx(expected["recip_rank"])


def test_the_bootstrap_tells_a_difference_from_noise():
    worse = [0.0, 0.1, 0.2, 0.3] * 20
    real = paired_bootstrap([value + 0.1 for value in worse], worse)
    assert real.mean == pytest.approx(0.1)
    assert (real.low, real.high) == (pytest.approx(0.1), pytest.approx(0.1))
    assert real.p < 0.001
    noise = paired_bootstrap([0.1, -0.1] * 40, [0.0] * 80)
    assert noise.low < 0 < noise.high
    assert noise.p > 0.5
    assert paired_bootstrap(worse, worse).p == 1
    with pytest.raises(ValueError, match="as many"):
        paired_bootstrap([1.0], [1.0, 2.0])
