"""A draft's flat elements to a `Blueprint`: sections, canonical Markdown and the offsets of every block in it."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from ingest.blueprint import Block, Blueprint, Section, Topic
from ingest.elements import Draft, Element
from ingest.repair import fold, repair
from ingest.titles import function_of, level_of, role_of, slug
from ingest.topics import topic_of

_NUMBER = re.compile(r"(\d{1,2})[.)]\s+\S")
_SUBJECT = re.compile(
    r"(?:(?:The|An?) )?(?:role of (?:the |an? ))?((?:[A-Z][\w/&.-]*|of|and|for|,)(?: (?:[A-Z][\w/&.-]*|of|and|for|&))*)"
    r"(?: \([^)]*\))? (?:role )?(?:is|are|leads?|owns?|will|plays|serves|runs|builds|designs|manages|oversees)\b"
)


@dataclass(slots=True)
class _Open:
    """A section while its blocks are still being read."""

    title: str | None
    level: int
    topic: Topic
    blocks: list[Block] = field(default_factory=list)
    sections: list["_Open"] = field(default_factory=list)

    def close(self) -> Section:
        number = _NUMBER.match(self.title or "")
        return Section(
            number=number.group(1) if number else None,
            title=self.title,
            topic=self.topic,
            blocks=tuple(self.blocks),
            sections=tuple(s.close() for s in self.sections),
        )


class _Page:
    """Canonical Markdown as it grows; each piece knows where it stands."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._last = ""

    def add(self, text: str, *, before: str = "", after: str = "", kind: str) -> tuple[int, int]:
        """Appends a line or lines and returns the offsets of `text`; lines of one list or table stay together."""
        if self._parts:
            self._push("\n" if kind == self._last and kind in ("list", "table") else "\n\n")
        self._push(before)
        start = self._length
        self._push(text)
        self._push(after)
        self._last = kind
        return start, start + len(text)

    def text(self) -> str:
        return "".join(self._parts) + ("\n" if self._parts else "")

    def _push(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def outline(draft: Draft) -> Blueprint:
    """The blueprint that a draft describes: its elements repaired, nested by heading level and laid out as Markdown."""
    elements = repair(draft.elements)
    title = fold(draft.title or "") or _title_within(elements) or "Untitled"
    role = role_of(title)
    page = _Page()
    page.add(title, before="# ", kind="heading")
    sections = tuple(s.close() for s in _sections(elements, page, role))
    text = page.text()
    return Blueprint(
        blueprint_id=_blueprint_id(role, draft.url, text),
        title=title,
        role=role,
        level=level_of(role),
        function=function_of(role),
        url=draft.url,
        published=draft.published,
        modified=draft.modified,
        text=text,
        sections=sections,
    )


def _blueprint_id(role: str, url: str | None, text: str) -> str:
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return f"{slug(role)}@{host}" if host else f"{slug(role)}~{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def _title_within(elements: Sequence[Element]) -> str | None:
    """The role as the page itself names it: in its scorecard, else as the subject of its first sentence."""
    for e in elements:
        if e.kind == "row" and e.cells and len(e.cells) > 1 and (e.cells[0] or "").casefold() in ("role title", "role"):
            return e.cells[1]
    first = next((e.text for e in elements if e.kind == "paragraph"), "")
    subject = _SUBJECT.match(first)
    return subject.group(1) if subject else next((e.text for e in elements if e.kind == "heading" and e.text), None)


def _sections(elements: Iterable[Element], page: _Page, role: str) -> list[_Open]:
    """Elements under their headings: two levels of sections, `heading` blocks below them."""
    top: list[_Open] = []
    chain: list[_Open] = []  # the open section and subsection
    for element in elements:
        if element.kind == "heading":
            if chain and chain[0].level == 0:
                chain.clear()
            while chain and chain[-1].level >= element.level:
                chain.pop()
            if len(chain) < 2:
                section = _opened(element, chain[-1] if chain else None, page, role)
                (chain[-1].sections if chain else top).append(section)
                chain.append(section)
                continue
        if not chain:
            chain.append(_Open(None, 0, "summary"))
            top.append(chain[0])
        if element.kind == "heading":
            element = replace(element, depth=element.level - chain[-1].level)
        chain[-1].blocks.append(_block(element, page))
    return top


def _opened(heading: Element, parent: _Open | None, page: _Page, role: str) -> _Open:
    title = heading.text or None
    if title:
        page.add(title, before="### " if parent else "## ", kind="heading")
    return _Open(title, heading.level, topic_of(title or "", role, parent.topic if parent else "other"))


def _block(element: Element, page: _Page) -> Block:
    indent = "  " * (element.depth - 1)
    text = element.text
    if element.kind == "item":
        mark = f"{element.number}. " if element.number is not None else "- "
        start, end = page.add(text, before=indent + mark, kind="list")
    elif element.kind == "field":
        start, end = page.add(text, before=indent + "- ", kind="list")
    elif element.kind == "row":
        rule = "\n|" + " --- |" * max(1, len(element.cells or ())) if element.header else ""
        start, end = page.add(text, before="| ", after=" |" + rule, kind="table")
    elif element.kind == "heading":
        start, end = page.add(text, before="#### ", kind="heading")
    elif element.kind == "code":
        start, end = page.add(text, before="```\n", after="\n```", kind="code")
    else:
        start, end = page.add(text, before="> " if element.kind == "quote" else "", kind=element.kind)
    return Block(
        kind=element.kind,
        text=text,
        start=start,
        end=end,
        depth=element.depth,
        number=element.number,
        label=element.label,
        cells=element.cells,
        header=element.header,
    )
