"""A page's block tags as a light tree of boxes with their measures, made in one pass over the parsed page."""

import re
from collections.abc import Iterator
from itertools import islice

from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from ingest.inline import BLOCKS, HEADINGS, SKIPPED

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_CONTROLS = frozenset(("input", "button", "select", "textarea"))
FLOW = frozenset((*HEADINGS, "p", "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "hr"))
_SHORT_COUNTS = frozenset(("li", "td", "th", "dt", "dd", "pre", "blockquote"))
BUTTON = 40  # letters; a link on a line of its own that is not longer calls for an action
_LOOKED_AT = 300  # boxes; an opening that is spread over more is none
LONG = 80  # letters of a run of text that is surely more than a label


class Box:
    """A block tag: what stands in it directly (`runs`) and what stands under it in all (the counts)."""

    __slots__ = (
        "buttons",
        "chars",
        "controls",
        "flow",
        "heads",
        "hidden",
        "images",
        "items",
        "jumps",
        "kids",
        "link",
        "links",
        "long",
        "mass",
        "name",
        "own",
        "own_link",
        "parent",
        "rows",
        "runs",
        "start",
        "tag",
        "taken",
    )

    def __init__(self, tag: Tag, parent: "Box | None", start: int) -> None:
        self.tag = tag
        self.name = tag.name
        self.parent = parent
        self.kids: list[Box] = []
        self.runs: list[list[str]] = [[]]  # inline text between the boxes inside
        self.start = start  # letters of the page before it
        self.own = self.own_link = 0  # letters that stand in it directly; of these in links
        self.chars = self.link = self.links = 0  # letters, letters in links, number of links
        self.jumps = 0  # links to a place on this page
        self.flow = 0  # kids that are paragraphs, lists, headings, tables
        self.buttons = self.heads = self.items = self.rows = self.images = self.controls = 0
        self.long = 0  # letters in runs of more than a label's length
        self.mass = 0.0  # letters that count as content when a container is chosen
        self.hidden = self.taken = False

    def walk(self) -> Iterator["Box"]:
        """This box and all under it, in page order."""
        stack = [self]
        while stack:
            box = stack.pop()
            yield box
            stack.extend(reversed(box.kids))

    def opening(self, size: int) -> str:
        """About the first `size` letters under it, white space folded."""
        parts: list[str] = []
        for box in islice(self.walk(), _LOOKED_AT):
            for run in box.runs:
                if text := " ".join("".join(run).split()):
                    parts.append(text)
                    size -= len(text)
            if size <= 0:
                break
        return " ".join(parts)


def boxes_of(root: Tag) -> Box:
    """The boxes under `root`; linear in the page and without recursion."""
    top = Box(root, None, 0)
    order = [top]
    letters = 0
    stack: list[tuple[Iterator[PageElement], Box, bool]] = [(iter(root.contents), top, False)]
    while stack:
        children, box, linked = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack and stack[-1][1] is not box:
                stack[-1][1].runs.append([])
        elif isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                letters += _add_text(box, str(child), linked)
        elif isinstance(child, Tag):
            name = child.name
            if name in SKIPPED:
                _add_thing(box, child)
            elif name in BLOCKS:
                inner = Box(child, box, letters)
                inner.hidden = _is_hidden(child)
                box.kids.append(inner)
                order.append(inner)
                stack.append((iter(child.contents), inner, linked))
            else:
                if name == "a" and (target := child.attrs.get("href")):
                    box.links += 1
                    box.jumps += str(target)[0] == "#" and len(target) > 1
                    linked = True
                stack.append((iter(child.contents), box, linked))
    _sum_up(order)
    return top


def _add_text(box: Box, text: str, linked: bool) -> int:
    size = len(text)
    stripped = text.strip()
    if not stripped:
        box.runs[-1].append(" ")
        return 0
    if size > 40:  # worth folding
        stripped = " ".join(stripped.split())
    size = len(stripped)
    box.runs[-1].append(text)
    box.own += size
    if linked:
        box.own_link += size
    return size


def _add_thing(box: Box, tag: Tag) -> None:
    if tag.name in _CONTROLS and tag.get("type") != "hidden":
        box.controls += 1
    elif tag.name in ("img", "picture", "iframe", "video"):
        box.images += 1


def _is_hidden(tag: Tag) -> bool:
    attrs = tag.attrs
    if not attrs:
        return False
    style = attrs.get("style")
    return "hidden" in attrs or attrs.get("aria-hidden") == "true" or bool(style and _HIDDEN_STYLE.search(str(style)))


def _sum_up(order: list[Box]) -> None:
    for box in reversed(order):
        box.chars += box.own
        box.mass += _own_mass(box)
        box.link += box.own_link
        if box.own - box.own_link >= LONG:
            box.long += box.own - box.own_link
        if 0 < box.own_link <= BUTTON and box.own_link >= 0.9 * box.own and box.name in ("p", "div", "span", "section"):
            box.buttons += 1
        if box.name in HEADINGS:
            box.heads += 1
        elif box.name == "li":
            box.items += 1
        elif box.name == "tr":
            box.rows += 1
        if box.parent is not None:
            _add(box.parent, box)
            box.parent.flow += box.name in FLOW
    for box in order:
        box.kids = [kid for kid in box.kids if kid.chars or kid.controls]


def _add(up: Box, box: Box) -> None:
    up.chars += box.chars
    up.mass += box.mass
    up.link += box.link
    up.links += box.links
    up.jumps += box.jumps
    up.heads += box.heads
    up.buttons += box.buttons
    up.items += box.items
    up.rows += box.rows
    up.images += box.images
    up.controls += box.controls
    up.long += box.long


def weigh_again(root: Box) -> None:
    """The mass of `root` and the boxes under it, without what was taken."""
    order = []
    stack = [root]
    while stack:
        box = stack.pop()
        box.kids = [kid for kid in box.kids if not kid.taken]
        box.mass = _own_mass(box)
        order.append(box)
        stack.extend(box.kids)
    for box in reversed(order):
        if box is not root and box.parent is not None:
            box.parent.mass += box.mass


def heading_groups(box: Box) -> list[list[Box]]:
    """The runs of kids that stand under a heading beside them, each with its heading first, up to the next as high."""
    groups: list[list[Box]] = []
    open_groups: list[tuple[int, list[Box]]] = []
    for kid in box.kids:
        if kid.taken:
            continue
        if level := HEADINGS.get(kid.name):
            open_groups = [(lv, group) for lv, group in open_groups if lv < level]
            groups.append([])
            open_groups.append((level, groups[-1]))
        for _, group in open_groups:
            group.append(kid)
    return [group for group in groups if 1 < len(group) < len(box.kids)]


def grouped(kids: list[Box]) -> Box:
    """The kids as if one box held them."""
    box = Box(kids[0].tag, kids[0].parent, kids[0].start)
    box.name = "group"
    box.kids = kids
    for kid in kids:
        _add(box, kid)
    return box


def _own_mass(box: Box) -> float:
    """Letters outside links; a heading counts double, a short run that is no item or cell for a third."""
    plain = box.own - box.own_link
    if box.name in HEADINGS:
        return 0.0 if box.own_link else 2.0 * plain
    if box.own_link > plain:
        return 0.0
    return float(plain) if plain >= LONG / 2 or box.name in _SHORT_COUNTS else plain / 3
