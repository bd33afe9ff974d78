import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import BadQuery, UnknownName
from search.fusion import soft_maximum
from search.retrieve import Filters, group_by_role, retrieve, retrieve_roles
from tests.search.conftest import DRIFT, library_of, two_topics

WORDS = st.sampled_from(["drift", "alert", "table", "schema", "model", "release", "cost", "budget"])
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=6, unique=True)


def test_the_passage_with_the_words_of_the_question_is_first(library):
    first = retrieve(library, "own drift monitoring for production models", 3)[0]
    assert (first.passage.role, first.passage.text) == ("MLOps Manager", DRIFT)
    assert first.scores["dense"] == pytest.approx(1.0)
    assert first.score == pytest.approx(0.7 * first.scores["dense"] + 0.3 * first.scores["lexical"])
    assert first.url == "https://example.org/mlops-manager/"


def test_hits_come_best_first_and_no_more_than_k(library):
    scores = [hit.score for hit in retrieve(library, "drift monitoring", 4)]
    assert len(scores) == 4
    assert scores == sorted(scores, reverse=True)


def test_a_k_beyond_the_index_gives_every_passage(library):
    assert len(retrieve(library, "drift", 1000)) == len(library.generation.all_passages)


@given(LINES, LINES, st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.integers(1, 8))
def test_a_filtered_search_equals_brute_force(duties, kpis, query, k):
    library = library_of(two_topics("One", duties, kpis), two_topics("Two", kpis, duties))
    everything = retrieve(library, query, 1000, fold=False)
    filtered = retrieve(library, query, k, Filters(roles=("two",), topics=("kpis",)), fold=False)
    brute = [hit for hit in everything if hit.passage.role == "Two" and hit.passage.topic == "kpis"][:k]
    assert [hit.passage for hit in filtered] == [hit.passage for hit in brute]


@given(LINES, LINES, st.lists(WORDS, min_size=1, max_size=4).map(" ".join), st.integers(1, 8))
def test_folding_loses_no_passage_and_fills_the_list(duties, kpis, query, k):
    library = library_of(two_topics("One", duties, kpis), two_topics("Two", kpis, duties))
    plain = [hit.passage for hit in retrieve(library, query, 1000, fold=False)]
    folded = retrieve(library, query, 1000)
    assert sorted(p.passage_id for hit in folded for p in (hit.passage, *hit.alike)) == sorted(
        p.passage_id for p in plain
    )
    assert [hit.passage for hit in retrieve(library, query, k)] == [hit.passage for hit in folded[:k]]


def test_passages_in_the_same_words_are_one_hit_that_tells_the_others():
    library = library_of(
        two_topics("One", ["Watch the drift alerts"], ["Cost"]),
        two_topics("Two", ["watch the  drift alerts."], ["Budget"]),
    )
    first, second = retrieve(library, "watch drift alerts", 2)
    assert (first.passage.role, [other.role for other in first.alike]) == ("One", ["Two"])
    assert (second.passage.text, second.alike) == ("Cost", ())


def test_where_roles_are_wanted_each_keeps_its_passage():
    library = library_of(*(two_topics(role, ["Watch the drift alerts"], ["Cost"]) for role in ("One", "Two")))
    hits = retrieve(library, "which roles watch drift alerts", 2)
    assert [(hit.passage.role, hit.alike) for hit in hits] == [("One", ()), ("Two", ())]


@pytest.mark.parametrize("name", ["MLOps Manager", "mlops manager", "mlops-manager", "mlops-manager@example.org"])
def test_a_role_filter_takes_a_name_a_slug_or_an_id(library, name):
    hits = retrieve(library, "tables", 50, Filters(roles=(name,)))
    assert {hit.passage.role for hit in hits} == {"MLOps Manager"}


def test_names_within_a_filter_are_alternatives_and_filters_add_up(library):
    hits = retrieve(library, "drift", 50, Filters(roles=("Data Engineer", "MLOps Manager"), topics=("KPIs",)))
    assert {(hit.passage.role, hit.passage.topic) for hit in hits} == {
        ("Data Engineer", "kpis"),
        ("MLOps Manager", "kpis"),
    }


def test_a_source_filter_takes_a_folder_or_a_file(library):
    assert len(retrieve(library, "drift", 50, Filters(sources=("pages/",)))) == len(library.generation.all_passages)
    hits = retrieve(library, "drift", 50, Filters(sources=("pages/data-engineer@example.org.md",)))
    assert {hit.passage.role for hit in hits} == {"Data Engineer"}


def test_a_filter_that_nothing_meets_gives_nothing(library):
    assert retrieve(library, "drift", 5, Filters(levels=("intern",))) == ()
    assert retrieve_roles(library, "drift", 5, Filters(levels=("intern",))) == ()


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(roles=("MLOps Manger",)), "No role 'MLOps Manger'. Did you mean 'MLOps Manager'"),
        (Filters(topics=("kpi",)), "Did you mean 'kpis'"),
        (Filters(levels=("zzz",)), "Known: intern, junior"),
        (Filters(functions=("zzz",)), "Known: none"),
        (Filters(sources=("qqq",)), "rolebook sources"),
        (Filters(roles=("",)), "rolebook roles"),
    ],
)
def test_an_unknown_name_says_what_there_is(library, filters, message):
    with pytest.raises(UnknownName, match=message):
        retrieve(library, "drift", 5, filters)


@pytest.mark.parametrize("k", [0, -1, 1001])
def test_k_must_be_in_range(library, k):
    with pytest.raises(BadQuery, match=r"from 1 to 1,000"):
        retrieve(library, "drift", k)


@pytest.mark.parametrize("query", ["", "  \n", "?!", "a" * 8001, "drift \udcff"])
def test_a_question_that_cannot_be_searched_for_is_refused(library, query):
    with pytest.raises(BadQuery):
        retrieve(library, query)


def test_a_question_of_just_the_limit_is_searched_for(library):
    assert retrieve(library, "tables " * 1142, 1)[0].passage.text == "Late tables"


def test_roles_rank_by_the_soft_maximum_of_their_passages(library):
    hits = retrieve(library, "drift monitoring", 50)
    groups = group_by_role(hits)
    assert [group.role for group in groups] == ["Staff Data Engineer", "MLOps Manager", "Data Engineer"]
    for group in groups:
        own = [hit.score for hit in hits if hit.passage.blueprint_id == group.blueprint_id]
        assert group.score == pytest.approx(soft_maximum(own))
        assert group.hits[0].score == max(own)
    assert all(len(group.hits) <= 3 for group in groups)


@given(st.integers(1, 4))
def test_k_roles_are_found_however_deep_they_lie(k):
    loud = two_topics("Loud", [f"drift {number}" for number in range(60)], ("drift",))
    others = [two_topics(name, ("quiet work",), ("quiet number",)) for name in ("Second", "Third")]
    groups = retrieve_roles(library_of(loud, *others), "drift", k)
    assert [group.role for group in groups] == ["Loud", "Second", "Third"][:k]


def test_words_counted_while_the_question_is_encoded_rank_as_ever(library, monkeypatch):
    asked = ("own drift monitoring", "tables every night", "zebra")
    alone = [retrieve(library, question, 5) for question in asked]
    monkeypatch.setattr(sys.modules["search.retrieve"], "MANY", 0)  # the package has the function by that name
    assert [retrieve(library, question, 5) for question in asked] == alone
