"""The roles that a text names, also by short forms, with slips, or though the catalogue lacks them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from search.rolewords import EXACT, FIELD, LITERAL, PART, Reading, RoleIndex, goes_on, names_person
from search.verbs import NOUN_TOO, VERBS
from search.wording import ARTICLES, GLUE, LEVELS, RANKS, Word, is_person, stem, word_set

_LONGEST = 9  # words of a mention that is not a name to the letter
_READINGS = 6  # ways to read a span's short forms that are tried
_VERB_BEFORE = word_set("who that which to they roles role teams people we you can does do may will and also")
_ASKED_OF = word_set("which what")
_ARTICLES = word_set("the a an")
_OF = word_set("of for in")
_BEFORE = word_set("of for in to")  # an article
_OF_THE = word_set("of the")
_GROUPS = word_set("team teams group people folks function org organisation organization department squad kpis")
_ACTS = word_set("never has have must does do should is are can cannot may will needs own owns run runs")
_LISTS = frozenset(",/&+")
_BREAKS = frozenset(':;?!()\n"“”|')


@dataclass(frozen=True, slots=True)
class Mention:
    """Roles of the catalogue as a text names them; several where the form fits several."""

    first: int  # place of its first word
    last: int  # place after its last word
    roles: tuple[str, ...]
    fit: int  # see search.rolewords: LITERAL to FIELD
    plural: bool


@dataclass(frozen=True, slots=True)
class BareLevel:
    """A level without a field: "the director", "which heads"."""

    first: int
    last: int
    level: str
    plural: bool


def mentions(tokens: Sequence[Word], index: RoleIndex) -> tuple[Mention, ...]:
    """The roles named, in the text's order; of two that overlap the longer, then the better fit.

    A field alone ("the analytics engineering team") counts where the text names no role more plainly.
    """
    found = [made for run in _runs(tokens, index) for made in _in_run(tokens, run, index)]
    plain = [made for made in found if made.fit > FIELD]
    taken: list[Mention] = []
    for made in sorted(plain or found, key=lambda m: (-_size(m, tokens), -m.fit, m.first)):
        if all(made.last <= other.first or other.last <= made.first for other in taken):
            taken.append(made)
    return tuple(sorted(taken, key=lambda m: m.first))


def bare_levels(tokens: Sequence[Word], named: Sequence[Mention]) -> tuple[BareLevel, ...]:
    """Levels that stand outside the mentions, as nouns."""
    covered = {place for mention in named for place in range(mention.first, mention.last)}
    made = []
    for place, word in enumerate(tokens):
        level = stem(word.text)
        if place in covered or level not in LEVELS or _is_verb(tokens, place):
            continue
        made.append(BareLevel(place, place + 1, level, word.text.endswith("s")))
    return tuple(made)


def _runs(tokens: Sequence[Word], index: RoleIndex) -> Iterator[range]:
    """Stretches of words that may stand in a role's name."""
    first = 0
    for place, word in enumerate(tokens):
        usable = word.text in GLUE or (bool(index.readings(word)) and not _is_verb(tokens, place))
        cut = bool(_BREAKS & set(word.gap)) or (word.gap.strip() in {"-", "–", "—"} and word.gap != "-")
        if cut or not usable:
            yield range(first, place)
            first = place if usable else place + 1
    yield range(first, len(tokens))


def _is_verb(tokens: Sequence[Word], place: int) -> bool:
    """Whether "lead", "head" or "staff" is what somebody does."""
    if stem(tokens[place].text) not in {"lead", "head", "staff"} or not place:
        return False
    noun = place + 1 < len(tokens) and tokens[place + 1].text == "of"  # "reports to Head of …"
    return tokens[place - 1].text in _VERB_BEFORE and not noun and not _act(tokens, place)


def _act(tokens: Sequence[Word], place: int) -> bool:
    """Whether a plural is who acts, in "which heads own …"; in "which heads the team" it is what is done."""
    if tokens[place - 1].text not in _ASKED_OF or not tokens[place].text.endswith("s") or place + 1 == len(tokens):
        return False
    after = tokens[place + 1].text
    if after in _ACTS:
        return True
    verb = VERBS.get(after)
    object_follows = place + 2 < len(tokens) and tokens[place + 2].text in ARTICLES
    return verb is not None and verb[1] == "base" and (after not in NOUN_TOO or object_follows)


def _in_run(tokens: Sequence[Word], run: range, index: RoleIndex) -> Iterator[Mention]:
    for first in run:
        if tokens[first].text in GLUE:
            continue
        for last in range(first + 1, min(run.stop, first + index.longest) + 1):
            if tokens[last - 1].text not in GLUE and (made := _mention(tokens, first, last, index)):
                yield made


def _mention(tokens: Sequence[Word], first: int, last: int, index: RoleIndex) -> Mention | None:
    span = tokens[first:last]
    plural = span[-1].text.endswith("s") or span[0].text.endswith("s")
    roles = index.literal.get("".join(word.text for word in span), ())
    roles = tuple(role for role in roles if not index.shapes[role].is_field or not _in_title(tokens, first, last))
    if roles and (
        len(span) > 1 or not span[0].shown.islower() or span[0].text in index.proper or _is_one(tokens, first)
    ):
        return Mention(first, last, tuple(index.names[role] for role in roles), LITERAL, plural)
    if not _hangs_together(span) or len(span) > _LONGEST or _is_list(tokens, first, last, index):
        return None
    for readings in islice(product(*(index.readings(w) for w in span if w.text not in GLUE)), _READINGS):
        fit, roles = _match(span, readings, index)
        if fit == FIELD and not _stands_for_people(tokens, first, last, index):
            continue
        if fit == PART and _is_cut(tokens, first, index):
            continue
        if fit:
            return Mention(first, last, tuple(index.names[role] for role in roles), fit, plural)
    return None


def _is_list(tokens: Sequence[Word], first: int, last: int, index: RoleIndex) -> bool:
    """Whether a span holds two names: a word twice, or before a comma a whole name, after it another rank."""
    told = [stem(word.text) for word in tokens[first:last] if word.text not in GLUE]
    if len(set(told)) < len(told):
        return True
    cuts = [place for place in range(first + 1, last) if _LISTS & set(tokens[place].gap)]
    cuts = [cut for cut in cuts if any(stem(w.text) in LEVELS or is_person(w.text) for w in tokens[cut:last])]
    ends = dict.fromkeys((*cuts[:1], *cuts[-1:]))  # each cut within a cut would take time without bound
    return any((made := _mention(tokens, first, end, index)) is not None and made.fit >= EXACT for end in ends)


def _match(span: Sequence[Word], readings: Sequence[Reading], index: RoleIndex) -> tuple[int, tuple[int, ...]]:
    if any(is_person(word.text) and word.text.endswith("s") and goes_on(span, at) for at, word in enumerate(span)):
        return 0, ()  # "engineers data"
    levels = frozenset(level for reading in readings for level in reading.levels)
    content = frozenset(word for reading in readings for word in reading.content)
    if any(reading.guess for reading in readings) and not levels & RANKS:
        return 0, ()
    person = names_person(span) or any(reading.person for reading in readings)
    fit, roles = index.match(levels, content, person)
    if any(word.text == "and" for word in span[1:-1]):
        roles = tuple(role for role in roles if index.shapes[role].joined)
    start = stem(span[0].text)
    if start in RANKS and len(span) > 1 and span[1].text not in _OF and "," not in span[1].gap:
        roles = tuple(role for role in roles if index.shapes[role].first == start or start not in {"lead", "head"})
    return (fit, roles) if roles else (0, ())


def _hangs_together(span: Sequence[Word]) -> bool:
    """Articles only after "of" and the like: "head of the ML platform", but not "manager the data"."""
    return all(word.text not in _ARTICLES or span[place].text in _BEFORE for place, word in enumerate(span[1:]))


def _is_cut(tokens: Sequence[Word], first: int, index: RoleIndex) -> bool:
    """Whether the word before belongs to the name too: "platform manager" of "ML Platform Manager"."""
    if not first or tokens[first].gap.strip() or tokens[first - 1].text in GLUE:
        return False
    before = tokens[first - 1]
    titled = first > 1 and before.shown.istitle() and tokens[first].shown.istitle()
    return titled or any(reading.content and not reading.guess for reading in index.readings(before))


def _stands_for_people(tokens: Sequence[Word], first: int, last: int, index: RoleIndex) -> bool:
    """Whether a field's name is used for those who work in it."""
    if _in_title(tokens, first, last):
        return False
    before = tokens[first - 1].text if first else ""
    after = tokens[last].text if last < len(tokens) else ""
    if last - first == 1:
        return tokens[first].text in index.proper
    return after in _GROUPS or after in _ACTS or before == "by"


def _is_one(tokens: Sequence[Word], place: int) -> bool:
    """Whether a word names somebody: "what does a pharmacist do", but not "a pharmacy audit"."""
    acts = place + 1 == len(tokens) or tokens[place + 1].text in _ACTS
    return acts and bool(place) and tokens[place - 1].text in ("a", "an")


def _in_title(tokens: Sequence[Word], first: int, last: int) -> bool:
    """Whether a field's name is a part of a title: of "Director of DevOps", where only "Head of DevOps" is known."""
    before, around = first - 1, []
    while before > 0 and tokens[before].text in _OF_THE:
        before -= 1
    if before >= 0 and not any(tokens[place].gap.strip() for place in range(before + 1, first + 1)):
        around.append(tokens[before])
    if last < len(tokens) and not tokens[last].gap.strip():
        around.append(tokens[last])
    return any(stem(word.text) in LEVELS or is_person(word.text) for word in around)


def _size(mention: Mention, tokens: Sequence[Word]) -> int:
    return sum(word.text not in GLUE for word in tokens[mention.first : mention.last])
