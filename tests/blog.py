"""A small WordPress look-alike: REST with its filters and paging, sitemap and HTML pages, and faults to order."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.webserver import Answer, Web

ROLES = ("MLOps Manager", "Data Engineer", "SRE Director", "FinOps Lead", "Release Manager")


@dataclass
class BlogPost:
    number: int
    role: str
    duties: Sequence[str]
    slug: str
    modified: str = "2026-01-01T00:00:00"
    status: str = "publish"
    protected: bool = False
    category: int = 1

    @property
    def content(self) -> str:
        return "<h2>3) Core Responsibilities</h2><ul>" + "".join(f"<li>{duty}</li>" for duty in self.duties) + "</ul>"


@dataclass
class Faults:
    """What goes wrong until the test clears it."""

    listing: Answer | None = None  # instead of the listing
    listing_page: int = 1  # from which page of it on
    broken: set[int] = field(default_factory=set)  # posts at whose contents the server fails
    contents_left: int | None = None  # replies with contents before the server goes away


class Blog(Web):
    """Posts by number; `rest` False switches the API off, as plugins do."""

    def __init__(self, count: int = 5) -> None:
        super().__init__()
        self.posts: dict[int, BlogPost] = {}
        self.faults = Faults()
        self.rest = True
        self.dated = True  # the sitemap says when a page was modified
        self.per_page = 100
        self.routes |= {
            "/": lambda query: self._front(query),
            "/wp-json/wp/v2/posts": self._posts,
            "/wp-json/wp/v2/categories": self._categories,
            "/sitemap.xml": lambda query: self._sitemap(),
        }
        for number in range(1, count + 1):
            self.write(number)

    def write(self, number: int, role: str = "", duties: Sequence[str] = (), slug: str = "") -> BlogPost:
        role = role or (ROLES[number - 1] if number <= len(ROLES) else f"Platform Engineer {number}")
        duties = duties or [f"Own matter {number} of the platform", f"Review item {number} each week"]
        self.posts[number] = BlogPost(number, role, duties, slug or role.lower().replace(" ", "-"))
        return self.posts[number]

    def edit(self, number: int, duty: str, modified: str = "2026-02-01T00:00:00") -> None:
        post = self.posts[number]
        post.duties, post.modified = [*post.duties, duty], modified

    def contents_asked(self) -> int:
        """How many replies with contents were asked for."""
        return sum("title" in target for target in self.seen)

    def answer(self, target: str) -> Answer:
        slug = re.fullmatch(r"/blog/([\w-]+)/", target)
        if slug:
            return self._page(slug.group(1))
        return super().answer(target)

    def _front(self, query: dict[str, str]) -> Answer:
        if "p" in query:
            return Answer(status=301, headers={"Location": f"/blog/{self.posts[int(query['p'])].slug}/"})
        link = f"<link rel='https://api.w.org/' href='{self.url}/wp-json/' />" if self.rest else ""
        return Answer(f"<!doctype html><html><head>{link}</head><body><p>Our blog</p></body></html>")

    def _open(self) -> list[BlogPost]:
        return [post for post in self.posts.values() if post.status == "publish"]

    def _posts(self, query: dict[str, str]) -> Answer:
        if not self.rest:
            return Answer('{"code":"rest_disabled"}', 401, {"Content-Type": "application/json"})
        whole = "title" in query.get("_fields", "")
        found = [post for post in self._open() if self._fits(post, query)]
        key = (lambda post: post.modified) if query.get("orderby") == "modified" else (lambda post: post.number)
        found.sort(key=key, reverse=query.get("order") == "desc")
        if fault := self._fault(query, found, whole):
            return fault
        size = min(int(query.get("per_page", 10)), self.per_page)
        pages = -(-len(found) // size)
        page = int(query.get("page", 1))
        if page > max(pages, 1):
            return Answer('{"code":"rest_post_invalid_page_number"}', 400)
        listed = [self._json(post, whole) for post in found[(page - 1) * size : page * size]]
        headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages), "Content-Type": "application/json"}
        return Answer(json.dumps(listed), 200, headers)

    def _fault(self, query: dict[str, str], found: list[BlogPost], whole: bool) -> Answer | None:
        faults = self.faults
        listing = not whole and query.get("per_page") != "1" and int(query.get("page", 1)) >= faults.listing_page
        if listing and faults.listing:
            return faults.listing
        if whole and faults.broken & {post.number for post in found}:
            return Answer("<h1>There has been a critical error on this website.</h1>", 500)
        if whole and faults.contents_left is not None:
            faults.contents_left -= 1
            if faults.contents_left < 0:
                return Answer("[", cut=0)
        return None

    def _fits(self, post: BlogPost, query: dict[str, str]) -> bool:
        include = query.get("include")
        return (
            (include is None or str(post.number) in include.split(","))
            and query.get("categories", str(post.category)) == str(post.category)
            and query.get("search", "").lower() in (post.role + post.content).lower()
            and (post.modified > query["modified_after"].rstrip("Z") if "modified_after" in query else True)
        )

    def _json(self, post: BlogPost, whole: bool) -> dict[str, object]:
        facts: dict[str, object] = {
            "id": post.number,
            "slug": post.slug,
            "link": f"{self.url}/blog/{post.slug}/",
            "status": post.status,
            "modified_gmt": post.modified,
            "content": {"protected": post.protected},
        }
        if whole:
            rendered = "" if post.protected else post.content
            facts["date_gmt"] = "2026-01-01T00:00:00"
            facts["title"] = {"rendered": f"{post.role}: Role Blueprint"}
            facts["content"] = {"rendered": rendered, "protected": post.protected}
        return facts

    def _categories(self, query: dict[str, str]) -> Answer:
        known = [
            {"id": 1, "slug": "engineering", "name": "Engineering"},
            {"id": 2, "slug": "data", "name": "Data & AI"},
        ]
        if "slug" in query:
            known = [entry for entry in known if entry["slug"] == query["slug"]]
        if "include" in query:
            known = [entry for entry in known if str(entry["id"]) == query["include"]]
        return Answer(json.dumps(known), headers={"Content-Type": "application/json"})

    def _sitemap(self) -> Answer:
        entries = "".join(
            f"<url><loc>{self.url}/blog/{post.slug}/</loc>"
            + (f"<lastmod>{post.modified}</lastmod></url>" if self.dated else "</url>")
            for post in self._open()
        )
        return Answer(f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>')

    def _page(self, slug: str) -> Answer:
        for post in self._open():
            if post.slug == slug:
                head = (
                    f'<link rel="canonical" href="{self.url}/blog/{slug}/"><title>{post.role}: Role Blueprint</title>'
                )
                body = '<form class="post-password-form"></form>' if post.protected else post.content
                page = f"<html><head>{head}</head><body><article><h1>{post.role}: Role Blueprint</h1>{body}</article></body>"
                return Answer(f"<!doctype html>{page}</html>", headers={"Content-Type": "text/html; charset=utf-8"})
        return Answer("<html><body><h1>Nothing here</h1></body></html>", 404)
