"""What part of a role's page a question asks for: the topic and, where it says so, the subsection."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ingest.blueprint import Topic
from search.cues import SUBSECTIONS
from search.section_cues import SECTIONS
from search.wording import stem, word_set, words

_EMPTY = word_set("the a an of for to in by and or this role with is are what")
_JOINS = re.compile(r",? (?:and|or|plus|as well as|along with) |, | & ")
_LENT = 4  # words of the next part that one without its noun may borrow: "technical and soft skills"
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "six": "6", "nine": "9", "twelve": "12", "thirteen": "13", "thirty": "30",
    "sixty": "60", "ninety": "90",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a role's page."""

    topic: Topic
    heading: tuple[str, ...]  # titles that such a subsection may have; none = the whole section
    said: str = field(default="", compare=False)  # the question's words for it


def asked_for(plain: str) -> Asked | None:
    """The topic that a folded text asks for, by its first cue; role names should be blanked out before."""
    for topic, cue, titles in _cues():
        if found := cue.search(plain):
            heading = tuple(title.format(*(group or "" for group in found.groups())) for title in titles)
            return Asked(topic, heading, found[0])
    return None


def all_asked_for(plain: str, empty: AbstractSet[str]) -> tuple[Asked, ...]:
    """The parts that a folded text asks for in a row ("weak signals and red flags"), none where it names but one.

    `empty`: words that ask for nothing; a text in which another joined word is no part of a page asks for one.
    """
    pieces = _JOINS.split(plain)
    found: dict[tuple[Topic, tuple[str, ...]], Asked] = {}
    for place, piece in enumerate(pieces):
        said = _trimmed(piece, empty)
        asked = asked_for(piece)
        if said and place + 1 < len(pieces) and not (asked and asked.heading):
            asked = _lent(said, pieces[place + 1], asked) or asked
        if asked:
            found.setdefault((asked.topic, asked.heading), replace(asked, said=said or piece))
        elif said:
            return ()
    whole = {topic for topic, heading in found if not heading}
    kept = tuple(asked for asked in found.values() if not asked.heading or asked.topic not in whole)
    return kept if len(found) > 1 else ()


def _lent(said: str, after: str, own: Asked | None) -> Asked | None:
    """What a piece asks for by the noun of the next one, narrower than by its own words and other than that one."""
    told, other = after.split()[: _LENT + 1], asked_for(after)
    for first in range(1, len(told)):
        asked = asked_for(f"{said} {' '.join(told[first:])}")
        if asked and asked != other and (own is None or (asked.heading and asked.topic == own.topic)):
            return asked
    return None


def _trimmed(piece: str, empty: AbstractSet[str]) -> str:
    """A piece from its first word that says something to its last."""
    told = words(piece)
    places = [place for place, word in enumerate(told) if word.text not in empty]
    return piece[told[places[0]].start : told[places[-1]].end] if places else ""


def asks_pay(text: str) -> bool:
    """Whether a text asks about pay, whatever else it asks for."""
    return any(topic == "compensation" and cue.search(text.casefold()) for topic, cue, _ in _cues())


def heading_fit(title: str, heading: tuple[str, ...]) -> float:
    """How well a subsection's title fits what was asked for, 0 to 1; 1 for one that has all the words of a title."""
    have = _bag(title)
    return max((_overlap(have, _bag(wanted)) for wanted in heading), default=0.0)


@lru_cache(maxsize=1)
def _cues() -> tuple[tuple[Topic, re.Pattern[str], tuple[str, ...]], ...]:
    whole = [(topic, cue, ()) for topic, cue in SECTIONS]
    return tuple((topic, re.compile(cue), titles) for topic, cue, titles in (*SUBSECTIONS, *whole))


def _overlap(have: frozenset[str], wanted: frozenset[str]) -> float:
    """Dice's coefficient, raised to 1 where all that is wanted is there."""
    both = len(have & wanted)
    return 1.0 if both and both == len(wanted) else 2 * both / max(1, len(have) + len(wanted))


@lru_cache(maxsize=1 << 14)
def _bag(text: str) -> frozenset[str]:
    found = (stem(word.text) for word in words(text) if word.text not in _EMPTY)
    return frozenset(_NUMBERS.get(word, word) for word in found)
