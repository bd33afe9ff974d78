"""A row or item that bears the name asked for answers, though it has none of the question's other words."""

from dataclasses import replace

import pytest

from search.answer import ask
from search.question import analyse
from tests.conftest import make_blueprint
from tests.search.conftest import library_of

TOOLS = ("Lookup | Redis, Memcached | Fast reads", "Lineage | Marquez | Where a figure comes from")


def pages():
    made = make_blueprint(
        "Ledger Lead",
        {"10) Tools": TOOLS, "8) Skills": ("Account lookup under load", "Double entry"), "3) Duties": ("Close books",)},
    )
    tools, skills, duties = made.sections
    parts = (replace(tools, topic="tools"), replace(skills, topic="technical_skills"), duties)
    return library_of(replace(made, sections=parts))


@pytest.mark.parametrize(
    "question",
    [
        "Which tools are used for account lookup?",  # the page has the other word
        "Which tools does the Ledger Lead use for account lookup?",
        "Which tools are used for ledger lookup?",  # the role's name has it
        "Which tools does the Ledger Lead use for lookup?",
    ],
)
def test_the_row_that_bears_the_head_of_the_matter_comes_first(question):
    answer = ask(pages(), question)
    assert answer.answerable
    assert answer.citations[0].quote == TOOLS[0]


def test_a_row_does_not_answer_for_a_matter_that_its_page_never_speaks_of():
    answer = ask(pages(), "Which tools does the Ledger Lead use for weather lookup?")
    assert answer.confidence < 0.97


@pytest.mark.parametrize(
    "question",
    [
        'Which responsibilities are like "close the books"?',
        "Which duties are most like closing the books?",
        'What is like "close the books every month"?',
    ],
)
def test_what_is_like_a_text_asks_for_similar_ones(question):
    assert analyse(question, (), ("Ledger Lead",)).kind == "similar"


def test_what_a_day_looks_like_does_not():
    assert analyse("What does a day of a Ledger Lead look like?", (), ("Ledger Lead",)).kind == "section"
