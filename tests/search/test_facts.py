"""One thing of one role: its reporting line in the right direction, its group's size, rows whose borders were lost."""

from ingest.blueprint import Block
from ingest.elements import Draft, Element
from ingest.outline import outline
from search.answer import ask
from search.evidence import Look
from search.facts import draft, ranked
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


def page(*items: str):
    elements = [Element("heading", "3) Core Responsibilities", level=2)]
    elements += [Element("item", text, group=1) for text in items]
    return library_of(outline(Draft("Ledger Lead", tuple(elements))))


def test_an_amount_is_not_told_by_a_passage_without_one():
    library = page("Retire old accounts of the ledger each quarter", "Close the books")
    assert not ask(library, "How many old accounts of the ledger must the Ledger Lead retire?").answerable
    library = page("Retire forty old accounts of the ledger each quarter", "Close the books")
    assert ask(library, "How many old accounts of the ledger must the Ledger Lead retire?").answerable


def test_a_share_is_told_by_a_percentage():
    library = page("Storage bill over 9 million dollars", "Storage bill: archives 8%, logs 4%")
    answer = ask(library, "What percentage of the storage bill is archives?")
    assert answer.citations[0].quote == "Storage bill: archives 8%, logs 4%"


def test_what_is_told_at_large_comes_first_where_all_of_a_matter_is_asked_for():
    elements = (
        Element("heading", "1) Role Summary", level=2),
        Element("paragraph", "The lead keeps refund controls tight."),
        Element("heading", "8) Technical Skills", level=2),
        Element("item", "Knows refund controls", group=1),
    )
    library = library_of(outline(Draft("Ledger Lead", elements)))
    told = draft(Look(library, understood(library, "tell me about refund controls")))
    assert [passage.kind for passage in told.passages] == ["paragraph", "item"]
    assert not told.placed
