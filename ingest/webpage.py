"""A full web page to a draft: its article's elements, and what its head says of title, address and dates."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from ingest.article import article_of
from ingest.dom import elements_of, text_of
from ingest.elements import Draft, Element
from ingest.errors import UnreadablePage
from ingest.soup import soup_of

_SITE = re.compile(r"\s+[|–—·•»-]\s+(?=[^|–—·•»]{1,60}$)")
_DATES = {"published": "datePublished", "modified": "dateModified"}


def read_webpage(html: str, source: str) -> Draft:
    """The article on a page; raises UnreadablePage where there is no text."""
    soup = soup_of(html)
    head = _Head(soup)
    if not isinstance(soup.body, Tag) or not soup.body.get_text(strip=True):
        raise UnreadablePage(f"{source}: HTML without text. Save the page after its scripts have run.")
    headings = [" ".join(text_of(h).split()) for h in soup.find_all("h1")]
    article = article_of(soup.body)
    title, elements = _titled(elements_of(article.root), head.title, [h for h in headings if h])
    return Draft(title, elements, head.url, head.published, head.modified, article.removed)


def _titled(
    elements: tuple[Element, ...], named: str | None, headings: list[str]
) -> tuple[str | None, tuple[Element, ...]]:
    """The article's title and its elements without it: the h1 that the head names too, else the only or first one."""
    own = next((h for h in headings if named and (_key(h) in _key(named) or _key(named) in _key(h))), None)
    title = own or (headings[0] if len(headings) == 1 else named or next(iter(headings), None))
    kept = tuple(e for e in elements if not (e.kind == "heading" and e.level == 1 and title and _key(e.text) == _key(title)))
    return title, kept


class _Head:
    """What a page says of itself in its head, and in JSON-LD."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._soup = soup
        graph = list(_linked_data(soup))
        self.url = self._link("canonical") or self._meta("og:url")
        self.published = self._meta("article:published_time") or _first(graph, "datePublished")
        self.modified = self._meta("article:modified_time") or _first(graph, "dateModified") or self._meta("og:updated_time")
        self.title = self._meta("og:title") or _without_site(soup.title.get_text() if soup.title else "") or None

    def _meta(self, name: str) -> str | None:
        tag = self._soup.find("meta", attrs={"property": name}) or self._soup.find("meta", attrs={"name": name})
        content = tag.get("content") if isinstance(tag, Tag) else None
        return str(content).strip() or None if content else None

    def _link(self, rel: str) -> str | None:
        tag = self._soup.find("link", rel=rel)
        href = str(tag.get("href") or "") if isinstance(tag, Tag) else ""
        return href if href.startswith(("http://", "https://")) else None


def _linked_data(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", attrs={"type": "application/ld+json"}):
        try:
            data = json.loads(script.get_text())
        except (ValueError, RecursionError):
            continue
        nodes = data if isinstance(data, list) else data.get("@graph", [data]) if isinstance(data, dict) else []
        yield from (node for node in nodes if isinstance(node, dict)) if isinstance(nodes, list) else ()


def _first(graph: list[dict[str, Any]], name: str) -> str | None:
    return next((node[name] for node in graph if isinstance(node.get(name), str)), None)


def _without_site(title: str) -> str:
    """A page's title without the site's name after the last bar or dash."""
    return _SITE.split(" ".join(title.split()))[0].strip()


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
