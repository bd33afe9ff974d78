"""What the markup lost: "– " lists inside text, parents written as siblings, fields written as items."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ingest.elements import Element

_DASH_LINE = re.compile(r"\n([ \t]*)[–—] +")
_FIRST_DASH = re.compile(r"^([ \t]*)[–—] +")
_INLINE_DASH = re.compile(r" [–—] (?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1b\x7f\u200b\u2060\ufeff\u00ad]|[\ud800-\udfff]")
_LABEL = re.compile(r"([^\W\d_][^:.!?;–—\n]{0,38}[^\s:.!?;–—]):\s+(?=\S)")


def repair(elements: Iterable[Element]) -> tuple[Element, ...]:
    """The same words in their lost structure; every text is one line, but for code."""
    out: list[Element] = []
    for is_list, run in groupby(elements, key=lambda e: e.group if e.kind == "item" else 0):
        parted = [list(_parts(e)) for e in run]
        if is_list:
            out += _nested(_dashes_of_siblings([parts for parts in parted if parts]))
        else:
            out += [e for parts in parted for e in parts]
    return tuple(_fields_of_items([e for e in out if e.text or e.kind == "heading"]))


def parents(depths: Iterable[int]) -> list[int | None]:
    """For each depth of a list, in order, the position of the nearest shallower one before it."""
    out: list[int | None] = []
    chain: list[tuple[int, int]] = []
    for place, depth in enumerate(depths):
        while chain and chain[-1][0] >= depth:
            chain.pop()
        out.append(chain[-1][1] if chain else None)
        chain.append((depth, place))
    return out


def fold(text: str) -> str:
    """`text` on one line, without characters that steer devices instead of being read."""
    return " ".join(_CONTROL.sub("", text).split())


def _parts(element: Element) -> Iterator[Element]:
    """An element and the dash-led lines that its text holds."""
    if element.kind not in ("item", "paragraph"):
        text = _CONTROL.sub("", element.text) if element.kind == "code" else fold(element.text)
        yield replace(element, text=text)
        return
    pieces = _dash_pieces(element.text)
    lead = replace(element, text=fold(pieces[0][1]))
    if lead.text:
        yield lead
    base = element.depth + 1 if element.kind == "item" and lead.text else 1
    indents = sorted({indent for indent, _ in pieces[1:]})
    for indent, text in pieces[1:]:
        yield _dash(fold(text), base + min(indents.index(indent), 3))


def _dash_pieces(text: str) -> list[tuple[int, str]]:
    """The text before the first dash-led line, then each such line with its indent."""
    first = _FIRST_DASH.match(text)
    found = [first] if first else []
    found += list(_DASH_LINE.finditer(text, first.end() if first else 0))
    if not found:
        return _inline_pieces(text)
    ends = [m.start() for m in found[1:]] + [len(text)]
    lines = [(len(m.group(1)), text[m.end() : end]) for m, end in zip(found, ends, strict=True)]
    return [(0, text[: found[0].start()]), *lines]


def _inline_pieces(text: str) -> list[tuple[int, str]]:
    """A dash list flattened to one line: it follows a colon, or its parts all begin as items do."""
    pieces = _INLINE_DASH.split(text)
    listed = len(pieces) > 1 and pieces[0].rstrip().endswith(":")
    listed = listed or (len(pieces) > 2 and all(p[:1].isupper() for p in pieces[1:]))
    return [(0, p) for p in pieces] if listed else [(0, text)]


def _dash(text: str, depth: int) -> Element:
    label = _LABEL.match(text)
    return Element("field" if label else "item", text, depth=depth, label=label.group(1) if label else None)


def _dashes_of_siblings(parted: list[list[Element]]) -> list[list[Element]]:
    """An item with one flattened dash is parted if most of its siblings were."""
    if 2 * sum(len(parts) > 1 for parts in parted) <= len(parted):
        return parted
    return [parts if len(parts) > 1 else _part_once(parts[0]) for parts in parted if parts]


def _part_once(item: Element) -> list[Element]:
    pieces = _INLINE_DASH.split(item.text)
    if len(pieces) != 2 or not pieces[1][:1].isupper():
        return [item]
    return [replace(item, text=pieces[0]), _dash(pieces[1], item.depth + 1)]


def _nested(parted: list[list[Element]]) -> Iterator[Element]:
    """Siblings of a flat list that are parents of the items after them get children.

    A parent ends in ":" or is bold throughout (unless every item is); its children end where an item that ends in
    "." follows children that do not, or with the next parent.
    """
    heads = [parts[0] for parts in parted if parts]
    flat = all(h.depth == 1 for h in heads)
    bold_parents = not all(h.bold for h in heads)
    children: list[Element] = []
    parent: Element | None = None
    for parts in parted:
        head = parts[0]
        opens = len(parts) == 1 and (head.text.endswith(":") or (bold_parents and head.bold))
        if parent is not None and children and head.text.endswith(".") and not children[-1].text.endswith("."):
            parent = None
        if flat and opens:
            parent, children = head, []
        elif flat and parent is not None:
            children.append(head)
            parts = [replace(e, depth=e.depth + 1) for e in parts]
        yield from parts


def _fields_of_items(elements: Sequence[Element]) -> list[Element]:
    """Nested items whose label ("Use: …") comes back under another parent of the page are fields of their parents."""
    places = parents(e.depth if e.kind in ("item", "field") else 0 for e in elements)
    labels = [
        m.group(1) if e.kind == "item" and e.depth > 1 and (m := _LABEL.match(e.text)) else None for e in elements
    ]
    uses = Counter(label for label, _ in {(label, above) for label, above in zip(labels, places, strict=True) if label})
    return [
        replace(e, kind="field", label=label, number=None) if label and uses[label] > 1 else e
        for e, label in zip(elements, labels, strict=True)
    ]
