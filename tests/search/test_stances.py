"""Whose a sentence says a matter is, clause by clause, and how plainly it is meant; in words of our own."""

from dataclasses import replace

import pytest

from ingest.blueprint import Block
from search.answer import ask
from search.evidence import Look
from search.owners import holders
from search.question import Question
from search.stances import parted
from tests.conftest import make_blueprint
from tests.search.conftest import library_of, two_topics

ROLE = "Billing Platform Manager"
DUTIES = ("3) Core Responsibilities",)


def said(sentence: str, path: tuple[str, ...] = DUTIES) -> list[tuple[str, str, str | None]]:
    return [(part.text, part.relation.label, part.relation.actor) for part in parted(sentence, ROLE, path)]


def test_each_clause_has_its_own_owner():
    assert said("Supply ledger exports; tax teams maintain the rates") == [
        ("Supply ledger exports", "owner", None),
        ("tax teams maintain the rates", "other", "tax teams"),
    ]
    assert said("Keeps invoices as agreed: Risk Operations owns refund limits, and the manager is told of changes")[1] == (
        "Risk Operations owns refund limits", "other", "Risk Operations",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "theirs", "actor"),
    [
        ("Agree cut-off times with the Treasury Lead, who signs bank mandates", "signs bank mandates", "Treasury Lead"),
        ("Send totals to the Tax Platform team, which files returns.", "files returns.", "Tax Platform team"),
        ("Refund limits, which Risk decides", "Refund limits, which Risk decides", "Risk"),
        (
            "Lead supplier talks up to the terms that Procurement signs",
            "the terms that Procurement signs",
            "Procurement",
        ),
        ("Retire price lists, which belong to Sales", None, None),
    ],
)
def test_a_relative_clause_gives_its_matter_to_somebody_else(sentence, theirs, actor):
    parts = [(text.strip(), who) for text, label, who in said(sentence) if label == "other"]
    assert parts == ([(theirs, actor)] if theirs else [])


@pytest.mark.parametrize("joint", [" and ", " or ", ", and "])
def test_a_further_deed_is_judged_by_itself(joint):
    parts = said(f"Writes the price lists{joint}proposes the discounts")
    assert [label for _, label, _ in parts] == ["owner", "contributor"]


def test_the_second_half_of_a_line_on_somebody_may_be_the_roles_own():
    parts = said("Treasury: owns bank accounts; this role owns the payment files", ("12) Stakeholders", "Inside"))
    assert [(text, label) for text, label, _ in parts] == [
        ("owns bank accounts", "other"),
        ("this role owns the payment files", "owner"),
    ]


def order(matter: str, *pages: tuple[str, str]) -> list[str]:
    """The roles that claim a matter, by how plainly."""
    library = library_of(*(two_topics(role, (duty,), ()) for role, duty in pages))
    question = Question(f"Who owns {matter}?", f"Who owns {matter}?", "owners", matter=matter, verbs=("own",))
    return [holder.role for holder in holders(Look(library, question), None) if holder.label == "owner"]


def test_what_something_is_done_for_is_not_what_is_done():
    assert order(
        "drift monitoring",
        ("Telemetry Lead", "Supply metric pipelines for drift monitoring"),
        ("Model Lead", "Supply drift monitoring with metric pipelines"),
    ) == ["Model Lead", "Telemetry Lead"]


def test_the_kind_of_a_thing_is_not_the_thing():
    assert order(
        "vendor negotiation",
        ("Cost Analyst", "Lead vendor negotiation packs of hosting"),
        ("Cloud Lead", "Lead vendor negotiation of hosting packs"),
    ) == ["Cloud Lead", "Cost Analyst"]


def test_a_role_whose_page_gives_the_matter_away_is_not_its_owner():
    library = library_of(
        two_topics("Cloud Lead", ("Own the secrets store",), ()),
        two_topics(
            "Security Lead", ("The Cloud Lead owns the secrets store", "Own policy, stores and secrets in reviews"), ()
        ),
    )
    relations = {standing.role: standing.relation for standing in ask(library, "Who owns the secrets store?").roles}
    assert relations["Cloud Lead"] == "owner"
    assert relations.get("Security Lead", "other") == "other"


@pytest.mark.parametrize(
    ("sentence", "kept", "left"),
    [
        ("Reviews the ledger code rather than owning all of it", "Reviews the ledger code", "owning all of it"),
        ("Sets the rules without running the rota", "Sets the rules", "running the rota"),
        ("Automates refunds instead of approving them", "Automates refunds", "approving them"),
        ("Rather than owning the rates, it reviews them", "it reviews them", "owning the rates"),
    ],
)
def test_what_is_not_done_is_left_to_others(sentence, kept, left):
    assert {text: label for text, label, _ in said(sentence)} == {kept: "owner", left: "other"}


def test_what_a_role_says_it_does_not_own_is_told_where_that_is_asked_though_it_shares_it():
    library = library_of(
        two_topics(
            ROLE, ("Own ledger code jointly with Tax", "Sets the style rules rather than owning all ledger code"), ()
        )
    )
    assert [(s.role, s.relation) for s in ask(library, "Which roles don't own ledger code?").roles] == [(ROLE, "other")]


def test_who_is_asked_for_by_a_deed_is_whom_a_passive_names():
    library = library_of(
        two_topics("Ledger Lead", ("Approve dunning tests proposed by senior engineers",), ()),
        two_topics("Ledger Engineer", ("Propose dunning tests for every market",), ()),
    )
    relations = {s.role: s.relation for s in ask(library, "Who proposes dunning tests?").roles}
    assert relations["Ledger Engineer"] != "other"
    assert relations.get("Ledger Lead", "other") == "other"


def test_what_a_review_only_looks_at_is_not_owned():
    page = make_blueprint(ROLE, {"4) Day-to-Day Activities": ("Conduct the weekly review:",)}, topic="activities")
    (section,) = page.sections
    text = page.text + "  - Refund limits of markets\n"
    start = text.index("Refund limits")
    below = Block("item", "Refund limits of markets", start, start + 24, depth=2)
    library = library_of(replace(page, text=text, sections=(replace(section, blocks=(*section.blocks, below)),)))
    assert not [s for s in ask(library, "Who owns refund limits?").roles if s.relation == "owner"]
