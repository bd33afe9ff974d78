"""HTML elements, already cleaned of the page around them, to a flat list of `Element`s."""

import re
from collections.abc import Iterator
from itertools import count

from bs4.element import CData, Comment, Declaration, Doctype, NavigableString, PageElement, ProcessingInstruction, Tag

from ingest.elements import Element

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul".split()
)
SKIPPED = frozenset(
    "script style noscript template svg canvas iframe object embed audio video map button input select textarea option "
    "head title meta link img picture source hr math".split()
)
_NOT_TEXT = (Comment, CData, Declaration, Doctype, ProcessingInstruction)
_BOLD = frozenset(("strong", "b"))


def elements_of(root: Tag) -> tuple[Element, ...]:
    """The content of `root` in page order; headings, items, rows and paragraphs as the markup says."""
    return tuple(_Walk().blocks(root))


def text_of(node: PageElement) -> str:
    """The words of `node`; `<br>` and line breaks of the source stay as line breaks, other white space is folded."""
    parts: list[str] = []
    _collect(node, parts)
    return _fold("".join(parts))


def _fold(text: str) -> str:
    text = re.sub(r"[^\S\n]+", " ", text.replace("\xa0", " ").replace("\xad", "").replace("\u200b", ""))
    return text.strip()


def _collect(node: PageElement, parts: list[str]) -> None:
    stack: list[PageElement | str] = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, str) and not isinstance(top, NavigableString):
            parts.append(top)
        elif isinstance(top, NavigableString):
            if not isinstance(top, _NOT_TEXT):
                parts.append(_source_lines(str(top)))
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


class _Walk:
    """One pass over a tree, counting its lists and tables."""

    def __init__(self) -> None:
        self._groups = count(1)

    def blocks(self, parent: Tag) -> Iterator[Element]:
        """The elements under `parent`; runs of inline content between blocks are paragraphs."""
        run: list[PageElement] = []
        for child in parent.children:
            if isinstance(child, Tag) and (child.name in BLOCKS or _holds_block(child)):
                yield from _paragraphs(run)
                run = []
                yield from self.block(child)
            elif not (isinstance(child, Tag) and child.name in SKIPPED):
                run.append(child)
        yield from _paragraphs(run)

    def block(self, tag: Tag) -> Iterator[Element]:
        if tag.name in HEADINGS:
            if text := " ".join(text_of(tag).split()):
                yield Element("heading", text, level=HEADINGS[tag.name])
        elif tag.name in ("ul", "ol", "menu"):
            yield from self.items(tag, 1, next(self._groups))
        elif tag.name == "table":
            yield from self.rows(tag)
        elif tag.name == "pre":
            if text := "".join(_raw(tag)).strip("\n"):
                yield Element("code", text)
        elif tag.name == "blockquote":
            for inner in self.blocks(tag):
                yield Element("quote", inner.text) if inner.kind == "paragraph" else inner
        elif tag.name == "dl":
            yield from self.definitions(tag)
        elif tag.name not in SKIPPED:
            yield from self.blocks(tag)

    def items(self, parent: Tag, depth: int, group: int) -> Iterator[Element]:
        """A list's items, nested ones one deeper; `start` and `value` give the numbers."""
        number = _integer(parent.get("start"), 1) if parent.name == "ol" else None
        for child in parent.children:
            if not isinstance(child, Tag):
                continue
            if child.name in ("ul", "ol", "menu"):
                yield from self.items(child, depth + 1, group)
            elif child.name != "li":
                yield from self.blocks(child) if child.name not in SKIPPED else ()
            else:
                if number is not None:
                    number = _integer(child.get("value"), number)
                yield from self.item(child, depth, group, number)
                number = number + 1 if number is not None else None

    def item(self, li: Tag, depth: int, group: int, number: int | None) -> Iterator[Element]:
        """An item, then its nested lists; an item that holds headings or tables is a box, not an item."""
        if li.find([*HEADINGS, "table", "pre"]):
            yield from self.blocks(li)
            return
        own, nested = _own_and_nested(li)
        text = _fold("".join(own))
        if text:
            yield Element("item", text, depth=depth, number=number, group=group, bold=_is_bold(li, text))
        for inner in nested:
            yield from self.items(inner, depth + 1 if text else depth, group)

    def rows(self, table: Tag) -> Iterator[Element]:
        """A table's rows; a table that only lays out the page is walked through."""
        trs = [tr for tr in table.find_all("tr") if tr.find_parent("table") is table]
        cells = [[c for c in tr.find_all(["td", "th"], recursive=False)] for tr in trs]
        widest = max(map(len, cells), default=0)
        if widest < 2 or table.find("table") or any(_holds_section(c) for row in cells for c in row):
            yield from self.blocks_of_cells(cells)
            return
        if caption := table.find("caption"):
            yield from _paragraphs([caption])
        group = next(self._groups)
        for tr, row in zip(trs, cells, strict=True):
            texts = tuple(" ".join(text_of(c).split()) for c in row)
            if any(texts):
                header = bool(row) and (tr.find_parent("thead") is not None or all(c.name == "th" for c in row))
                yield Element("row", " | ".join(texts), cells=texts, header=header, group=group)

    def blocks_of_cells(self, cells: list[list[Tag]]) -> Iterator[Element]:
        for row in cells:
            for cell in row:
                yield from self.blocks(cell)

    def definitions(self, dl: Tag) -> Iterator[Element]:
        """Terms and their definitions: the definition is a field under its term."""
        term = None
        for child in dl.find_all(["dt", "dd"]):
            text = " ".join(text_of(child).split())
            if child.name == "dt":
                term = text.rstrip(":") or None
            elif text and child.find(["ul", "ol", "table", *HEADINGS]):
                if term:
                    yield Element("paragraph", f"{term}:")
                yield from self.blocks(child)
            elif text:
                yield Element("field", f"{term}: {text}" if term else text, label=term)


def _paragraphs(run: list[PageElement]) -> Iterator[Element]:
    """A run of inline content as one paragraph, or several where two line breaks part it."""
    parts: list[str] = []
    for node in run:
        _collect(node, parts)
    for text in re.split(r"\n\s*\n", _fold("".join(parts))):
        if text := text.strip():
            yield Element("paragraph", text, bold=_all_bold(run))


def _own_and_nested(li: Tag) -> tuple[list[str], list[Tag]]:
    """An item's own words and the outermost lists inside it."""
    own: list[str] = []
    nested: list[Tag] = []
    stack: list[PageElement] = list(reversed(list(li.children)))
    while stack:
        node = stack.pop()
        if isinstance(node, Tag) and node.name in ("ul", "ol", "menu"):
            nested.append(node)
        elif isinstance(node, Tag) and node.name not in SKIPPED and node.find(["ul", "ol", "menu"]):
            stack.extend(reversed(list(node.children)))
        else:
            _collect(node, own)
    return own, nested


def _holds_block(tag: Tag) -> bool:
    return tag.name not in SKIPPED and tag.find(list(BLOCKS)) is not None


def _holds_section(cell: Tag) -> bool:
    """Whether a cell holds a heading and something under it: then its table lays out the page."""
    heading = cell.find(list(HEADINGS))
    return isinstance(heading, Tag) and len(text_of(cell)) > len(text_of(heading)) + 1


def _is_bold(li: Tag, text: str) -> bool:
    """Whether an item's words are bold throughout, but for a parenthesis after them."""
    bold = " ".join(" ".join(text_of(b).split()) for b in li.find_all(list(_BOLD)) if b.find_parent(list(_BOLD)) is None)
    rest = " ".join(text.split()).removeprefix(bold.strip()).strip() if bold.strip() else "-"
    return not rest or bool(re.fullmatch(r"\([^()]*\)", rest))


def _all_bold(run: list[PageElement]) -> bool:
    tags = [n for n in run if isinstance(n, Tag) and n.name != "br"]
    bare = any(str(n).strip() for n in run if isinstance(n, NavigableString))
    return bool(tags) and not bare and all(t.name in _BOLD for t in tags)


def _integer(value: object, default: int) -> int:
    text = str(value or "")
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else default


def _raw(tag: Tag) -> Iterator[str]:
    for node in tag.descendants:
        if isinstance(node, Tag) and node.name == "br":
            yield "\n"
        elif isinstance(node, NavigableString) and not isinstance(node, _NOT_TEXT):
            yield str(node)
