"""Whether a role owns a matter: yes or no comes first, from its own page, or nothing is claimed."""

from dataclasses import replace

import pytest

from search.answer import ask
from tests.conftest import make_blueprint
from tests.search.conftest import library_of, two_topics


@pytest.fixture
def pages():
    return library_of(
        two_topics(
            "Ledger Lead",
            (
                "Own invoice matching for all ledgers",
                "Treasury decides refund limits",
                "Set dunning terms jointly with Legal",
            ),
            (),
        ),
        two_topics("Tax Director", ("Own customs filings in every country",), ()),
    )


@pytest.mark.parametrize(
    ("question", "verdict", "relation", "quote"),
    [
        ("Does the Ledger Lead own invoice matching?", "**Yes.**", "owner", "Own invoice matching for all ledgers"),
        ("Does the Ledger Lead not own invoice matching?", "**Yes.**", "owner", "Own invoice matching for all ledgers"),
        ("Is the Ledger Lead responsible for invoice matching?", "**Yes.**", "owner", "Own invoice matching"),
        ("Does the Ledger Lead decide refund limits?", "**No.**", "other", "Treasury decides refund limits"),
        ("Does the Ledger Lead set dunning terms?", "**Yes, but not alone.**", "shared", "jointly with Legal"),
    ],
)
def test_the_verdict_comes_first_with_the_sentence_that_shows_it(pages, question, verdict, relation, quote):
    answer = ask(pages, question)
    assert answer.text.startswith(verdict)
    assert [(told.role, told.relation) for told in answer.roles] == [("Ledger Lead", relation)]
    assert quote in answer.citations[0].quote
    assert answer.kind == "fact"


def test_each_of_several_matters_has_a_verdict(pages):
    told = ask(pages, "Does the Ledger Lead own invoice matching and customs filings?").text
    first, second = told.index("**Invoice matching**"), told.index("**Customs filings**")
    assert first < told.index("**Yes.** Ledger Lead owns it") < second
    assert "**Yes" not in told[second:]


def test_who_only_contributes_does_support_but_does_not_own():
    library = library_of(two_topics("Ledger Lead", ("Advise Treasury on refund limits", "Close the books"), ()))
    answer = ask(library, "Does the Ledger Lead support refund limits?")
    assert answer.text.startswith("**Yes.** Ledger Lead contributes")
    assert "books" not in answer.text


def test_what_only_another_page_has_is_no_yes(pages):
    assert not ask(pages, "Does the Ledger Lead own customs filings?").text.startswith("**Yes")


def test_what_is_done_counts_before_words_that_stand_aside():
    duties = ("Owns invoice plan; influences other plans where refund work is a part.", "Pay each invoice")
    others = ("Close the books", "Train clerks", "File reports", "Keep records", "Answer auditors", "Plan shifts")
    library = library_of(two_topics("Ledger Lead", duties, others))
    assert ask(library, "Does the Ledger Lead own the refund invoice plan?").text.startswith("**Yes.**")


@pytest.mark.parametrize(
    ("duty", "verdict"),
    [("Approve budgets of all ledgers", "**Yes.**"), ("Manage budgets of all ledgers", "**Not said so.**")],
)
def test_who_manages_a_thing_need_not_approve_it(duty, verdict):
    library = library_of(two_topics("Ledger Lead", (duty, "Close the books"), ()))
    answer = ask(library, "Does the Ledger Lead approve budgets?")
    assert answer.text.startswith(verdict)
    assert answer.citations[0].quote == duty
    assert answer.roles[0].relation == ("owner" if verdict == "**Yes.**" else "unknown")


def test_who_only_reads_a_thing_is_not_said_to_own_it():
    library = library_of(two_topics("Ledger Lead", ("Read each refund note within a day", "Close the books"), ()))
    assert ask(library, "Does the Ledger Lead own refund notes?").text.startswith("**Not said so.**")
    assert ask(library, "Does the Ledger Lead read refund notes?").text.startswith("**Yes.**")


def test_one_role_is_asked_about_however_much_plainer_others_say_it():
    library = library_of(
        two_topics(
            "Ledger Lead", ("Own every refund of a shop, including its limits and dates", "Close the books"), ()
        ),
        *(
            two_topics(f"{name} Director", ("Decide refund limits", "Set refund limits"), ())
            for name in ("Tax", "Cash")
        ),
    )
    assert ask(library, "Does the Ledger Lead decide refund limits?").text.startswith("**Yes.**")


def rights(role, **lists):
    """A page with decision rights, each list under its heading."""
    made = make_blueprint(role, {f"13) Decision Rights: {title}": lines for title, lines in lists.items()})
    return replace(made, sections=tuple(replace(s, topic="decision_rights") for s in made.sections))


@pytest.fixture
def deciding():
    return library_of(
        rights(
            "Depot Lead",
            **{
                "Held by the role alone": ["Closing a dock in bad weather", "Choice of pallet supplier"],
                "Needs executive approval": ["Opening a second yard"],
                "Outside the remit": ["Switching off cold storage"],
                "Jointly with peers": ["Lending forklifts, with the Fleet Manager"],
            },
        ),
        two_topics("Fleet Manager", ("Lease vans for every depot",), ()),
    )


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Can the Depot Lead close a dock?", "**Yes.**"),
        ("May a Depot Lead open a second yard?", "**Not alone.**"),
        ("Is the Depot Lead allowed to open a second yard?", "**Not alone.**"),
        ("Can the Depot Lead switch off cold storage?", "**No.**"),
        ("Does the Depot Lead switch off cold storage?", "**No.**"),
        ("Should our Depot Lead lend forklifts?", "**Yes, but not alone.**"),
        ("Does the Fleet Manager lease vans?", "**Yes.**"),
    ],
)
def test_a_verdict_on_any_deed_comes_from_the_heading_or_the_sentence(deciding, question, verdict):
    assert ask(deciding, question).text.startswith(verdict)


@pytest.mark.parametrize("question", ["Can the Fleet Manager close a dock?", "Does the Depot Lead need a van?"])
def test_no_verdict_where_the_page_says_nothing_of_the_deed(deciding, question):
    assert not ask(deciding, question).text.startswith(("**Yes", "**No.", "**Not alone"))
