"""What a verb makes of its subject: whether it does a thing, shares it, only helps, or leaves it."""

import re
from collections.abc import Sequence
from typing import Literal

from search.parties import ends_with_people, words_of
from search.turns import ADVICE, ADVISER, ASSIGNED, DEAL, INSIDE, OTHERS, SERVED, STANDS_IN, TOGETHER, WEAK
from search.verbs import VERBS

Deed = Literal["do", "co", "help", "get", "not", "be"]


def deed_of(low: Sequence[str], place: int, role: str) -> Deed | None:
    """What the verb at a place makes of its subject."""
    if STANDS_IN.match(" ".join(low[place:])):
        return "help"
    if place >= len(low) or low[place] not in VERBS:
        return None
    verb_class, _, verb = VERBS[low[place]]
    if any(word in ("not", "never", "don't", "doesn't", "cannot") for word in low[max(0, place - 3) : place]):
        return "not" if verb_class in ("do", "co") else None
    tail = " ".join(low[place:])
    if verb_class == "help":
        return _help(verb, low, place, tail, role)
    if verb_class == "do":
        return "help" if _lends_a_hand(verb, low, place, tail) else "do"
    return None if verb_class == "state" else verb_class


def _lends_a_hand(verb: str, low: Sequence[str], place: int, tail: str) -> bool:
    """Whether a verb of doing only helps: gives advice, serves as a liaison, enables others, takes part."""
    if verb in ("provide", "give", "offer", "deliver", "make", "bring", "supply", "submit"):
        following = low[place + 1 : place + 5]
        cut = next(
            (i for i, word in enumerate(following) if word in ("for", "to", "on", "of", "with", "in", "that")), 4
        )
        return any(word in ADVICE for word in following[:cut])
    if verb in ("act", "serve"):
        return bool(ADVISER.match(tail))
    if verb == "take":
        return tail.split()[1:2] == ["part"]
    return verb in ("enable", "empower", "equip") and bool(OTHERS.match(tail))


def _help(verb: str, low: Sequence[str], place: int, tail: str, role: str) -> Deed:
    """A verb of helping, unless what follows makes it doing or sharing."""
    following = VERBS.get(low[place + 1]) if place + 1 < len(low) else None
    if following and following[1] == "base" and verb in ("help", "assist"):
        return "help"
    if low[place + 1 : place + 2] == ["and"] and place + 2 < len(low) and _chained(low[place + 2]):
        return "do"
    if verb in ("work", "partner", "collaborate", "cooperate", "join", "align", "coordinate", "liaise"):
        return _with_others(verb, low, place, tail)
    if verb == "negotiate" and DEAL.search(" ".join(low[place + 1 : place + 7])) and not INSIDE.search(tail):
        return "do"
    return "do" if verb == "support" and "support" in role.lower() else "help"


def _chained(word: str) -> bool:
    verb = VERBS.get(word)
    return bool(verb and verb[0] == "do" and verb[1] != "ed")


def _with_others(verb: str, low: Sequence[str], place: int, tail: str) -> Deed:
    """ "Partner with X to define …" is shared where the two define it; "work with customers to …" is the role's."""
    found = re.match(
        r"[\w-]+ (?:\w+ )?(?:with|alongside|across) (.{3,90}?) (?:to"
        r"|in order to) (?:\w+ly )?([\w-]+)",
        tail,
    )
    if not found:
        if verb == "work" and not re.match(r"\w+ (?:\w+ )?(?:with|alongside|across|under)\b", tail):
            return "help" if ASSIGNED.search(tail) else "do"
        return "do" if verb == "align" and not re.match(r"\w+ (?:\w+ )?with\b", tail) else "help"
    aim = VERBS.get(found[2])
    if verb == "work" and not ends_with_people(words_of(found[1])):
        return "do"
    if verb not in TOGETHER or not aim or (aim[0] != "do" and aim[2] not in WEAK):
        return "help"
    if SERVED.search(found[1]):
        return "do"
    return "help" if aim[2] in WEAK else "co"
