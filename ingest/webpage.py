"""A full web page to a draft: its article's elements, and what its head says of title, address and dates."""

import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from ingest.article import article_of
from ingest.characters import load_json
from ingest.dom import elements_of
from ingest.elements import Draft, Element
from ingest.errors import UnreadablePage
from ingest.inline import HEADINGS, text_of
from ingest.soup import soup_of

_SITE = re.compile(r"\s+[|–—·•»-]\s+(?=[^|–—·•»]{1,60}$)")
_NEAR = 3  # levels above the title within which a date is the article's


def read_webpage(html: str, source: str) -> Draft:
    """The article on a page; raises UnreadablePage where there is no text."""
    soup = soup_of(html)
    if not isinstance(soup.body, Tag) or not soup.body.get_text(strip=True):
        raise UnreadablePage(f"{source}: HTML without text. Save the page after its scripts have run.")
    head = _Head(soup)
    headings = [h for h in head.headings if _key(text_of(h)) and not head.names_site(h)]
    own = _own_title(headings, head.title)
    published = head.published or (_date_near(own) if own else None)
    article = article_of(soup.body)
    own = own or _first_of(article.root, headings)
    title = " ".join(text_of(own).split()) if own else head.title
    elements = tuple(e for e in elements_of(article.root) if not _is_title(e, title))
    return Draft(title, elements, head.url, published, head.modified, article.removed)


def _own_title(headings: list[Tag], named: str | None) -> Tag | None:
    """The h1 that the head names too, else the only one."""
    for heading in headings:
        key = _key(text_of(heading))
        if named and (key in _key(named) or _key(named) in key):
            return heading
    return headings[0] if len(headings) == 1 or (headings and not named) else None


def _first_of(article: Tag, headings: list[Tag]) -> Tag | None:
    """The h1 that the article begins with and that is its only one: beside a menu of h1s, a head may name the site."""
    known = {id(heading) for heading in headings}
    within = [h for h in article.find_all("h1") if id(h) in known]
    return within[0] if len(within) == 1 and article.find(list(HEADINGS)) is within[0] else None


def _is_title(element: Element, title: str | None) -> bool:
    return element.kind == "heading" and element.level == 1 and title is not None and _key(element.text) == _key(title)


def _date_near(heading: Tag) -> str | None:
    """The first machine-readable date beside a heading."""
    box: Tag | None = heading
    for _ in range(_NEAR):
        box = box.parent if box is not None else None
        found = box.find("time", datetime=True) if box is not None else None
        if isinstance(found, Tag):
            return str(found["datetime"]).strip() or None
    return None


class _Head:
    """What a page says of itself in its head, and in JSON-LD."""

    def __init__(self, soup: BeautifulSoup) -> None:
        found: dict[str, list[Tag]] = {name: [] for name in ("meta", "link", "script", "h1")}
        for node in soup.descendants:  # once, as every search is a walk through the page
            if isinstance(node, Tag) and node.name in found:
                found[node.name].append(node)
        self._links = found["link"]
        self._metas: dict[str, str] = {}
        for meta in found["meta"]:
            for key in ("property", "name"):
                if content := str(meta.get("content") or "").strip():
                    self._metas.setdefault(str(meta.get(key)), content)
        self.headings = found["h1"]
        graph = list(_linked_data(found["script"]))
        self.url = self._link("canonical") or self._meta("og:url")
        self.published = self._meta("article:published_time") or _first(graph, "datePublished")
        self.modified = self._meta("article:modified_time") or _first(graph, "dateModified")
        self.modified = self.modified or self._meta("og:updated_time")
        whole = " ".join(soup.title.get_text().split()) if soup.title else ""
        self._last = _key(whole.removeprefix(_without_site(whole)))
        self._site = _key(self._meta("og:site_name") or "")
        named = self._meta("og:title")
        if named and _key(named.removeprefix(_without_site(named))) in {self._site, self._last}:
            named = _without_site(named)
        self.title = named or _without_site(whole) or None

    def names_site(self, heading: Tag) -> bool:
        """Whether a heading is the site's name: its own word for it, or the last part of the title and a link."""
        key = _key(text_of(heading))
        return key == self._site or (key == self._last and heading.find("a", href=True) is not None)

    def _meta(self, name: str) -> str | None:
        return self._metas.get(name)

    def _link(self, rel: str) -> str | None:
        links = (str(link.get("href") or "") for link in self._links if rel in (link.get("rel") or ()))
        return next((href for href in links if href.startswith(("http://", "https://"))), None)


def _linked_data(scripts: list[Tag]) -> Iterator[dict[str, Any]]:
    for script in scripts:
        if script.get("type") != "application/ld+json":
            continue
        try:
            data = load_json(script.get_text())
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
