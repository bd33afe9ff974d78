"""Sitemaps: the addresses that a site lists, with their dates; indexes and gzip included."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from ingest.address import address, shown
from ingest.errors import FetchError
from ingest.fetch import Fetcher, Reply, inflate

USUAL = ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml")
FILES = 500  # sitemaps of one site
DEPTH = 3  # of indexes in indexes
NO_POSTS = re.compile(r"taxonom|categor|[-_]tags?[-_.]|post_tag|author|[-_]users?[-_.]", re.IGNORECASE)
STATIC = re.compile(r"posts-page-|(?:^|[/_-])pages?-sitemap|sitemap-pages?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """One address of a sitemap."""

    url: str
    modified: str  # as the sitemap says; "" if it does not


def read_sitemaps(fetcher: Fetcher, site: str, *, pages: bool) -> tuple[Place, ...]:
    """All places of a site's sitemaps, of static pages only if `pages`; FetchError if one of them cannot be read."""
    named = list(fetcher.sitemaps(site))
    starts = named or [_at_root(site, usual) for usual in USUAL]
    found: dict[str, Place] = {}
    seen: set[str] = set()
    read = 0
    for start in starts:
        reply = fetcher.get(start)
        if not reply.ok or not _is_xml(reply, start):
            if named:
                raise FetchError(
                    f"{shown(start)}: the sitemap that robots.txt names is not there. Run this again later."
                )
            continue
        read += 1
        for place in _places(fetcher, reply, start, seen, DEPTH, pages=pages):
            found.setdefault(place.url, place)
        if not named:
            break
    if not read:
        raise FetchError(
            f"{shown(site)}: neither a REST API nor a sitemap. Name the pages to 'rolebook build' one by one."
        )
    return tuple(found.values())


def _places(fetcher: Fetcher, reply: Reply, url: str, seen: set[str], depth: int, *, pages: bool) -> Iterator[Place]:
    seen.add(url)
    if len(seen) > FILES or depth == 0:
        raise FetchError(f"{shown(url)}: more sitemaps than one site has (limit {FILES} files, {DEPTH} levels).")
    root = _parsed(_xml(reply, url), url)
    for entry in root:
        fields = {_local(child): (child.text or "").strip() for child in entry}
        place = fields.get("loc", "")
        if not place:
            continue
        if _local(root) != "sitemapindex":
            yield Place(place, fields.get("lastmod", ""))
        elif place not in seen and not NO_POSTS.search(place) and (pages or not STATIC.search(place)):
            inner = fetcher.get(place)
            if not inner.ok:
                raise FetchError(f"{shown(place)}: the site answered {inner.status}. Run this again later.")
            yield from _places(fetcher, inner, place, seen, depth - 1, pages=pages)


def _is_xml(reply: Reply, url: str) -> bool:
    """Whether it is a sitemap at all, not the page that a site shows for everything it does not have."""
    return bool(re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", _xml(reply, url)[:4096]))


def _xml(reply: Reply, url: str) -> bytes:
    return inflate(reply.content, shown(url)) if reply.content.startswith(b"\x1f\x8b") else reply.content


def _parsed(content: bytes, url: str) -> Element:
    """The root. A sitemap has no document type, so nothing can be declared that grows or is fetched."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", content):
        raise FetchError(f"{shown(url)}: a sitemap that declares entities is not read. Ask the site's owner.")
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise FetchError(
            f"{shown(url)}: the sitemap is broken off or damaged ({error}). Run this again later."
        ) from None


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _at_root(site: str, path: str) -> str:
    return str(address(site).copy_with(raw_path=path.encode()))
