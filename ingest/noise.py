"""What surrounds a page that was flattened to text, told by its position and its pattern.

Never by repetition: lines that many pages share are as often their common headings.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ingest.blueprint import Removed
from ingest.elements import Element
from ingest.lines import Line, is_title_like

_COMMENT_FORM = re.compile(
    r"(?:subscribe|log ?in|notify of|guest|reply|\d+ comments?|newest|oldest|most voted|oldest most voted|"
    r"inline feedbacks?|view all comments|leave a (?:reply|comment)|post comment|cancel reply|"
    r"your email address will not be published.*|would love your thoughts.*|save my name.*|name ?\*?|e-?mail ?\*?|"
    r"website|comments? \(\d+\)|no comments(?: yet)?|\(\) ?x?|x)$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"(?:more|related|similar|other|recommended|popular|recent|latest|trending) "
    r"(?:careers?|roles?|jobs?|posts?|articles?|blueprints?|reading|stories|guides|pages|content)$"
    r"|(?:you (?:may|might) also like|read (?:next|more)|also read|see also|keep reading|share this.*|"
    r"post navigation)$",
    re.IGNORECASE,
)
_IMAGE = re.compile(
    r"(?:(?:first|second|third|fourth|fifth|sixth|next|last|hero|cover|featured|banner) image|image ?\d*|img[-_ ]?\d*|"
    r"photo ?\d*|logo\w*|\w+ ?logo|advertisement|sponsored|skip to (?:main )?content)$",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?:find|explore|discover|compare|start|book|shop|buy|get|join|try|enrol?l|register|sign up|subscribe|learn more|"
    r"click|download|visit|request|claim|contact|call|apply) ?\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:our|your|today|courses?|programs?|free|discount|offer|training|certifications?)\b", re.IGNORECASE
)
_AD_LINE = 400  # characters; advertising that reads like an article is not told from one
_AD_LINES = 12  # a promotion is no longer
_COMMENT_SPAN = 14  # lines within which a comment form shows two of its labels


def page_end(lines: Sequence[Line]) -> tuple[int, list[Removed]]:
    """How many lines belong to the page; what follows is a comment form, related cards or promotion."""
    end = len(lines)
    removed: list[Removed] = []
    for reason, start in (("comments", _comments_start(lines)), ("related", _related_start(lines))):
        if start is not None and start < end:
            removed.insert(0, Removed(reason, _joined(lines[start:end])))
            end = start
    start = _advert_start(lines, end)
    if start < end:
        removed.insert(0, Removed("advertisement", _joined(lines[start:end])))
    return start, removed


def cut_after(elements: Sequence[Element]) -> tuple[tuple[Element, ...], list[Removed]]:
    """The elements without what follows the page, as `page_end` tells it."""
    lines = [Line(e.text, mark="" if e.kind in ("heading", "paragraph") else "bullet") for e in elements]
    end, removed = page_end(lines)
    return tuple(elements[:end]), removed


def cut_images(lines: Sequence[Line]) -> tuple[list[Line], list[Removed]]:
    """The lines without the names that images and buttons leave behind."""
    kept = [ln for ln in lines if not (ln.plain and _IMAGE.match(ln.text))]
    return kept, [Removed("image text", ln.text) for ln in lines if ln.plain and _IMAGE.match(ln.text)]


def cut_within(lines: Sequence[Line]) -> tuple[list[Line], list[Removed]]:
    """The lines without advertisements between two sections."""
    kept: list[Line] = []
    removed: list[Removed] = []
    i = 0
    while i < len(lines):
        j = i
        while j < len(lines) and lines[j].plain and len(lines[j].text) <= _AD_LINE:
            j += 1
        run = lines[i:j]
        if 2 <= len(run) <= 6 and _is_advert(run, _vocabulary([*lines[:i], *lines[j:]])):
            removed.append(Removed("advertisement", _joined(run)))
        else:
            kept += run
        if j == i:
            kept.append(lines[i])
            j += 1
        i = j
    return kept, removed


def _comments_start(lines: Sequence[Line]) -> int | None:
    """The first label of a comment form, in the second half of the page, with another one near."""
    labels = [i for i, ln in enumerate(lines) if ln.plain and _COMMENT_FORM.match(ln.text) and 2 * i > len(lines)]
    return next((i for i, j in pairwise(labels) if j - i <= _COMMENT_SPAN), None)


def _related_start(lines: Sequence[Line]) -> int | None:
    """A line like "More Careers" in the last third, after which no list of the page comes."""
    for i, ln in enumerate(lines):
        if 3 * i > 2 * len(lines) and ln.plain and _MORE.match(ln.text) and not any(x.mark for x in lines[i + 1 :]):
            return i
    return None


def _advert_start(lines: Sequence[Line], end: int) -> int:
    """Where the promotion begins that ends a page: closing plain lines that are each strange to it, and call to act."""
    words = _vocabulary(lines[: max(end - _AD_LINES, end // 2)])
    start = at = end
    while at > 0 and lines[at - 1].plain and end - at < _AD_LINES and _strange(lines[at - 1 : at], words) >= 0.4:
        at -= 1
        if _is_advert(lines[at:end], words):
            start = at
    return start


def _is_advert(run: Sequence[Line], words: Counter[str]) -> bool:
    """A call to act, and words that are mostly strange to the page."""
    text = _joined(run)
    if not any(_CALL.match(ln.text) for ln in run) or any(len(ln.text) > _AD_LINE for ln in run):
        return False
    enough = 0.35 if _OFFER.search(text) else 0.5
    return _strange(run, words) >= enough and any(is_title_like(ln.text) for ln in run)


def _strange(run: Sequence[Line], words: Counter[str]) -> float:
    """The share of the run's words that the page does not use."""
    own = set(_words(_joined(run)))
    return sum(w not in words for w in own) / len(own) if own else 0.0


def _vocabulary(lines: Sequence[Line]) -> Counter[str]:
    return Counter(w for ln in lines for w in _words(ln.text))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]{4,}", text.lower())


def _joined(lines: Sequence[Line]) -> str:
    return "\n".join(ln.text for ln in lines)
