"""How a text leans on the turn before: words that refer back, that lead over, that leave something unsaid."""

import re
from collections.abc import Sequence

from search.asked import asked_for
from search.frames import ROLE, asks_for_roles
from search.wording import Word

_THAT_ROLE = r"\b(?:this|that|the same|the|these|those|both) (?:roles?|jobs?|positions?|two)\b"
_ORDINALS = {"first": 0, "former": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1, "latter": -1}
_NTH = (
    r"\bthe (?:(?:first|second|third|fourth|fifth|last) (?:one|role|job|position|of (?:them|these|those|the two))"
    r"|former|latter)\b"
)
_PRONOUN = re.compile(
    rf"{_NTH}|\b(?:it|they|them|theirs|he|she|hers|him)\b|\b(?:its|their|his|her)\b(?! own)|{_THAT_ROLE}"
    r"|(?:(?<=\bhire )|(?<=\binterview )|(?<=\brecruit )|(?<=\bbecome ))one\b"
)
_ONE = re.compile(rf"{_NTH}|\b(?:its?|he|she|his|hers?|him|one|(?:this|that|the same|the) (?:role|job|position))\b")
_OBJECT = re.compile(r"^[^:;.?!–—]*\b(?:it|them|this|that|these|those)\W*$")
_ITSELF = re.compile(r"\b(?:itself|themselves)\W*$")
_LIKEWISE = re.compile(r"\b(?:those|that) of\b|\bthe same (?!(?:roles?|jobs?|positions?|for|of|about|with|at|as)\b)\w+")
_ITEMS = re.compile(r"\bwhich (?:of (?:them|these|those)|ones?)\b")
_PRESENTS = re.compile(r"(?:hi|hello)?[ ,.!]*(?:(?:i'm|i am|we're|we are)(?: \w+){0,4}|as) (?:an?|the)? ?")
_FILLER = re.compile(
    r"(?:(?:ok(?:ay)?|well|great|right|thanks|thank you|now|and|then|so|please|no|i mean|i meant)\b[ ,.!]*)*"
    r"(?:back to (?:the )?(?=\w)|(?:the )?same(?: (?:question|thing))? (?=(?:for|of|about|with|at)\b))?"
)
_OPENS = re.compile(
    r"^(?:and|or|also|but|so|then|now|(?:the )?same|ok|okay)\b|^(?:what|how) about\b|^(?:for|in|with) (?:the )?§"
)
_ELLIPSIS = re.compile(
    r"^(?:(?:and|or|also|but|so|then|now|same|ok|okay)\b[ ,]*)?"
    r"(?:(?:what|how) about\b|for\b|in\b|with\b|on\b|the\b|§|\w+\W*$|$)"
)


def refers(plain: str) -> bool:
    """Whether something that was spoken of is meant."""
    return bool(_PRONOUN.search(plain))


def refers_to_one(plain: str) -> bool:
    """Whether the one that is meant is a single one: "its", "that role"."""
    return bool(_ONE.search(plain))


def ordinal(plain: str) -> int | None:
    """Which of several a text means, from 0, -1 for the last: "the second one"; None where it counts none."""
    found = re.search(_NTH, plain)
    return _ORDINALS[found[0].split()[1]] if found else None


def with_role(plain: str) -> str | None:
    """The text with its reference back replaced by ROLE; None without one."""
    found = _PRONOUN.search(plain)
    return f"{plain[: found.start()]}{ROLE}{plain[found.end() :]}" if found else None


def means_a_role(plain: str) -> bool:
    """Whether what is referred to can only be a role: "that role", or "their" with a part of a page."""
    found = _PRONOUN.search(plain)
    if found is None or asks_for_roles(plain):
        return False
    return bool(re.fullmatch(f"{_THAT_ROLE}|{_NTH}", found[0])) or asked_for(with_role(plain) or "") is not None


def means_the_matter(plain: str) -> bool:
    """Whether a question for roles ends on what was spoken of: "who pays for it"."""
    return bool(_OBJECT.search(plain))


def means_of_the_matter(plain: str) -> bool:
    """Whether a question for roles ends on a thing that belongs to what was spoken of: "who runs the store itself"."""
    return bool(_ITSELF.search(plain))


def likewise(plain: str) -> bool:
    """Whether the same part of another page is meant: "those of the director", "the same duties"."""
    return bool(_LIKEWISE.search(plain))


def chooses_things(plain: str) -> bool:
    """Whether some of several things are asked for: "which of them"."""
    return bool(_ITEMS.search(plain))


def follows_on(plain: str) -> bool:
    """Whether a text opens as the continuation of another."""
    return bool(_OPENS.search(plain))


def is_elliptic(plain: str) -> bool:
    """Whether a text leaves its verb unsaid: "and for the head?"."""
    return bool(_ELLIPSIS.search(plain))


def filler(text: str, tokens: Sequence[Word], named: frozenset[int]) -> frozenset[int]:
    """The places of words that lead over from the turn before, count its roles ("the second one"), or present the
    asker: "I'm applying for" a role.

    `named`: places of the words that name roles.
    """
    led = _FILLER.match(text.casefold())
    first = tokens[min(named)].start if named else 0
    presents = _PRESENTS.fullmatch(text[:first].casefold().replace("’", "'"))
    end = first if presents else led.end() if led else 0
    counted = re.search(_NTH, text.casefold())
    begin, stop = counted.span() if counted else (0, 0)
    return frozenset(n for n, word in enumerate(tokens) if word.end <= end or begin <= word.start < stop)
