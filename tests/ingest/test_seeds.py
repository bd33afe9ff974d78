"""Five scraped pages with counts known by hand; they lie beside the project and are skipped where they do not."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from ingest.blueprint import Block, Blueprint, RawPage, Reading, Section, walk
from ingest.parse import parse
from ingest.passages import passages
from ingest.read import read_pages
from ingest.recognise import recognise
from ingest.wordpress import read_wordpress

SEEDS = Path(__file__).parents[2].parent / "shared" / "data" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the scraped pages of ../shared/data/seeds are not here")


def page(prefix: str) -> RawPage:
    (path,) = SEEDS.glob(f"{prefix}_*.txt")
    (raw,) = read_pages(path)
    assert isinstance(raw, RawPage)
    return raw


def reading(prefix: str) -> Reading:
    return parse(page(prefix))


def blueprint(prefix: str) -> Blueprint:
    (only,) = reading(prefix).blueprints
    return only


def blocks(found: Blueprint) -> Iterator[Block]:
    for _, section in walk(found.sections):
        yield from section.blocks


def kinds(found: Blueprint) -> Counter[str]:
    return Counter(b.kind for b in blocks(found))


def subsections(found: Blueprint) -> int:
    return sum(len(s.sections) for s in found.sections)


def expected(prefix: str) -> dict[str, object]:
    counts: dict[str, dict[str, object]] = json.loads((SEEDS / "expected_counts.json").read_text())
    return counts[prefix]


@pytest.mark.parametrize("prefix", ["001", "002", "004"])
def test_the_twenty_sections_stand_in_order(prefix: str) -> None:
    titles = json.loads((SEEDS / "expected_counts.json").read_text())["canonical_sections_001_002_004"]
    assert [s.title for s in blueprint(prefix).sections] == titles
    assert [len(s.sections) for s in blueprint(prefix).sections] == expected(prefix)["h3_per_section"]


def test_the_rest_reply_keeps_its_list_markup() -> None:
    raw = page("004")
    (draft,) = read_wordpress(recognise(raw).text, raw.source)
    count = Counter(e.kind for e in draft.elements)
    rows = [e.cells for e in draft.elements if e.kind == "row" and e.cells]
    numbers = [e.number for e in draft.elements if e.number is not None]
    assert (count["item"], len(rows), sum(map(len, rows))) == (419, 69, 287)
    assert numbers[:28] == list(range(1, 29))
    assert len(numbers) == 63


def test_the_rest_reply_gets_back_its_nesting() -> None:
    truth = [item for s in json.loads((SEEDS / "outline_004.json").read_text())["sections"] for item in _truth_items(s)]
    found = iter([b for b in blocks(blueprint("004")) if b.kind == "item"])
    right = children = true_children = 0
    for item in truth:
        lead = " ".join((item["lines"][0]["text"] if item.get("lines") else item["text"]).split())
        block = next(b for b in found if lead.startswith(b.text))
        right += block.depth == item["true_depth"]
        children += block.depth == 2
        true_children += block.depth == item["true_depth"] == 2
    assert (len(truth), right) == (419, 413)
    assert true_children / children >= 0.95


def _truth_items(section: dict) -> Iterator[dict]:  # type: ignore[type-arg]
    for block in section["blocks"]:
        yield from block.get("items", []) if block["type"] == "list" else []
    for below in section.get("subsections", []):
        yield from _truth_items(below)


def test_every_dash_led_line_of_the_rest_reply_is_a_block() -> None:
    count = kinds(blueprint("004"))
    assert count["item"] + count["field"] == 419 + 169


def test_an_escaped_sign_is_decoded_once() -> None:
    cells = [c for b in blocks(blueprint("004")) if b.cells for c in b.cells]
    assert "< 2 weeks median for standard models" in cells


def test_the_text_rendering_is_found_whole() -> None:
    found = blueprint("001")
    count = kinds(found)
    assert (len(found.sections), subsections(found), count["row"], count["paragraph"]) == (20, 85, 66, 15)
    assert count["item"] + count["field"] == 344 + 37 + 85  # list items, run-in dashes, field lines
    assert found.role == "Director of Machine Learning Engineering"
    assert (found.level, found.function) == ("director", "machine learning engineering")


def test_a_flattened_table_gets_back_the_columns_that_can_be_known() -> None:
    tables: list[list[Block]] = []
    for _, section in walk(blueprint("001").sections):
        if rows := [b for b in section.blocks if b.kind == "row"]:
            tables.append(rows)
    kpis, tools, scorecard = tables
    periods = {"Weekly", "Monthly", "Quarterly", "Weekly/Monthly", "Monthly/Quarterly", "Per incident / Monthly"}
    assert [len(t) for t in tables] == [21, 33, 12]
    assert {r.cells[-1] for r in kpis[1:] if r.cells} == periods
    assert all(r.cells and r.cells[0] is None and len(r.cells) == 2 for r in [*kpis, *tools])
    assert Counter(r.cells[-1].split(" (")[0] for r in tools[1:] if r.cells and r.cells[-1]) == {
        "Common": 19,
        "Optional": 5,
        "Optional / Context-specific": 5,
        "Context-specific": 3,
    }
    assert [r.cells[0] for r in scorecard if r.cells][:3] == ["Category", "Role title", "Role purpose"]


def test_the_markdown_extraction_is_found_whole() -> None:
    found = blueprint("002")
    count = kinds(found)
    assert (len(found.sections), subsections(found), count["row"], count["paragraph"]) == (20, 75, 76, 11)
    assert count["item"] + count["field"] == 373 + 66 + 16
    assert sum(len(b.cells) for b in blocks(found) if b.cells) == 299
    assert (found.role, found.level, found.function) == ("Head of MLOps", "head", "mlops")


def test_the_other_layout_is_found_whole() -> None:
    found = blueprint("003")
    count = kinds(found)
    assert (len(found.sections), subsections(found), count["item"]) == (10, 63, 224)
    assert [s.title for s in found.sections].count(None) == 1
    assert count["paragraph"] == 10 + 11  # and those that list items had swallowed
    assert (found.role, found.level, found.function) == (
        "Platform Engineering Director",
        "director",
        "platform engineering",
    )


def test_the_listing_gives_thirty_roles() -> None:
    found = reading("000").blueprints
    assert len({b.blueprint_id for b in found}) == 30
    assert (found[0].role, found[-1].role) == ("Head of Reliability Engineering", "DevOps Manager")
    assert not any("**" in b.text for b in found)


NOISE = [
    "Hospitals", "Invest in yourself", "Notify of", "Inline Feedbacks", "Certification Courses", "DevOpsSchool has",
    "Would love your thoughts", "Oldest Most Voted", "logoAiPathly", "first image", "second image", "More Careers",
    "Faculty Researcher", "Mechatronics", "Clinical Research", "Research System Analyst",
]  # fmt: skip


@pytest.mark.parametrize("prefix", ["001", "002", "003", "004"])
def test_no_noise_is_left_and_no_content_is_lost(prefix: str) -> None:
    found = reading(prefix)
    text = found.blueprints[0].text
    assert [n for n in NOISE if n in text] == []
    if prefix == "004":
        return
    gone = "\n".join(r.text for r in found.removed)
    words = set(text.split())
    lost = [
        ln
        for ln in page(prefix).content.decode().splitlines()
        if ln.strip() and not _kept(ln, words) and _core(ln) not in gone
    ]
    assert lost == []


def _kept(line: str, words: set[str]) -> bool:
    own = [w for w in line.split() if any(c.isalnum() for c in w)]
    return sum(w in words for w in own) >= 0.9 * len(own)


def _core(line: str) -> str:
    return line.strip(" •\t").replace("**", "")


def test_every_form_keeps_offsets_and_unique_passage_ids() -> None:
    for prefix in ("000", "001", "002", "003", "004"):
        for found in reading(prefix).blueprints:
            assert all(found.text[b.start : b.end] == b.text for b in blocks(found))
            cut = passages(found)
            assert all(found.text[p.start : p.end] == p.text for p in cut)
            assert len({p.passage_id for p in cut}) == len(cut)


def test_sections_know_their_number_and_topic() -> None:
    section: Section = blueprint("004").sections[6]
    assert (section.number, section.topic) == ("7", "kpis")


def hardened(html: str) -> str:
    """The page with every box turned into a plain div, and no name left that says what it is."""
    soup = BeautifulSoup(html, "lxml")
    for script in soup.find_all("script"):
        script.decompose()
    for tag in soup.find_all(True):
        if tag.name in BOXES:
            tag.name = "div"
        for name in ("class", "id"):
            if tag.has_attr(name):
                tag[name] = "x" + hashlib.sha256(str(tag[name]).encode()).hexdigest()[:8]
        for name in ("role", "itemprop", "aria-label", "aria-labelledby"):
            del tag[name]
    return str(soup)


BOXES = frozenset(
    ["article", "main", "aside", "nav", "section", "header", "footer", "figure", "form", "address", "details", "dialog"]
)


@pytest.mark.parametrize("harden", [str, hardened], ids=["as it is", "hardened"])
def test_a_whole_web_page_gives_the_passages_of_the_rest_reply(harden: Callable[[str], str]) -> None:
    html = harden((SEEDS / "wrapped_004.html").read_text(encoding="utf-8"))
    (found,) = parse(RawPage("page", html.encode())).blueprints
    noise = [text for texts in json.loads((SEEDS / "noise_004.json").read_text()).values() for text in texts]
    assert [text for text in noise if text in found.text] == []
    assert [p.passage_id for p in passages(found)] == [p.passage_id for p in passages(blueprint("004"))]
    assert (found.title, found.url) == (blueprint("004").title, blueprint("004").url)
