"""Markdown with headings: parsed by markdown-it to HTML, then read like any other HTML."""

import re
from collections.abc import Iterator, Sequence

import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag
from markdown_it import MarkdownIt

from ingest.blueprint import Removed
from ingest.dom import elements_of
from ingest.elements import Draft, Element
from ingest.keyed import Value, load
from ingest.noise import cut_after
from ingest.soup import soup_of

_FRONT_MATTER = re.compile(r"\A\s*(?:---[ \t]*\n)?((?:.*\n){1,400}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_KEY_LINE = re.compile(r"\A[A-Za-z_][\w-]{0,40}:(?:\s|\Z)")
_TITLE_KEYS = ("title", "name", "role", "job_title", "role_name")
_URL_KEYS = ("url", "link", "canonical", "canonical_url")
_PUBLISHED_KEYS = ("date", "published", "publishDate")
_MODIFIED_KEYS = ("modified", "lastmod", "updated", "last_modified_at", "last_updated")
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?.{0,8})?$")
# Tags of site generators: Liquid, Hugo's shortcodes, kramdown's attribute lists.
_TAGS = re.compile(r"\{%[^{}]{0,500}%\}|\{\{[<%]?([^{}]{0,500}?)[%>]?\}\}|\{::?[^{}]{0,300}\}")
_PAGE_VALUE = re.compile(r"\s*page\.(\w+)\s*\Z")
_GENERATOR_LINE = re.compile(
    r"\s*(?:\[\[?_?TOC_?\]?\]|:{3,}.*|(?:import|export) .{1,200} from ['\"].*|\{[:%].*\})\s*\Z", re.I
)
_CONTENTS_ITEM = re.compile(
    r"\s*(?:[-*+]|\d\.)\s+(?:TOC|this (?:text|list|line) will be .{0,40}|placeholder)\s*\Z", re.I
)
_CONTENTS_HEADING = re.compile(
    r"(on this page|table of contents|toc)\W*\Z|(?:contents|in this (?:page|guide|document))\W*\Z", re.I
)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_LOOSE_ITEM = re.compile(r"[A-Z][^|<>#\n]{10,400}[^\s:;,|<>\\]\s?\Z")
_SENTENCE_END = re.compile(r"[.!?]\s*\Z")
_FEWEST_LOOSE = 3  # lines


def read_markdown(text: str) -> Draft:
    """One draft: title from the front matter or the first heading of level 1; promotion after the end cut off."""
    meta, body = _front_matter(text)
    html = MarkdownIt("commonmark").enable("table").render("\n".join(_itemized(_plain_lines(body, meta))))
    soup = soup_of(html)
    contents = _without_contents(soup)
    title, elements = _titled(_first(meta, _TITLE_KEYS), elements_of(soup))
    elements, removed = cut_after(elements)
    url = _first(meta, _URL_KEYS)
    return Draft(
        title,
        elements,
        url=url if url and url.startswith("http") else None,
        published=_date(_first(meta, _PUBLISHED_KEYS)),
        modified=_date(_first(meta, _MODIFIED_KEYS)),
        removed=(*contents, *removed),
    )


def _front_matter(text: str) -> tuple[dict[str, Value], str]:
    """The page's own data and what follows them; an opening rule that was lost is not missed."""
    found = _FRONT_MATTER.match(text)
    if not found or not (text.lstrip().startswith("---") or _KEY_LINE.match(found.group(1).lstrip())):
        return {}, text
    try:
        meta = load(found.group(1))
    except (yaml.YAMLError, ValueError):
        meta = _key_lines(found.group(1))
    if not isinstance(meta, dict):
        return {}, text
    return meta, text[found.end() :]


def _key_lines(text: str) -> dict[str, Value]:
    """Damaged front matter by its single lines: "title: Director, Sales: EMEA"."""
    pairs = (line.split(":", 1) for line in text.splitlines() if _KEY_LINE.match(line))
    return {key: value.strip().strip("\"'") for key, value in pairs}


def _plain_lines(body: str, meta: dict[str, Value]) -> Iterator[str]:
    """The lines without what only a site generator reads; code stays as it is."""

    def filled(tag: re.Match[str]) -> str:
        named = _PAGE_VALUE.match(tag.group(1) or "")
        value = meta.get(named.group(1)) if named else None
        return value if isinstance(value, str) else ""

    fenced = False
    for line in body.split("\n"):
        fence = bool(_FENCE.match(line))
        if fenced or fence:
            fenced ^= fence
            yield line
        elif _GENERATOR_LINE.match(line) or _CONTENTS_ITEM.match(line):
            yield ""
        else:
            yield _TAGS.sub(filled, line) if "{" in line else line


def _itemized(lines: Iterator[str]) -> Iterator[str]:
    """Lines that stand together, all begun like items and most not ended like sentences, as the list they were."""
    run: list[str] = []
    before = ""
    fenced = False
    for line in (*lines, ""):
        fenced ^= bool(_FENCE.match(line))
        if not fenced and (run or not before.strip() or before.startswith("#")) and _LOOSE_ITEM.match(line):
            run.append(line)
            continue
        listed = len(run) >= _FEWEST_LOOSE and not line.strip() and _sentences(run) <= len(run) - 2
        yield from (f"- {entry}" for entry in run) if listed else run
        yield line
        run = []
        before = line


def _sentences(lines: Sequence[str]) -> int:
    return sum(bool(_SENTENCE_END.search(line)) for line in lines)


def _without_contents(soup: BeautifulSoup) -> list[Removed]:
    """Takes out lists of links to the page's own headings, and a heading that had nothing but such a list."""
    removed = []
    for links in soup.find_all(["ul", "ol"]):
        items = links.find_all("li")
        if links.parent is None or links.find_parent(["ul", "ol", "td"]) or len(items) < 3:
            continue
        targets = [a for a in links.find_all("a") if str(a.get("href") or "").startswith("#")]
        if len(targets) >= len(items) and _letters(links) == sum(map(_letters, targets)):
            removed.append(Removed("contents", " ".join(links.get_text(" ").split())))
            links.extract()
    for heading in soup.find_all(["h1", "h2", "h3", "h4"]):
        follower = heading.find_next_sibling()
        alone = follower is None or follower.name in ("h1", "h2", "h3", "h4")
        named = _CONTENTS_HEADING.match(heading.get_text().strip())
        if named and (alone or named.group(1)):
            removed.append(Removed("contents", heading.get_text().strip()))
            heading.extract()
    return removed


def _letters(tag: Tag) -> int:
    return sum(map(len, tag.get_text().split()))


def _titled(given: str | None, elements: Sequence[Element]) -> tuple[str | None, tuple[Element, ...]]:
    """The title, and the elements without the heading that says it; several headings of level 1 are sections."""
    top = [e for e in elements if e.kind == "heading" and e.level == 1]
    first = elements[0] if elements else None
    if first is None or first not in top or (given and len(top) > 1 and not _says(first.text, given)):
        return given, tuple(elements)
    return given or first.text, tuple(elements[1:])


def _says(heading: str, title: str) -> bool:
    """Whether a heading is the title over again, in part or with more words."""
    one, other = (set(re.findall(r"\w+", words.lower())) for words in (heading, title))
    return one <= other or other <= one


def _first(meta: dict[str, Value], keys: Sequence[str]) -> str | None:
    return next((value.strip() for k in keys if isinstance(value := meta.get(k), str) and value.strip()), None)


def _date(value: str | None) -> str | None:
    return value.strip() if value and _ISO_DATE.match(value.strip()) else None
