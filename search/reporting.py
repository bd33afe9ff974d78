"""Reporting lines: who is above a role, who is below it, how many they are; as questions and as pages put it."""

import re

import numpy as np

from index.generation import Generation
from index.vectors import Ids
from ingest.blueprint import Passage, Topic

BELOW = re.compile(
    r"\b(?:who|whom|(?:which|what) [\w-]+) (?:directly )?reports? (?:directly )?to\b|\bdirect reports\b"
    r"|\bhow many (?:\w+ ){0,3}reports?\b|\breports? (?:directly )?(?:in)?to (?:this|the|that) (?:role|job|position)\b",
    re.I,
)
# After these something else is asked: "how often does it report to ...", "which metrics does it report to ...".
_ELSE = (
    r"(?:and |so |but )?(?:how|when|where|why|what(?!'s| is| (?:role|position|level|team|function|manager)s?\b)"
    r"|which(?! (?:role|position|level|team|function|manager|leader|director|head|person|executive)s?\b))\b"
)
ABOVE = re.compile(
    rf"^(?!.*(?:{BELOW.pattern}))(?!{_ELSE})(?:.*\bboss(?:es)?\b|.*\breports? (?:directly )?(?:in)?to\b"
    r"|.*\bwho(?:'s| is| sits| stands) (?:right |directly )?above\b"
    r"|.*\bwhom?\b.{0,120}\breports?\b|.*\bline manager\b|.*\bmanager of (?:the|an?)\b)",
    re.I,
)
HOW_MANY = re.compile(
    r"\b(?:how (?:big|large) (?:is|are)|size of|bigger|larger|smaller) (?:the |a |its? |her |his |their )?"
    r"(?:team|group|function)\b"
    r"|\bhow many (?:direct |people|engineers|staff|heads)\b.*\b(?:reports?|leads?|manages?|team|group|have|has)\b"
    r"|\bhow many reports\b|\b(?:more|fewer|most) people\b|\b(?:team|group) size\b|\bheadcount\b",
    re.I,
)
_LINE = re.compile(r"\breport(?:s|ing)? (?:\w+ )?(?:in)?to\b|\breporting (?:line|manager)\b", re.I)
_UNDER = re.compile(
    r"\bdirect reports\b|\b(?:leads?|manages?|heads?|runs?) (?:an? |the |its )?(?:[\w,-]+ ){0,4}?"
    r"(?:team|group|people|engineers|analysts|staff|scientists|specialists)\b|\bteam (?:of|that)\b"
    r"|\bteam \((?:\w+ )?\d",
    re.I,
)
_TOLD_IN: tuple[Topic, ...] = ("summary", "stakeholders", "scorecard", "mission", "other")
_PAGES = 60  # passages in which a reporting line to a role is looked for


def tells_above(passage: Passage) -> bool:
    """Whether a passage says whom its role reports to."""
    return passage.topic in _TOLD_IN and bool(_LINE.search(passage.text))


def tells_below(passage: Passage, roles: tuple[str, ...]) -> bool:
    """Whether a passage says who is under one of these roles: on its own page, or on that of one who reports to it."""
    if passage.role in roles:
        return passage.topic in ("summary", "environment", "responsibilities") and bool(_UNDER.search(passage.text))
    return tells_above(passage) and any(names_above(passage.text, role) for role in roles)


def names_above(text: str, role: str) -> bool:
    """Whether a line of report in the text leads to this role."""
    line = _LINE.search(text)
    named = re.compile(rf"[\s|:*]*(?:typically |usually )?(?:to )?(?:the |an? )?{re.escape(role)}\b", re.I)
    return bool(line and named.match(text[line.end() :]))


def rows_below(generation: Generation, roles: tuple[str, ...]) -> Ids:
    """The rows that say who is under these roles, their own pages' and others'."""
    found: list[int] = []
    for role in roles:
        rows = generation.lexical.search(f"reports to {role}", _PAGES)[1].tolist()
        found += [row for row, p in zip(rows, generation.passages(rows), strict=True) if tells_below(p, roles)]
    own = generation.rows(roles=roles)
    return np.unique(np.array([*found, *(own.tolist() if own is not None else ())], dtype=np.int64))
