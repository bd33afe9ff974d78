"""Citations: made of passages, checked against the blueprint's text, linked to the very words on the page."""

import re
from dataclasses import dataclass
from typing import Literal

from ingest.blueprint import Blueprint, Passage, Topic, walk
from search.fragments import cells, deep_link

__all__ = ["Citation", "Verification", "cite", "deep_link", "plain", "verify"]

Verification = Literal["verbatim", "misattributed", "stitched", "fabricated"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Words of a blueprint as evidence; nothing but "verbatim" leaves an answer."""

    id: int  # the n of the [n] in the answer
    passage_id: str
    blueprint_id: str
    role: str
    topic: Topic
    path: tuple[str, ...]
    quote: str  # == blueprint.text[start:end]
    start: int
    end: int
    url: str | None
    deep_link: str | None
    modified: str | None
    verification: Verification = "verbatim"


def cite(number: int, passage: Passage, blueprint: Blueprint) -> Citation | None:
    """A citation of the whole passage, or None where the blueprint does not bear it out."""
    citation = Citation(
        id=number,
        passage_id=passage.passage_id,
        blueprint_id=passage.blueprint_id,
        role=passage.role,
        topic=passage.topic,
        path=passage.path,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
        url=blueprint.url,
        deep_link=deep_link(blueprint.url, passage.text, blueprint.text, passage.start),
        modified=blueprint.modified,
    )
    return citation if verify(citation, blueprint) == "verbatim" else None


def verify(citation: Citation, blueprint: Blueprint) -> Verification:
    """How the quote stands to this blueprint, whatever the citation says of itself.

    verbatim: the blueprint's own words at start:end. misattributed: its words, but at another place or cited under
    another blueprint, role or heading. stitched: every sentence or part between ellipses stands there, the whole does
    not. fabricated: anything else.
    """
    quote = citation.quote
    if not quote.strip():
        return "fabricated"
    if quote in blueprint.text:
        own = citation.blueprint_id == blueprint.blueprint_id and citation.role == blueprint.role
        placed = 0 <= citation.start < citation.end and blueprint.text[citation.start : citation.end] == quote
        return "verbatim" if own and placed and _stands_under(citation, blueprint) else "misattributed"
    parts = [part for part in re.split(r"\s*(?:\[?(?:\.{3}|…)\]?|\n|(?<=[.!?;])\s)\s*", quote) if part.strip()]
    if len(parts) > 1 and all(part in blueprint.text for part in parts):
        return "stitched"
    return "fabricated"


def _stands_under(citation: Citation, blueprint: Blueprint) -> bool:
    """Whether the path is the titles over the quote, then texts that come before it in its section."""
    for titles, section in walk(blueprint.sections):
        blocks = section.blocks
        if blocks and blocks[0].start <= citation.start and citation.end <= blocks[-1].end:
            before = {block.text for block in blocks if block.start < citation.start}
            return citation.path[: len(titles)] == titles and before.issuperset(citation.path[len(titles) :])
    return False


def plain(quote: str) -> str:
    """A quote on one line for reading: a row's cells and a group's lines set apart by semicolons, without the marks of
    lists. What else the first line begins with is the page's own ("> 90%"): a block's text has no mark before it."""
    first, *more = quote.removeprefix("- ").splitlines() or [""]
    found = [*cells(first, marked=False), *(words for line in more for words in cells(line))]
    parts = [" ".join(words) for words in found]
    return "".join(part + (" " if part.endswith((".", "!", "?")) else "; ") for part in parts[:-1]) + "".join(
        parts[-1:]
    )
