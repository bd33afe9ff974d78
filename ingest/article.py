"""Where a web page's article stands and what inside it is not the article's: by measures, not by names.

`container` goes down from the body as long as one box holds most of the page's mass (`boxes`). `_prune` goes through
that box and takes out what has enough evidence against it (`evidence`), within guards. What is left can have a smaller
container, so the two take turns.
"""

from dataclasses import dataclass

from bs4.element import Tag

from ingest.blueprint import Removed
from ingest.boxes import FLOW, Box, boxes_of, grouped, heading_groups, weigh_again
from ingest.cues import is_teaser, is_thread
from ingest.evidence import Frame, against
from ingest.inline import HEADINGS, text_of

_MOST = 0.87  # of the page's mass: below it, a box is a part of the article and not its container
_ROUNDS = 3  # of choosing and pruning; a third moves the container of few pages, a fourth of none
_GUARD = 1 / 2  # of the container's mass that no single removal may take
_THREAD_SHARE = 0.04  # of the page's mass: a smaller thread of comments does not sway the choice of the container
_THREAD_REST = 500  # letters of other mass without which a page is its comments
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
    removed = [_take(box, "comments") for box in _threads(top)]
    root = top
    for _ in range(_ROUNDS):
        weigh_again(root)
        inner = container(root)
        if inner is root and root is not top:
            break
        root = inner
        removed += _prune(root)
    return Article(root.tag, tuple(removed))


def container(top: Box) -> Box:
    """The smallest box that holds most of the mass of `top`."""
    box = top
    while box.kids:
        best = max(box.kids, key=lambda kid: kid.mass)
        if best.mass < _MOST * top.mass or best.name in _NO_CONTAINER:
            break
        box = best
    return box


def _threads(top: Box) -> list[Box]:
    """Readers' comments; they can be longer than the article, and then the container would hold both."""
    found = []
    stack = [top]
    while stack:
        box = stack.pop()
        if box.mass < _THREAD_SHARE * top.mass:
            continue
        if top.mass - box.mass > _THREAD_REST and is_thread(box):
            found.append(box)
        else:
            stack.extend(box.kids)
    return found


def _prune(root: Box) -> list[Removed]:
    """Take the noise under `root` out of the tree: from the end of the page to its start, outermost boxes first."""
    frame = Frame(root)
    removed: list[Removed] = []
    stack = [root]
    while stack:
        box = stack.pop()
        if box.taken or not (box.chars or box.controls):
            continue
        reason = _reason(box, frame) if box is not root else None
        if reason is not None:
            removed.append(_take(box, reason))
            frame.shrink(box)
            continue
        for group in reversed(heading_groups(box)):
            removed += _take_tail(group, frame)
            whole = grouped([kid for kid in group if not kid.taken])
            if not group[0].taken and (reason := _reason(whole, frame)):
                removed += [_take(kid, reason) for kid in reversed(group) if not kid.taken]
                frame.shrink(whole)
        stack.extend(box.kids)
    removed.reverse()
    return [piece for piece in removed if piece.text]


def _take_tail(group: list[Box], frame: Frame) -> list[Removed]:
    """Take out what ends the run under a heading but is a widget by itself: it must not speak against the run."""
    removed = []
    for kid in reversed(group[1:]):
        reason = None if kid.taken or kid.name in FLOW else _reason(kid, frame)
        if reason is None:
            break
        removed.append(_take(kid, reason))
        frame.shrink(kid)
    return removed


def _reason(box: Box, frame: Frame) -> str | None:
    if box.name in _PARTS or box.mass > _GUARD * frame.mass:
        return None
    return "teaser" if is_teaser(box) else against(box, frame)


def _take(box: Box, reason: str) -> Removed:
    box.taken = True
    text = " ".join(text_of(box.tag).split())
    box.tag.extract()
    return Removed(reason, text)
