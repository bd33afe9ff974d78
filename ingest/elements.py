"""What a reader makes of a page before its outline is known: a flat list of elements in page order."""

from dataclasses import dataclass, field

from ingest.blueprint import BlockKind, Removed


@dataclass(frozen=True, slots=True)
class Element:
    """One heading, paragraph, item, row, … as the page marks it; line breaks inside `text` are still there."""

    kind: BlockKind
    text: str
    level: int = 0  # of a heading: 1 to 6
    depth: int = 1  # of an item: 1 = top of its list
    number: int | None = None
    label: str | None = None
    cells: tuple[str | None, ...] | None = None
    header: bool = False
    bold: bool = False  # nothing but bold text, a closing parenthesis aside
    group: int = 0  # items and rows of one list or table share it


@dataclass(frozen=True, slots=True)
class Draft:
    """A page as its reader understood it: what the outline is made from."""

    title: str | None
    elements: tuple[Element, ...]
    url: str | None = None
    published: str | None = None
    modified: str | None = None
    removed: tuple[Removed, ...] = field(default=())
