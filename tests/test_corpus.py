"""The sample corpus is whole: twelve roles with twenty sections, and questions whose quotes stand where they say."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from ingest.blueprint import Blueprint, Section
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.read import read_pages
from tests.webpages import ALL_NOISE

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def blueprints() -> dict[str, Blueprint]:
    pages = list(read_pages(CORPUS / "pages"))
    assert not [p for p in pages if isinstance(p, UnreadablePage)]
    return {b.role: b for p in pages if not isinstance(p, UnreadablePage) for b in parse(p).blueprints}


@pytest.fixture(scope="module")
def questions() -> list[dict]:
    return [json.loads(line) for line in (CORPUS / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


def test_twelve_roles_have_all_twenty_sections(blueprints: dict[str, Blueprint]) -> None:
    whole = [b.role for b in blueprints.values() if [s.number for s in b.sections] == [str(n) for n in range(1, 21)]]
    assert (len(blueprints), len(whole)) == (21, 12)


def test_no_noise_is_left(blueprints: dict[str, Blueprint]) -> None:
    stables = (
        "Riding School",
        "Explore Stables",
        "Rail Pass",
        "pottery",
        "Inline Feedbacks",
        "More Careers",
        "Harbour Pilot",
    )
    for blueprint in blueprints.values():
        assert [n for n in (*ALL_NOISE, *stables) if n in blueprint.text] == []


def test_the_questions_are_of_every_kind(questions: list[dict]) -> None:
    kinds = Counter(q["kind"] for q in questions)
    assert len(questions) >= 150
    assert kinds["ownership"] * 3 >= len(questions) - kinds["unanswerable"]
    assert kinds["unanswerable"] * 7 >= len(questions)
    assert set(kinds) == {"ownership", "section", "fact", "compare", "similar", "unanswerable"}
    assert len({q["id"] for q in questions}) == len(questions)


def test_every_quote_stands_in_its_section(questions: list[dict], blueprints: dict[str, Blueprint]) -> None:
    lost = [
        (q["id"], e["quote"])
        for q in questions
        for e in q["evidence"]
        if _key(e["quote"]) not in _key(_section(blueprints[e["role"]], e["section"]))
    ]
    assert lost == []


def test_a_question_names_roles_of_the_corpus(questions: list[dict], blueprints: dict[str, Blueprint]) -> None:
    assert {r for q in questions for r in (*q["roles"], *q["not_roles"])} <= set(blueprints)
    assert all(q["answerable"] == bool(q["evidence"]) for q in questions)


def _section(blueprint: Blueprint, number: int | str | None) -> str:
    found = [s for s in blueprint.sections if number is None or s.number == str(number) or s.title == number]
    return " ".join(_words(s) for s in found)


def _words(section: Section) -> str:
    own = " ".join(b.text for b in section.blocks)
    return " ".join([section.title or "", own, *(_words(s) for s in section.sections)])


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
