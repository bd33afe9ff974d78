"""Roles beside each other: only lines that answer, and the like of other pages only."""

from ingest.elements import Element
from search import alike
from search.answer import ask
from search.evidence import Look
from search.retrieve import understood
from search.sides import said
from tests.search.conftest import items, library_of, page, two_topics

KPIS = "7) KPIs and Productivity Metrics"
CHECK = "Rehearse the restore of every ledger twice a year"


def quotes(library, question: str) -> list[str]:
    return [citation.quote for citation in ask(library, question).citations]


def like(library, question: str) -> list[str]:
    return [passage.text for passage in alike.draft(Look(library, understood(library, question))).passages]


def test_a_side_holds_nothing_but_lines_on_the_matter():
    library = library_of(
        page(
            "Ledger Lead", (KPIS, items("Restore time of ledgers", "Notes on restore time:", "Staff turnover", "Typos"))
        ),
        page("Tax Director", (KPIS, items("Restore time of filings", "Cost of audits", "Complaints a year"))),
    )
    told = quotes(library, "Compare the KPIs of the Ledger Lead and the Tax Director on restore time")
    assert told == ["Restore time of ledgers", "Restore time of filings"]


def test_a_part_that_is_compared_whole_comes_whole_but_for_lines_that_lead_to_others():
    library = library_of(
        page("Ledger Lead", (KPIS, items("Late loads", "Restores:", "  by night", "  by day"))),
        page("Tax Director", (KPIS, items("Cost of audits"))),
    )
    answer = ask(library, "Compare the KPIs of the Ledger Lead and the Tax Director")
    assert [citation.quote for citation in answer.citations] == ["Late loads", "by night", "by day", "Cost of audits"]
    assert "- Restores: by night [2]" in answer.text


def test_parts_that_say_nothing_of_the_matter_are_no_sure_answer():
    library = library_of(
        page("Ledger Lead", (KPIS, items("Late loads", "Open tickets"))),
        page("Tax Director", (KPIS, items("Cost of audits", "Filings on time"))),
    )
    whole = ask(library, "Compare the KPIs of the Ledger Lead and the Tax Director")
    none = ask(library, "Compare the KPIs of the Ledger Lead and the Tax Director on parental leave")
    assert whole.answerable
    assert not none.answerable


def test_the_page_that_a_sentence_was_taken_from_is_none_of_the_others():
    library = library_of(
        two_topics("Ledger Lead", (CHECK,), ()),
        two_topics("Tax Director", ("Rehearse the restore of every filing",), ()),
    )
    assert like(library, f"Which other roles have something like “{CHECK}”?") == [
        "Rehearse the restore of every filing"
    ]
    assert like(library, f"What is similar to “{CHECK}”?") == [CHECK, "Rehearse the restore of every filing"]


def test_what_is_far_less_alike_is_left_out():
    library = library_of(
        two_topics("Tax Director", ("Rehearse the restore of every filing", "Water the plants:"), ()),
        two_topics("Fraud Lead", ("Keep a list of suppliers of every kind",), ()),
    )
    assert like(library, f"What is similar to “{CHECK}”?") == ["Rehearse the restore of every filing"]


def test_fields_stand_under_their_item_or_after_its_name():
    def skills(*names: str):
        found = []
        for name in names:
            level = Element("field", f"Level: of {name}", depth=2, label="Level", group=1)
            found += [Element("item", f"{name} craft", group=1), level]
        return found

    library = library_of(
        page("Ledger Lead", ("8) Technical Skills Required", skills("Ledger"))),
        page("Tax Director", ("8) Technical Skills Required", skills("Tax", "Audit"))),
    )
    whole = ask(library, "Compare the technical skills of the Ledger Lead and the Tax Director").text
    assert "- Tax craft [3]\n  - Level: of Tax [4]\n- Audit craft [5]" in whole
    look = Look(library, understood(library, "Compare the technical skills of the Ledger Lead and the Tax Director"))
    field = next(p for p in library.generation.all_passages if p.text == "Level: of Audit")
    assert said(look, field) == "Audit craft: Level: of Audit"


SAME = "This role leads the work on ledgers and owns what comes of it."


def test_what_all_sides_say_in_the_same_words_does_not_tell_them_apart():
    def lead(role: str, *duties: str):
        return page(
            role, ("1) Role Summary", [Element("paragraph", SAME)]), ("3) Core Responsibilities", items(*duties))
        )

    library = library_of(lead("Ledger Lead", "Audit the books", "Hire"), lead("Tax Director", "File returns", "Hire"))
    assert quotes(library, "Compare the Ledger Lead and the Tax Director") == ["Audit the books", "File returns"]
    twins = library_of(lead("Ledger Lead", "Hire"), lead("Tax Director", "Hire"))
    assert quotes(twins, "Compare the Ledger Lead and the Tax Director") == [SAME, "Hire", SAME, "Hire"]


def test_what_two_pages_of_a_role_say_in_the_same_words_is_quoted_once():
    summary = ("1) Role Summary", [Element("paragraph", SAME)])
    library = library_of(
        page("Ledger Lead", summary),
        page("Ledger Lead", summary, ("2) Mission", [Element("paragraph", "Keep the books.")])),
        page("Tax Director", ("1) Role Summary", [Element("paragraph", "Files returns.")])),
    )
    told = quotes(library, "Compare the Ledger Lead and the Tax Director")
    assert told == [SAME, "Keep the books.", "Files returns."]


def test_roles_without_a_summary_are_compared_by_their_duties():
    duties = "3) Core Responsibilities"
    library = library_of(
        page("Ledger Lead", (duties, items("Audit the books"))), page("Tax Director", (duties, items("File returns")))
    )
    assert quotes(library, "Compare the Ledger Lead and the Tax Director") == ["Audit the books", "File returns"]
