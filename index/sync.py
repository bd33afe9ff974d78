"""Follows a live site: what is new or changed there comes in, what has vanished goes, all else stays untouched."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.build import current_pages, update
from index.encoders import Encoder
from index.followed import Followed, Post, followed_elsewhere, following
from index.reports import BuildReport, SyncReport
from index.stages import Progress
from index.tables import Page
from ingest.address import address
from ingest.blueprint import RawPage
from ingest.errors import BadInput, BudgetSpent, FetchError, RolebookError, UnreadablePage
from ingest.fetch import Fetcher, Limits, now
from ingest.rest import STAMP
from ingest.site import Chosen, Listed, Site, open_site

MAX_PAGES = 5_000  # posts that one run fetches


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one run has to do."""

    wanted: Sequence[Listed]  # to be fetched
    moved: Mapping[str, str]  # new address: the one that the post had before
    gone: frozenset[str]  # as the site confirmed
    standing: int  # posts that the site has
    unreadable: Mapping[str, str]  # source: when it was fetched; it will not be fetched again unless it changes


@dataclass(slots=True)
class _Haul:
    """What the fetching brought, besides the pages, which wait in the state."""

    tried: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)  # no longer there for everyone to read
    failed: list[RolebookError] = field(default_factory=list)


@dataclass(slots=True)
class _Taken:
    """What the index made of it."""

    report: BuildReport
    gone: int
    new: int = 0
    changed: int = 0


def sync(
    url: str,
    home: Path,
    encoder: Encoder,
    *,
    chosen: Chosen | None = None,
    max_pages: int = MAX_PAGES,
    full: bool = False,
    allow_private: bool = False,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> SyncReport:
    """Brings the index to what the site has now; `full` fetches what did not change as well.

    A failure of the network or of the site's listing raises FetchError and leaves the index as it was; what was
    fetched by then is kept, and the next run goes on with it. A post that cannot be read is reported and keeps its
    last good reading.
    """
    if max_pages < 1:
        raise BadInput("A sync fetches at least one page. Give --max-pages a number from 1 on.")
    site_name, chosen = str(address(url)).rstrip("/"), chosen or Chosen()
    tell = progress or (lambda stage, done, total: None)
    before = _indexed(home, encoder)
    with Fetcher(allow_private=allow_private, limits=limits) as fetcher:
        site = open_site(url, fetcher, chosen)
        listed = site.listing()
        tell("list", len(listed), len(listed))
        with following(home, site_name, chosen) as followed:
            plan = _plan(site, listed, followed, before, full=full)
            since = None if full or not followed.synced() else _newest(followed)
            haul = _fetch(site, plan.wanted[:max_pages], since, followed, tell)
            taken = _take_in(home, encoder, followed, plan, haul, before, progress)
            followed.ended(site.way, now())
    return _report(site_name, site.way, fetcher, plan, haul, taken)


def _indexed(home: Path, encoder: Encoder) -> dict[str, Page]:
    """The pages of the current generation, which must be this encoder's."""
    base, known = current_pages(home, encoder)
    if base:
        base.close()
    return known


def _plan(site: Site, listed: Sequence[Listed], followed: Followed, before: Mapping[str, Page], *, full: bool) -> _Plan:
    known = followed.posts()
    if not listed:
        hint = "If that is right, 'rolebook remove' takes them out." if known else "Check the address and the filters."
        raise FetchError(f"{followed.site}: the site lists no post that fits. {hint}")
    here = {item.source for item in listed}
    away = {source: post.item for source, post in known.items() if source not in here}
    by_number = {item.number: source for source, item in away.items() if item.number is not None}
    moved = {item.source: by_number[item.number] for item in listed if item.number in by_number}
    missing = [item for source, item in away.items() if source not in moved.values()]
    gone = frozenset(item.source for item in site.gone(missing)) if missing else frozenset()
    wanted = [item for item in listed if full or _is_stale(item, known.get(item.source), before)]
    fresh = here - {item.source for item in wanted}
    unreadable = {source: known[source].fetched_at for source in sorted(fresh) if known[source].unreadable}
    return _Plan(wanted, moved, gone, len(listed) + len(missing) - len(gone), unreadable)


def _is_stale(item: Listed, post: Post | None, before: Mapping[str, Page]) -> bool:
    """Whether what was fetched last of a post, if anything, is not what the site has now."""
    if post is None or (post.item.number, post.item.stamp) != (item.number, item.stamp):
        return True
    if post.waiting:
        return False  # a run that was broken off has fetched it
    return not item.stamp or not (post.unreadable or item.source in before)


def _newest(followed: Followed) -> str | None:
    """The newest stamp that WordPress gave before."""
    stamps = (post.item.stamp for post in followed.posts().values() if post.item.number is not None)
    return max(filter(STAMP.match, stamps), default=None)


def _fetch(site: Site, wanted: Sequence[Listed], since: str | None, followed: Followed, tell: Progress) -> _Haul:
    """Fetches into the state, where each page is safe as soon as it is there."""
    haul = _Haul()
    try:
        for item, page in site.fetch(wanted, since):
            haul.tried.add(item.source)
            if isinstance(page, RawPage):
                followed.keep(item, page)
            elif page is None:
                haul.closed.add(item.source)
            else:
                haul.failed.append(page)
            tell("fetch", len(haul.tried), len(wanted))
    except BudgetSpent:
        pass  # the report says how many are left
    return haul


def _take_in(
    home: Path,
    encoder: Encoder,
    followed: Followed,
    plan: _Plan,
    haul: _Haul,
    before: Mapping[str, Page],
    progress: Progress | None,
) -> _Taken:
    """Hands what waits to the index, and drops what is gone unless another sync follows it."""
    posts = followed.posts()
    closed = plan.gone | (haul.closed & posts.keys())
    drops = {*closed} | {old for new, old in plan.moved.items() if new in posts}
    doomed = (drops & before.keys()) - followed_elsewhere(home, followed.folder)
    digests: dict[str, str] = {}
    pages = _handed(followed, drops, digests)
    report = update(pages, home, encoder, lambda page: page.key in doomed, progress=progress)
    after = _indexed(home, encoder)
    unreadable = {source for source, digest in digests.items() if source not in after or after[source].sha256 != digest}
    followed.indexed(unreadable)
    followed.forget(drops)
    taken = _Taken(report, gone=len(closed & before.keys()))
    for source in digests.keys() - unreadable:
        was = before.get(source) or before.get(plan.moved.get(source, ""))
        taken.new += was is None
        taken.changed += was is not None and was.sha256 != digests[source]
    return taken


def _handed(followed: Followed, drops: set[str], digests: dict[str, str]) -> Iterator[RawPage]:
    """The pages that wait, but dropped ones; notes the SHA-256 of each."""
    for page in followed.waiting():
        if page.source not in drops:
            digests[page.source] = hashlib.sha256(page.content).hexdigest()
            yield page


def _report(site: str, way: str, fetcher: Fetcher, plan: _Plan, haul: _Haul, taken: _Taken) -> SyncReport:
    again = "'rolebook sync --full' reads it again."
    known = [UnreadablePage(f"{name}: held nothing to read at {at}. {again}") for name, at in plan.unreadable.items()]
    failed = (*haul.failed, *taken.report.failed, *known)
    left = len(plan.wanted) - len(haul.tried)
    others = taken.new + taken.changed + len(failed) + left + len(haul.closed)
    return SyncReport(
        site=site,
        way=way,
        generation=taken.report.generation,
        new=taken.new,
        changed=taken.changed,
        unchanged=max(0, plan.standing - others),
        gone=taken.gone,
        failed=failed,
        left=left,
        requests=fetcher.requests,
        fetched=fetcher.bytes,
        blueprints=taken.report.blueprints,
        passages=taken.report.passages,
        encoded=taken.report.encoded,
    )
