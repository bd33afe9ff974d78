"""One thing of one role: its reporting line in the right direction, its group's size, rows whose borders were lost."""

from ingest.blueprint import Block
from ingest.elements import Draft, Element
from ingest.outline import outline
from search.evidence import Look
from search.facts import ranked
from search.retrieve import understood
from search.written import row_in_words
from tests.search.conftest import library_of

LEAD = "The Ledger Lead leads a group of seven engineers and keeps the books in order."
ABOVE = "Reports to: Director of Payments"
BELOW = "Direct reports: two staff engineers and one analyst"


def ledger():
    elements = [Element("heading", "1) Role Summary", level=2)]
    elements += [Element("item", text, group=1) for text in (LEAD, ABOVE, BELOW)]
    elements += [Element("heading", "3) Core Responsibilities", level=2), Element("item", "Close the books", group=2)]
    return library_of(outline(Draft("Ledger Lead", tuple(elements))))


def first(question: str) -> str:
    """The passage that is ranked first."""
    library = ledger()
    return ranked(Look(library, understood(library, question)), None)[0][0].passage.text


def test_whom_a_role_reports_to_and_who_reports_to_it_are_two_things():
    assert first("Who does the Ledger Lead report to?") == ABOVE
    assert first("Who reports to the Ledger Lead?") in (BELOW, LEAD)


def test_the_size_of_a_group_stands_in_the_summary():
    assert first("How many engineers report to the Ledger Lead?") == LEAD


def test_a_row_whose_borders_were_lost_is_read_as_it_stands():
    header = Block("row", "Area Tool Status", 0, 16, cells=("Area", "Tool", "Status"), header=True)
    lost = Block("row", "Dashboards Looker Common", 17, 41, cells=(None, None, "Common"))
    whole = Block("row", "Dashboards | Looker | Common", 17, 45, cells=("Dashboards", "Looker", "Common"))
    assert row_in_words(lost, header) == "Dashboards Looker Common"
    assert row_in_words(whole, header) == "Dashboards; Tool: Looker; Status: Common"
