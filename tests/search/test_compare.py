from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.build import build
from index.library import Library
from ingest.errors import BadQuery, UnknownName
from search.compare import align, compare
from tests.conftest import WordEncoder

DUTIES = {
    "Head of MLOps": [
        "Own drift monitoring of all models",
        "Approve the yearly cloud budget",
        "Hire and lead the platform team",
    ],
    "MLOps Manager": [
        "Hire and lead the operations team",
        "Own drift monitoring of served models",
        "Write runbooks for pagers",
    ],
    "Data Engineer": ["Document every dataset", "Own drift monitoring of raw tables"],
    "FinOps Lead": ["Forecast the yearly cloud budget", "Teach engineers to tag resources"],
}


def page(role: str, duties: list[str]) -> str:
    items = "\n".join(f"{number}. {duty}" for number, duty in enumerate(duties, 1))
    kpis = "| Metric | Target |\n| --- | --- |\n| Drift alerts | 95% |\n"
    return f"# {role}: Role Blueprint\n\n## 3) Core Responsibilities\n\n{items}\n\n## 7) KPIs\n\n{kpis}"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for role, duties in DUTIES.items():
        (folder / f"{role}.md").write_text(page(role, duties), encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    build([str(folder)], home, WordEncoder())
    library = Library.open(home, WordEncoder())
    yield library
    library.close()


def told(comparison):
    return [({role: p and p.text for role, p in row.passages.items()}, row.score) for row in comparison.rows]


def test_items_are_aligned_one_to_one_and_the_rest_stand_alone(library):
    found = compare(library, ("Head of MLOps", "MLOps Manager"))
    assert (found.roles, found.topic) == (("Head of MLOps", "MLOps Manager"), "responsibilities")
    assert {tuple(texts.values()) for texts, score in told(found) if score is not None} == {
        ("Own drift monitoring of all models", "Own drift monitoring of served models"),
        ("Hire and lead the platform team", "Hire and lead the operations team"),
    }
    assert [tuple(texts.values()) for texts, score in told(found) if score is None] == [
        ("Approve the yearly cloud budget", None),
        (None, "Write runbooks for pagers"),
    ]
    scores = [row.score for row in found.rows if row.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(5 / 6)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_order_of_the_roles_changes_nothing(library, size):
    roles = tuple(DUTIES)[:size]
    first = told(compare(library, roles))
    for order in permutations(roles):
        again = told(compare(library, order))
        assert again == first
        assert all(tuple(texts) == order for texts, _ in again)


def test_three_roles_share_a_row(library):
    rows = told(compare(library, ("Data Engineer", "Head of MLOps", "MLOps Manager")))
    assert set(rows[0][0].values()) == {
        "Own drift monitoring of raw tables",
        "Own drift monitoring of all models",
        "Own drift monitoring of served models",
    }


def test_every_item_stands_in_one_row(library):
    rows = told(compare(library, tuple(DUTIES)))
    for role, duties in DUTIES.items():
        assert sorted(texts[role] for texts, _ in rows if texts[role]) == sorted(duties)


def test_another_topic_is_compared_on_demand(library):
    rows = told(compare(library, ("Data Engineer", "MLOps Manager"), "KPIs"))
    assert rows == [
        ({"Data Engineer": "Drift alerts | 95%", "MLOps Manager": "Drift alerts | 95%"}, pytest.approx(1.0))
    ]


def test_roles_go_by_short_forms_slugs_and_ids(library):
    assert compare(library, ("ML Ops head", "mlops-manager")).roles == ("Head of MLOps", "MLOps Manager")


@pytest.mark.parametrize(
    ("roles", "topic", "error", "message"),
    [
        (("Data Engineer",), None, BadQuery, "two to four"),
        ((*DUTIES, "Data Engineer"), None, BadQuery, "two to four"),
        (("Data Engineer", "data-engineer"), None, BadQuery, "twice"),
        (("Data Engineer", "Data Enginee of all"), None, UnknownName, "Did you mean"),
        (("Data Engineer", "MLOps Manager"), "kpi", UnknownName, "Did you mean 'kpis'"),
        (("Data Engineer", "MLOps Manager"), "risks", UnknownName, "has anything on risks"),
    ],
)
def test_what_cannot_be_compared_is_told(library, roles, topic, error, message):
    with pytest.raises(error, match=message):
        compare(library, roles, topic)


def unit(rows):
    rows = np.abs(rows) + 1e-3
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


SIDE = arrays(np.float64, st.tuples(st.integers(0, 5), st.just(4)), elements=st.floats(0, 1)).map(unit)


@given(st.lists(SIDE, min_size=2, max_size=4), st.floats(0.3, 0.99))
def test_an_alignment_is_one_to_one_complete_and_above_its_floor(sides, floor):
    groups = align(sides, floor)
    items = [item for members, _ in groups for item in members]
    assert sorted(items) == [(side, place) for side, rows in enumerate(sides) for place in range(len(rows))]
    for members, score in groups:
        assert len({side for side, _ in members}) == len(members)
        assert (score is None) == (len(members) == 1)
        assert score is None or score >= floor


def test_a_chain_of_near_items_does_not_join_ends_that_are_not_alike():
    bend = np.radians([0.0, 50.0, 100.0])  # neighbours .64, ends -.17
    sides = [np.array([[np.cos(angle), np.sin(angle)]], dtype=np.float32) for angle in bend]
    assert sorted(len(members) for members, _ in align(sides, 0.6)) == [1, 2]


def test_the_best_total_wins_over_the_best_pair():
    """Textbook: taking the nearest pair first would leave the others apart."""
    left = unit(np.array([[1.0, 0.0], [0.9, 0.5]]))
    right = unit(np.array([[1.0, 0.1], [0.3, 1.0]]))
    assert {members for members, _ in align([left, right], 0.5)} == {((0, 0), (1, 0)), ((0, 1), (1, 1))}
