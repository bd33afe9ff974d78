import pytest

from index.build import build
from index.library import Library
from ingest.errors import BadQuery, UnknownName
from search.similar import Match, fold, similar
from tests.conftest import WordEncoder
from tests.search.conftest import library_of, two_topics

DUTIES = {
    "MLOps Manager": ["Own drift monitoring of all models", "Run incident reviews", "Plan the training platform"],
    "Data Engineer": ["Own drift monitoring of raw data", "Build ingestion pipelines", "Document every dataset"],
    "Head of Data": [
        "Own drift monitoring of all reports",
        "Own drift monitoring of all dashboards",
        "Own drift monitoring of all tables",
        "Own drift monitoring of all feeds",
    ],
    "Data Analyst": ["Keep every dashboard in the catalogue up to date", "Answer questions of the board"],
    "Risk Analyst": ["Keep every dashboard in the catalogue up to date.", "Answer questions of the auditors"],
}


def page(role: str, duties: list[str]) -> str:
    items = "\n".join(f"{number}. {duty}" for number, duty in enumerate(duties, 1))
    return f"# {role}: Role Blueprint\n\n## 3) Core Responsibilities\n\n{items}\n"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for role, duties in DUTIES.items():
        (folder / f"{role}.md").write_text(page(role, duties), encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    build([str(folder)], home, WordEncoder())
    library = Library.open(home, WordEncoder())
    yield library
    library.close()


def passage_of(library, text):
    rows = library.generation.rows(topics=("responsibilities",))
    return next(passage for passage in library.generation.passages(rows) if passage.text == text)


def test_the_passage_with_the_same_words_is_first(library):
    found = similar(library, "Build ingestion pipelines", 3)
    assert found.text == "Build ingestion pipelines"
    assert found.matches[0].passage.text == "Build ingestion pipelines"
    scores = [match.score for match in found.matches]
    assert scores == sorted(scores, reverse=True)


def test_a_passage_is_compared_by_its_stored_vector_and_its_own_role_is_left_out(library):
    own = passage_of(library, "Own drift monitoring of all models")
    found = similar(library, own.passage_id, 5)
    assert found.text == own.text
    assert "MLOps Manager" not in {match.passage.role for match in found.matches}
    assert found.matches[0].passage.text.startswith("Own drift monitoring")
    other = found.matches[0].passage
    row, back = (library.generation.row_of(p.blueprint_id, p.passage_id) for p in (own, other))
    left, right = library.generation.vectors.get([row, back])
    assert found.matches[0].score == pytest.approx(float(left @ right), abs=1e-6)


def test_similarity_is_symmetric(library):
    one, two = (
        passage_of(library, text) for text in ("Own drift monitoring of all models", DUTIES["Data Engineer"][0])
    )
    there = {m.passage.passage_id: m.score for m in similar(library, one.passage_id, 20).matches}
    back = {m.passage.passage_id: m.score for m in similar(library, two.passage_id, 20).matches}
    assert there[two.passage_id] == pytest.approx(back[one.passage_id], abs=1e-6)


def test_one_page_does_not_fill_the_list(library):
    matches = similar(library, "Own drift monitoring of all things", 10).matches
    roles = [match.passage.role for match in matches]
    assert max(roles.count(role) for role in roles) == 2
    assert {"Head of Data", "MLOps Manager", "Data Engineer"} <= set(roles)


def test_nearly_the_same_texts_are_folded_and_counted(library):
    first = similar(library, "Keep every dashboard in the catalogue up to date", 3).matches[0]
    assert {first.passage.role, *first.folded} == {"Data Analyst", "Risk Analyst"}
    assert len(first.folded) == 1


def test_folding_keeps_the_order_and_the_best_of_each_text(library):
    rows = library.generation.rows(roles=("Head of Data",))
    hits = [Match(p, None, 1.0 - n / 10) for n, p in enumerate(library.generation.passages(rows))]
    assert [match.score for match in fold([*hits, *hits], per_page=9)] == [hit.score for hit in hits]
    assert fold([]) == ()


@pytest.mark.parametrize(("text", "k"), [("", 5), ("?!", 5), ("drift", 0), ("drift", 1001), ("a" * 8001, 5)])
def test_what_cannot_be_searched_for_is_refused(library, text, k):
    with pytest.raises(BadQuery):
        similar(library, text, k)


@pytest.mark.parametrize("name", ["mlops-manager#0123456789", "nobody#0123456789"])
def test_an_unknown_passage_is_told(library, name):
    with pytest.raises(UnknownName, match="No passage"):
        similar(library, name)


def test_a_text_with_a_hash_is_a_text(library):
    assert similar(library, "C# services and F# tools", 1).text == "C# services and F# tools"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Approve tool spend up to 250,000 a year alone", "Approve tool spend up to 350,000 a year alone"),
        ("May approve the tool spend of the whole team", "May not approve the tool spend of the whole team"),
    ],
)
def test_another_number_or_a_not_is_another_statement(one, other):
    found = similar(library_of(two_topics("One", [one], ["Cost"]), two_topics("Two", [other], ["Budget"])), one, 2)
    assert [match.passage.text for match in found.matches] == [one, other]
