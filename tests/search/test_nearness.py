"""Roles by nearness, on a plane, and how their responsibilities overlap."""

from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.generation import Generation
from index.library import Library
from index.remove import remove
from ingest.errors import UnknownName
from search.answer import ask
from search.examples import examples, owned
from search.facets import facets
from search.nearness import near, overlap, places
from search.plane import on_a_plane
from search.retrieve import Filters
from tests.conftest import WordEncoder

ROLES = {
    "Night Baker": ("Own the bread ovens.", "Knead the rye dough each night."),
    "Day Baker": ("Clean the bread ovens.", "Knead the rye dough each day."),
    "Train Driver": ("Drive the express train.", "Check the brakes of the express train."),
    "Tram Driver": ("Drive the city tram.", "Check the brakes of the city tram."),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("near")
    (folder / "pages").mkdir()
    for role, duties in ROLES.items():
        items = "\n".join(f"{n}. {duty}" for n, duty in enumerate(duties, 1))
        text = f"# {role}\n\n## 3) Core Responsibilities\n\n{items}\n"
        (folder / "pages" / f"{role}.md").write_text(text, encoding="utf-8")
    build([str(folder / "pages")], folder / "home", WordEncoder())
    return folder / "home"


@pytest.fixture
def generation(home):
    with_files = Generation.open(home)
    yield with_files
    with_files.close()


@pytest.mark.parametrize("question", ["Roles similar to {}", "Which roles are like the {}?", "who is comparable to {}"])
def test_the_answer_to_which_roles_are_like_one_shows_the_duties_they_share(home, question):
    with closing(Library.open(home, WordEncoder())) as library:
        answer = ask(library, question.format("Tram Driver"))
    assert (answer.kind, answer.answerable) == ("similar", True)
    assert (answer.roles[0].role, answer.roles[0].relation) == ("Train Driver", "unknown")
    assert {citation.quote for citation in answer.citations} == set(ROLES["Train Driver"])


def test_the_nearest_role_has_the_likest_responsibilities(generation):
    pairs = {"Night Baker": "Day Baker", "Day Baker": "Night Baker", "Tram Driver": "Train Driver"}
    assert {role: near(generation, role, 1)[0].entry.role for role in pairs} == pairs
    with pytest.raises(UnknownName):
        near(generation, "Welder", 1)


def test_near_roles_stand_near_on_the_map(generation):
    at = {place.entry.role: np.array((place.x, place.y)) for place in places(generation)}
    assert at.keys() == ROLES.keys()
    bakers = np.linalg.norm(at["Night Baker"] - at["Day Baker"])
    assert bakers < min(np.linalg.norm(at["Night Baker"] - at[role]) for role in ("Train Driver", "Tram Driver"))


def test_the_overlap_is_symmetric_and_like_roles_are_neighbours(generation):
    table = overlap(generation)
    names = [entry.role for entry in table.entries]
    values = np.array(table.values)
    assert np.array_equal(values, values.T)
    assert np.all(np.diag(values) == 1)
    assert abs(names.index("Night Baker") - names.index("Day Baker")) == 1
    some = overlap(generation, ("Night Baker", "Tram Driver"))
    assert {entry.role for entry in some.entries} == {"Night Baker", "Tram Driver"}
    assert some.values[0][1] == values[names.index("Night Baker"), names.index("Tram Driver")]


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_points_stay_in_the_square_and_come_out_the_same(count, seed):
    rows = np.random.default_rng(seed).normal(size=(count, 8)).astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    points = on_a_plane(rows)
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    assert np.abs(points).max(initial=0) <= 1 + 1e-9
    assert np.array_equal(points, on_a_plane(rows))


def test_equal_rows_are_no_hindrance():
    assert np.isfinite(on_a_plane(np.tile(np.eye(1, 8, dtype=np.float32), (30, 1)))).all()


@pytest.mark.parametrize(
    ("duty", "matter"),
    [
        ("Own drift monitoring across all models.", "drift monitoring"),
        ("Lead the vendor negotiation, supported by procurement", "vendor negotiation"),
        ("Manage GPU budgets and quotas", "GPU budgets"),
        ("Own it.", None),
        ("Set up equipment for lessons", None),
        ("Manage up.", None),
        ("Support drift monitoring", None),
        ("Own the very long winded matter of things", None),
    ],
)
def test_a_matter_is_what_a_responsibility_says_is_owned(duty, matter):
    assert owned(duty) == matter


def test_examples_are_answerable_and_of_this_index(home):
    library = Library.open(home, WordEncoder())
    found = examples(library)
    assert found.matters == ("bread ovens",)
    assert found.questions == ("Which roles own bread ovens?",)
    library.close()


def test_an_empty_index_has_no_examples_and_no_map(tmp_path):
    (tmp_path / "page.md").write_text("# Night Baker\n\n## 3) Core Responsibilities\n\n1. Own the bread ovens.\n")
    build([str(tmp_path / "page.md")], tmp_path / "home", WordEncoder())
    remove("Night Baker", tmp_path / "home")
    library = Library.open(tmp_path / "home", WordEncoder())
    assert examples(library).questions == ()
    assert places(library.generation) == ()
    assert overlap(library.generation).values == ()
    library.close()


def test_facets_count_passages_and_leave_out_their_own_filter(home):
    library = Library.open(home, WordEncoder())
    found = facets(library, "express train brakes", Filters(roles=("Tram Driver",)))
    assert dict(found.roles).keys() == ROLES.keys()
    assert dict(found.topics) == {"responsibilities": 2}
    library.close()
