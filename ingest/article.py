"""Where a web page's article stands and what inside it is not the article's: by measures, not by names.

Two steps. `container` goes down from the body as long as one box holds most of the page's mass (`boxes`). `prune` then
goes through that box from the top and takes out what has enough evidence against it (`evidence`), within guards.
"""

from dataclasses import dataclass

from bs4.element import Tag

from ingest.blueprint import Removed
from ingest.boxes import Box, boxes_of
from ingest.dom import HEADINGS, text_of
from ingest.evidence import Frame, against, is_teaser_line, is_thread

_MOST = 0.7  # of the page's mass: below it, a box is a part of the article and not its container
MARGIN = 9.0
_THREAD_SHARE = 0.04  # of the page's mass: a smaller thread does not sway the choice of the container
_THREAD_REST = 500  # letters of other mass without which a page is its comments
_GUARD = 1 / 3  # of the container's mass that no single removal may take
_NO_CONTAINER = frozenset((*HEADINGS, "p", "ul", "ol", "dl", "li", "pre", "blockquote", "figure", "table"))
_PARTS = frozenset(("li", "td", "th", "tr", "tbody", "thead", "tfoot", "dt", "dd", "caption", "summary"))


@dataclass(frozen=True, slots=True)
class Article:
    """The container, without its noise, and what was taken out."""

    root: Tag
    removed: tuple[Removed, ...]


def article_of(body: Tag) -> Article:
    """The article on a page; takes the noise out of the tree."""
    top = boxes_of(body)
    removed = [_take(box, "comments") for box in threads(top)]
    root = container(top)
    removed += prune(root)
    return Article(root.tag, tuple(removed))


def threads(top: Box) -> list[Box]:
    """Readers' comments, which can be longer than the article; their mass is taken off before a container is chosen."""
    found = []
    frame = Frame(top)
    stack = [top]
    while stack:
        box = stack.pop()
        if box.mass < _THREAD_SHARE * top.mass:
            continue
        if box is not top and top.mass - box.mass > _THREAD_REST and box.mass < .9 * top.mass and (is_thread(box) or (box.mass < .65*top.mass and against(box, frame, MARGIN))):
            found.append(box)
            up: Box | None = box.parent
            while up is not None:
                up.mass -= box.mass
                up = up.parent
            box.mass = 0.0
        else:
            stack.extend(box.kids)
    return found


def container(top: Box) -> Box:
    """The smallest box that holds most of the page's mass."""
    box = top
    while box.kids:
        best = max(box.kids, key=lambda kid: kid.mass)
        if best.mass < _MOST * top.mass or best.name in _NO_CONTAINER:
            break
        box = best
    return box


def prune(root: Box) -> list[Removed]:
    """Take the noise under `root` out of the tree: from the end of the page to its start, outermost boxes first."""
    frame = Frame(root)
    removed: list[Removed] = []
    stack = list(root.kids)
    while stack:
        box = stack.pop()
        if box.taken or not (box.chars or box.controls):
            continue
        if reason := _reason(box, frame):
            removed.append(_take(box, reason))
            frame.shrink(box)
        else:
            stack.extend(box.kids)
    removed.reverse()
    return removed


def _take(box: Box, reason: str) -> Removed:
    box.taken = True
    text = " ".join(text_of(box.tag).split())
    box.tag.extract()
    return Removed(reason, text)


def _reason(box: Box, frame: Frame) -> str | None:
    if box.name in _PARTS or box.mass > _GUARD * frame.root.mass:
        return None
    if is_teaser_line(box):
        return "teaser"
    return against(box, frame)
