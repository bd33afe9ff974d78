"""How answers are put in words: nothing of a page's words is lost, and lines stand under what gives them their sense."""

import re

import pytest

from ingest.elements import Element
from search.answer import ask
from search.citations import plain
from search.written import as_read, in_context, quoted, row_in_words, table_rows
from tests.search.conftest import items, library_of, page

RIGHTS = "13) Decision Rights and Scope of Authority"
KPIS = "7) KPIs and Productivity Metrics"


def table(*rows: tuple[str | None, ...], texts: tuple[str, ...] = ()) -> list[Element]:
    """A table with its header; `texts` of rows whose borders were lost."""
    told = texts or tuple(" | ".join(str(cell) for cell in row) for row in rows)
    return [
        Element("row", text, cells=row, header=n == 0, group=9)
        for n, (row, text) in enumerate(zip(rows, told, strict=True))
    ]


LOST = table(
    (None, "Rhythm"),
    (None, "Monthly"),
    (None, "Weekly"),
    texts=("Measure Goal Rhythm", "Loads on time > 90% Monthly", "Late loads under 5 Weekly"),
)


def listed(library, question: str) -> list[str]:
    answer = ask(library, question)
    assert answer.answerable
    return [line for line in answer.text.splitlines() if re.search(r"\[\d+\]", line)]


def test_a_listed_row_has_all_words_of_its_citation():
    kept = table(("Measure", "Goal"), ("Restores", "> 90%"), ("Audits", "1) yearly"))
    for rows in (LOST, kept):
        library = library_of(page("Ledger Lead", (KPIS, rows)))
        answer = ask(library, "What are the KPIs of the Ledger Lead?")
        lines = [line for line in answer.text.splitlines() if re.search(r"\[\d+\]", line)]
        assert len(lines) == len(answer.citations) == 2
        for line, citation in zip(lines, answer.citations, strict=True):
            assert set(citation.quote.split()) <= set(as_read(line).split())


def test_rows_without_borders_are_a_list_under_their_header():
    text = ask(library_of(page("Ledger Lead", (KPIS, LOST))), "What are the KPIs of the Ledger Lead?").text
    assert "*Measure Goal Rhythm*\n\n- Loads on time > 90% Monthly [1]\n- Late loads" in text


def test_what_a_text_begins_with_is_not_taken_for_a_mark_of_a_list():
    assert plain("> 90% of loads") == "> 90% of loads"
    assert plain("1) yearly, 2) on demand") == "1) yearly, 2) on demand"
    assert plain("Use: loads.\n  - Level: high") == "Use: loads. Level: high"
    blueprint = page("Ledger Lead", (KPIS, table(("Measure", "Goal"), ("Restores", "> 90%"))))
    ((row, header),) = table_rows(blueprint.sections)
    assert row_in_words(row, header) == "Restores; Goal: > 90%"


@pytest.mark.parametrize("text", ["> 90% of loads", "1) yearly", "12. last", "# one", "+ more", r"a\[b] `c` **d** <i>"])
def test_a_text_is_escaped_where_markdown_would_read_it_and_read_again_as_it_was(text):
    assert quoted(text) != text
    assert as_read(quoted(text)) == text


def test_nested_items_are_indented_under_their_parents():
    duties = items("Close the books:", "  every month", "  every year", "Pay the taxes")
    library = library_of(page("Ledger Lead", ("3) Core Responsibilities", duties)))
    assert listed(library, "What are the responsibilities of the Ledger Lead?") == [
        "- Close the books: [1]",
        "  - every month [2]",
        "  - every year [3]",
        "- Pay the taxes [4]",
    ]


@pytest.mark.parametrize(
    ("path", "topic", "line"),
    [
        ((RIGHTS, "Requires executive approval"), "decision_rights", "Requires executive approval: x"),
        ((RIGHTS, "Pay and budget"), "decision_rights", "Pay and budget: x"),
        ((RIGHTS, "Decided alone", "Tools:"), "decision_rights", "Decided alone > Tools: x"),
        ((RIGHTS, "Needs executive approval", "Outside the remit:"), "decision_rights", "Outside the remit: x"),
        (("2) Mission", "Outside this role", "Payroll"), "mission", "Outside this role: x"),
        (("3) Core Responsibilities", "Close the books:"), "responsibilities", "Close the books: x"),
        (("3) Core Responsibilities", "Books"), "responsibilities", "x"),
        ((), "other", "x"),
    ],
)
def test_a_line_follows_the_heading_that_gives_a_right_or_limits_it(path, topic, line):
    assert in_context(path, topic, "x") == line


def two_deciders():
    def rights(heading: str, text: str) -> tuple[str, list[Element]]:
        return RIGHTS, [Element("heading", heading, level=3), *items(text)]

    return library_of(
        page("Ledger Lead", rights("Requires executive approval", "Budget shifts above the yearly invoice ceiling")),
        page("Tax Director", rights("Decided alone", "Budget for the yearly invoice ceiling")),
    )


@pytest.mark.parametrize(
    "question",
    [
        "Compare the Ledger Lead and the Tax Director on the yearly invoice ceiling",
        "Who decides on the budget for the yearly invoice ceiling?",
        "Budget shifts above the yearly invoice ceiling.",
    ],
)
def test_answers_of_all_kinds_tell_under_which_heading_a_right_stands(question):
    answer = ask(two_deciders(), question)
    assert {"compare": 2, "owners": 1, "similar": 2}[answer.kind] <= len(answer.citations)
    for line in answer.text.splitlines():
        assert "Budget" not in line or "Requires executive approval: Budget" in line or "Decided alone: Budget" in line
