"""Reporting lines read upwards and downwards, over all pages."""

import pytest

from ingest.elements import Draft, Element
from ingest.outline import outline
from search.answer import ask
from search.reporting import ABOVE, BELOW, names_above
from tests.search.conftest import library_of


def page(role: str, *summary: str):
    elements = [Element("heading", "1) Role Summary", level=2)]
    elements += [Element("item", text, group=1) for text in summary]
    return outline(Draft(role, tuple(elements)))


@pytest.fixture
def firm():
    return library_of(
        page("Ledger Lead", "Reports to: Tax Director", "Leads a team of four accountants."),
        page("Tax Director", "Reports to: Chief Financial Officer", "Keeps the firm out of court."),
    )


def test_who_is_under_a_role_stands_on_the_pages_of_others(firm):
    answer = ask(firm, "Who reports to the Tax Director?")
    assert [(citation.role, citation.quote) for citation in answer.citations] == [
        ("Ledger Lead", "Reports to: Tax Director")
    ]


def test_whom_a_role_reports_to_stands_on_its_own(firm):
    assert ask(firm, "Who does the Tax Director report to?").citations[0].quote == "Reports to: Chief Financial Officer"


def test_a_role_without_a_page_may_have_people_under_it(firm):
    assert ask(firm, "Who reports to the Chief Financial Officer?").citations[0].role == "Tax Director"
    assert not ask(firm, "Who reports to the Chief Happiness Officer?").answerable


def test_direct_reports_are_counted_where_the_team_is_told(firm):
    assert "four accountants" in ask(firm, "How many direct reports does the Ledger Lead have?").citations[0].quote


@pytest.mark.parametrize(
    ("question", "below"),
    [
        ("Who reports to the Tax Director?", True),
        ("How many people report to the Tax Director?", True),
        ("Who does the Tax Director report to?", False),
        ("Who is the boss of the Ledger Lead?", False),
    ],
)
def test_the_direction_is_read_from_the_question(question, below):
    assert bool(BELOW.search(question)) is below
    assert bool(ABOVE.search(question)) is not below


def test_a_longer_name_is_not_the_role():
    assert names_above("Typically reports to the Tax Director", "Tax Director")
    assert not names_above("Reports to the Deputy Tax Director", "Tax Director")
