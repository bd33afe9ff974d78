"""A catalogue's role names taken apart, so that a short form finds them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz, process

from search.memo import by_identity
from search.wording import GLUE, GRADES, LEVELS, RANKS, Word, expand, is_person, stem, word_set, words

_SLIP = 0.845  # rapidfuzz ratio, as a share, from which a longer word is taken for another with a slip
_SLIP_SHORT = 0.88  # the same for words of five letters: a letter lost or added, none changed
_NUMERALS = word_set("i ii iii iv v")
_GENERIC = word_set("engineer ops system product business software")  # alone they name no role
_COMMON = word_set("am as at be by do if is on or so to up us we")  # no initials in small letters or capitals

LITERAL, EXACT, GRADELESS, PART, FIELD = 5, 4, 3, 2, 1  # how well a mention fits, best first


@dataclass(frozen=True, slots=True)
class Reading:
    """What a word may mean in a role's name."""

    levels: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    person: bool = False  # a slip of a word for one who works
    guess: bool = False  # a cut-off word ("obs") or small initials ("ae"): only beside a level


@dataclass(frozen=True, slots=True)
class Shape:
    """A role's name as level words and the words of its field, in no order."""

    levels: frozenset[str]
    content: frozenset[str]
    person: bool
    joined: bool  # "Model Risk and Governance Lead"
    first: str
    served: frozenset[str]  # see _served

    @property
    def is_field(self) -> bool:
        """Whether a page is named for a field, not for one who works in it: "Internal Audit"."""
        return not self.levels and not self.person


@dataclass(frozen=True, slots=True)
class RoleIndex:
    """Finds roles by literal name, by the words of it, by initials; made once for a catalogue."""

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]
    literal: dict[str, tuple[int, ...]]  # by letters and digits: "Head of ML Ops" is "Head of MLOps"
    by_word: dict[str, frozenset[int]]
    by_field: dict[frozenset[str], tuple[int, ...]]  # all the words of the field
    surfaces: dict[str, str]  # a word as the names write it -> its one form
    initials: dict[str, tuple[Reading, ...]]
    longest: int  # words from which no span can be a name
    proper: frozenset[str]  # words spelled with a capital inside: "finops"
    _readings: dict[tuple[str, str], tuple[Reading, ...]] = field(default_factory=dict, compare=False)

    def readings(self, word: Word) -> tuple[Reading, ...]:
        """What a word may mean; nothing where no role's name has it."""
        asked = (word.text, word.shown)
        if (found := self._readings.get(asked)) is None:
            found = tuple(self._read(word))
            if len(self._readings) > 50_000:
                self._readings.clear()
            self._readings[asked] = found
        return found

    def _read(self, word: Word) -> Iterable[Reading]:
        meant = expand(word.text, word.shown)
        known = tuple(w for w in meant if w in self.by_word or w in LEVELS)
        if known == meant or len(known) >= 2:
            yield _reading(known)
        if len(known) == 3 and known == meant:
            yield _reading(known[1:])  # "SRE" also of "Reliability Engineering"
        for reading in self.initials.get(word.text, ()) if word.text not in _COMMON else ():
            if word.shown.isupper():
                yield reading
            elif not reading.levels:
                yield replace(reading, guess=True)  # in small letters it may be a word like any other
        if not known and len(word.text) >= 3:
            yield from self._nearly(word.text)

    def _nearly(self, word: str) -> Iterable[Reading]:
        if word in self.surfaces or not word.isalpha():
            return
        if len(word) >= 5:
            cutoff = 100 * (_SLIP if len(word) > 5 else _SLIP_SHORT)
            found = process.extractOne(word, self.surfaces.keys(), scorer=fuzz.ratio, score_cutoff=cutoff)
            if found and not found[0].startswith(word) and not word.startswith(found[0]):
                yield replace(_reading(expand(found[0])), person=is_person(found[0]))
                return
        starts = {self.surfaces[surface] for surface in self.surfaces if surface.startswith(word)} - LEVELS
        if len(starts) == 1:
            yield Reading(content=tuple(starts), guess=True)

    def match(self, levels: frozenset[str], content: frozenset[str], person: bool) -> tuple[int, tuple[int, ...]]:
        """The roles that these words name and how well; the best fit only."""
        if not content or not content <= self.by_word.keys():
            return 0, ()
        if not levels & RANKS and not person:
            roles = () if levels else self.by_field.get(content, ())
            return (FIELD, roles) if roles else (0, ())
        having = frozenset.intersection(*(self.by_word[word] for word in content))
        fits: dict[int, list[int]] = {}
        for role in sorted(having):
            fit = self._fit(self.shapes[role], levels, content, person)
            if fit:
                fits.setdefault(fit, []).append(role)
        if not fits:
            return 0, ()
        best = max(fits)
        return best, tuple(fits[best])

    def _fit(self, shape: Shape, levels: frozenset[str], content: frozenset[str], person: bool) -> int:
        whole = shape.content == content
        if not levels <= shape.levels or content | levels <= shape.served:
            return 0
        left = shape.levels - levels
        if person and not levels & RANKS and not shape.person:
            return PART if whole and shape.is_field and not levels and not content <= _GENERIC else 0
        if left & RANKS and not (shape.person and left <= GRADES | {"lead"}):
            return 0
        if whole and (levels or not left or not content <= _GENERIC):
            return GRADELESS if left else EXACT
        return PART if not content <= _GENERIC else 0


def _reading(meant: tuple[str, ...]) -> Reading:
    return Reading(
        tuple(word for word in meant if word in LEVELS),
        tuple(word for word in meant if word not in LEVELS),
    )


@by_identity
def role_index(names: tuple[str, ...]) -> RoleIndex:
    """The index of a catalogue's role names."""
    literal: dict[str, list[int]] = {}
    by_word: dict[str, set[int]] = {}
    by_field: dict[frozenset[str], list[int]] = {}
    surfaces: dict[str, str] = {level: level for level in LEVELS if len(level) >= 5}
    initials: dict[str, set[Reading]] = {}
    proper: set[str] = set()
    shapes = []
    longest = 0
    for number, name in enumerate(names):
        told = words(name)
        longest = max(longest, len(told))
        parts = [word for word in told if word.text not in _NUMERALS]
        shape = _shape(parts)
        shapes.append(shape)
        for part in dict.fromkeys((len(told), _first_title(told))):
            for form in _forms("".join(word.text for word in told[:part])):
                literal.setdefault(form, []).append(number)
        by_field.setdefault(shape.content, []).append(number)
        for word in shape.content:
            by_word.setdefault(word, set()).add(number)
        surfaces |= {word.text: expand(word.text)[0] for word in parts if word.text not in GLUE}
        proper |= {word.text for word in parts if any(letter.isupper() for letter in word.shown[1:])}
        for short, reading in _initials(parts):
            initials.setdefault(short, set()).add(reading)
    return RoleIndex(
        names,
        tuple(shapes),
        {key: tuple(roles) for key, roles in literal.items()},
        {word: frozenset(roles) for word, roles in by_word.items()},
        {content: tuple(roles) for content, roles in by_field.items()},
        surfaces,
        {short: tuple(sorted(found, key=repr)) for short, found in initials.items()},
        longest + 9,
        frozenset(proper),
    )


def _served(parts: list[Word]) -> frozenset[str]:
    """The words for whom a role serves: of "Chief of Staff to the CFO" those of CFO."""
    for place, word in enumerate(parts):
        if word.text == "to":
            meant = {one for after in parts[place + 1 :] if after.text not in GLUE for one in expand(after.text)}
            return frozenset(meant | {"to"}) if meant & RANKS else frozenset()
    return frozenset()


def _first_title(told: Sequence[Word]) -> int:
    """How many words of a name are its first title: three of "Chief Legal Officer, Head of Corporate Affairs"."""
    cut = next((place for place, word in enumerate(told) if place and "," in word.gap), len(told))
    meant = {word for part in told[:cut] if part.text not in GLUE for word in expand(part.text)}
    return cut if meant & RANKS and meant - LEVELS else len(told)


def _forms(name: str) -> set[str]:
    """A name and the same for one or several: "Actuaries" as "actuary"."""
    singular = name[:-3] + "y" if name.endswith("ies") else name[:-1] if re.search(r"[^siu]s$", name) else name
    plural = re.sub(r"(?<=[^aeiou])y$", "ie", singular) + "s" if re.search(r"[a-rt-z]$", singular) else singular
    return {name, singular, plural}


def _shape(parts: list[Word]) -> Shape:
    meant = [word for part in parts if part.text not in GLUE for word in expand(part.text)]
    joined = any(part.text == "and" or "&" in part.gap for part in parts)
    return Shape(
        frozenset(word for word in meant if word in LEVELS),
        frozenset(word for word in meant if word not in LEVELS),
        names_person(parts),
        joined,
        stem(parts[0].text) if parts else "",
        _served(parts),
    )


def names_person(parts: Sequence[Word]) -> bool:
    """Whether words name one who works: "ML Engineer", not "Developer Experience"."""
    return any(is_person(part.text) and not goes_on(parts, place) for place, part in enumerate(parts))


def goes_on(parts: Sequence[Word], place: int) -> bool:
    """Whether a word of the field follows at once."""
    after = parts[place + 1] if place + 1 < len(parts) else None
    return bool(after and after.gap in (" ", "-") and after.text not in GLUE and stem(after.text) not in LEVELS)


def _initials(parts: list[Word]) -> Iterable[tuple[str, Reading]]:
    """The initials of a name's field ("AE") and of all its words ("REM")."""
    told = [part for part in parts if part.text not in GLUE]
    inner = [part for part in told if stem(part.text) not in LEVELS]
    for row in (inner, told):
        if 2 <= len(row) <= 5:
            meant = tuple(word for part in row for word in expand(part.text))
            yield "".join(part.text[0] for part in row), _reading(meant)
