import pytest

from search.question import analyse, named_roles

ROLES = ("Data Engineer", "MLOps Manager", "Senior Site Reliability Engineer", "Staff Data Engineer")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("What does the MLOps Manager own?", ("MLOps Manager",)),
        ("staff data engineers and mlops managers", ("Staff Data Engineer", "MLOps Manager")),
        ("KPIs of the MLOps Manger", ("MLOps Manager",)),
        ("Is a data engineer like a staff data engineer?", ("Data Engineer", "Staff Data Engineer")),
        ("Who engineers data?", ()),
        ("", ()),
    ],
)
def test_roles_are_found_as_people_write_them(text, roles):
    assert named_roles(text, ROLES) == roles


@pytest.mark.parametrize(
    ("text", "kind", "topic"),
    [
        ("Which roles own drift monitoring?", "owners", None),
        ("Who is accountable for incident command?", "owners", None),
        ("What are the KPIs of the MLOps Manager?", "section", "kpis"),
        ("What can the Data Engineer decide alone?", "section", "decision_rights"),
        ("Does the Data Engineer need a degree?", "fact", "qualifications"),
        ("Compare the Data Engineer and the MLOps Manager on tools", "compare", "tools"),
        ("Data Engineer vs Staff Data Engineer", "compare", None),
        ("Which roles do similar work to running releases?", "similar", None),
    ],
)
def test_a_question_has_a_kind_and_a_topic(text, kind, topic):
    understood = analyse(text, (), ROLES)
    assert (understood.kind, understood.topic) == (kind, topic)


def test_a_follow_up_means_the_role_that_was_last_named():
    history = ("Tell me of the Data Engineer", "What are the KPIs of the MLOps Manager?", "Thanks")
    understood = analyse("And its tools?", history, ROLES)
    assert (understood.roles, understood.query) == (("MLOps Manager",), "And its tools? MLOps Manager")
    assert analyse("And the tools of the Data Engineer?", history, ROLES).roles == ("Data Engineer",)
    assert analyse("Which roles own drift monitoring?", history, ROLES).roles == ()
