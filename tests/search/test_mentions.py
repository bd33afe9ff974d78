from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.mentions import bare_levels, mentions
from search.rolewords import EXACT, FIELD, GRADELESS, LITERAL, PART, role_index
from search.unknown import unknown_roles
from search.wording import expand, stem, words

ROLES = (
    "Analytics Engineering Manager",
    "Developer Experience Engineering Manager",
    "Director of Machine Learning Engineering",
    "Director of SRE",
    "Director of Site Reliability Engineering",
    "FinOps Lead",
    "Head of Cloud Platform",
    "Head of ML Platform",
    "Head of MLOps",
    "Lead Database Engineer",
    "MLOps Manager",
    "Model Risk and Governance Lead",
    "Observability Platform Lead",
    "Platform Engineering Director",
    "Principal Quality Engineer",
    "Reliability Engineering Manager",
    "Security Engineering Manager",
    "Senior Data Scientist",
    "Senior Machine Learning Engineer",
    "Senior Platform Product Manager",
    "Senior Site Reliability Engineer",
    "Staff Data Engineer",
    "Support Engineering Manager II",
)
INDEX = role_index(ROLES)


def named(text):
    return [mention.roles for mention in mentions(words(text), INDEX)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("frame", ["{}", "what does the {} do?", "KPIs of {}s", "THE {}!", "the {}'s budget"])
def test_every_role_is_found_by_its_own_name(role, frame):
    found = mentions(words(frame.format(role)), INDEX)
    assert [mention.roles for mention in found] in (
        [(role,)],
        [("Director of SRE", "Director of Site Reliability Engineering")],
    )


@pytest.mark.parametrize(
    ("form", "role"),
    [
        ("MLE director", "Director of Machine Learning Engineering"),
        ("director of ML engineering", "Director of Machine Learning Engineering"),
        ("Head of ML Ops", "Head of MLOps"),
        ("machine learning operations manager", "MLOps Manager"),
        ("ML platform head", "Head of ML Platform"),
        ("head of the ML platform", "Head of ML Platform"),
        ("Director of Engineering, Platform", "Platform Engineering Director"),
        ("SRE manager", "Reliability Engineering Manager"),
        ("manager of reliability engineering", "Reliability Engineering Manager"),
        ("senior SRE", "Senior Site Reliability Engineer"),
        ("senior SREs", "Senior Site Reliability Engineer"),
        ("ML engineer", "Senior Machine Learning Engineer"),
        ("staff DE", "Staff Data Engineer"),
        ("DS", "Senior Data Scientist"),
        ("AE manager", "Analytics Engineering Manager"),
        ("REM", "Reliability Engineering Manager"),
        ("sec eng manager", "Security Engineering Manager"),
        ("obs platform lead", "Observability Platform Lead"),
        ("observability lead", "Observability Platform Lead"),
        ("model risk lead", "Model Risk and Governance Lead"),
        ("governance lead", "Model Risk and Governance Lead"),
        ("DevEx engineering manager", "Developer Experience Engineering Manager"),
        ("platform PM", "Senior Platform Product Manager"),
        ("QE", "Principal Quality Engineer"),
        ("database engineer", "Lead Database Engineer"),
        ("support engineering manager", "Support Engineering Manager II"),
        ("reliabilty enginering manger", "Reliability Engineering Manager"),
        ("senior machine learning enginer", "Senior Machine Learning Engineer"),
        ("fin ops lead", "FinOps Lead"),
    ],
)
def test_a_short_form_or_a_slip_is_understood(form, role):
    assert named(f"What are the KPIs of the {form}?") == [(role,)]


@pytest.mark.parametrize(
    ("form", "roles"),
    [
        ("platform head", ("Head of Cloud Platform", "Head of ML Platform")),
        ("SRE director", ("Director of SRE", "Director of Site Reliability Engineering")),
    ],
)
def test_an_ambiguous_form_gives_every_role_that_it_fits(form, roles):
    assert named(f"Who does the {form} report to?") == [roles]


@pytest.mark.parametrize(
    "text",
    [
        "Which roles lead vendor negotiations?",
        "Who leads platform observability?",
        "Who engineers data?",
        "Who heads the data platform work?",
        "What is the target of the risk model?",
        "Which tools are used for machine learning?",
        "Hi there, how are you?",
        "Does anybody manage the data?",
        "Who stores head counts and staff numbers?",
    ],
)
def test_words_of_names_alone_name_nobody(text):
    assert named(text) == []


def test_a_field_stands_for_its_role_only_where_it_acts_and_nothing_plainer_is_named():
    assert named("How many models does the analytics engineering team maintain?") == [
        ("Analytics Engineering Manager",)
    ]
    assert named("Which cloud platform KPIs deal with money?") == [("Head of Cloud Platform",)]
    assert named("What does the FinOps Lead tell the analytics engineering team?") == [("FinOps Lead",)]
    assert named("Which analytics engineering models are there?") == []


def test_roles_come_in_the_order_of_the_text():
    text = "compare the staff data engineer, the senior SRE and the head of ML platform"
    expected = [("Staff Data Engineer",), ("Senior Site Reliability Engineer",), ("Head of ML Platform",)]
    assert named(text) == expected


def test_the_better_fit_wins():
    fits = {
        "Head of MLOps": LITERAL,
        "ML ops head": EXACT,
        "data scientist": GRADELESS,
        "observability lead": PART,
        "the cloud platform team": FIELD,
    }
    assert {text: mentions(words(text), INDEX)[0].fit for text in fits} == fits


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("What are the KPIs of the Chief Revenue Officer?", ["Chief Revenue Officer"]),
        ("what are the kpis of the chief revenue officer?", ["chief revenue officer"]),
        ("What does a Salesforce Administrator do?", ["Salesforce Administrator"]),
        ("What does the plan of the VP of Engineering look like?", ["VP of Engineering"]),
        ("Who is the CEO?", ["CEO"]),
        ("Tools of the ML Platform Manager", ["ML Platform Manager"]),
        ("Which KPIs does the Head of Legal Affairs have?", ["Head of Legal Affairs"]),
        ("How many engineers report to the MLOps Manager?", []),
        ("Who leads data incidents?", []),
        ("Which roles own the budget?", []),
        ("What needs a manager's approval?", []),
    ],
)
def test_a_role_that_the_catalogue_lacks_is_recognised(text, names):
    tokens = words(text)
    assert [role.name for role in unknown_roles(text, tokens, mentions(tokens, INDEX), INDEX)] == names


FAMILIES = role_index(
    (
        "Actuaries",
        "Acting Chief of Staff to the CTO",
        "Backend Engineering Manager",
        "Chief Legal Officer, Head of Corporate Affairs",
        "Chief of Staff to the CEO",
        "Data Engineering",
        "Engineering",
        "Internal Audit",
        "Nurse Practitioners",
        "Registered Nurses",
        "Principal Engineer",
        "Product Designer (UX) - Marketing",
    )
)


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("What does the Chief of Staff to the CEO do?", ["Chief of Staff to the CEO"]),
        ("What does the chief of staff to the CTO do?", ["Acting Chief of Staff to the CTO"]),
        ("What do data engineers do?", ["Data Engineering"]),
        ("What are the KPIs of the Product Designer?", ["Product Designer (UX) - Marketing"]),
        ("Whom does the VP of Engineering report to?", []),
        ("Who reports to the CTO?", []),
        ("What does the Chief Legal Officer own?", ["Chief Legal Officer, Head of Corporate Affairs"]),
        ("What should an internal audit manager be able to do?", []),
        ("Whom should an engineer ask?", []),
        ("What does an actuary do?", ["Actuaries"]),
        ("Compare Registered Nurses and Nurse Practitioners", ["Registered Nurses", "Nurse Practitioners"]),
        ("What does a Nurse Practitioner do?", ["Nurse Practitioners"]),
    ],
)
def test_a_page_may_be_named_for_a_field_or_for_whom_the_role_serves(text, roles):
    assert [role for mention in mentions(words(text), FAMILIES) for role in mention.roles] == roles


def test_near_names_share_the_field_first():
    text = "Tools of the ML Platform Manager"
    tokens = words(text)
    assert unknown_roles(text, tokens, mentions(tokens, INDEX), INDEX)[0].near[0] == "Head of ML Platform"


def test_one_form_for_a_word():
    assert [stem(word) for word in ("engineering", "engineers", "eng", "policies", "kpis", "analysis")] == [
        "engineer",
        "engineer",
        "engineer",
        "policy",
        "kpi",
        "analysis",
    ]
    assert expand("sres") == ("site", "reliability", "engineer")
    assert expand("it", "it") == ("it",)
    assert expand("it", "IT") == ("information", "technology")


@given(st.lists(st.sampled_from([*ROLES, "of", "the", "and", "lead", "who", ",", "platform", "?"]), max_size=12))
def test_mentions_never_overlap_and_name_only_roles_of_the_catalogue(parts):
    tokens = words(" ".join(parts))
    found = mentions(tokens, INDEX)
    assert all(left.last <= right.first for left, right in pairwise(found))
    assert all(mention.roles and set(mention.roles) <= set(ROLES) for mention in found)
    assert all(0 <= mention.first < mention.last <= len(tokens) for mention in found)


def test_an_empty_catalogue_names_nobody():
    assert mentions(words("the MLOps Manager"), role_index(())) == ()


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Years: Head of MLOps, MLOps Manager", ["Head of MLOps", "MLOps Manager"]),
        ("head of mlops/mlops manager", ["Head of MLOps", "MLOps Manager"]),
        ("Head of MLOps MLOps Manager", ["Head of MLOps", "MLOps Manager"]),
        (
            "FinOps Lead, Observability Platform Lead and Head of MLOps",
            ["FinOps Lead", "Observability Platform Lead", "Head of MLOps"],
        ),
        ("SRE director, director of SRE", ["Director of SRE", "Director of SRE"]),
    ],
)
def test_a_list_of_roles_is_not_read_as_one_name(text, roles):
    found = mentions(words(text), INDEX)
    assert [mention.roles[0] for mention in found] == roles


def test_a_name_with_its_field_after_a_comma_stays_one():
    index = role_index(("Director of Engineering", "Platform Engineering Director"))
    assert [m.roles for m in mentions(words("Director of Engineering, Platform"), index)] == [
        ("Platform Engineering Director",)
    ]


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Which heads own security?", ["head"]),
        ("which heads set the roadmap", ["head"]),
        ("Which leads can block a release?", ["lead"]),
        ("what heads are accountable for networks", ["head"]),
        ("which leads approve budgets", ["lead"]),
        ("Which heads the platform team?", []),
        ("which leads the review", []),
        ("who heads security", []),
    ],
)
def test_a_level_is_told_from_the_verb(text, levels):
    tokens = words(text)
    assert [bare.level for bare in bare_levels(tokens, mentions(tokens, INDEX))] == levels
