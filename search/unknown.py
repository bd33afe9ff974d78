"""Roles that a text plainly names and the catalogue does not have."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from search.memo import by_identity
from search.mentions import Mention
from search.names import key
from search.rolewords import RoleIndex
from search.wording import ABBREVIATIONS, ARTICLES, LEVELS, PERSONS, RANKS, Word, expand, stem, word_set, words

_LOOKED_AT = 20  # names
_NEAR = 60.0  # rapidfuzz score (0 to 100) from which a name is worth proposing
_NOUNS = PERSONS | RANKS | {"officer", "president"}
_OPEN = word_set("of for by as does do is are can must should the a an than from to with and or vs about")
_CLOSED = (
    _OPEN
    | ARTICLES
    | word_set(
        """in on at what which who whose how when where why will would may might has have had be we you they i it need
        needs use uses own owns run runs work works report reports give show list tell compare between what's"""
    )
)
_WIDEST = 4  # words beside the noun
_RELATIVE = word_set("line hiring reporting")  # "the line manager" is somebody's, no role
# What a person's noun only describes: "the developer platform" names no developer.
_DESCRIBED = word_set(
    """platform portal experience productivity tool tooling documentation workflow environment community relation
    onboarding enablement survey program training access journey"""
)


@dataclass(frozen=True, slots=True)
class UnknownRole:
    """A role as a text names it, and the catalogue's names that are nearest."""

    name: str
    near: tuple[str, ...]
    first: int  # place of its first word
    last: int


def unknown_roles(
    text: str, tokens: Sequence[Word], named: Sequence[Mention], index: RoleIndex
) -> tuple[UnknownRole, ...]:
    """The plainly named roles outside the mentions: in capitals, or after an article."""
    covered = {place for mention in named for place in range(mention.first, mention.last)}
    found: list[UnknownRole] = []
    for place, word in enumerate(tokens):
        if place in covered or not _is_noun(word):
            continue
        first, last = _span(tokens, place, covered)
        if _is_plain(tokens, first, last, place):
            name = text[tokens[first].start : tokens[last - 1].end].removesuffix("'s").removesuffix("’s")
            found.append(UnknownRole(name, nearest(name, index), first, last))
            covered |= set(range(first, last))
    return tuple(found)


def nearest(name: str, index: RoleIndex, limit: int = 3) -> tuple[str, ...]:
    """The catalogue's names that are most like this one: by words of the field in common, then by letters."""
    field = {part for word in words(name) for part in expand(word.text, word.shown)} - LEVELS
    near = process.extract(
        key(name), _keys(index.names), scorer=fuzz.token_set_ratio, limit=_LOOKED_AT, score_cutoff=_NEAR
    )
    ranked = sorted((-len(index.shapes[place].content & field), -score, index.names[place]) for _, score, place in near)
    return tuple(match for _, _, match in ranked[:limit])


@by_identity
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(key, names))


def _is_noun(word: Word) -> bool:
    chief = word.text in ABBREVIATIONS and ABBREVIATIONS[word.text][0] in {"chief", "vp"}
    return stem(word.text) in _NOUNS or word.text in PERSONS or chief


def _span(tokens: Sequence[Word], place: int, covered: set[int]) -> tuple[int, int]:
    """The noun with the words before it, or with "of" and the words after it."""
    last = place + 1
    while last < len(tokens) and _is_noun(tokens[last]) and last not in covered:
        last += 1
    capital = tokens[place].shown[0].isupper()
    if last + 1 < len(tokens) and tokens[last].text in {"of", "for"} and stem(tokens[place].text) in RANKS:
        after = last + 1
        while after < len(tokens) and after <= last + _WIDEST and _goes_on(tokens, after, covered, capital):
            after += 1
        last = after if after > last + 1 else last
    first = place
    while first and place - first < _WIDEST and _goes_on(tokens, first - 1, covered, capital, before=True):
        first -= 1
    return first, last


def _goes_on(tokens: Sequence[Word], place: int, covered: set[int], capital: bool, before: bool = False) -> bool:
    word = tokens[place]
    gap = tokens[place + 1].gap if before else word.gap
    same = word.shown[0].isupper() or not capital or stem(word.text) in LEVELS
    return place not in covered and word.text not in _CLOSED and same and not gap.strip(" -")


def _is_plain(tokens: Sequence[Word], first: int, last: int, noun: int) -> bool:
    """A chief by initials, a name in capitals, or a singular after an article or preposition."""
    if last - first == 1:
        return tokens[noun].text in ABBREVIATIONS and tokens[noun].shown.isupper()
    told = [word for word in tokens[first:last] if word.text not in _OPEN]
    if noun and tokens[noun - 1].text in _RELATIVE:
        return False
    if len(told) < 2 or all(stem(word.text) in LEVELS for word in told):
        return False
    if all(word.shown[0].isupper() for word in told):
        return first > 0 or len(told) > 2 or not tokens[0].text.endswith(("e", "s"))
    if last < len(tokens) and stem(tokens[last].text) in _DESCRIBED and not tokens[last].gap.strip(" "):
        return False
    return first > 0 and tokens[first - 1].text in _OPEN and not tokens[noun].text.endswith("s")
