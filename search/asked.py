"""What part of a role's page a question asks for: the topic and, where it says so, the subsection."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.blueprint import Topic
from search.cues import SUBSECTIONS
from search.section_cues import SECTIONS
from search.wording import stem, word_set, words

_EMPTY = word_set("the a an of for to in by and or this role with is are what")
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "six": "6", "nine": "9", "twelve": "12", "thirteen": "13", "thirty": "30",
    "sixty": "60", "ninety": "90",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a role's page."""

    topic: Topic
    heading: tuple[str, ...]  # titles that such a subsection may have; none = the whole section


def asked_for(plain: str) -> Asked | None:
    """The topic that a folded text asks for, by its first cue; role names should be blanked out before."""
    for topic, cue, titles in _cues():
        if found := cue.search(plain):
            return Asked(topic, tuple(title.format(*(group or "" for group in found.groups())) for title in titles))
    return None


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
