"""Words that noise goes by: in the names of its tags and in how its text opens. A cue is one sign among many.

The words are English and those of WordPress themes; on a page in another language the other signs have to do.
"""

import re
from dataclasses import dataclass

from ingest.boxes import FLOW, Box


@dataclass(frozen=True, slots=True)
class Cue:
    """The reason that is noted, words in class, id or role, and the words that such a text opens with."""

    reason: str
    names: re.Pattern[str]
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Cued:
    """What the cues say of one box."""

    reason: str | None  # of the cue that fits best
    named: int  # how many cues its names have
    worded: int  # how many cues its opening has
    both: bool  # one cue by name and by opening
    popup: bool  # named as a dialog over the page


def _cue(reason: str, names: str, words: str) -> Cue:
    return Cue(reason, re.compile(names, re.I), re.compile(words, re.I))


_CUES = (
    _cue(
        "share",
        r"shar(?:e|ing)|social|follow|sns",
        r"(?:share|follow us|like this|spread the|tweet|connect with|pin (?:it|this))\b",
    ),
    _cue(
        "related",
        r"relat|recommend|similar|more-?(?:posts|articles|stories)|recent|popular|trending|"
        r"read-?(?:more|next)|latest|also-?read",
        r"(?:related|recommended|you (?:may|might)|more (?:from|posts|articles|stories|in|on|about|like)|recent|"
        r"popular|trending|also (?:read|see|like)|similar (?:posts|articles)|read (?:next|more|also)|keep reading|"
        r"further reading|latest|see also|what to read|explore more|don.t miss|continue reading|next|previous|←|«)\b",
    ),
    _cue(
        "newsletter",
        r"newsletter|subscri|sign-?up|opt-?in|mailchimp|mc4wp|lead-?|convertkit|\bcta|call-?to",
        r".{0,80}(?:subscribe|newsletter|sign up|your inbox|enter your email|unsubscribe)",
    ),
    _cue(
        "author",
        r"author|\bbio\b|byline|contributor|writer|about-?me",
        r"(?:about (?:the )?author|(?:written|posted|reviewed) by|author\b|meet the|hi,? i.m)",
    ),
    _cue(
        "comments",
        r"comment|respond\b|disqus|reply|discuss|feedback|rating|vote",
        r"(?:(?:\d+|no) (?:comments?|replies|responses|thoughts)|comments?\b|leave a|"
        r"join the (?:discussion|conversation)|(?:post|add) a comment|your email address|what do you think|"
        r"was this (?:article|page|post)|did you (?:like|find|enjoy)|how useful|rate this|notify)",
    ),
    _cue(
        "navigation",
        r"\bnav|menu|breadcrumb|pagina|prev|post-?nav|skip",
        r"(?:home\b|skip to|back to|previous|next|menu\b|post navigation)",
    ),
    _cue(
        "advertisement",
        r"\bads?\b|advert|promo|sponsor|banner|adsense|affiliate|disclos",
        r"(?:advertis|sponsored|ad\b|promoted|disclosure|disclaimer)",
    ),
    _cue(
        "meta",
        r"meta\b|\bdate|\btags?\b|tags-links|cat-links|categor|posted-on|published|updated",
        r"(?:posted|published|updated|last (?:updated|modified|reviewed)|tags?\b|tagged|categor|filed under|"
        r"by |\d+ min)",
    ),
    _cue(
        "contents",
        r"\btoc|table-of-contents|table-contents",
        r"(?:(?:table of )?contents\b|in this (?:article|post|guide)|jump to|on this page|what.s inside|"
        r"quick (?:links|navigation))",
    ),
    _cue("widget", r"(?:^| )widgets?(?:_|-area|-title| |$)|sidebar|footer|masthead|sticky", r"(?:©|copyright|search)"),
    _cue(
        "popup",
        r"popup|modal|cookie|consent|gdpr|lightbox|offcanvas",
        r"(?:.{0,40}cookies?\b|[×✕]|close\b)",
    ),
)
_ALL_NAMES = re.compile("|".join(f"(?:{cue.names.pattern})" for cue in _CUES), re.I)
_ALL_WORDS = re.compile("|".join(f"(?:{cue.words.pattern})" for cue in _CUES), re.I)
_COMMENTS = next(cue for cue in _CUES if cue.reason == "comments")
_NOTHING = Cued(None, 0, 0, False, False)
_TEASER = re.compile(
    r"\W*(?:also|related|read|see|recommended|you (?:may|might)|more|further|next|don.t miss|check out)\b[^:]{0,40}:",
    re.I,
)
_LABEL = re.compile(
    r"\W*(?:advertise?ments?|ads?|sponsored(?: (?:content|post|links?))?|promoted|promotion|anzeige|werbung|publicidad|"
    r"publicité|pubblicità|reklame?)\W*",
    re.I,
)
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d ?(?:am|pm)?\b")
_PROSE = 150  # letters; a longer paragraph opens with such words by chance
OPENING = 120  # letters of a box's opening that are looked at


def names_of(box: Box) -> str:
    """Class, id and role of a box's tag."""
    attrs = box.tag.attrs
    if not attrs or box.name == "group":
        return ""
    return " ".join(_text(attrs[key]) for key in ("class", "id", "role") if attrs.get(key))


def cued(box: Box, opening: str) -> Cued:
    """What the cues say of `box`, whose text starts with `opening`."""
    names = names_of(box)
    by_name = bool(names) and _ALL_NAMES.search(names) is not None
    by_word = (box.chars < _PROSE or box.name != "p") and _ALL_WORDS.match(opening) is not None
    if not by_name and not by_word:
        return _NOTHING
    best, reason, both, popup = 0, None, False, False
    named = worded = 0
    for cue in _CUES:
        has_name = by_name and cue.names.search(names) is not None
        has_word = by_word and cue.words.match(opening) is not None
        named += has_name
        worded += has_word
        both = both or (has_name and has_word)
        popup = popup or (has_name and cue.reason == "popup")
        if (value := 2 * has_name + 3 * has_word) > best:
            best, reason = value, cue.reason
    return Cued(reason, named, worded, both, popup)


def has_date(opening: str) -> bool:
    """Whether a year or a time of day stands near the start."""
    return _DATE.search(opening[:60]) is not None


def is_labelled_advert(box: Box) -> bool:
    """Whether the first words that stand by themselves in a box call the rest of it advertising."""
    if box.name in FLOW:
        return False
    runs = (text for inner in box.walk() for run in inner.runs if (text := "".join(run).strip()))
    return _LABEL.fullmatch(next(runs, "")) is not None


def is_thread(box: Box) -> bool:
    """Whether a box is readers' comments: a name or an opening says so, and a form or kids that open with a date."""
    named = _COMMENTS.names.search(names_of(box)) is not None
    worded = _COMMENTS.words.match(box.opening(60)) is not None
    if not (named or worded):
        return False
    dated = sum(has_date(kid.opening(80)) for kid in box.kids[:12])
    if named:
        return worded or box.controls > 0 or dated >= 2
    return dated >= 3 and box.controls > 0


def is_teaser(box: Box) -> bool:
    """Whether a paragraph is but a pointer to another page: a cue, a colon, a link."""
    short = 0 < box.chars <= 250 and not box.kids
    return short and box.link >= 0.4 * box.chars and _TEASER.match(box.opening(60)) is not None


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
