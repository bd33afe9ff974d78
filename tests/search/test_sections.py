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
