"""What a live site offers: WordPress posts over REST, or its sitemap's pages where REST is switched off."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol
from urllib.parse import unquote, urlsplit

from ingest.address import address, shown
from ingest.blueprint import RawPage
from ingest.errors import BadInput, BudgetSpent, FetchError, Unreachable
from ingest.fetch import Fetcher, now
from ingest.rest import BATCH, Api, Post, find_api, is_protected, number_of
from ingest.sitemap import read_sitemaps

PROTECTED = b"post-password-form"  # the class of the form that stands in the place of a protected post
GIVE_UP = 5  # addresses that fail one after the other


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which of a site's posts are followed; None chooses all."""

    category: str | None = None  # slug or id
    search: str | None = None
    slug: str | None = None  # a pattern with * and ?
    pages: bool = False  # static pages too

    def fits(self, slug: str) -> bool:
        return self.slug is None or fnmatchcase(slug.lower(), self.slug.lower())


@dataclass(frozen=True, slots=True)
class Listed:
    """A post as a site's listing names it."""

    source: str  # its permalink
    stamp: str  # when it was last modified, as the site says; "" if it does not
    number: int | None = None  # of a post; survives a new slug
    kind: str = "posts"  # or "pages"


Fetched = tuple[Listed, RawPage | FetchError | None]  # None: there, but not for everyone to read


class Site(Protocol):
    """A followed site. Every method raises FetchError rather than give half of what there is."""

    way: str  # "rest" or "sitemap"

    def listing(self) -> tuple[Listed, ...]:
        """All posts that fit, each once."""

    def fetch(self, items: Sequence[Listed], since: str | None) -> Iterator[Fetched]:
        """Each post's page; `since` is the newest stamp that is known from before."""

    def gone(self, items: Sequence[Listed]) -> tuple[Listed, ...]:
        """Those of formerly listed items that the site, asked for them one by one, no longer has."""


def open_site(url: str, fetcher: Fetcher, chosen: Chosen) -> Site:
    """The site at this address, by REST if it has that."""
    if chosen.pages and chosen.category:
        raise BadInput("--pages and --category exclude each other: WordPress pages have no category.")
    api = find_api(fetcher, url)
    if api:
        if chosen.pages and api.category:
            raise BadInput(f"{shown(url)} is a category, and WordPress pages have none. Leave --pages out.")
        return RestSite(fetcher, api, chosen, url)
    if chosen.category or chosen.search:
        raise BadInput(
            f"{shown(url)}: without its REST API a site cannot be filtered by category or search. Use --slug."
        )
    return SitemapSite(fetcher, url, chosen)


class RestSite:
    """WordPress with its REST API."""

    way = "rest"

    def __init__(self, fetcher: Fetcher, api: Api, chosen: Chosen, url: str) -> None:
        self._fetcher = fetcher
        self._api = api
        self._chosen = chosen
        self._hosts = {_host(url), _host(api.root)}
        self._kinds = ("posts", "pages") if chosen.pages else ("posts",)
        self._filters = {"search": chosen.search} if chosen.search else {}
        if category := chosen.category or api.category:
            self._filters["categories"] = api.category_id(category)

    def listing(self) -> tuple[Listed, ...]:
        return tuple(item for kind in self._kinds for item in self._list(kind, {}))

    def fetch(self, items: Sequence[Listed], since: str | None) -> Iterator[Fetched]:
        for kind in self._kinds:
            waiting = {item.number: item for item in items if item.kind == kind and item.number is not None}
            if since and waiting:
                yield from self._modified(kind, since, waiting)
            yield from self._by_number(kind, list(waiting.values()))

    def gone(self, items: Sequence[Listed]) -> tuple[Listed, ...]:
        there: set[int | None] = set()
        for kind in self._kinds:
            numbers = [str(item.number) for item in items if item.kind == kind and item.number is not None]
            for start in range(0, len(numbers), 100):
                asked = {"include": ",".join(numbers[start : start + 100])}
                there |= {item.number for item in self._list(kind, asked)}
        old = tuple(item for item in items if item.number is None)
        return (
            *(item for item in items if item.number is not None and item.number not in there),
            *_answer_gone(self._fetcher, old),
        )

    def _list(self, kind: str, more: Mapping[str, str]) -> Iterator[Listed]:
        """Posts that everyone may read and that fit the slug; those of an edited listing come once."""
        seen: set[int] = set()
        for post in self._api.listing(kind, {**self._filters, **more}):
            number = number_of(post)
            open_to_all = post.get("status", "publish") == "publish" and not is_protected(post)
            if number in seen or not open_to_all or not self._chosen.fits(str(post.get("slug", ""))):
                continue
            seen.add(number)
            yield Listed(self._source(kind, number, post), str(post.get("modified_gmt") or ""), number, kind)

    def _modified(self, kind: str, since: str, waiting: dict[int, Listed]) -> Iterator[Fetched]:
        """Those of the waiting that were modified since; what a reply that fails leaves waits on."""
        try:
            for post in self._api.modified_since(kind, since, self._filters):
                if item := waiting.pop(number_of(post), None):
                    yield item, self._page(item, post)
                if not waiting:
                    return
        except (Unreachable, BudgetSpent):
            raise
        except FetchError:
            return

    def _by_number(self, kind: str, items: Sequence[Listed]) -> Iterator[Fetched]:
        """Posts in batches; a batch that fails is read one by one, so that one broken post costs only itself."""
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            try:
                fetched = self._batch(kind, batch)
            except (Unreachable, BudgetSpent):
                raise
            except FetchError:
                yield from one_by_one(batch, lambda item: self._batch(kind, [item])[0][1])
            else:
                yield from fetched

    def _batch(self, kind: str, items: Sequence[Listed]) -> list[Fetched]:
        posts = self._api.posts(kind, [item.number for item in items if item.number is not None])
        return [(item, self._page(item, posts.get(item.number or 0))) for item in items]

    def _page(self, item: Listed, post: Post | None) -> RawPage | None:
        return None if post is None or is_protected(post) else self._api.page(item.source, post)

    def _source(self, kind: str, number: int, post: Post) -> str:
        """The permalink, or the REST address where a site claims another site's."""
        link = post.get("link")
        if isinstance(link, str) and link.startswith(("http://", "https://")) and _host(link) in self._hosts:
            return link
        return self._api.address(f"{kind}/{number}")


class SitemapSite:
    """A site that only has a sitemap and HTML."""

    way = "sitemap"

    def __init__(self, fetcher: Fetcher, url: str, chosen: Chosen) -> None:
        self._fetcher = fetcher
        self._url = url
        self._chosen = chosen

    def listing(self) -> tuple[Listed, ...]:
        below = address(self._url).path.rstrip("/") + "/"
        return tuple(
            Listed(place.url, place.modified)
            for place in read_sitemaps(self._fetcher, self._url, pages=self._chosen.pages)
            if _host(place.url) == _host(self._url) and self._fits(urlsplit(place.url).path, below)
        )

    def fetch(self, items: Sequence[Listed], since: str | None) -> Iterator[Fetched]:
        return one_by_one(items, self._page)

    def gone(self, items: Sequence[Listed]) -> tuple[Listed, ...]:
        return _answer_gone(self._fetcher, items)

    def _page(self, item: Listed) -> RawPage | FetchError | None:
        if not self._fetcher.allowed(item.source):
            return FetchError(f"{shown(item.source)}: in the sitemap, but robots.txt asks not to read it.")
        reply = self._fetcher.get(item.source)
        if not reply.ok:
            return FetchError(f"{shown(item.source)}: in the sitemap, but the site answered {reply.status}.")
        if PROTECTED in reply.content:
            return None
        return RawPage(item.source, reply.content, reply.headers.get("content-type"), now())

    def _fits(self, path: str, below: str) -> bool:
        """Whether a page stands below the followed address, is not its front page, and fits the slug."""
        slug = unquote(path).rstrip("/").rpartition("/")[2]
        return path.startswith(below) and path.rstrip("/") + "/" != below and self._chosen.fits(slug)


def one_by_one(items: Sequence[Listed], page: Callable[[Listed], RawPage | FetchError | None]) -> Iterator[Fetched]:
    """Each item's page or its failure; several failures in a row are the site's, and raised."""
    failures = 0
    for item in items:
        try:
            fetched = page(item)
            failures = 0
        except (Unreachable, BudgetSpent):
            raise
        except FetchError as error:
            failures += 1
            if failures == GIVE_UP:
                raise
            fetched = error
        yield item, fetched


def _answer_gone(fetcher: Fetcher, items: Sequence[Listed]) -> tuple[Listed, ...]:
    """Those whose address has no page any more, leads elsewhere, or asks for a password."""
    gone = []
    for item in items:
        if not fetcher.allowed(item.source):
            continue
        reply = fetcher.get(item.source)
        moved = reply.ok and reply.url.rstrip("/") != str(address(item.source)).rstrip("/")
        if reply.status in (404, 410) or moved or PROTECTED in reply.content:
            gone.append(item)
    return tuple(gone)


def _host(url: str) -> str:
    """The host and port by which two addresses are of one site."""
    return urlsplit(url).netloc.lower().removeprefix("www.")
