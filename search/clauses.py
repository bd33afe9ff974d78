"""What one clause says: who does it, and how far it is theirs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.deeds import Deed, deed_of
from search.fronts import UNDER, Front, front_of
from search.parties import Party, is_collective, is_party, who
from search.phrases import noun_phrase, partner_in
from search.turns import (
    AFTER_WORK,
    ASIDE,
    BINDS,
    BY,
    CHARGED,
    CONSULTED,
    COPULA_CO,
    EDGE,
    HAVE,
    INFORMED,
    JOINT,
    OBJECT,
    ONLY_TAKES,
    RIGHT,
    RULES,
    SIGN,
    SKIP,
    STANDS_IN,
    STATES,
    TELLING,
    TO_DO,
    WITH,
    is_adverb,
)
from search.verbs import BE, BEFORE_NOUN, MAY_BE_NOUN, MODAL, NOUN_TOO, PLURAL_TOO, VERBS


@dataclass(frozen=True, slots=True)
class Said:
    """A clause as read: `who` is the subject, `named` whether it is in the words; a text that begins with its verb
    has the page's role for its subject."""

    who: Party
    deed: Deed
    named: bool
    actor: str | None = None  # the third party: the subject, or whom it is shared with


def read(clause: str, role: str) -> Said | None:
    """What a clause says, or None where no one does anything in it."""
    if (opened := front_of(clause)) and (fronted := _fronted(opened, role)):
        return fronted
    words = ASIDE.sub(" ", clause).split()
    low = [word.lower().strip(EDGE).replace("’", "'") for word in words]
    start = _verb_at(low)
    if not low:
        return None
    ambiguous = start is None or low[start] in NOUN_TOO or VERBS[low[start]][1] in ("s", "ing")
    if ambiguous:
        said = _subject_first(words, low, role)
        if said:
            return said
    if start is not None:
        deed = "be" if STATES.match(" ".join(low[start:])) else deed_of(low, start, role)
        return _said("role", deed, False, low[:start], " ".join(low), clause)
    plain = low[_adverbs(low) :] if low[0] not in TELLING else low
    return _elliptic(plain, clause) or _headless(plain, role, clause) or by_whom(clause, role) or _together(low, clause)


def _adverbs(low: Sequence[str]) -> int:
    """How many adverbs a clause begins with, the last word apart: "Usually owns …" names nobody."""
    return next((place for place, word in enumerate(low[:-1]) if not is_adverb(word)), len(low) - 1)


def _together(low: Sequence[str], clause: str) -> Said | None:
    """Of a clause whose verb is not known: "Quarterly planning in partnership with …"."""
    return Said("role", "co", False, partner_in(clause)) if WITH.search(" ".join(low)) else None


def _fronted(opened: tuple[Front, str, str], role: str) -> Said | None:
    """A clause after what opens it: done with whom it names, or under them, or as it says itself."""
    kind, name, clause = opened
    if not is_party(name):
        return read(clause, role) if kind == "aside" else None
    said = read(clause, role) or Said("role", "do", False)
    if kind == "aside" or said.who != "role" or said.deed not in ("do", "co"):
        return said
    if kind == "under":
        return Said("role", "help", said.named)
    return Said("role", "co", said.named, said.actor or noun_phrase(name))


def _headless(low: Sequence[str], role: str, clause: str) -> Said | None:
    """ "Is consulted before …", "Has joint authority over …": the role's, if nobody is named."""
    if low[0] not in BE | HAVE:
        return None
    return _said("role", _predicate(low, 0, role, "role"), False, (), " ".join(low), clause)


def _verb_at(low: Sequence[str]) -> int | None:
    """Where a text that begins with its verb has it."""
    for place, word in enumerate(low[:5]):
        if word in VERBS and VERBS[word][1] != "ed":
            if word in NOUN_TOO and low[place + 1 : place + 2] == ["of"]:
                return None
            if word in BEFORE_NOUN and _is_plural(low[place + 1 :]):
                return None
            bare = word in ("partner", "work") and low[place + 1 : place + 2] and low[place + 1] not in AFTER_WORK
            return None if bare and not low[place + 1].endswith("ly") else place
        if (
            word not in SKIP
            and word not in MODAL
            and not word.endswith("ly")
            and word not in ("do", "does", "don't", "doesn't")
        ):
            return None
    return None


def _is_plural(low: Sequence[str]) -> bool:
    """Whether the first of some words is a plural noun."""
    return any(word.endswith("s") and not word.endswith("ss") and _not_verb(word) for word in low[:1])


def _not_verb(word: str) -> bool:
    return word not in OBJECT and (word not in VERBS or word in PLURAL_TOO)


def _elliptic(low: Sequence[str], clause: str) -> Said | None:
    """ "Accountable for …", "Consulted on …", "Does not own …", "No authority over …", "Co-owner of …"."""
    text = " ".join(low)
    if re.match(
        r"(?:not|no|without) (?:\w+ ){0,2}(?:responsib|accountab|authority|ownership|decision|say|owner"
        r"|charge)",
        text,
    ):
        return Said("role", "not", False)
    if COPULA_CO.match(text):
        return Said("role", "co", False, partner_in(clause))
    if re.match(
        r"(?:\w+ly )?(?:co-\w+ed|co-led|(?:shared|joint|jointly) (?:own|account|respons|decid|run|manag"
        r"|held|author)\w*)\b",
        text,
    ):
        return Said("role", "co", False, partner_in(clause))
    if right := re.match(r"(?:\w+ )?authority to (?:\w+ly )?(.+)", text):
        return _said("role", deed_of(right[1].split(), 0, ""), False, (), right[1], clause)
    if CHARGED.match(text):
        after = re.search(r"\b(?:for|to|with) (\w[\w-]*)", text)
        verb = VERBS.get(after[1]) if after else None
        return Said("role", "help" if verb and verb[0] == "help" else "do", False)
    if CONSULTED.match(text) or STANDS_IN.match(text):
        return Said("role", "help", False)
    return Said("role", "get", False) if INFORMED.match(text) else None


def _subject_first(words: Sequence[str], low: Sequence[str], role: str) -> Said | None:
    """A named subject and its finite verb."""
    if words[0].endswith(",") and all(word in VERBS and VERBS[word][1] == "base" for word in low[:2]):
        return None  # "Design, build, run …"
    begin = _adverbs(low)
    for place in range(begin + 1, min(len(low), 12)):
        if words[place - 1][-1] in ";:":
            return None
        word = low[place]
        verb = VERBS.get(word)
        finite = word in BE or word in MODAL or word in HAVE or word in ("do", "does", "don't", "doesn't")
        if not finite and not (verb and verb[1] in ("s", "base")):
            continue
        end = place
        while end > begin + 1 and (is_adverb(low[end - 1]) or low[end - 1] in ("both", "alone")):
            end -= 1
        phrase = " ".join(words[begin:end]).rstrip(",")
        if verb and not finite and verb[1] == "base" and (word + "s" in PLURAL_TOO or not is_collective(phrase)):
            continue
        subject = who(phrase, role)
        if subject == "nobody" and word in RULES and phrase.istitle():
            subject = "third"
        if subject == "nobody" or (subject == "third" and word in MAY_BE_NOUN and _is_noun(low, place)):
            continue
        deed = _predicate(low, place, role, subject)
        if deed is None:
            return Said(subject, "be", True, phrase if subject == "third" else None)
        before = (*low[:begin], *low[end:place])
        return _said(subject, deed, True, before, " ".join(low[place:]), " ".join(words[place:]), phrase)
    return None


def _is_noun(low: Sequence[str], place: int) -> bool:
    """Whether a word that may be a noun or a verb is the noun: as a verb it has an object with an article."""
    if place + 1 < len(low) and low[place] == "reports" and low[place + 1] in ("to", "directly"):
        return False
    return place + 1 >= len(low) or (low[place + 1] not in OBJECT and low[place] not in ("leads", "holds"))


def _predicate(low: Sequence[str], place: int, role: str, subject: Party) -> Deed | None:
    """The deed of a finite verb after its subject."""
    word, rest = low[place], " ".join(low[place + 1 :])
    if word == "reports" and rest.startswith(("to ", "into ", "directly ")):
        return None
    if word in ("does", "do", "don't", "doesn't", "cannot") or rest.startswith(("not ", "never ", "no longer ")):
        return None if re.match(r"(?:not )?(?:sit|report|exist|require|need)", rest) else "not"
    if word in HAVE and (found := RIGHT.match(rest)):
        return "not" if rest.startswith("no ") else "co" if re.search(r"\b(?:joint|shared)\b", found[0]) else "do"
    if word in ("has", "have") or word in BE:
        return _copula(rest, low, place, role)
    if word in MODAL:
        following = _verb_at(low[place + 1 :])
        if following is not None:
            return deed_of(low, place + 1 + following, role)
        return _copula(rest.removeprefix("be "), low, place, role) if rest.startswith("be ") else None
    return deed_of(low, place, role)


def _copula(rest: str, low: Sequence[str], place: int, role: str) -> Deed | None:
    """The deed in "is …"."""
    if re.match(r"(?:not|never|no longer)\b", rest):
        return "not"
    tests: tuple[tuple[re.Pattern[str], Deed], ...] = (
        (COPULA_CO, "co"),
        (CHARGED, "do"),
        (CONSULTED, "help"),
        (INFORMED, "get"),
    )
    if task := TO_DO.search(rest[:40]) or re.match(r"()to (\w[\w-]*)", rest):
        verb = task[task.lastindex or 1]
        return deed_of([*low[:place], *rest[rest.index(verb) :].split()], place, role) if verb in VERBS else None
    for pattern, deed in tests:
        if pattern.match(rest):
            return deed
    first = rest.split(maxsplit=1)[0] if rest else ""
    if first in VERBS and VERBS[first][1] == "ing":
        return deed_of(low, place + 1, role)
    return None


def _said(
    subject: Party, deed: Deed | None, named: bool, before: Sequence[str], tail: str, clause: str, phrase: str = ""
) -> Said | None:
    """The deed with what the rest of the clause changes about it."""
    if deed is None:
        return None
    if deed == "do" and ONLY_TAKES.search(" ".join((*before, tail))):
        deed = "get"
    actor = phrase if subject == "third" else None
    if deed in ("do", "help") and (
        "jointly" in before or JOINT.search(tail[:60]) or (deed == "do" and WITH.search(tail))
    ):
        deed = "co"
    elif deed == "do" and subject == "role" and (SIGN.search(tail) or UNDER.search(tail)):
        deed = "help"
    if deed == "co" and not actor:
        actor = partner_in(clause)
    return Said(subject, deed, named, actor)


def by_whom(clause: str, role: str) -> Said | None:
    """ "X is owned by …", "final approval rests with …"."""
    found = BY.search(clause)
    if not found:
        return None
    phrase = noun_phrase(clause[found.end() :])
    article = "the " if clause[found.end() :].startswith(("the ", "this ")) else ""
    subject = who(article + phrase, role) if phrase else "nobody"
    if "with" in found[0] and found[0].startswith(("co-", "joint")) and phrase:
        return Said("role", "co", True, phrase)
    if subject == "nobody" and phrase and phrase[0].isupper() and BINDS.match(found[0]):
        subject = "third"
    if subject == "nobody":
        return None
    negated = re.search(r"\b(?:not|never)\b", clause[: found.end()]) is not None
    shared = "joint" in found[0] or found[0].startswith("co-")
    deed: Deed = "not" if negated else "co" if shared else "help" if found[0].startswith("proposed") else "do"
    return Said(subject, deed, True, phrase if subject == "third" else None)
