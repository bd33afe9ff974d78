"""Which pages describe the same post, which of them stands for it, and under which id."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import parse_qs, urlsplit

from ingest.titles import slug

SAME = 0.9  # Jaccard of passage ids from which two pages of one role are one post
THIN = 0.5  # share of the fullest page's passages below which a page is an excerpt
FORMS = ("json", "html", "markdown", "text")  # by provenance, best first
REST = re.compile(r"/wp/v2/posts/(\d+)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is needed of one page's blueprint to tell whether it is another's double."""

    number: int
    source: str
    format: str
    blueprint_id: str  # as parsed
    role: str
    url: str | None
    published: str | None
    modified: str | None
    passage_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """The id under which a blueprint is kept, or the id of the one that stands for it."""

    blueprint_id: str
    duplicate: bool


def resolve(candidates: Iterable[Candidate]) -> Mapping[int, Standing]:
    """A standing for every candidate's number; depends on the set of candidates only, never on their order."""
    roles: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=_content_order):
        roles[slug(candidate.role)].append(candidate)
    posts = [post for role in sorted(roles) for post in _posts(roles[role])]
    kept = [min(post, key=partial(_provenance, post)) for post in posts]
    ids = _ids(kept)
    return {
        candidate.number: Standing(ids[best.number], duplicate=candidate is not best)
        for best, post in zip(kept, posts, strict=True)
        for candidate in post
    }


def address(url: str | None) -> str | None:
    """A post's address in one spelling, its REST address as "?p=ID"; None for none and for a site's front page."""
    if not url:
        return None
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    query = parse_qs(parts.query)
    path = parts.path.rstrip("/")
    rest = REST.search(path) or REST.search(query.get("rest_route", [""])[0])
    number = rest.group(1) if rest else query.get("p", [""])[0]
    if number:
        return f"{host}?p={number}"
    return f"{host}{path}" if path else None


def _content_order(candidate: Candidate) -> tuple[str, str, str, str]:
    return candidate.published or "~", address(candidate.url) or "~", _digest(candidate), candidate.source


def _digest(candidate: Candidate) -> str:
    return hashlib.sha256("\n".join(sorted(candidate.passage_ids)).encode()).hexdigest()[:8]


def _posts(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Candidates of one role, grouped by post."""
    posts: list[list[Candidate]] = []
    for candidate in candidates:
        near = [post for post in posts if any(_same(candidate, other) for other in post)]
        posts = [post for post in posts if post not in near]
        posts.append([*(other for post in near for other in post), candidate])
    return posts


def _same(one: Candidate, other: Candidate) -> bool:
    here = address(one.url)
    if here is not None and here == address(other.url) and one.source != other.source:
        return True
    small, large = sorted((len(one.passage_ids), len(other.passage_ids)))
    if large == 0 or small < SAME * large:
        return False
    common = len(one.passage_ids & other.passage_ids)
    return common >= SAME * (small + large - common)


def _provenance(post: Sequence[Candidate], candidate: Candidate) -> tuple[object, ...]:
    """Sorts the page that stands for the post first: whole, dated, newest if the texts differ, best form."""
    fullest = max(len(other.passage_ids) for other in post)
    edited = len({other.passage_ids for other in post}) > 1
    form = next((rank for rank, name in enumerate(FORMS) if name in candidate.format), len(FORMS))
    return (
        len(candidate.passage_ids) < THIN * fullest,
        not (candidate.url and candidate.modified),
        -_day(candidate.modified) if edited else 0,
        form,
        candidate.published is None,
        -len(candidate.passage_ids),
        *_content_order(candidate),
    )


def _day(stamp: str | None) -> int:
    try:
        return date.fromisoformat((stamp or "")[:10]).toordinal()
    except ValueError:
        return 0


def _ids(kept: Sequence[Candidate]) -> dict[int, str]:
    """The parsed id for the first of a role on its host, with the post's slug for every further one."""
    taken: dict[str, int] = {}
    for candidate in sorted(kept, key=_content_order):
        plain, post = candidate.blueprint_id, _post_slug(candidate.url)
        named = f"{plain}/{post}" if post else f"{plain}~{_digest(candidate)}"
        choices = (plain, named, f"{named}~{_digest(candidate)}", f"{named}~{candidate.number}")
        taken[next(choice for choice in choices if choice not in taken)] = candidate.number
    return {number: blueprint_id for blueprint_id, number in taken.items()}


def _post_slug(url: str | None) -> str | None:
    place = address(url)
    return slug(re.split(r"[/?]", place)[-1]) or None if place else None
