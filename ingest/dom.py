"""HTML elements, already cleaned of the page around them, to a flat list of `Element`s."""

import re
from collections.abc import Iterator
from itertools import count

from bs4.element import NavigableString, PageElement, Tag

from ingest.elements import Element
from ingest.inline import BLOCKS, HEADINGS, SKIPPED, collect, fold, raw_of, text_of

_BOLD = frozenset(("strong", "b"))
_LISTS = frozenset(("ul", "ol", "menu"))
_BLOCK, _LIST, _TABLE, _HEADING, _PRE = 1, 2, 4, 8, 16
_SECTION = _TABLE | _HEADING | _PRE
_KINDS = {
    **dict.fromkeys(BLOCKS, _BLOCK),
    **dict.fromkeys(_LISTS, _BLOCK | _LIST),
    **dict.fromkeys(HEADINGS, _BLOCK | _HEADING),
    "table": _BLOCK | _TABLE,
    "pre": _BLOCK | _PRE,
}
_DEEPEST = 150  # levels of boxes or lists; what is deeper is read as plain text


def elements_of(root: Tag) -> tuple[Element, ...]:
    """The content of `root` in page order; headings, items, rows and paragraphs as the markup says."""
    walk = _Walk(root)
    walk.blocks(root)
    return tuple(walk.out)


class _Walk:
    """One pass over a tree, counting its lists and tables; `out` grows in page order."""

    def __init__(self, root: Tag) -> None:
        self.out: list[Element] = []
        self._held = _held(root)
        self._groups = count(1)
        self._level = 0

    def blocks(self, parent: Tag) -> None:
        """The elements under `parent`; runs of inline content between blocks are paragraphs."""
        if self._level >= _DEEPEST:
            self.out += _paragraphs([parent])
            return
        self._level += 1
        run: list[PageElement] = []
        for child in parent.children:
            if isinstance(child, Tag) and (child.name in BLOCKS or self._holds(child, _BLOCK)):
                self.out += _paragraphs(run)
                run = []
                self.block(child)
            elif not (isinstance(child, Tag) and child.name in SKIPPED):
                run.append(child)
        self.out += _paragraphs(run)
        self._level -= 1

    def block(self, tag: Tag) -> None:
        name = tag.name
        if name in HEADINGS:
            if text := " ".join(text_of(tag).split()):
                self.out.append(Element("heading", text, level=HEADINGS[name]))
        elif name in _LISTS:
            self.items(tag, 1, next(self._groups))
        elif name == "table":
            self.rows(tag)
        elif name == "pre":
            if text := "".join(raw_of(tag)).strip("\n"):
                self.out.append(Element("code", text))
        elif name == "blockquote":
            start = len(self.out)
            self.blocks(tag)
            self.out[start:] = [Element("quote", e.text) if e.kind == "paragraph" else e for e in self.out[start:]]
        elif name == "dl":
            self.definitions(tag)
        elif name not in SKIPPED:
            self.blocks(tag)

    def items(self, parent: Tag, depth: int, group: int) -> None:
        """A list's items, nested ones one deeper; `start` and `value` give the numbers."""
        if depth > _DEEPEST:
            self.out += _paragraphs([parent])
            return
        number = _integer(parent.get("start"), 1) if parent.name == "ol" else None
        for child in parent.children:
            if not isinstance(child, Tag) or child.name in SKIPPED:
                continue
            if child.name in _LISTS:
                self.items(child, depth + 1, group)
            elif child.name != "li":
                self.block(child)
            else:
                if number is not None:
                    number = _integer(child.get("value"), number)
                self.item(child, depth, group, number)
                number = number + 1 if number is not None else None

    def item(self, li: Tag, depth: int, group: int, number: int | None) -> None:
        """An item, then its nested lists; an item that holds headings or tables is a box, not an item."""
        if self._holds(li, _SECTION) and not _only_heading(li):
            self.blocks(li)
            return
        own, nested = self._own_and_nested(li)
        parts: list[str] = []
        for node in own:
            collect(node, parts)
        text = fold("".join(parts))
        if text:
            self.out.append(Element("item", text, depth=depth, number=number, group=group, bold=_is_bold(own, text)))
        for inner in nested:
            self.items(inner, depth + 1 if text else depth, group)

    def rows(self, table: Tag) -> None:
        """A table's rows; a table that only lays out the page is walked through."""
        rows = [(tr, [c for c in _tags(tr) if c.name in ("td", "th")]) for tr in _rows_of(table)]
        if max((len(cells) for _, cells in rows), default=0) < 2 or self._lays_out(table, rows):
            self.blocks(table)
            return
        for child in table.children:
            if isinstance(child, Tag) and child.name == "caption":
                self.out += _paragraphs([child])
        group = next(self._groups)
        for tr, cells in rows:
            texts = tuple(" ".join(text_of(c).split()) for c in cells)
            if any(texts):
                header = (tr.parent is not None and tr.parent.name == "thead") or all(c.name == "th" for c in cells)
                self.out.append(Element("row", " | ".join(texts), cells=texts, header=header, group=group))

    def definitions(self, dl: Tag) -> None:
        """Terms and their definitions: the definition is a field under its term."""
        term = None
        for child in _terms(dl):
            text = " ".join(text_of(child).split())
            if child.name == "dt":
                term = text.rstrip(":") or None
            elif text and self._holds(child, _SECTION | _LIST):
                if term:
                    self.out.append(Element("paragraph", f"{term}:"))
                self.blocks(child)
            elif text:
                self.out.append(Element("field", f"{term}: {text}" if term else text, label=term))

    def _holds(self, tag: Tag, bits: int) -> bool:
        return tag.name not in SKIPPED and bool(self._held.get(id(tag), 0) & bits)

    def _lays_out(self, table: Tag, rows: list[tuple[Tag, list[Tag]]]) -> bool:
        """Whether tables stand in the cells, or headings with something under them."""
        if self._holds(table, _TABLE):
            return True
        return any(self._holds(cell, _HEADING) and _holds_section(cell) for _, cells in rows for cell in cells)

    def _own_and_nested(self, li: Tag) -> tuple[list[PageElement], list[Tag]]:
        """The nodes of an item's own words, and the outermost lists inside it."""
        own: list[PageElement] = []
        nested: list[Tag] = []
        stack: list[PageElement] = list(reversed(li.contents))
        while stack:
            node = stack.pop()
            if isinstance(node, Tag) and node.name in _LISTS:
                nested.append(node)
            elif isinstance(node, Tag) and self._holds(node, _LIST):
                stack.extend(reversed(node.contents))
            else:
                own.append(node)
        return own, nested


def _held(root: Tag) -> dict[int, int]:
    """What kinds of tag each tag has under it; a mark goes up until it meets its like, so this is linear."""
    held: dict[int, int] = {}
    for tag in root.descendants:
        if not isinstance(tag, Tag) or not (bits := _KINDS.get(tag.name, 0)):
            continue
        up = tag.parent
        while up is not None and held.get(id(up), 0) & bits != bits:
            held[id(up)] = held.get(id(up), 0) | bits
            up = up.parent if up is not root else None
    return held


def _tags(parent: Tag) -> list[Tag]:
    return [child for child in parent.children if isinstance(child, Tag)]


def _rows_of(table: Tag) -> Iterator[Tag]:
    for child in _tags(table):
        if child.name == "tr":
            yield child
        elif child.name in ("thead", "tbody", "tfoot"):
            yield from (tr for tr in _tags(child) if tr.name == "tr")


def _terms(dl: Tag) -> Iterator[Tag]:
    """The terms and definitions of a list, also where each pair stands in a box."""
    for child in _tags(dl):
        if child.name in ("dt", "dd"):
            yield child
        elif child.name == "div":
            yield from (inner for inner in _tags(child) if inner.name in ("dt", "dd"))


def _paragraphs(run: list[PageElement]) -> list[Element]:
    """A run of inline content as one paragraph, or several where two line breaks part it."""
    parts: list[str] = []
    for node in run:
        collect(node, parts)
    if not (whole := fold("".join(parts))):
        return []
    bold = _all_bold(run)
    return [Element("paragraph", text.strip(), bold=bold) for text in re.split(r"\n\s*\n", whole) if text.strip()]


def _only_heading(li: Tag) -> bool:
    """Whether an item among others is a heading and no more; alone in its list, it heads what follows the list."""
    heading = li.find(list(HEADINGS))
    if not isinstance(heading, Tag) or len(text_of(li)) > len(text_of(heading)):
        return False
    return li.find_next_sibling("li") is not None or li.find_previous_sibling("li") is not None


def _holds_section(cell: Tag) -> bool:
    heading = cell.find(list(HEADINGS))
    return isinstance(heading, Tag) and len(text_of(cell)) > len(text_of(heading))


def _is_bold(own: list[PageElement], text: str) -> bool:
    """Whether an item's words are bold throughout, but for a parenthesis after them."""
    tags = [node for node in own if isinstance(node, Tag)]
    bold = " ".join(" ".join(text_of(b).split()) for tag in tags for b in _outermost_bold(tag)).strip()
    rest = " ".join(text.split()).removeprefix(bold).strip() if bold else "-"
    return not rest or bool(re.fullmatch(r"\([^()]*\)", rest))


def _outermost_bold(tag: Tag) -> Iterator[Tag]:
    stack = [tag]
    while stack:
        node = stack.pop()
        if node.name in _BOLD:
            yield node
        else:
            stack.extend(child for child in reversed(node.contents) if isinstance(child, Tag))


def _all_bold(run: list[PageElement]) -> bool:
    tags = [n for n in run if isinstance(n, Tag) and n.name != "br"]
    bare = any(str(n).strip() for n in run if isinstance(n, NavigableString))
    return bool(tags) and not bare and all(t.name in _BOLD for t in tags)


def _integer(value: object, default: int) -> int:
    text = str(value or "")
    return int(text) if re.fullmatch(r"-?\d{1,6}", text) else default
