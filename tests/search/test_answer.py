import pytest

from ingest.errors import BadQuery
from search.answer import ask
from tests.conftest import make_blueprint
from tests.search.conftest import DRIFT, KPIS, library_of


def quotes(answer):
    return [citation.quote for citation in answer.citations]


def test_every_claim_is_quoted_and_every_quote_stands_in_its_blueprint(library):
    answer = ask(library, "Which roles own drift monitoring?")
    assert answer.answerable
    assert answer.reason is None
    assert [citation.id for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {number for claim in answer.claims for number in claim.citations} == {c.id for c in answer.citations}
    for citation in answer.citations:
        text = library.generation.blueprint(citation.blueprint_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert citation.verification == "verbatim"
        assert f"[{citation.id}]" in answer.text


def test_owners_are_roles_with_their_best_passage(library):
    answer = ask(library, "Which roles own drift monitoring?")
    assert answer.kind == "owners"
    assert (answer.roles[0].role, answer.roles[0].relation) == ("MLOps Manager", "owner")
    assert "Staff Data Engineer" not in {s.role for s in answer.roles if s.relation in ("owner", "shared")}
    assert quotes(answer)[0] == DRIFT


def test_a_section_comes_whole_and_in_order(library):
    answer = ask(library, "What are the KPIs of the MLOps Manager on drift and models?")
    assert answer.kind == "section"
    assert quotes(answer) == list(KPIS)
    assert answer.text.splitlines()[0] == "**MLOps Manager** > 7) KPIs and Productivity Metrics"


def test_a_comparison_quotes_both_sides(library):
    answer = ask(library, "Compare drift monitoring of the MLOps Manager and the Staff Data Engineer")
    assert answer.kind == "compare"
    assert {citation.role for citation in answer.citations} == {"MLOps Manager", "Staff Data Engineer"}


def test_a_fact_about_a_role_comes_from_that_role(library):
    answer = ask(library, "Does the Data Engineer load tables every night?")
    assert quotes(answer)[0] == "Load tables every night"
    assert {citation.role for citation in answer.citations} == {"Data Engineer"}


@pytest.mark.parametrize("question", ["Parental leave?", "Visa sponsorship for MLOps Manager?"])
def test_what_the_blueprints_do_not_say_is_not_answered(library, question):
    answer = ask(library, question)
    assert not answer.answerable
    assert answer.reason
    assert (answer.claims, answer.citations, answer.roles) == ((), (), ())
    assert answer.text == answer.reason
    assert answer.confidence < ask(library, "own drift monitoring for production models").confidence <= 1


def test_a_follow_up_is_understood(library):
    answer = ask(library, "What are its drift KPIs, share of models and hours?", ("Tell me of the MLOps Manager",))
    assert {citation.role for citation in answer.citations} == {"MLOps Manager"}


@pytest.mark.parametrize("question", ["", "   ", "?" * 10, "a " * 5000])
def test_a_question_that_cannot_be_asked_is_refused(library, question):
    with pytest.raises(BadQuery):
        ask(library, question)


def test_roles_compared_without_a_matter_are_compared_by_their_summaries():
    library = library_of(
        make_blueprint("Ledger Lead", {"1) Role Summary": ["Keeps the books in order"]}, topic="summary"),
        make_blueprint("Fraud Lead", {"1) Role Summary": ["Keeps thieves out"]}, topic="summary"),
    )
    answer = ask(library, "What is the difference between the Ledger Lead and the Fraud Lead?")
    assert quotes(answer) == ["Keeps the books in order", "Keeps thieves out"]


def test_a_reason_does_not_repeat_a_long_question(library):
    answer = ask(library, "Who owns " + "the purple garden gnome and " * 30 + "the pond?")
    assert not answer.answerable
    assert len(answer.reason) < 200


def test_where_no_page_denies_a_matter_those_that_claim_it_are_named():
    library = library_of(
        make_blueprint("Ledger Lead", {"3) Core Responsibilities": ["Own invoice matching for ledgers"]})
    )
    answer = ask(library, "Which roles have no say in invoice matching?")
    assert [(standing.role, standing.relation) for standing in answer.roles] == [("Ledger Lead", "owner")]
    assert answer.text.startswith("No page says outright")
