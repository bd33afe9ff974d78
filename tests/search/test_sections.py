from ingest.elements import Draft, Element
from ingest.outline import outline
from search.answer import ask
from search.evidence import Look
from search.retrieve import understood
from search.sections import draft
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


def test_a_title_that_means_the_matter_is_found_where_no_passage_says_it():
    library = hiring_page("What to probe", "Reasons to stop")
    assert quotes(library, "What are the reasons to reject a Data Lead candidate?") == ["Says thing 2"]


def nested(title: str):
    elements = (
        Element("heading", "Best Practices", level=2),
        Element("heading", title, level=3),
        Element("item", "Name an owner for each", group=1),
        Element("heading", "Knowledge", level=2),
        Element("item", "Build tools such as Gradle", group=2),
    )
    return library_of(outline(Draft("Data Lead", elements)))


def test_a_deep_title_names_its_topic_where_little_else_is_in_it():
    question = "Which tools does the Data Lead use?"
    for title, given in (("Common tools", ["Name an owner for each"]), ("Tools run as products", None)):
        library = nested(title)
        told = draft(Look(library, understood(library, question)))
        assert (told and [passage.text for passage in told.passages]) == given


def goals(*titles: str):
    elements = [Element("heading", "6) Goals and Milestones", level=2)]
    for number, title in enumerate(titles, start=1):
        elements += [Element("heading", title, level=3), Element("item", f"Says thing {number}", group=number)]
    return library_of(outline(Draft("Data Lead", tuple(elements))))


def test_a_quarter_is_all_of_its_months():
    question = "What does the first quarter look like for a Data Lead?"
    assert quotes(goals("First month", "Second month", "Third month"), question) == [
        f"Says thing {n}" for n in (1, 2, 3)
    ]
    assert quotes(goals("First quarter", "First year"), question) == ["Says thing 1"]


def levelled():
    """A page that has each part once for every level, as headings of the third depth."""
    elements = [Element("heading", "Levels", level=2)]
    for level in ("Ledger Lead", "Senior Ledger Lead", "Vice President, Ledger Lead"):
        elements.append(Element("heading", level, level=3))
        for part in ("Requirements", "Performance Indicators"):
            elements += [
                Element("heading", f"{level} {part}", level=4),
                Element("item", f"{part} of the {level}", group=1),
            ]
    return library_of(outline(Draft("Ledger Lead", tuple(elements))))


def test_a_part_that_a_page_has_for_each_level_comes_for_all_or_for_the_level_asked_about():
    levels = ("Ledger Lead", "Senior Ledger Lead", "Vice President, Ledger Lead")
    kpis = [f"Performance Indicators of the {level}" for level in levels]
    assert quotes(levelled(), "What are the KPIs of the Ledger Lead?") == kpis
    assert quotes(levelled(), "What are the KPIs of the Senior Ledger Lead?") == kpis[1:2]
    assert {p.topic for p in levelled().generation.all_passages} == {"kpis", "qualifications"}


def test_a_page_without_the_part_answers_with_its_nearest_kin():
    elements = (Element("heading", "Requirements", level=2), Element("item", "Double entry", group=1))
    library = library_of(outline(Draft("Ledger Lead", elements)))
    assert quotes(library, "Which technical skills does the Ledger Lead need?") == ["Double entry"]
    assert quotes(library, "What is the career path of the Ledger Lead?") == []
    assert quotes(listed(), "What is the mission of the Ledger Engineer?") == ["Keeps the ledger fast and recoverable."]
