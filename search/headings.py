"""What the headings over a statement say about who owns it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from search.parties import is_party
from search.verbs import VERBS

Ground = Literal[
    "grant",  # the role decides alone
    "agree",  # it decides with peers
    "approve",  # it proposes, somebody above decides
    "deny",  # it is outside its remit
    "people",  # lists of those that it deals with
    "flow",  # what it gets from others, what others get from it
    "escalation",  # whom a matter goes to
    "nature",  # how it works with others
    "trait",  # what a person must be or know, figures, names of tools: nothing that is owned
    "scorecard",  # a table that sums up all the others
    "summary",  # speaks of the role at large
    "setting",  # describes what is around it, and says in passing who owns what
    "duty",  # what the role does
]
_WORDS: tuple[tuple[Ground, str], ...] = (
    ("duty", r"respons\w*lit|\bdut(?:y|ies)\b|activit|deliverables?\b|\bobjectives?\b|\bgoals?\b|milestones?\b"
        r"|what you.{0,4}(?:ll| will| get to)? (?:do|own)|\bday.to.day\b|key results|accountabilit"
        r"|(?<!making )\bauthority\b|first \d+ days"),
    ("flow", r"\b(?:up|down)stream\b|\bconsumers? of\b|^(?:inputs?|dependencies)\b"),
    ("escalation", r"^escalat\w+ (?:points?|paths?|contacts?|route)|^escalates? to\b"),
    ("nature", r"(?:nature|ways?|modes?|patterns?|style) of (?:the )?(?:collaborat|interact|work)|interaction pattern"
        r"|working agreements?|decision.making (?:authority|role)|\bforums?\b|how .{0,30}(?:settled|handled"
        r"|resolved)"),
    ("people", r"stakeholders?\b|collaborat\w+|\bpeers?\b|interaction surface|interfaces? with"
    r"|key (?:relationship|contact)"
        r"|works? (?:closely )?with|\bpartners\b|\bcustomers\b|relationships"),
    ("scorecard", r"scorecard"),
    ("trait", r"skills?\b|qualifications?\b|requirements?\b|experience\b|education|certificat|competenc"
    r"|capabilit|abilit"
        r"|knowledge|\bkpis?\b|metrics?\b|performance indicators?|\bmeasures\b|\btools?\b|tooling|compensation|salary"
        r"|\bpay\b|benefits|career|progression|ladder|\bgrade\b|hiring|interview|candidate|signals?\b|red flags?"
        r"|\brisks?\b|challenges|failure|anti.patterns?|automation impact|impact on the role|market|about (?:us"
        r"|the team)"
        r"|who you are|you (?:have|are|bring|might)|nice to have|must.haves?|preferred|basic information"
        r"|evaluations?$|\bapply\b|application (?:process|evaluation)|required documents|\blocation\b|eligib"
        r"|how to apply|reports? to"
        r"|reporting line|expectations?\b|attributes|traits|behaviou?r|values\b"),
    ("setting", r"environment|tech stack|context\b|variants?\b|background|practices\b"),
    ("summary", r"summary|overview|mission|purpose|about\b|introduction|position\b|description"),
)  # fmt: skip
_GROUNDS = tuple((ground, re.compile(pattern, re.I)) for ground, pattern in _WORDS)
_DECIDING = re.compile(
    r"\bdecisions?\b.*(?:right|this role|requir|need|made|making|can|own|authority|escalat)"
    r"|authority|\bremit\b|\bdecid|autonom",
    re.I,
)
_ABOVE = (
    r"(?:manager|management|director|executive|leadership|exec|vp|svp|chief|c.?suite|ceo|cto|cfo|cio|board|president"
    r"|finance|committee|head|senior|higher|superior|upper|line)s?\b"
)
_DENY = re.compile(
    r"\b(?:beyond|outside|not (?:with)?in|not part of) (?:of )?(?:this|the|its|own) "
    r"(?:role|remit|scope|position|post|job|authority|mandate)"
    r"|where the role (?:stops|ends)|\bnot (?:this|the) (?:role|position)|no (?:vote|say|authority)\b"
    r"|\b(?:owned|decided|taken|made) (?:by others|elsewhere)|(?:does|do|can|may) ?not (?:own|decide|approve)"
    r"|out of scope|^(?:kept |only )?informed\b",
    re.I,
)
_APPROVE = re.compile(
    rf"{_ABOVE}.{{0,40}}(?:approv|sign.?off|decision|consent|decid)|(?:approv\w*|sign.?off|consent) (?:of|from"
    rf"|by) .{{0,20}}{_ABOVE}"
    rf"|(?:requir|need|taken|escalat|refer|reserv|goes|brought|put)\w* .{{0,20}}{_ABOVE}|escalated? (?:for|to)\b"
    r"|^(?:is )?consulted\b|others? (?:approve|decide)|\b(?:proposes?|recommends?)\b",
    re.I,
)
_AGREE = re.compile(
    r"\b(?:team|peers?|cross.functional|joint(?:ly)?|shared?|together|with others|agree\w*|alignment|consensus|co-\w+"
    r"|consult\w*|collaborative\w*|mutual\w*)\b",
    re.I,
)
_GENERAL_APPROVAL = re.compile(r"(?:requir|need|subject to|pending|with)\w* .{0,20}(?:approval|sign.?off)", re.I)
_GRANT = re.compile(
    r"independent|\balone\b|autonom|without (?:\w+ )?(?:approval|asking|consult)|free to\b|\bsole\b"
    r"|\bfinal (?:say|decision)"
    r"|full authority|\bown (?:call|authority|discretion|decisions?)|\bcan (?:decide|block|approve|make)"
    r"|held by th|delegated"
    r"|^decides?$|^decisions? (?:made|taken|owned) by th|within (?:the|own|this)\b.{0,20}(?:authority|call|remit)",
    re.I,
)
_ARRIVING = re.compile(
    r"\bonboarding\b|\b(?:first|days?|weeks?|months?)\b[^a-z]{0,6}(?:\d+|one|two|three|few|thirty|sixty|ninety|days?|weeks?"
    r"|months?)\b|\b\d+[ -]?day\b|\bfirst (?:day|week|month|quarter)",
    re.I,
)
_NUMBER = re.compile(r"^[\W_]*(?:\d+[\d.]*[.):]?\s*|[IVX]+[.)]\s+)?")


@dataclass(frozen=True, slots=True)
class Context:
    """The ground that a statement stands on, and the list item that it hangs from."""

    ground: Ground
    parent: str | None  # the item's words, if the last of the path is an item rather than a heading
    deciding: bool  # somewhere under decision rights
    arriving: bool = False  # in the first days and weeks of somebody new


@lru_cache(maxsize=8192)
def context_of(path: tuple[str, ...]) -> Context:
    """The innermost heading that says anything; a duty where none does."""
    titles = [title for title in (_NUMBER.sub("", step).strip(" *#_") for step in path if step) if title]
    deciding = any(_DECIDING.search(title) for title in titles)
    arriving = any(_ARRIVING.search(title) for title in titles)
    parent = titles[-1] if len(titles) > 1 and (_is_item(path[-1]) or _is_name(titles[-1])) else None
    working = any(_ground(title, False) == "duty" for title in titles[:1])
    for title in reversed(titles):
        own = title is not parent
        ground = _ground(title, deciding and own) if own or _AGREE.search(title) or _DENY.search(title) else None
        if ground in ("trait", "setting", "summary") and working:
            continue  # "Risks and metrics" as a part of the responsibilities
        if ground and (own or ground in ("agree", "approve", "deny", "people", "grant")):
            return Context(ground, parent, deciding, arriving)
    return Context("duty", parent, deciding, arriving)


def _is_item(step: str) -> bool:
    """An item above a list ends with a colon or begins with a verb."""
    words = step.split()
    first = VERBS.get(words[0].lower().strip(",:")) if words else None
    imperative = first is not None and first[0] != "state" and first[1] == "base" and len(words) > 2
    return imperative or step.rstrip().endswith((":", "—")) or len(words) > 9


def _is_name(title: str) -> bool:
    """ "Data Science" over a list, not "Internal stakeholders" nor "Needs Executive Approval"."""
    return is_party(title) and not _right(title) and not any(words.search(title) for _, words in _GROUNDS)


def _ground(title: str, deciding: bool) -> Ground | None:
    if _DENY.search(title):
        return "deny"
    if deciding or _GENERAL_APPROVAL.search(title):
        ground = _right(title)
        if ground:
            return ground
    return next((ground for ground, words in _GROUNDS if words.search(title)), None)


def _right(title: str) -> Ground | None:
    """What a heading under decision rights grants."""
    if _APPROVE.search(title):
        return "approve"
    if _AGREE.search(title):
        return "agree"
    if _GENERAL_APPROVAL.search(title):
        return "approve"
    return "grant" if _GRANT.search(title) else None


def names_people(title: str) -> bool:
    """Whether a parent item is a name: "Data Science:"."""
    return is_party(title.rstrip(":— "))
