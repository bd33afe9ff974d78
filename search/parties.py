"""Whom a noun phrase of a role description names: the page's role, somebody else, or nobody."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from search.verbs import NOUN_TOO, PLURAL_TOO, VERBS, words

Party = Literal["role", "third", "nobody"]

# Heads of phrases that name people; a plural "s" is taken off first.
_PEOPLE = words(
    """
    administrator agency analyst architect assessor auditor authority bank board bureau buyer candidate captain
    cfo chair chief ciso cio ceo coo cto client coach colleague committee community consultant consumer
    contractor controller coordinator council counsel counterpart crew customer delegate department designer
    developer director division employee engineer executive expert founder function group guild head integrator
    investor lead leader leadership lawyer maintainer management manager marketer member merchant officer
    operator org organisation organization owner panel partner party peer people planner practitioner president
    producer provider recruiter regulator representative requester researcher responder reviewer scientist
    specialist sponsor squad staff stakeholder steward superior supervisor supplier team technologist tester
    tribe user vendor vp writer
    """
)
# Names of functions that stand for their people, when written with a capital.
_FUNCTIONS = words(
    """
    accounting analytics architecture audit bi cloud compliance customer cybersecurity data design devops
    engineering facilities finance finops governance hr infosec infrastructure internal it legal logistics
    marketing ml mlops networking operations people platform privacy procurement product qa recruiting
    reliability research risk safety sales science secops security sre support talent tax treasury underwriting ux
    """
)
_LINKS = words(
    """
    and or of the & / for a an + our their her his its each every - –
    """
)
_NEVER = words(
    """
    where this that which who what when with between from into kept than then there first after before no nobody
    everyone somebody in at to by as per is are if unless once because since although
    """
)
_DETERMINERS = words("the a an our all any this these other new their your")
_FIELDS = words(
    """
    engineering operations science management analytics design research security finance success
    """
)
_TEAM = words(
    """
    team function group organisation organization org department squad area unit practice side
    """
)
# Words of a role's name that say too little to stand for it.
_GENERIC = words(
    """
    engineering engineer development developer operations manager director lead leader head staff senior junior
    principal associate chief officer vp vice president specialist analyst technical technology team intern
    fellow and of the for a an support services service
    """
)
_LEVELS = words(
    """
    manager director head lead leader engineer officer president analyst architect specialist coordinator
    designer scientist supervisor recruiter consultant administrator intern fellow vp developer researcher
    auditor writer chief partner counsel controller accountant owner
    """
)
_SELF = re.compile(
    r"(?:(?:the|this|our|your|each|every) )?(?:successful |ideal )?(?:role|position|job|incumbent|post|candidate"
    r"|(?:role|job|post) ?holder|individual|person|leader|hire)(?: (?:itself|in this role))?|you|they|we|i|(?:s?he)"
    r"|(?:this|the|your|own|our|its) (?:team|group|function)|he/she|she/he|it",
)
_ACRONYMS = {
    "ml": "machine learning", "mle": "machine learning engineering", "ai": "artificial intelligence",
    "sre": "site reliability engineering", "fp&a": "financial planning analysis", "hr": "human resources",
    "ux": "user experience", "qa": "quality assurance", "it": "information technology", "pm": "product manager",
    "em": "engineering manager", "tpm": "technical program manager", "vp": "vice president",
}  # fmt: skip
_WORD = re.compile(r"[^\W_][\w’'&.+-]*|[/&,+]")


def words_of(phrase: str) -> list[str]:
    """A phrase's words and separators, brackets left out."""
    return _WORD.findall(re.sub(r"\([^)]*\)?", " ", phrase))


def who(phrase: str, role: str) -> Party:
    """Whom a noun phrase names on the page of a role."""
    words = words_of(phrase)
    if not words or len(words) > 12:
        return "nobody"
    plain = " ".join(words).lower()
    if _SELF.fullmatch(plain) or _is_role(plain, role):
        return "role"
    return "third" if _names_people(words) else "nobody"


def is_party(phrase: str) -> bool:
    """Whether a phrase names people at all."""
    return _names_people(words_of(phrase))


def ends_with_people(words: Sequence[str]) -> bool:
    """Whether the last of some words in lower case names people."""
    last = words[-1] if words else ""
    return _singular(last) in _PEOPLE or last in _FUNCTIONS or last in _FIELDS


def is_collective(phrase: str) -> bool:
    """Whether a verb after the phrase may stand in its base form: a plural, or several names."""
    words = words_of(phrase)
    if not words:
        return False
    last = words[-1].lower()
    several = any(word in ("and", "/", "&", ",", "or") for word in words[1:-1])
    return several or (last.endswith("s") and not last.endswith("ss")) or last == "people"


@lru_cache(maxsize=4096)
def _own_words(role: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a role's name, and those of them that tell it from others."""
    words = [stem for word in words_of(role.lower()) for stem in _stems(word)]
    telling = frozenset(word for word in words if word not in _GENERIC_STEMS)
    return frozenset(words), telling


def _is_role(plain: str, role: str) -> bool:
    """Whether every word is one of the role's and they tell it, or "the" goes with its rank: "the manager"."""
    own, telling = _own_words(role)
    definite = plain.startswith(("the ", "this ", "each ", "every "))
    words = [word for word in plain.split() if word not in _LINKS and word != "this"]
    ranked = any(_singular(word) in _LEVELS for word in words)
    stems = [stem for word in words if word not in _TEAM_WORDS for stem in _stems(word)]
    if own.isdisjoint(_RANK_STEMS):  # the name of a job family: any rank in it is the page's
        stems = [stem for stem in stems if stem not in _GENERIC_STEMS]
    if not stems or not all(_among(stem, own) for stem in stems):
        return False
    told = bool(telling) and all(_among(word, stems) for word in telling)
    return told or (ranked and definite)


def _among(stem: str, stems: Iterable[str]) -> bool:
    """Whether a stem is one of them or begins as one does: "audit", "auditor"."""
    return stem in stems or (
        len(stem) > 3 and any(len(o) > 3 and (o.startswith(stem) or stem.startswith(o)) for o in stems)
    )


def _stems(word: str) -> list[str]:
    """Short stems, so that "engineering" is "engineers", "operations" "operational"."""
    full = _ACRONYMS.get(word, word)
    return [part[:6] if len(part) > 6 else _singular(part) for part in full.split() if part not in _LINKS]


def _singular(word: str) -> str:
    word = word.lower().removesuffix("’s").removesuffix("'s")
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "sis", "ops")) and len(word) > 3 else word


_GENERIC_STEMS = frozenset(stem for word in _GENERIC for stem in (_singular(word)[:6] if len(word) > 6 else word,))
_RANK_STEMS = frozenset(word[:6] if len(word) > 6 else word for word in _LEVELS)
_TEAM_WORDS = _TEAM | {word + "s" for word in _TEAM} | {","}


def _names_people(words: list[str]) -> bool:
    """A head noun for people with few words before it, or capitals that hold a function's name."""
    content = [word for word in words if word.lower() not in _LINKS and word != ","]
    if not content or len(content) > 9:
        return False
    if words[-1].lower() in _LINKS or any(word.lower() in _NEVER for word in content) or _begins_with_verb(words):
        return False
    capital = [word for word in content if word[0].isupper()]
    head = _singular(content[-1]) in _PEOPLE or (bool(capital) and content[-1].lower() in _FIELDS and len(content) < 4)
    plain = [word for word in content if word[0].isupper() or _singular(word) in _PEOPLE or word in _TEAM_WORDS]
    if head and (len(plain) == len(content) or len(content) <= 4):
        return True
    named = any(word.lower() in _FUNCTIONS or _singular(word) in _PEOPLE or _acronym(word) for word in capital)
    return named and len(capital) == len(content)


def _begins_with_verb(words: list[str]) -> bool:
    """ "Manages two groups" names nobody, "Design leads" does."""
    first = words[0].lower()
    verb = VERBS.get(first)
    if first in NOUN_TOO and len(words) > 1 and words[1].lower() in _DETERMINERS:
        return True
    noun = first in NOUN_TOO or first in PLURAL_TOO or first in _FUNCTIONS or _singular(first) in _PEOPLE
    ends = len(words) == 1 or words[1] != "/"
    return bool(verb and ends and verb[1] in ("s", "base", "ing") and not noun)


def _acronym(word: str) -> bool:
    return word.isupper() and 2 <= len(word) <= 5
