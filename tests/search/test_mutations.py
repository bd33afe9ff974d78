"""Bad citations planted by the hundred over the sample corpus: the check catches every one, and passes the good ones."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.blueprint import Blueprint, Passage
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.passages import passages
from ingest.read import read_pages
from search.citations import Citation, cite, verify

CORPUS = Path(__file__).parents[2] / "corpus" / "pages"
EACH = 500


@pytest.fixture(scope="module")
def pages() -> list[tuple[Blueprint, tuple[Passage, ...]]]:
    read = [page for page in read_pages(CORPUS) if not isinstance(page, UnreadablePage)]
    found = [(blueprint, passages(blueprint)) for page in read for blueprint in parse(page).blueprints]
    return [(blueprint, cut) for blueprint, cut in found if len(cut) > 20]


def good(pages, chance: random.Random) -> Iterator[tuple[Citation, Blueprint]]:
    """Citations of passages taken at random."""
    while True:
        blueprint, cut = chance.choice(pages)
        citation = cite(1, chance.choice(cut), blueprint)
        assert citation is not None
        yield citation, blueprint


def other(pages, blueprint: Blueprint, chance: random.Random) -> Blueprint:
    return chance.choice([found for found, _ in pages if found.role != blueprint.role])


def moved(citation: Citation, by: int) -> Citation:
    return replace(citation, start=citation.start + by, end=citation.end + by)


def test_every_passage_can_be_cited(pages):
    cited = [cite(1, passage, blueprint) for blueprint, cut in pages for passage in cut]
    assert len(cited) > 2_000
    assert all(citation and citation.verification == "verbatim" for citation in cited)


@pytest.mark.parametrize("how", ["blueprint", "role", "place", "words of another page"])
def test_a_misattributed_quote_is_caught(pages, how):
    chance = random.Random(1)
    for _, (citation, blueprint) in zip(range(EACH // 4), good(pages, chance), strict=False):
        elsewhere = other(pages, blueprint, chance)
        bad, under = {
            "blueprint": (replace(citation, blueprint_id=elsewhere.blueprint_id), blueprint),
            "role": (replace(citation, role=elsewhere.role), blueprint),
            "place": (moved(citation, chance.choice([-3, -1, 1, 2, 17, 10**9, -(10**9)])), blueprint),
            "words of another page": (citation, elsewhere),
        }[how]
        assert verify(bad, under) in ("misattributed", "fabricated")
        if how != "words of another page":
            assert verify(bad, under) == "misattributed"


def test_a_quote_under_a_wrong_path_is_caught(pages):
    chance = random.Random(2)
    for _, (citation, blueprint) in zip(range(EACH), good(pages, chance), strict=False):
        paths = {p.path for found, cut in pages if found is blueprint for p in cut}
        wrong = chance.choice(sorted(paths - {citation.path[:n] for n in range(len(citation.path) + 1)}))
        if wrong[: len(citation.path)] != citation.path:
            assert verify(replace(citation, path=wrong), blueprint) == "misattributed"
        assert (
            verify(replace(citation, path=(*citation.path, "20) What the page does not have")), blueprint) != "verbatim"
        )


def test_a_stitched_quote_is_caught(pages):
    chance = random.Random(3)
    caught = 0
    while caught < EACH:
        blueprint, cut = chance.choice(pages)
        one, two = (passage for passage in chance.sample(cut, 2))
        quote = one.text.rstrip(".") + chance.choice([" … ", " [...] ", "... "]) + two.text
        if quote in blueprint.text:
            continue
        citation = cite(1, one, blueprint)
        assert citation is not None
        made = replace(citation, quote=quote, end=citation.start + len(quote))
        assert verify(made, blueprint) == "stitched", quote
        caught += 1


@pytest.mark.parametrize("how", ["a word changed", "a number changed", "a word put in", "a not put in", "cut short"])
def test_a_fabricated_quote_is_caught(pages, how):
    chance = random.Random(4)
    caught = 0
    for citation, blueprint in good(pages, chance):
        if caught == EACH // 5:
            break
        words = citation.quote.split(" ")
        place = chance.randrange(len(words))
        changed = {
            "a word changed": [*words[:place], "quarterly-ish", *words[place + 1 :]],
            "a number changed": [w.translate(str.maketrans("0123456789", "5678901234")) for w in words],
            "a word put in": [*words[:place], "always", *words[place:]],
            "a not put in": [words[0], "not", *words[1:]],
            "cut short": [*words[:-1], words[-1][:-1] + "ø"],
        }[how]
        quote = " ".join(changed)
        if quote == citation.quote or quote in blueprint.text:
            continue
        bad = replace(citation, quote=quote, end=citation.start + len(quote))
        assert verify(bad, blueprint) in ("fabricated", "stitched"), quote
        caught += 1
