"""Markdown with headings: parsed by markdown-it to HTML, then read like any other HTML."""

import re

import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from ingest.dom import elements_of
from ingest.elements import Draft, Element
from ingest.lines import Line
from ingest.noise import page_end

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?\n)---\s*(?:\n|\Z)", re.DOTALL)
_TITLE_KEYS = ("title", "name", "role", "job_title")
_LIQUID = re.compile(r"\{%.*?%\}|\{:.*?\}|\{\{[<%]?.*?[%>]?\}\}")


def read_markdown(text: str) -> Draft:
    """One draft: title from the first heading of level 1 or the front matter; promotion after the end cut off."""
    meta = _front_matter(text)
    body = _LIQUID.sub("", _FRONT_MATTER.sub("", text, count=1))
    html = MarkdownIt("commonmark").enable("table").render(body)
    elements = elements_of(BeautifulSoup(html, "lxml"))
    title = next((str(meta[k]) for k in _TITLE_KEYS if meta.get(k)), None)
    if elements and elements[0].kind == "heading" and elements[0].level == 1:
        title, elements = elements[0].text, elements[1:]
    end, removed = page_end([_line(e) for e in elements])
    return Draft(title, elements[:end], url=_url(meta), removed=tuple(removed))


def _front_matter(text: str) -> dict[str, object]:
    found = _FRONT_MATTER.match(text)
    try:
        meta = yaml.safe_load(found.group(1)) if found else None
    except (yaml.YAMLError, RecursionError):
        meta = None
    return meta if isinstance(meta, dict) else {}


def _url(meta: dict[str, object]) -> str | None:
    return next((str(meta[k]) for k in ("url", "link", "canonical") if str(meta.get(k)).startswith("http")), None)


def _line(element: Element) -> Line:
    marked = element.kind not in ("heading", "paragraph")
    return Line(element.text, mark="bullet" if marked else "")
