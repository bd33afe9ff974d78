"""What speaks for and against a box inside an article: signs, each weak, whose weighted sum decides within guards."""

from ingest.boxes import FLOW, Box
from ingest.cues import OPENING, cued, has_date, is_labelled_advert
from ingest.inline import HEADINGS

# Points that a sign counts against a box (below zero: for it), and the sum above which a box is noise. Fitted by
# logistic regression to the boxes of 282 saved pages, no page weighing more than the others; "jumps", "labelled" and
# "lone call" are set by hand. Fitted on either half, the weights agree in sign but for the smallest, and read the other
# half with an F1 of .958. The threshold is 0.8 below the fit's own: what the guards in `against` keep is kept anyway.
WEIGHTS = {
    "hidden": 3.0, "side tag": 2.6, "header": 2.5, "popup": 2.2, "cue opening": 2.1, "jumps": 2.0, "labelled": 2.0,
    "lone call": 2.0,
    "group at the end": 1.7, "image": 1.4, "figure": 1.4, "cue name": 1.4, "at the end": 1.4,
    "links and headings": 1.4, "at the start": 1.0, "in a flow": 0.8, "dense": 0.8, "cue in both": 0.7, "denser": 0.7,
    "short": 0.7, "no prose": 0.6, "wrapper": 0.4, "in the last part": 0.4, "date": 0.4, "call": 0.4,
    "cue names": 0.3, "form": 0.1, "has headings": -0.5, "heading and prose": -0.8, "cards": -1.0, "no link": -1.0,
    "paragraph": -1.0, "group": -1.5, "list": -2.4, "heading": -2.8, "share": -5.3,
}  # fmt: skip
THRESHOLD = 2.2

_SIDE_TAGS = frozenset(("nav", "aside", "footer", "form", "dialog"))
_SIDE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "search", "dialog", "banner"))
_NEEDED = ("side tag", "hidden", "form", "figure", "header", "call")  # one of these, a cue or links: else it is kept
_EXCUSED = ("cue opening", "cue names", "side tag", "hidden", "popup")  # one of these, or a heading with prose is kept
_AT_EDGE = 30  # letters
_SMALL = 600  # letters; a form in more than that is an article with a search field
_INDEX = 50  # links; a list of more is a directory, not a reading list
_LABELLED = 1_500  # letters; a box that its first words call advertising is not longer
_LONE = 300  # letters; a lone box that calls for an action is mostly its heading
_CALL = 500  # letters; a box that calls for an action is not longer


class Frame:
    """The container that a box is judged in: where its letters begin and end, and its mass."""

    __slots__ = ("end", "length", "mass", "start")

    def __init__(self, root: Box) -> None:
        self.start = root.start
        self.end = root.start + root.chars
        self.length = max(1, root.chars)
        self.mass = max(1.0, root.mass)

    def shrink(self, box: Box) -> None:
        """Note that `box` is gone: what stands before it may be the end now."""
        if self.end - (box.start + box.chars) < _AT_EDGE:
            self.end = box.start


def against(box: Box, frame: Frame) -> str | None:
    """The reason to take the box out, or None."""
    found, reason = signs(box, frame)
    if reason is None and not any(found[sign] for sign in _NEEDED):
        return None
    if box.name in HEADINGS and not found["cue opening"]:
        return None
    if reason == "links" and found["in a flow"] and found["list"] and not found["jumps"] and box.links < _INDEX:
        return None
    if (found["heading and prose"] or _holds_a_section(box)) and not any(found[sign] for sign in _EXCUSED):
        return None
    tabular = box.rows > 1 and box.link < 0.3 * box.chars
    if tabular and not (found["side tag"] or found["hidden"] or found["cue in both"]):
        return None
    points = sum(WEIGHTS[sign] * value for sign, value in found.items() if value)
    return (reason or "other") if points > THRESHOLD else None


def signs(box: Box, frame: Frame) -> tuple[dict[str, float], str | None]:
    """The signs that a box shows, and the reason that fits best if it were noise."""
    size = max(1, box.chars)
    density = box.link / size
    opening = box.opening(OPENING)[: OPENING + 40]
    cues = cued(box, opening)
    heading = box.name in HEADINGS
    group = box.name == "group"
    after = frame.end - (box.start + size)
    found = {
        "dense": density > 0.5,
        "denser": density > 0.8,
        "cue name": cues.named > 0,
        "cue names": cues.named > 1,
        "cue opening": cues.worded > 0,
        "cue in both": cues.both,
        "popup": cues.popup,
        "side tag": box.name in _SIDE_TAGS or box.tag.get("role") in _SIDE_ROLES,
        "header": box.name == "header",
        "hidden": box.hidden,
        "form": box.controls > 2 or (box.controls > 0 and size < _SMALL),
        "no prose": not box.long,
        "short": size < 60,
        "at the end": after < _AT_EDGE,
        "in the last part": after < 0.15 * frame.length,
        "at the start": box.start - frame.start < 0.02 * frame.length,
        "heading and prose": box.heads > 0 and box.long > 200 and density < 0.5 and not heading,
        "has headings": box.heads > 0 and not heading,
        "in a flow": _in_flow(box),
        "no link": not box.links and not box.controls,
        "image": box.images > 0,
        "heading": heading,
        "paragraph": box.name == "p",
        "list": box.name in ("ul", "ol"),
        "figure": box.name == "figure",
        "wrapper": len(box.kids) == 1,
        "share": box.mass / frame.mass,
        "date": has_date(opening),
        "jumps": box.jumps > 1 and box.jumps > 0.7 * box.links and density > 0.5,
        "links and headings": density > 0.5 and box.heads > 1,
        "cards": _are_cards(box),
        "labelled": size < _LABELLED and is_labelled_advert(box),
        "call": _calls(box),
        "lone call": size < _LONE and box.links == 1 and _calls(box) and _stands_alone(box),
        "group": group,
        "group at the end": group and after < _AT_EDGE,
    }
    return found, cues.reason or ("links" if density > 0.5 else None)


def _in_flow(box: Box) -> bool:
    """Whether a paragraph, list or heading stands among others: running text, not a widget."""
    if box.name not in FLOW or box.parent is None:
        return False
    return box.parent.flow > 2


def _calls(box: Box) -> bool:
    """Whether it is small and has a heading and a short link on a line of its own."""
    return box.buttons > 0 and box.heads > 0 and box.chars < _CALL and box.name not in HEADINGS


def _stands_alone(box: Box) -> bool:
    """Whether it is a box of its own kind in running text, not one of many products."""
    if box.parent is None or box.parent.flow < 3 or box.name == "group":
        return False
    return sum(_calls(kid) for kid in box.parent.kids) <= 2


def _holds_a_section(box: Box) -> bool:
    """Whether a heading and a list stand in it that do not point elsewhere."""
    return box.name not in HEADINGS and box.heads > 0 and box.items > 2 and box.link < 0.3 * box.chars


def _are_cards(box: Box) -> bool:
    linked = [kid for kid in box.kids if kid.link > 0.3 * kid.chars and kid.chars > 15]
    return len(linked) > 2 and linked[0].name not in FLOW and linked[0].name != "li"
