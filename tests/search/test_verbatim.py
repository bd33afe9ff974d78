"""Whatever is asked, every quote of the answer stands in its blueprint, and every mark has its quote."""

from pathlib import Path

import pytest

from bench.verbatim import faults, questions
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.read import read_pages
from search.answer import ask
from tests.search.conftest import MemoryLibrary, library_of

CORPUS = Path(__file__).parents[2] / "corpus" / "pages"
ASKED = 150  # `python -m bench.verbatim` asks 1,000


@pytest.fixture(scope="module")
def corpus() -> MemoryLibrary:
    pages = [page for page in read_pages(CORPUS) if not isinstance(page, UnreadablePage)]
    return library_of(*(blueprint for page in pages for blueprint in parse(page).blueprints))


def test_answers_to_generated_questions_are_quotes_to_the_letter(corpus):
    answered = 0
    for question in questions(list(corpus.generation.blueprints.values()), ASKED):
        answer = ask(corpus, question)
        assert faults(corpus, answer) == [], question
        answered += answer.answerable
    assert answered > ASKED // 3


def test_the_questions_are_the_same_each_time(corpus):
    blueprints = list(corpus.generation.blueprints.values())
    assert list(questions(blueprints, 40)) == list(questions(blueprints, 40))
    assert len(set(questions(blueprints, 200))) > 150
