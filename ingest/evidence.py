"""What speaks against a box inside an article: each sign is weak, and no sign decides alone."""

import re
from typing import NamedTuple

from ingest.boxes import Box
from ingest.dom import HEADINGS


class Cue(NamedTuple):
    """Words that a kind of noise goes by: in the names of its tag, and in how its text opens."""

    reason: str
    names: re.Pattern[str]
    words: re.Pattern[str]


def _cue(reason: str, names: str, words: str) -> Cue:
    return Cue(reason, re.compile(names, re.I), re.compile(words, re.I))


_CUES = (
    _cue("share", r"shar(e|ing)|social|follow|sns", r"(share|follow us|like this|spread the|tweet|connect with|pin (it|this))\b"),
    _cue("related", r"relat|recommend|similar|more-?(posts|articles|stories)|recent|popular|trending|read-?(more|next)|latest|also-?read",
         r"(related|recommended|you (may|might)|more (from|posts|articles|stories|in|on|about|like)|recent|popular|trending|also (read|see|like)|similar (posts|articles)|read (next|more|also)|keep reading|further reading|latest|see also|what to read|explore more|don.t miss|continue reading|next|previous|←|«)\b"),
    _cue("newsletter", r"newsletter|subscri|sign-?up|opt-?in|mailchimp|mc4wp|lead-?|convertkit|\bcta|call-?to",
         r".{0,80}(subscribe|newsletter|sign up|your inbox|enter your email|unsubscribe)"),
    _cue("author", r"author|\bbio\b|byline|contributor|writer|about-?me", r"(about (the )?author|(written|posted|reviewed) by|author\b|meet the|hi,? i.m)"),
    _cue("comments", r"comment|respond\b|disqus|reply|discuss|feedback|rating|vote",
         r"((\d+|no) (comments?|replies|responses|thoughts)|comments?\b|leave a|join the (discussion|conversation)|post a comment|add a comment|your email address|what do you think|was this (article|page|post)|did you (like|find|enjoy)|how useful|rate this|notify)"),
    _cue("navigation", r"\bnav|menu|breadcrumb|pagina|prev|post-?nav|skip", r"(home\b|skip to|back to|previous|next|menu\b|post navigation)"),
    _cue("advertisement", r"\bads?\b|advert|promo|sponsor|banner|adsense|affiliate|disclos", r"(advertis|sponsored|ad\b|promoted|disclosure|disclaimer)"),
    _cue("meta", r"meta\b|\bdate|\btags?\b|tags-links|cat-links|categor|posted-on|published|updated",
         r"(posted|published|updated|last (updated|modified|reviewed)|tags?\b|tagged|categor|filed under|by |\d+ min)"),
    _cue("contents", r"\btoc|table-of-contents|table-contents", r"((table of )?contents\b|in this (article|post|guide)|jump to|on this page|what.s inside|quick (links|navigation))"),
    _cue("widget", r"(^| )widgets?(_|-area|-title| |$)|sidebar|footer|masthead|sticky", r"(©|copyright|search)"),
    _cue("popup", r"popup|modal|cookie|consent|gdpr|overlay|toast|drawer|offcanvas", r".{0,40}cookies?\b"),
)
_SIDE_TAGS = frozenset(("nav", "aside", "footer", "form", "dialog"))
_SIDE_ROLES = frozenset(("navigation", "complementary", "contentinfo", "search", "dialog", "banner"))
_FLOW = frozenset((*HEADINGS, "p", "ul", "ol", "dl", "table", "blockquote", "pre", "figure", "hr"))
_AT_EDGE = 30  # letters
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d ?(?:am|pm)?\b")


class Frame:
    """The container that a box is judged in: where its letters begin and end."""

    __slots__ = ("end", "root", "start")

    def __init__(self, root: Box) -> None:
        self.root = root
        self.start = root.start
        self.end = root.start + root.chars

    def shrink(self, box: Box) -> None:
        """Note that `box` is gone: what stands before it may be the end now."""
        if self.end - (box.start + box.chars) < _AT_EDGE:
            self.end = box.start


SIGNS = ("dens", "dens5", "dens8", "named", "worded", "both", "twonames", "side", "hidden", "ctrl", "ctrlmany", "nolong", "end", "last15", "begin",
         "headcontent", "heads", "flow", "nolinks", "img", "tablepre", "heading", "share", "date", "jumps", "short", "nosent", "twin", "p", "list", "figure",
         "denslong", "one", "massratio", "header", *("N" + c.reason for c in _CUES), *("W" + c.reason for c in _CUES))


def signs(box: Box, frame: Frame) -> tuple[list[float], str]:
    """Points against the box and the reason that fits best."""
    size = max(1, box.chars)
    density = box.link / size
    reason = "links" if density > 0.5 else "other"
    attrs = box.tag.attrs
    names = " ".join((*_listed(attrs.get("class")), str(attrs.get("id") or ""), *_listed(attrs.get("role"))))
    opening = box.opening(120)[:160]
    para = box.name == 'p'
    best = 0.0
    nn = nw = both = 0
    ns = []; ws = []
    for cue in _CUES:
        named = bool(names) and cue.names.search(names) is not None
        worded = (size < 150 or not para) and cue.words.match(opening) is not None
        nn += named
        ns.append(named)
        ws.append(worded)
        nw += worded
        both += named and worded
        value = named * 1.0 + worded * 1.1 + (0.5 if named and worded else 0)
        if value > best:
            best, reason = value, cue.reason
    length = max(1, frame.end - frame.start)
    flow = box.name in _FLOW and box.parent is not None and sum(k.name in _FLOW for k in box.parent.kids) > 2
    twin = 0
    if box.parent and box.name not in _FLOW:
        cls = attrs.get("class")
        twin = sum(k.name == box.name and k.tag.attrs.get("class") == cls for k in box.parent.kids)
    v = [density, density > .5, density > .8, nn > 0, nw > 0, both > 0, nn > 1,
         box.name in _SIDE_TAGS or attrs.get("role") in _SIDE_ROLES, box.hidden, box.controls > 0 and size < 600, box.controls > 2, not box.long,
         frame.end - (box.start + size) < 30, frame.end - (box.start + size) < .15 * length, box.start - frame.start < .02 * length,
         box.heads > 0 and box.long > 200 and density < .2 and box.name not in HEADINGS, box.heads > 0 and box.name not in HEADINGS, flow, not box.links and not box.controls, box.images > 0,
         box.name in ("table", "pre"), box.name in HEADINGS, box.mass / max(1, frame.root.mass), bool(_DATE.search(opening[:60])),
         box.jumps > 1 and box.jumps > .7 * box.links and density > .5, size < 60, not box.sentences, min(twin, 6) / 6 if twin > 1 else 0,
         box.name == "p", box.name in ("ul", "ol"), box.name == "figure", density > .3 and not box.long, len(box.kids) == 1, box.mass / size, box.name == "header", *ns, *ws]
    return [float(x) for x in v], reason


def is_thread(box: Box) -> bool:
    """Whether a box is readers' comments: two of a name, an opening, a form, and several kids that open with a date."""
    cue = next(c for c in _CUES if c.reason == "comments")
    attrs = box.tag.attrs
    names = " ".join((*_listed(attrs.get("class")), str(attrs.get("id") or "")))
    named = cue.names.search(names) is not None
    worded = cue.words.match(box.opening(60)) is not None
    dated = sum(_DATE.search(kid.opening(80)) is not None for kid in box.kids[:12])
    if named:
        return worded or box.controls > 0 or dated >= 2
    return worded and dated >= 3 and box.controls > 0


def is_teaser_line(box: Box) -> bool:
    """Whether a paragraph is but a pointer to another page: a cue, a colon, a link."""
    if not box.link or box.kids or box.link < 0.4 * box.chars or box.chars > 250:
        return False
    return _TEASER.match(box.opening(60)) is not None


_TEASER = re.compile(
    r"\W*(?:also|related|read|see|recommended|you (?:may|might)|more|further|next|don.t miss|check out)\b[^:]{0,40}:", re.I
)


def _listed(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)] if value else []


WEIGHTS: list[float] = []
BIAS = 0.0


def against(box: Box, frame: Frame, margin: float = 0.0) -> str | None:
    v, reason = signs(box, frame)
    d = dict(zip(SIGNS, v))
    if reason == "other" and not (d["side"] or d["hidden"] or d["ctrl"] or d["figure"] or d["header"]):
        return None
    if box.heads and box.name not in HEADINGS and box.long > 200 and not d["dens5"] and not (d["worded"] or d["twonames"] or d["side"] or d["hidden"]):
        return None
    if margin: v[SIGNS.index("share")] = 0
    return reason if sum(a * b for a, b in zip(v, WEIGHTS, strict=True)) + BIAS > margin else None
