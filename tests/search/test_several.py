"""Two matters in one question: each gets its own part, and citations are numbered through."""

import pytest

from ingest.elements import Draft, Element
from ingest.outline import outline
from search.answer import ask
from search.retrieve import understood
from search.several import asked_one_by_one, matters_of
from tests.search.conftest import library_of, two_topics


def ledgers():
    return library_of(
        two_topics("Ledger Lead", ("Own invoice matching for all ledgers",), ()),
        two_topics("Tax Director", ("Own customs filings in every country",), ()),
    )


def parts(question: str) -> list[str]:
    return [part.matter for part in matters_of(understood(ledgers(), question))]


def test_each_matter_has_its_owners_and_each_quote_its_number():
    answer = ask(ledgers(), "Who owns invoice matching and customs filings?")
    first, second = answer.text.index("**Invoice matching**"), answer.text.index("**Customs filings**")
    assert first < answer.text.index("**Ledger Lead**") < second < answer.text.index("**Tax Director**")
    assert [citation.id for citation in answer.citations] == [1, 2]
    assert {(told.role, told.citations) for told in answer.roles} == {("Ledger Lead", (1,)), ("Tax Director", (2,))}


def test_a_matter_that_no_page_speaks_of_is_named_as_such():
    answer = ask(ledgers(), "Who owns invoice matching and parental leave?")
    assert answer.answerable
    assert "say nothing about “parental leave”" in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "Who owns monitoring and alerting of services?",  # both words are of one thing
        "Who owns the command programme and its rota?",
        "Who sets how long metrics and logs are kept?",
        "Who owns invoice matching?",
    ],
)
def test_one_matter_in_many_words_is_not_taken_apart(question):
    assert parts(question) == []


def test_what_follows_the_last_does_not_hold_them_together():
    assert parts("Who owns data contracts and drift monitoring in production?") == [
        "data contracts",
        "drift monitoring in production",
    ]


def test_a_row_of_things_is_taken_apart():
    assert parts("Who owns invoice matching, customs filings and refund limits?") == [
        "invoice matching",
        "customs filings",
        "refund limits",
    ]


def test_two_questions_in_one_are_two():
    assert asked_one_by_one("Who runs the ledger and who approves refunds?") == (
        "Who runs the ledger?",
        "who approves refunds?",
    )
    assert asked_one_by_one("Who runs the rehearsal and who approves the calendar for it?") == ()


def sectioned(*parts: tuple[str, str]):
    """A role with these sections, an item each."""
    elements = []
    for number, (title, item) in enumerate(parts):
        elements += [Element("heading", title, level=2), Element("item", item, group=number)]
    return library_of(outline(Draft("Ledger Lead", tuple(elements))))


def test_parts_of_a_page_in_a_row_are_all_given():
    library = sectioned(("7) KPIs", "Days to close the books"), ("10) Tools", "A ledger"), ("2) Mission", "Order"))
    answer = ask(library, "KPIs and tools of the Ledger Lead")
    assert [citation.quote for citation in answer.citations] == ["Days to close the books", "A ledger"]
    assert answer.text.index("KPIs") < answer.text.index("Tools")


def test_a_part_that_the_page_lacks_is_named():
    library = sectioned(("7) KPIs", "Days to close the books"), ("2) Mission", "Order"))
    answer = ask(library, "KPIs and salary of the Ledger Lead")
    assert [citation.quote for citation in answer.citations] == ["Days to close the books"]
    assert "**Salary**\n\nThe blueprint of Ledger Lead says nothing about this." in answer.text


def test_parts_that_a_page_does_not_part_are_given_once():
    library = sectioned(("4) Activities", "Close the books"), ("2) Mission", "Order"))
    answer = ask(library, "daily and weekly activities of the Ledger Lead")
    assert [citation.quote for citation in answer.citations] == ["Close the books"]
    assert answer.text.count("Close the books") == 1
