"""Questions for the catalogue itself, and those with more than one matter."""

import pytest

from search.answer import ask
from tests.search.conftest import items, library_of, page

DUTIES = "3) Core Responsibilities"
LIBRARY = library_of(
    page("Ledger Lead", (DUTIES, items("Own the ledger", "Sign leases"))),
    page("Tax Director", (DUTIES, items("Own tax returns"))),
    page("Director of Ledger Audits", (DUTIES, items("Own the pensions"))),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("How many roles are there?", "3 such roles: Director of Ledger Audits, Ledger Lead, Tax Director."),
        ("Which roles do you know?", "3 such roles"),
        ("List all ledger roles", "2 such roles: Director of Ledger Audits, Ledger Lead."),
        ("Show me the director roles", "2 such roles: Director of Ledger Audits, Tax Director."),
        ("list the tax roles", "One: Tax Director."),
    ],
)
def test_the_catalogue_is_told_where_it_is_asked_for(question, named):
    answer = ask(LIBRARY, question)
    assert (answer.answerable, answer.citations) == (False, ())
    assert named in answer.text


def test_a_list_of_roles_that_own_something_is_no_catalogue():
    assert ask(LIBRARY, "List the roles that own the pensions").roles[0].role == "Director of Ledger Audits"


def test_two_matters_of_one_word_are_answered_one_by_one_where_no_page_has_both():
    answer = ask(LIBRARY, "Who owns pensions and leases?")
    assert {standing.role for standing in answer.roles} == {"Director of Ledger Audits", "Ledger Lead"}
    assert "**Pensions**" in answer.text
