"""HTML to a tree: the one place that calls the parser."""

import re

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

DEEPEST = 150  # levels; pages of site builders have up to 140
_XML_DECLARATION = re.compile(r"<\?xml[^<>]{0,300}>", re.IGNORECASE)


def soup_of(html: str) -> BeautifulSoup:
    """The tree of a page or fragment, at most about DEEPEST levels deep: what is deeper stands side by side there.

    An XML declaration and a bare address are taken for HTML like any other.
    """
    soup = BeautifulSoup(f"<!---->{_XML_DECLARATION.sub('', html)}", "lxml")
    for tag in _at_the_limit(soup):
        _flatten(tag)
    return soup


def _at_the_limit(soup: BeautifulSoup) -> list[Tag]:
    """The tags at the deepest level allowed that have tags in them."""
    level: list[Tag] = [soup]
    for _ in range(DEEPEST):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag) and child.contents]
        if not level:
            break
    return level


def _flatten(root: Tag) -> None:
    """Makes all tags under `root` its children, each with its own text; linear in their number."""
    tags = [node for node in root.descendants if isinstance(node, Tag)]
    own = [[str(text) for text in tag.contents if type(text) is NavigableString] for tag in tags]
    lead = [str(text) for text in root.contents if type(text) is NavigableString]
    root.clear()
    for text in lead:
        root.append(text)
    for tag, texts in zip(tags, own, strict=True):
        flat = Tag(name=tag.name, attrs=dict(tag.attrs))
        if texts:
            flat.append("".join(texts))
        root.append(flat)
