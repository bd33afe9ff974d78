"""Noun phrases cut out of a clause: whom a matter is shared with, who comes after "by"."""

import re

from search.parties import is_party
from search.turns import EDGE, STOP, WITH_WHOM
from search.verbs import BE, MODAL, PLURAL_TOO, VERBS


def noun_phrase(text: str) -> str | None:
    """The words up to the next preposition, verb or stop, without an article."""
    taken: list[str] = []
    words = re.split(r"[();:]", text, maxsplit=1)[0].split()[:10]
    article = words[:1] and words[0].lower() in ("the", "a", "an", "our", "their", "its")
    for word in words[1:] if article else words:
        plain = word.lower().strip(EDGE)
        form = VERBS.get(plain)
        ends = plain in STOP or plain in BE or plain in MODAL or plain in ("not", "but", "never")
        if ends or (taken and form and word[0].islower() and form[1] in ("s", "ing") and plain not in PLURAL_TOO):
            break
        taken.append(word)
        if word[-1] in ";:.)" or (word[-1] == "," and not is_party(" ".join(taken))):
            break
    phrase = " ".join(taken).split(", including")[0].strip(" ,;:.")
    phrase = re.sub(r"\s+(?:and|or)$", "", phrase).rstrip(" ,")
    return phrase if phrase and "(" not in phrase[:1] else None


def partner_in(clause: str) -> str | None:
    """Whom something is shared with, in the clause's own words."""
    found = WITH_WHOM.search(clause) or re.search(r"\bwith ", clause)
    return noun_phrase(clause[found.end() :]) if found else None


def ends_name(last: str, following: str) -> bool:
    """Whether a name ends where another word follows: at a comma, a bracket, a participle, a preposition."""
    plain = following.lower().strip(EDGE)
    verb = VERBS.get(plain)
    return last[-1] in ",;:" or following[0] in "(+&–—-" or plain in STOP or bool(verb) or plain.endswith("ing")
