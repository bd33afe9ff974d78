"""Answers on a terminal or in a pipe are read as the page has them, without Markdown's escapes."""

import io

from rich.console import Console

from api import render
from search.answer import ask
from tests.search.conftest import items, library_of, page


def test_no_escape_is_seen():
    library = library_of(
        page(
            "Ledger Lead",
            ("7) KPIs and Productivity Metrics", items("> 90% of [loads] on time", "Share of `late` loads")),
        )
    )
    answer = ask(library, "What are the KPIs of the Ledger Lead?")
    assert "\\" in answer.text
    held = io.StringIO()
    render.answer(Console(file=held, width=200), answer)
    assert "- > 90% of [loads] on time [1]" in held.getvalue()
    assert "\\" not in held.getvalue()


def test_emphasis_is_shown_not_spelled():
    library = library_of(page("Ledger Lead", ("3) Core Responsibilities", items("Own the ledgers **", "Pay taxes"))))
    answer = ask(library, "Who owns the ledgers?")
    assert answer.text.startswith("- **Ledger Lead** (owns it)")
    for terminal, shown in (
        (False, "- Ledger Lead (owns it): Own the ledgers **"),
        (True, "\x1b[1mLedger Lead\x1b[0m"),
    ):
        held = io.StringIO()
        render.answer(Console(file=held, width=200, force_terminal=terminal), answer)
        assert shown in held.getvalue()
