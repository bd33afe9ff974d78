"""HTML to elements: what the markup says, kept."""

import json
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ingest.blueprint import RawPage
from ingest.dom import elements_of
from ingest.elements import Element
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.soup import soup_of

SEEDS = Path(__file__).parents[2].parent / "shared" / "data" / "seeds"


def read(html: str) -> tuple[Element, ...]:
    return elements_of(BeautifulSoup(html, "lxml"))


def brief(html: str) -> list[tuple[str, str]]:
    return [(e.kind, e.text) for e in read(html)]


def test_headings_paragraphs_items_and_rows_come_in_page_order() -> None:
    html = """<h2>Mission</h2><p>Keep <b>ovens</b> warm.</p><ul><li>Bake</li></ul>
      <table><tr><th>Measure</th><th>Target</th></tr><tr><td>Loaves</td><td>40</td></tr></table>"""
    assert brief(html) == [
        ("heading", "Mission"),
        ("paragraph", "Keep ovens warm."),
        ("item", "Bake"),
        ("row", "Measure | Target"),
        ("row", "Loaves | 40"),
    ]
    assert [e.header for e in read(html)][-2:] == [True, False]
    assert read(html)[-1].cells == ("Loaves", "40")


def test_an_ordered_list_counts_from_its_start_and_its_values() -> None:
    items = read('<ol start="7"><li>a</li><li>b</li><li value="12">c</li><li>d</li></ol><ul><li>e</li></ul>')
    assert [e.number for e in items] == [7, 8, 12, 13, None]
    assert len({e.group for e in items}) == 2


def test_a_nested_list_is_one_deeper_also_inside_an_inline_tag_or_directly_in_the_list() -> None:
    items = read("<ul><li>a<ul><li>b</li></ul></li><li><span>c<ol><li>d</li></ol></span></li><ul><li>e</li></ul></ul>")
    assert [(e.text, e.depth) for e in items] == [("a", 1), ("b", 2), ("c", 1), ("d", 2), ("e", 2)]


def test_an_item_is_bold_when_nothing_but_a_parenthesis_follows_its_bold_words() -> None:
    items = read("<ul><li><b>Hiring</b></li><li><strong>Coaching</strong> (weekly)</li><li><b>Use</b>: daily</li></ul>")
    assert [e.bold for e in items] == [True, True, False]


def test_an_item_with_a_heading_and_text_is_a_box_but_a_heading_alone_among_items_is_an_item() -> None:
    assert brief("<ol><li><h3>First</h3><p>Text.</p></li></ol>") == [("heading", "First"), ("paragraph", "Text.")]
    assert brief("<ol><li><h3>One</h3></li></ol><p>Text.</p>") == [("heading", "One"), ("paragraph", "Text.")]
    assert brief("<ul><li><h3>Hammer</h3></li><li><h3>Saw</h3></li></ul>") == [("item", "Hammer"), ("item", "Saw")]


def test_a_table_of_headed_columns_is_data_and_a_table_of_sections_is_layout() -> None:
    data = "<table><tr><td><h3>Tool</h3></td><td><h3>Use</h3></td></tr><tr><td>Saw</td><td>Daily</td></tr></table>"
    assert [kind for kind, _ in brief(data)] == ["row", "row"]
    layout = "<table><tr><td><h3>Left</h3><p>Text.</p></td><td><p>Right</p></td></tr></table>"
    assert brief(layout) == [("heading", "Left"), ("paragraph", "Text."), ("paragraph", "Right")]


def test_a_caption_stands_before_its_rows_and_a_one_column_table_is_text() -> None:
    html = "<table><caption>Ovens</caption><tbody><tr><td>A</td><td>B</td></tr></tbody></table>"
    assert brief(html) == [("paragraph", "Ovens"), ("row", "A | B")]
    assert brief("<table><tr><td>Only</td></tr></table>") == [("paragraph", "Only")]


def test_a_definition_is_a_field_under_its_term() -> None:
    fields = read("<dl><div><dt>Pay:</dt><dd>Monthly</dd></div><dt>Tasks</dt><dd><ul><li>Bake</li></ul></dd></dl>")
    assert [(e.kind, e.text, e.label) for e in fields] == [
        ("field", "Pay: Monthly", "Pay"),
        ("paragraph", "Tasks:", None),
        ("item", "Bake", None),
    ]


def test_line_breaks_before_a_dash_stay_with_their_indent_and_others_fold() -> None:
    (element,) = read("<p>Decides on:\n– ovens\n    – steam\nand\nflour,<br>twice</p>")
    assert [line.strip() for line in element.text.split("\n")] == [
        "Decides on:",
        "– ovens",
        "– steam and flour,",
        "twice",
    ]


def test_code_and_quotes_are_kept_and_scripts_comments_and_forms_are_not() -> None:
    html = "<pre>a\n  b</pre><blockquote><p>Said.</p></blockquote><script>x()</script><!-- no --><select><option>1</select>"
    assert brief(html) == [("code", "a\n  b"), ("quote", "Said.")]


HOSTILE = {
    "nested boxes": "<p>Some text.</p>" + "<div>" * 100_000 + "deep",
    "items": "<ul>" + "<li>item" * 10_000,
    "one line": "<p>" + "word " * 200_000,
    "entities": "<p>" + "&amp;lt;&#38;" * 20_000,
    "unclosed": "<p><b><i>x " * 5_000,
    "tables in tables": "<table><tr><td>" * 5_000 + "cell",
    "lists in lists": "<ul><li>item" * 5_000,
    "quotes in quotes": "<blockquote>" * 5_000 + "said",
    "inline": "<span>" * 50_000 + "text",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_markup_is_too_deep_or_too_long(name: str) -> None:
    try:
        reading = parse(RawPage("page.html", ("<!doctype html><body>" + HOSTILE[name]).encode(), "text/html"))
    except UnreadablePage:
        return
    assert reading.blueprints[0].text


def test_the_tree_need_not_come_flattened() -> None:
    deep = BeautifulSoup("<div>" * 200 + "<ul><li>" * 20 + "word", "lxml")
    assert "word" in " ".join(e.text for e in elements_of(deep))


def test_the_time_grows_with_the_items_and_not_with_their_square() -> None:
    def seconds(count: int) -> float:
        soup = soup_of("<ul>" + "<li><b>a</b> b<ul><li>c</ul>" * count + "</ul>")
        start = time.process_time()
        elements_of(soup)
        return time.process_time() - start

    seconds(500)
    assert seconds(8_000) < 3 * 4 * seconds(2_000)  # four times the items; what grew with their square would be 16


def test_seed_004_keeps_its_structure() -> None:
    page = next(iter(sorted(SEEDS.glob("004_*"))), None)
    if page is None:
        pytest.skip("needs ../shared/data/seeds")
    content = json.loads(page.read_text())
    content = content[0] if isinstance(content, list) else content
    elements = elements_of(soup_of(content["content"]["rendered"]))
    count = {kind: sum(e.kind == kind for e in elements) for kind in ("item", "row")}
    levels = [e.level for e in elements if e.kind == "heading"]
    assert (levels.count(2), levels.count(3), count["item"], count["row"]) == (20, 70, 419, 69)
    assert sum(len(e.cells or ()) for e in elements) == 287
    assert sum(e.number is not None for e in elements) == 63


def test_a_line_break_and_the_sources_own_after_it_are_one() -> None:
    html = "<p><b>Plans</b><br />\n– roadmap:<br />\n  – by quarter<br />\n– budget</p>"
    (paragraph,) = elements_of(soup_of(html))
    assert paragraph.text == "Plans\n– roadmap:\n – by quarter\n– budget"
