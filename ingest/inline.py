"""What kind each HTML tag is, and the words of a tag."""

import re
from collections.abc import Iterator

from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
SKIPPED = _names(
    "script style noscript template svg canvas iframe object embed audio video map button input select textarea option "
    "head title meta link img picture source hr math"
)
_NOT_TEXT = (Comment, CData, Declaration, Doctype, ProcessingInstruction)


def text_of(node: PageElement) -> str:
    """The words of `node`; `<br>` and line breaks of the source stay as line breaks, other white space is folded."""
    parts: list[str] = []
    collect(node, parts)
    return fold("".join(parts))


def fold(text: str) -> str:
    """White space folded but for line breaks; invisible characters dropped."""
    text = re.sub(r"[^\S\n]+", " ", text.replace("\xa0", " ").replace("\xad", "").replace("\u200b", ""))
    return text.strip()


def collect(node: PageElement, parts: list[str]) -> None:
    """Adds the words under `node` to `parts`; a block stands on lines of its own."""
    stack: list[PageElement | str] = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, str) and not isinstance(top, NavigableString):
            parts.append(top)
        elif isinstance(top, NavigableString):
            if not isinstance(top, _NOT_TEXT):
                text = _source_lines(str(top))
                broken = bool(parts) and parts[-1] == "\n"  # the source's line break after a <br> is the same one
                parts.append(text.removeprefix("\n") if broken else text)
        elif isinstance(top, Tag):
            if top.name == "br":
                parts.append("\n")
            elif top.name not in SKIPPED:
                inner: list[PageElement | str] = list(top.children)
                if top.name in BLOCKS:
                    inner = ["\n", *inner, "\n"]
                stack.extend(reversed(inner))


def _source_lines(text: str) -> str:
    """White space folded, but for a line break and its indent before a dash, which WordPress leaves as a list."""
    text = re.sub(r"\r\n?", "\n", text)
    return re.sub(r"\s*\n(?![ \t]*[–—] )\s*|[^\S\n]+(?![–—] )", " ", text)


def raw_of(tag: Tag) -> Iterator[str]:
    """The text of `tag` to the letter, for code."""
    for node in tag.descendants:
        if isinstance(node, Tag) and node.name == "br":
            yield "\n"
        elif isinstance(node, NavigableString) and not isinstance(node, _NOT_TEXT):
            yield str(node)
