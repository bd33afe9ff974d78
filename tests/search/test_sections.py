from ingest.elements import Draft, Element
from ingest.outline import outline
from search.answer import ask
from tests.search.conftest import library_of


def hiring_page(*titles: str):
    """A role whose hiring section has these subsections, an item each."""
    elements = [Element("heading", "19) Hiring Evaluation Criteria", level=2)]
    for number, title in enumerate(titles, start=1):
        elements += [Element("heading", title, level=3), Element("item", f"Says thing {number}", group=number)]
    return library_of(outline(Draft("Data Lead", tuple(elements))))


def quotes(library, question: str) -> list[str]:
    return [citation.quote for citation in ask(library, question).citations]


def test_the_subsection_that_fits_is_given_alone():
    library = hiring_page("Encouraging signs", "Red flags")
    assert quotes(library, "What are the red flags when hiring a Data Lead?") == ["Says thing 2"]


def test_of_two_that_fit_alike_the_whole_section_is_given():
    library = hiring_page("Encouraging signs", "Discouraging signs")
    assert quotes(library, "What are the red flags when hiring a Data Lead?") == ["Says thing 1", "Says thing 2"]


def listed():
    """A role of which a page tells nothing but a summary."""
    elements = (Element("heading", "Summary", level=2), Element("paragraph", "Keeps the ledger fast and recoverable."))
    return library_of(outline(Draft("Ledger Engineer", elements)))


def test_a_role_that_is_but_listed_answers_with_its_summary_for_its_duties_only():
    assert quotes(listed(), "What are the responsibilities of the Ledger Engineer?") == [
        "Keeps the ledger fast and recoverable."
    ]
    assert quotes(listed(), "What are the KPIs of the Ledger Engineer?") == []
