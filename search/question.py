"""What a question asks for, without a model: its kind, roles, topic and subsection, levels, verbs and matter."""

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from ingest.blueprint import Level, Topic
from search import frames, greetings, leaning
from search.asked import Asked, all_asked_for, asked_for
from search.catalogue import functions_named, levels_named, roles_of_level
from search.frames import ROLE, VerbClass
from search.matter import FRAME, kept, matter_of
from search.mentions import bare_levels, mentions
from search.rolewords import RoleIndex, role_index
from search.unknown import UnknownRole, unknown_roles
from search.wording import ARTICLES, LEVELS, Word, stem, words

Kind = Literal["owners", "section", "fact", "compare", "similar", "none"]

_READ = 1_000  # characters; what comes later in a text is searched for but not analysed
_TURNS = 6  # earlier questions that a follow-up may go back to
_STATEMENT = 5  # words from which a text that asks nothing is taken for a responsibility
_SHORT = 3  # words up to which a text cannot stand alone
_CARRIED = ("kind", "roles", "topic", "matter")
_MOST = 4  # roles of a comparison
_ASIDE = {True: 4, False: 1}  # words of matter in a question for a list, by whether it names a subsection
_LISTS: frozenset[Topic] = frozenset(("kpis", "ai_impact"))  # their parts have no titles that a question could name

_CHOICE = re.compile(
    rf"\bwh?ich (?:of )?(?:the )?{ROLE}|\bbetween {ROLE}|{ROLE},? or (?:the )?{ROLE}|^(?:is|does|do|are|can) {ROLE}"
    # "§, §: who signs"
    rf"|^{ROLE}(?:(?:,|,? and|,? or| &) {ROLE})*(?: ?[:;,–—]| -) (?:and |so )?(?:who|wh?ich)\b"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood."""

    text: str
    query: str  # what to search for: the text, with what it refers back to
    kind: Kind
    roles: tuple[str, ...] = ()  # asked about, from the catalogue, in the question's order; all that a short form fits
    unknown: tuple[UnknownRole, ...] = ()  # plainly named, but not in the catalogue
    topic: Topic | None = None
    heading: tuple[str, ...] = ()  # titles that the subsection asked for may have; see search.asked.heading_fit
    parts: tuple[Asked, ...] = ()  # of the page, where several are asked for; the topic is the first cue's
    levels: tuple[Level, ...] = ()  # "which directors"
    functions: tuple[str, ...] = ()  # "which data engineering roles"
    matter: str = ""  # the text without its frame, roles and topic: "drift monitoring"
    verbs: tuple[VerbClass, ...] = ()  # how the roles asked for stand to the matter
    negated: bool = False  # "which roles do NOT own"
    spoken_of: tuple[str, ...] = ()  # the roles last named up to here
    carried: tuple[str, ...] = ()  # what comes from earlier turns: "kind", "roles", "topic", "matter"

    def explain(self) -> dict[str, Any]:
        """The fields that say something, as plain JSON values."""
        said = {name: value for name, value in asdict(self).items() if value not in ((), "", None, False)}
        said.pop("spoken_of", None)
        said["unknown"] = [{"name": role.name, "near": list(role.near)} for role in self.unknown]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}


Told = Callable[[Question], tuple[str, ...]]  # the roles that the answer to a question which named none was about


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its roles found."""

    text: str
    plain: str  # folded, every role replaced by ROLE
    tokens: tuple[Word, ...]
    groups: tuple[tuple[str, ...], ...]  # the roles of each mention
    unknown: tuple[UnknownRole, ...]
    gone: frozenset[int]  # places of the words that name roles
    filler: frozenset[int]  # places of the words that only lead over: "ok, now the same for"
    referred: bool  # whether a role is meant by "it", "the director"


def analyse(text: str, history: Sequence[str], roles: Sequence[str], told: Told | None = None) -> Question:
    """Reads a question among earlier ones of the same asker, latest last, over the catalogue's role names.

    `told` is asked only where "that role" can mean nothing but one of an earlier answer.
    """
    index = role_index(tuple(roles))
    before: Question | None = None
    for turn in history[-_TURNS:]:
        understood = _understand(turn, before, index, told)
        before = before if understood.kind == "none" else understood
    return _understand(text, before, index, told)


def named_roles(text: str, roles: Sequence[str]) -> tuple[str, ...]:
    """The roles that a text names, in its order."""
    found = mentions(words(text[:_READ]), role_index(tuple(roles)))
    return tuple(dict.fromkeys(role for mention in found for role in mention.roles))


def _understand(text: str, before: Question | None, index: RoleIndex, told: Told | None) -> Question:
    text = greetings.without_aside(text)
    if before and leaning.ordinal(text.casefold()) is not None:
        kind: Kind = "section" if before.kind == "compare" else before.kind  # one of them is no comparison
        before = replace(before, roles=_meant(text.casefold(), before, told), kind=kind)
    reading = _read(text, before, index)
    if before and not before.roles and not (reading.groups or reading.unknown) and leaning.means_a_role(reading.plain):
        before = replace(before, roles=_meant(reading.plain, before, told))
        reading = _read(text, before, index)
    if greetings.is_chatter(reading.plain):
        return Question(text, text, "none")
    people = frames.asks_for_roles(reading.plain) and not _of_things(reading.plain, before)
    asked = asked_for(reading.plain) if not people or len(reading.groups) > 1 else None
    kind = _kind(reading, asked, people)
    named = kind != "owners" or _restricts(reading)  # else the names in it are part of the matter
    matter = matter_of(text, reading.tokens, reading.filler | (reading.gone if named else frozenset()), people)
    if asked and (kind in ("owners", "similar") or (kind != "section" and _is_of_matter(asked, matter))):
        asked = None
    roles = tuple(dict.fromkeys(role for group in reading.groups for role in group))
    question = Question(
        text=text,
        query=text,
        kind=kind,
        roles=roles if named else (),
        unknown=reading.unknown if kind != "owners" or (ROLE in reading.plain and not people) else (),
        topic=asked.topic if asked else None,
        heading=asked.heading if asked else (),
        parts=all_asked_for(reading.plain, FRAME) if kind == "section" or (kind == "fact" and not matter) else (),
        levels=levels_named(reading.tokens, reading.gone) if people else (),
        functions=functions_named(reading.tokens, index.names) if people else (),
        matter=matter,
        verbs=frames.verb_classes(reading.plain) if people else (),
        negated=frames.is_negated(reading.plain),
        carried=("roles",) if reading.referred else (),
    )
    if before is None:
        return replace(question, spoken_of=question.roles)
    return _follow(_narrowed(question, before), reading, before)


def _meant(plain: str, before: Question, told: Told | None) -> tuple[str, ...]:
    """The roles that a text means of those that the turn before was about: "that role", "the second one"."""
    roles = (before.roles if before.kind == "compare" else told(before) if told else ()) or before.spoken_of
    place = leaning.ordinal(plain)
    if place is not None:
        return roles[place:][:1]
    return roles[: 1 if leaning.refers_to_one(plain) else _MOST]


def _read(text: str, before: Question | None, index: RoleIndex) -> _Reading:
    """Finds the roles; where a conversation went before, also those meant by "it" or "the director"."""
    shown = text[:_READ]
    tokens = words(shown)
    named = mentions(tokens, index)
    unknown = unknown_roles(shown, tokens, named, index)
    spans = [(m.first, m.last) for m in named] + [(u.first, u.last) for u in unknown]
    groups = [m.roles for m in named]
    referred = False
    if before and before.roles and not spans:
        for bare in bare_levels(tokens, named):
            near = roles_of_level(bare.level, before.roles, index)
            if near and not (bare.first and tokens[bare.first - 1].text in {"which", "what", "who"}):
                spans.append((bare.first, bare.last))
                groups.append(near)
    plain = _plain(shown, tokens, spans)
    spoken_of: list[tuple[str, ...]] = [(role,) for role in before.roles] if before else []
    if spoken_of and len(groups) == 1 and _set_against(plain):
        groups, referred = [*spoken_of, *groups], True
    elif spoken_of and not spans and not _of_things(plain, before) and (replaced := leaning.with_role(plain)):
        plain, groups, referred = replaced, spoken_of, True
    gone = frozenset(place for first, last in spans for place in range(first, last))
    return _Reading(shown, plain, tokens, tuple(groups), unknown, gone, leaning.filler(shown, tokens, gone), referred)


def _set_against(plain: str) -> bool:
    """Whether a named role is compared with what was spoken of: "compare it with", "the same duties"."""
    return (frames.sets_apart(plain) and leaning.refers(plain)) or leaning.likewise(plain)


def _plain(text: str, tokens: Sequence[Word], spans: Sequence[tuple[int, int]]) -> str:
    """The text folded, with each role and the article before it replaced by ROLE."""
    parts, end = [], 0
    for first, last in sorted(spans):
        begin = first - 1 if first and tokens[first - 1].text in ARTICLES else first
        parts += [text[end : tokens[begin].start], ROLE]
        end = tokens[last - 1].end
    parts.append(text[end:])
    return re.sub(r"\s+", " ", "".join(parts).casefold().replace("’", "'")).strip()


def _kind(reading: _Reading, asked: Asked | None, people: bool) -> Kind:
    plain = reading.plain
    several = len(set(reading.groups)) + len(reading.unknown) > 1
    if (
        several
        and (frames.sets_apart(plain) or not reading.unknown)
        and frames.asks_to_compare(plain)
        and not (people and not frames.sets_apart(plain))
    ):
        return "compare"
    rest = bool(asked) and frames.asks_what_else(plain)
    need = people and "need" in frames.verb_classes(plain)
    if not several and frames.asks_for_like(plain) and not rest and not need:
        return "similar"
    if people:
        return "owners"
    about_role = ROLE in plain
    aside = len(kept(reading.tokens, reading.gone | reading.filler))
    narrow = bool(asked and (asked.heading or asked.topic in _LISTS))
    if about_role and aside <= _ASIDE[True] and not frames.asks_yes_or_no(plain) and all_asked_for(plain, FRAME):
        return "section"
    if asked and about_role and not frames.wants_one_thing(plain) and aside <= _ASIDE[narrow]:
        return "section"
    states = not frames.is_question(reading.text, plain) and len(reading.tokens) >= _STATEMENT
    if states and not (asked and about_role):
        return "similar"
    return "fact"


def _is_of_matter(asked: Asked, matter: str) -> bool:
    """Whether what looks like a part of a page is some of the matter's own words: "behaviour" of "behaviour of models",
    but not the target or the pay that is asked for."""
    told, own = ({word.text for word in words(text)} - FRAME for text in (matter, asked.said.casefold()))
    return asked.topic not in ("kpis", "compensation") and bool(own) and own < told


def _restricts(reading: _Reading) -> bool:
    """Whether the roles named in a question for roles are the ones to choose from, not part of the matter."""
    return bool(_CHOICE.search(reading.plain))


def _of_things(plain: str, before: Question | None) -> bool:
    """Whether "which of them" means things that were told, not roles."""
    return bool(before and before.kind in ("section", "fact") and leaning.chooses_things(plain))


def _follow(question: Question, reading: _Reading, before: Question) -> Question:
    """The question with what it leaves unsaid taken from the one before."""
    plain = reading.plain
    empty = question.topic is None and not question.matter
    short = question.kind in ("fact", "similar") and (len(reading.tokens) <= _SHORT or empty)
    bare = question.topic is not None and not question.matter and not question.unknown and question.kind == "fact"
    refers = reading.referred or (leaning.refers(plain) and not question.matter) or _of_things(plain, before)
    owners = question.kind == "owners"
    pointing = owners and (leaning.means_the_matter(plain) or leaning.means_of_the_matter(plain))
    leans = short or bare or refers or pointing or leaning.follows_on(plain)
    if question.kind == "none" or not leans:
        return replace(question, spoken_of=question.roles or before.spoken_of)
    elliptic = short or _of_things(plain, before) or leaning.is_elliptic(plain)
    if question.kind == "similar" and frames.asks_for_like(plain) and (ROLE in plain or not before.matter):
        return _carry(question, {} if question.roles or question.matter else {"roles": before.roles})
    taken: dict[str, Any] = {"kind": _carried_kind(question, before)} if elliptic and not owners else {}
    taken["roles"] = _roles_taken(question, before, elliptic and not reading.referred)
    if question.topic is None and not owners and (elliptic or (reading.referred and leaning.likewise(plain))):
        taken["topic"], taken["heading"] = before.topic, () if question.matter else before.heading
        taken["parts"] = () if question.matter else before.parts
    if empty and (elliptic or owners):
        taken["matter"] = before.matter
        if taken.get("kind") == "fact":
            taken["text"] = f"{before.text} {question.text}"
    elif pointing:
        taken["matter"] = _pointed_at(question.matter, before.matter)
    elif question.topic and not question.matter and taken.get("roles") and not frames.wants_one_thing(plain):
        taken.setdefault("kind", "section" if question.kind == "fact" else question.kind)
    if taken.get("kind") == "owners":
        taken |= {"verbs": question.verbs or before.verbs, "topic": None, "heading": ()}
    return _carry(question, {name: value for name, value in taken.items() if value or name in ("topic", "heading")})


def _roles_taken(question: Question, before: Question, adds: bool) -> tuple[str, ...]:
    if not question.roles and not question.unknown and question.kind != "owners":
        return before.roles
    joins = adds and before.kind == "compare" and question.kind != "compare"
    return tuple(dict.fromkeys((*before.roles, *question.roles)))[-_MOST:] if joins else ()


def _narrowed(question: Question, before: Question) -> Question:
    """A question that tells no more than a level asks for the part spoken of: "and for the director level?"."""
    told = question.matter.casefold().split() if before.topic else []
    levels = bool(told) and all(stem(word) in LEVELS or word == "level" for word in told)
    return replace(question, matter="") if levels else question


def _pointed_at(matter: str, before: str) -> str:
    """The matter with the one that it points back to; "the store itself" of a "secrets policy" is the secrets store."""
    own = re.sub(r" (?:itself|themselves)$", "", matter)
    if own == matter:
        return f"{matter} {before}".strip()
    told = before.split()
    return " ".join((*(told[:-1] or told), own))


def _carry(question: Question, taken: dict[str, Any]) -> Question:
    names = tuple(name for name in _CARRIED if taken.get(name) or name in question.carried)
    roles = taken.get("roles", question.roles) if "roles" in names else ()
    text = taken.get("text", question.text)
    query = " ".join(filter(None, (text, taken.get("matter"), taken.get("topic"), *roles)))
    made = replace(question, **taken, query=query, carried=names)
    return replace(made, spoken_of=made.roles)


def _carried_kind(question: Question, before: Question) -> Kind:
    if question.kind in ("section", "compare") or before.kind == "compare":
        return before.kind if before.kind == "compare" else question.kind
    if question.topic:
        return "fact" if question.matter else "section"
    return "fact" if before.kind == "section" and question.matter else before.kind
