"""The WordPress REST API: where a site has it, and what it lists."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from urllib.parse import urlsplit

import httpx

from ingest.address import address, shown
from ingest.blueprint import RawPage
from ingest.errors import FetchError, UnknownName
from ingest.fetch import Fetcher, Reply, now

PER_PAGE = 100  # posts of a listing without contents; what WordPress allows at most
BATCH = 20  # posts with contents: some 2 MB
LISTED = "id,slug,link,status,modified_gmt,content.protected"
WHOLE = ("id", "date", "date_gmt", "modified", "modified_gmt", "slug", "status", "type", "link", "title", "content")
REL = r"https://api\.w\.org/"
HEADER = re.compile(rf'<([^>]+)>\s*;[^,<]*\brel="?{REL}"?')
LINK = re.compile(r"<link\b[^<>]{0,2000}>", re.IGNORECASE)
HREF = re.compile(r"""\bhref\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
CATEGORY = re.compile(r"/wp/v2/categories/(\d+)$")
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")

Post = dict[str, object]


class Api:
    """One site's REST API; every method raises FetchError where a reply is not whole."""

    def __init__(self, fetcher: Fetcher, root: str, category: str | None = None) -> None:
        self.root = root
        self.category = category  # the id of the category whose page was given as the site's address
        self._fetcher = fetcher

    def address(self, route: str, parameters: Mapping[str, str] | None = None) -> str:
        """The address of "posts" or "posts/7", whichever way the site writes its routes."""
        url = httpx.URL(self.root)
        more = dict(parameters or {})
        if "rest_route" in url.params:
            more["rest_route"] = url.params["rest_route"].rstrip("/") + f"/wp/v2/{route}"
        else:
            url = url.copy_with(path=url.path.rstrip("/") + f"/wp/v2/{route}")
        return str(url.copy_merge_params(more))

    def listing(self, kind: str, filters: Mapping[str, str]) -> Iterator[Post]:
        """All posts without their contents, in the order of their numbers."""
        return self._pages(kind, {**filters, "_fields": LISTED, "orderby": "id", "order": "asc"}, PER_PAGE)

    def modified_since(self, kind: str, since: str, filters: Mapping[str, str]) -> Iterator[Post]:
        """Whole posts that were modified after this stamp (GMT), the newest first."""
        asked = {"modified_after": f"{since}Z", "orderby": "modified", "order": "desc", "_fields": ",".join(WHOLE)}
        for post in self._pages(kind, {**filters, **asked}, BATCH):
            if str(post.get("modified_gmt") or "") <= since:
                return  # before WordPress 5.7 the parameter is not known and all posts come
            yield post

    def posts(self, kind: str, numbers: Sequence[int]) -> dict[int, Post]:
        """These posts whole, by their numbers; without those that are no longer there."""
        asked = {"include": ",".join(map(str, numbers)), "per_page": str(len(numbers)), "_fields": ",".join(WHOLE)}
        return {number_of(post): post for post in self._posts(self._fetcher.get(self.address(kind, asked)))}

    def page(self, source: str, post: Post) -> RawPage:
        """One post as a page of its own."""
        whole = {name: post[name] for name in WHOLE if name in post}
        return RawPage(source, json.dumps(whole, ensure_ascii=False).encode(), "application/json", now())

    def category_id(self, category: str) -> str:
        """The id of a category by its id, slug or name; UnknownName proposes near ones."""
        asked = {"per_page": "100", "_fields": "id,slug,name"}
        for way in ("include", "slug") if category.isdecimal() else ("slug",):
            found = self._posts(self._fetcher.get(self.address("categories", {**asked, way: category})))
            if len(found) == 1:
                return str(found[0]["id"])
        all_of_them = {**asked, "orderby": "count", "order": "desc"}
        known = self._posts(self._fetcher.get(self.address("categories", all_of_them)))
        for entry in known:
            if html.unescape(str(entry.get("name"))).casefold() == category.casefold():
                return str(entry["id"])
        slugs = [str(entry.get("slug")) for entry in known]
        near = get_close_matches(category, slugs, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"It has: {', '.join(slugs[:10])}."
        raise UnknownName(f"{shown(self.root)}: the site has no category '{category}'. {hint}")

    def _pages(self, kind: str, parameters: Mapping[str, str], size: int) -> Iterator[Post]:
        number = 0
        while True:
            number += 1
            asked = {**parameters, "per_page": str(size), "page": str(number)}
            reply = self._fetcher.get(self.address(kind, asked))
            if number > 1 and reply.status == 400 and b"rest_post_invalid_page_number" in reply.content:
                return  # posts were deleted meanwhile
            posts = self._posts(reply)
            yield from posts
            total = reply.headers.get("x-wp-totalpages", "")
            if number >= int(total) if total.isdecimal() else len(posts) < size:
                return

    def _posts(self, reply: Reply) -> list[Post]:
        where = shown(reply.url)
        if not reply.ok:
            raise FetchError(f"{where}: the REST API answered {reply.status}. Run this again later.")
        posts = _objects(reply)
        if posts is None:
            raise FetchError(f"{where}: the reply is not a whole JSON list. Run this again later.")
        return posts


def find_api(fetcher: Fetcher, url: str) -> Api | None:
    """The site's API as its page names it or at the usual addresses; None where it is off or not to be read."""
    given = address(url)
    before, mark, _ = str(given).partition("/wp-json")
    if mark:
        return _working(fetcher, [f"{before}/wp-json/"], None)
    reply = fetcher.get(url)
    if not reply.ok:
        raise FetchError(f"{shown(url)}: the site answered {reply.status}. Check the address.")
    named, category = _named(reply)
    if named:
        return _working(fetcher, [named], category)
    top = given.copy_with(raw_path=b"/")
    here = given.copy_with(raw_path=given.raw_path.partition(b"?")[0].rstrip(b"/") + b"/wp-json/")
    usual = (here, top.join("/wp-json/"), top.copy_merge_params({"rest_route": "/"}))
    return _working(fetcher, list(dict.fromkeys(map(str, usual))), category)


def number_of(post: Post) -> int:
    """A post's id; FetchError where it has none."""
    number = post.get("id")
    if not isinstance(number, int):
        raise FetchError("The REST API gave a post without an id. Save the pages and give the files.")
    return number


def is_protected(post: Post) -> bool:
    """Whether it takes a password to read the post."""
    content = post.get("content")
    return isinstance(content, dict) and bool(content.get("protected"))


def _working(fetcher: Fetcher, roots: Sequence[str], category: str | None) -> Api | None:
    """The first that lists posts; a site that forbids one to robots is not asked for the others."""
    for root in roots:
        api = Api(fetcher, root, category)
        probe = api.address("posts", {"per_page": "1", "_fields": "id"})
        if not fetcher.allowed(probe):
            return None
        reply = fetcher.get(probe)
        if reply.ok and _objects(reply) is not None:
            return api
    return None


def _named(reply: Reply) -> tuple[str | None, str | None]:
    """The API's root and the category that a page names in its header and its links."""
    header = HEADER.search(reply.headers.get("link", ""))
    root = header.group(1) if header else None
    category = None
    for tag in LINK.findall(reply.content[:500_000].decode("utf-8", "replace")):
        href = HREF.search(tag)
        target = html.unescape(href.group(1)) if href else ""
        if root is None and re.search(REL, tag):
            root = target
        if found := CATEGORY.search(target):
            category = found.group(1)
    return (str(httpx.URL(reply.url).join(root)) if root and not urlsplit(root).scheme else root), category


def _objects(reply: Reply) -> list[Post] | None:
    """The reply as a list of JSON objects, None if it is none."""
    try:
        data = json.loads(reply.content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, list) and all(isinstance(entry, dict) for entry in data) else None
