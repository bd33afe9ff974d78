import pytest

from search.answer import ask
from search.owners import _chances
from tests.conftest import make_blueprint
from tests.search.conftest import library_of, two_topics


def test_another_teams_matter_on_a_roles_page_does_not_make_it_the_owner():
    library = library_of(
        two_topics("Data Engineering Manager", ("Own raw data reliability for all domains",), ()),
        two_topics("Director of Machine Learning", ("Data Engineering owns raw data reliability",), ()),
    )
    relations = {standing.role: standing.relation for standing in ask(library, "Who owns raw data reliability?").roles}
    assert relations["Data Engineering Manager"] == "owner"
    assert relations.get("Director of Machine Learning", "other") == "other"


def test_a_role_that_stands_out_of_the_background_is_likelier_than_one_that_does_not():
    chances = _chances([1.1, 0.9, 0.5, 0.45, 0.44, 0.4])
    assert chances[0] > chances[1] > 0.35 > chances[2]
    assert _chances([]) == []


def test_who_does_not_own_a_matter_is_not_answered_with_its_owners():
    library = library_of(
        two_topics("Data Engineering Manager", ("Own raw data reliability for all domains",), ()),
        two_topics("Director of Machine Learning", ("Data Engineering owns raw data reliability",), ()),
    )
    answer = ask(library, "Which roles do NOT own raw data reliability?")
    assert [(standing.role, standing.relation) for standing in answer.roles] == [
        ("Director of Machine Learning", "other")
    ]


@pytest.mark.parametrize(
    "question", ["Who owns it?", "Who owns everything?", "which roles are responsible for anything"]
)
def test_a_question_that_names_no_matter_is_not_answered(library, question):
    answer = ask(library, question)
    assert not answer.answerable
    assert answer.citations == ()


def test_the_sentence_that_says_it_is_quoted_before_one_that_only_names_it():
    library = library_of(two_topics("Ledger Lead", ("Refund limits of every market", "Set refund limits for all"), ()))
    answer = ask(library, "Who owns refund limits?")
    assert answer.text.startswith("- **Ledger Lead** (owns it): Set refund limits for all [1]")


def test_a_matter_left_to_others_in_the_very_verb_asked_by_is_not_owned():
    library = library_of(
        two_topics("Ledger Lead", ("Certify the auditors of every branch",), ()),
        two_topics("Auditor", ("Serve the branch auditors", "The Ledger Lead certifies the auditors of a branch"), ()),
    )
    assert [s.role for s in ask(library, "who certifies auditors?").roles if s.relation == "owner"] == ["Ledger Lead"]


def test_where_no_page_denies_a_matter_those_that_claim_it_are_told():
    library = library_of(
        two_topics("Ledger Lead", ("Own invoice matching for all ledgers",), ()),
        two_topics("Tax Director", ("Own customs filings in every country",), ()),
    )
    answer = ask(library, "Which roles do not own invoice matching?")
    assert answer.text.startswith("No page says outright that it leaves this to others.")
    assert "**Ledger Lead** (owns it)" in answer.text


def test_a_question_for_the_roles_themselves_is_told_the_catalogue(library):
    answer = ask(library, "Which roles are there?")
    assert not answer.answerable
    assert "Staff Data Engineer" in answer.reason


@pytest.mark.parametrize("question", ["drift monitoring, who owns it?", "drift monitoring who is responsible for that"])
def test_the_matter_may_come_before_the_question(library, question):
    answer = ask(library, question)
    assert answer.kind == "owners"
    assert answer.roles[0].role == "MLOps Manager"


def test_a_word_of_a_heading_over_more_makes_nobody_the_owner():
    duties = {"3) Core Responsibilities": (), "Rules and ledger quality": ("Define colours of invoices",)}
    library = library_of(
        make_blueprint("Invoice Lead", duties),
        two_topics("Ledger Lead", ("Own ledger quality in every market",), ()),
    )
    assert [s.role for s in ask(library, "Who owns ledger quality?").roles if s.relation == "owner"] == ["Ledger Lead"]


def test_a_side_word_in_when_a_thing_is_done_makes_nobody_the_owner():
    library = library_of(
        two_topics("Ledger Lead", ("Check open invoices over the first coffee", "Close the books"), ()),
        two_topics("Learning Lead", ("Own machine learning for fraud", "Train models"), ()),
    )
    answer = ask(library, "Who owns the office coffee machine?")
    assert not any(standing.relation == "owner" for standing in answer.roles)


def test_a_word_of_the_clause_that_tells_when_makes_nobody_the_owner():
    library = library_of(
        two_topics("Ledger Lead", ("Update the price lists where a launch has moved", "Close the books"), ()),
        two_topics("Product Lead", ("Train buyers", "Write offers"), ()),
    )
    assert not any(standing.relation == "owner" for standing in ask(library, "Who owns the launch?").roles)


@pytest.mark.parametrize("duty", ["Guide the buyers through contract renewals", "Preside over contract renewals"])
def test_what_a_deed_governs_is_no_side_word(duty):
    library = library_of(two_topics("Ledger Lead", (duty, "Close the books"), ()))
    assert [s.relation for s in ask(library, "Who runs contract renewals?").roles] == ["owner"]


@pytest.mark.parametrize("who", ["manager", "director", "lead", "head", "engineer"])
def test_one_may_be_asked_for(who):
    library = library_of(two_topics("Ledger Lead", ("Own invoice matching", "Close the books"), ()))
    assert ask(library, f"Which {who} owns invoice matching?").kind == "owners"


def test_on_call_is_one_word():
    library = library_of(
        two_topics("Ledger Lead", ("Call the owners of open invoices",), ()),
        two_topics("Duty Lead", ("Own the on-call rota", "Keep nights quiet"), ()),
    )
    assert ask(library, "who is responsible for on call").roles[0].role == "Duty Lead"


def test_of_few_roles_all_are_named_that_claim_a_matter_in_the_verb_asked_by():
    duties = {
        "Yard Lead": "Owns hiring for yards",
        "Fleet Lead": "Owns hiring for the large fleet",
        "Dock Lead": "Owns hiring across docks here",
    }
    library = library_of(*(two_topics(role, (duty,), ()) for role, duty in duties.items()))
    assert {s.role for s in ask(library, "Who owns hiring?").roles if s.relation == "owner"} == set(duties)


def test_a_role_without_the_word_that_the_matter_is_named_by_is_not_its_owner():
    library = library_of(
        two_topics("Fleet Lead", ("Fix one small dock fault",), ()),
        two_topics("Yard Lead", ("Dock bounty is run by Procurement",), ()),
    )
    assert not [s.role for s in ask(library, "who runs the dock bounty").roles if s.relation == "owner"]


def test_what_others_must_approve_is_no_owners_by_a_list_of_papers():
    papers = make_blueprint("Yard Lead", {"5) Key Deliverables": ("Headcount plan",)}, topic="deliverables")
    held = make_blueprint("Fleet Lead", {"Needs executive approval": ("Headcount",)}, topic="decision_rights")
    answer = ask(library_of(papers, held), "Who approves headcount?")
    assert {s.role: s.relation for s in answer.roles} == {"Fleet Lead": "contributor"}


def test_a_bare_name_among_partners_leaves_nothing_to_it():
    partners = ("Refund fraud researchers and payment testers", "Treasury: owns payout limits")
    page = make_blueprint("Ledger Lead", {"12) Stakeholders and Collaboration Map": partners}, topic="stakeholders")
    library = library_of(page, two_topics("Tax Director", ("File customs papers",), ()))
    assert [told.relation for told in ask(library, "Who runs refund fraud research?").roles] == ["contributor"]
    assert [told.relation for told in ask(library, "Who owns payout limits?").roles] == ["other"]
