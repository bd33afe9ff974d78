"""WordPress REST replies: one post, an array of posts or pages."""

from ingest.characters import load_json
from ingest.dom import elements_of
from ingest.elements import Draft
from ingest.errors import UnreadablePage
from ingest.soup import soup_of


def read_wordpress(text: str, source: str) -> tuple[Draft, ...]:
    """One draft a post. Entities are decoded once: in titles here, in contents by the HTML parser."""
    try:
        data = load_json(text)
    except (ValueError, RecursionError) as e:
        raise UnreadablePage(f"{source}: the JSON is broken off or damaged ({e}). Fetch it again.") from None
    posts = data if isinstance(data, list) else [data]
    drafts = tuple(_draft(p) for p in posts if isinstance(p, dict) and _rendered(p, "content"))
    if not drafts:
        raise UnreadablePage(
            f"{source}: JSON without a WordPress post (no content.rendered). Give a REST reply of posts."
        )
    return drafts


def is_post(data: object) -> bool:
    """Whether parsed JSON is a post or page of the WordPress REST API."""
    return isinstance(data, dict) and bool(_rendered(data, "content"))


def _draft(post: dict[str, object]) -> Draft:
    content = soup_of(_rendered(post, "content"))
    return Draft(
        title=soup_of(_rendered(post, "title")).get_text() or None,
        elements=elements_of(content),
        url=_string(post.get("link")),
        published=_string(post.get("date_gmt")) or _string(post.get("date")),
        modified=_string(post.get("modified_gmt")) or _string(post.get("modified")),
    )


def _rendered(post: dict[str, object], field: str) -> str:
    value = post.get(field)
    value = value.get("rendered") if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _string(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
