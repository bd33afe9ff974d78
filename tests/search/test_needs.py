"""Which roles need something: what their pages require, not what they own."""

import pytest

from search.answer import ask
from search.needs import asked
from search.question import analyse
from tests.search.conftest import items, library_of, page

DUTIES, NEEDS = "3) Core Responsibilities", "9) Required Qualifications"
LIBRARY = library_of(
    page("Ledger Lead", (DUTIES, items("Own the welding of ledgers")), (NEEDS, items("A degree in accounting"))),
    page("Hull Welder", (DUTIES, items("Weld the hull")), (NEEDS, items("Licences:", "  A welding licence"))),
    page("Deck Welder", (DUTIES, items("Weld the deck")), (NEEDS, items("A welding licence, renewed each year"))),
)


@pytest.mark.parametrize(
    ("question", "needs"),
    [
        ("Which roles need a welding licence?", True),
        ("who needs to have a degree", True),
        ("What jobs ask for welding skills?", True),
        ("Which managers must know SQL?", True),
        ("Which roles require Kubernetes experience?", True),
        ("Which roles use Kubernetes?", True),
        ("List all roles that use Kubernetes", True),
        ("Show me the jobs requiring a degree", True),
        ("Which role fits someone who knows welding?", True),
        ("Which roles fit the budget?", False),
        ("Who uses the ledger?", False),
        ("Which roles need to sign the release?", False),
        ("Which roles need the board's approval?", False),
        ("Which roles need help with drift monitoring?", False),
        ("Who owns the need for speed?", False),
        ("Which roles must own a runbook?", False),
    ],
)
def test_what_roles_need_is_told_from_what_they_do(question, needs):
    assert asked(analyse(question, (), ("Hull Welder",))) is needs


def test_of_who_fits_the_skill_is_looked_for():
    answer = ask(LIBRARY, "Which role fits someone with a degree in accounting?")
    assert [citation.quote for citation in answer.citations] == ["A degree in accounting"]


def test_each_role_comes_with_the_line_that_requires_it_and_owns_nothing_by_it():
    answer = ask(LIBRARY, "Which roles need a welding licence?")
    assert {(s.role, s.relation) for s in answer.roles} == {("Hull Welder", "unknown"), ("Deck Welder", "unknown")}
    assert {c.quote for c in answer.citations} == {"A welding licence", "A welding licence, renewed each year"}
    assert "owns" not in answer.text


def test_what_no_page_requires_is_not_answered_by_a_duty():
    answer = ask(LIBRARY, "Which roles need experience in welding ledgers?")
    assert "Own the welding of ledgers" not in [citation.quote for citation in answer.citations]


def test_who_does_not_need_a_thing_is_told_by_lines_that_say_so():
    library = library_of(
        page("Ledger Lead", (NEEDS, items("A degree in accounting"))),
        page("Hull Welder", (NEEDS, items("No degree is asked for"))),
    )
    answer = ask(library, "Which roles do not need a degree?")
    assert [citation.quote for citation in answer.citations] == ["No degree is asked for"]
    assert not ask(LIBRARY, "Which roles do not need a degree?").answerable
