from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import passages
from search.citations import cite, deep_link, plain, verify
from tests.conftest import make_blueprint

PAGE = make_blueprint(
    "MLOps Manager", {"3) Core": ["Own drift monitoring.", "Run incident reviews.", "Own drift 📈 alerts"]}
)
CITATION = cite(1, passages(PAGE)[0], PAGE)


def test_a_passage_is_cited_to_the_letter():
    for passage in passages(PAGE):
        made = cite(4, passage, PAGE)
        assert made.verification == "verbatim"
        assert PAGE.text[made.start : made.end] == made.quote == passage.text
        assert (made.id, made.role, made.url, made.modified) == (4, "MLOps Manager", PAGE.url, PAGE.modified)


def test_a_passage_that_its_blueprint_does_not_bear_out_is_not_cited():
    passage = passages(PAGE)[0]
    assert cite(1, replace(passage, start=passage.start + 1, end=passage.end + 1), PAGE) is None
    assert cite(1, replace(passage, text="Own drift monitoring!"), PAGE) is None
    assert cite(1, replace(passage, role="Staff Data Engineer"), PAGE) is None


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "verbatim"),
        ({"start": CITATION.start + 1, "end": CITATION.end + 1}, "misattributed"),
        ({"start": -len(PAGE.text) + CITATION.start, "end": CITATION.end}, "misattributed"),
        ({"blueprint_id": "another@example.org"}, "misattributed"),
        ({"role": "Another"}, "misattributed"),
        ({"path": ("4) Daily",)}, "misattributed"),
        ({"path": ()}, "misattributed"),
        ({"path": ("3) Core", "A parent that is not there")}, "misattributed"),
        ({"quote": "Own drift monitoring. … Run incident reviews."}, "stitched"),
        ({"quote": "Own drift monitoring. [...] incident reviews."}, "stitched"),
        ({"quote": "Run incident reviews. Own drift monitoring."}, "stitched"),
        ({"quote": "Own drift monitoring. Run the budget."}, "fabricated"),
        ({"quote": "own drift monitoring."}, "fabricated"),
        ({"quote": " "}, "fabricated"),
        ({"quote": ""}, "fabricated"),
    ],
)
def test_each_way_to_misquote_has_its_name(change, verdict):
    assert verify(replace(CITATION, **change), PAGE) == verdict


@given(st.data())
def test_any_span_of_the_text_is_verbatim_only_at_its_place(data):
    start = data.draw(st.integers(0, len(PAGE.text) - 1))
    end = data.draw(st.integers(start + 1, len(PAGE.text)))
    quote = PAGE.text[start:end]
    blocks = PAGE.sections[0].blocks
    inside = blocks[0].start <= start and end <= blocks[-1].end
    expected = "fabricated" if not quote.strip() else "verbatim" if inside else "misattributed"
    assert verify(replace(CITATION, quote=quote, start=start, end=end), PAGE) == expected


@given(st.text(min_size=1).filter(lambda text: text not in PAGE.text))
def test_what_does_not_stand_there_is_never_verbatim(quote):
    made = replace(CITATION, quote=quote, start=0, end=len(quote))
    assert verify(made, PAGE) in {"stitched", "fabricated"}


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("Own drift monitoring", "Own%20drift%20monitoring"),
        ("Day-to-day, R&D", "Day%2Dto%2Dday%2C%20R%26D"),
        ("Drift alerts | 95% | Weekly", "Drift%20alerts,Weekly"),
        ("- Description: builds\n  - Importance: Critical", "Description%3A%20builds,Importance%3A%20Critical"),
        (" ".join(f"w{n}" for n in range(20)), "w0%20w1%20w2%20w3%20w4,w15%20w16%20w17%20w18%20w19"),
    ],
)
def test_a_deep_link_names_the_words_on_the_page(quote, fragment):
    assert deep_link("https://example.org/a/", quote) == f"https://example.org/a/#:~:text={fragment}"


def test_a_deep_link_keeps_the_address_and_its_fragment():
    assert deep_link("https://example.org/?p=4#top", "Own it") == "https://example.org/?p=4#top:~:text=Own%20it"
    assert deep_link(None, "Own it") is None


@given(st.text(st.characters(exclude_categories=("Cs", "Zs", "Zl", "Zp", "Cc")), min_size=1, max_size=20))
def test_a_deep_link_can_be_read_back(word):
    link = deep_link("https://example.org/", f"x{word} y")
    directive = link.split("#:~:text=")[1]
    assert not set("-,&#") & set(directive)
    assert unquote(directive) == f"x{word} y"


def test_a_quote_is_read_on_one_line():
    assert plain("Drift alerts | 95% | Weekly") == "Drift alerts; 95%; Weekly"
    assert plain("Description: builds.\n- Importance: Critical") == "Description: builds. Importance: Critical"


def test_a_deep_link_is_told_apart_from_the_same_words_before():
    page = "## 3) Core\n\n- Own drift alerts\n\n## 4) Daily\n\n- Own drift alerts\n"
    second = page.rindex("Own")
    assert deep_link("https://example.org/", "Own drift alerts", page, page.index("Own")).endswith(
        "=Own%20drift%20alerts"
    )
    assert deep_link("https://example.org/", "Own drift alerts", page, second).endswith(
        "=4%29%20daily-,Own%20drift%20alerts"
    )
