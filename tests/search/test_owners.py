import pytest

from search.answer import ask
from search.owners import _chances
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
