"""What a question asks for: its kind, the roles it names, the topic it is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from ingest.blueprint import Topic
from search.names import key

Kind = Literal["owners", "section", "fact", "compare", "similar", "none"]

_SAME_WORD = 80.0  # rapidfuzz ratio from which a word is taken for one of a role's name with a slip or an ending

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("compare", r"\b(compare[ds]?|comparison|differ\w*|versus|vs)\b|\bin common\b|\bboth\b"),
    (
        "similar",
        r"\b(similar|alike|resembles?|equivalents?|counterparts?)\b|\b(else|other roles?)\b.*\b(do|does|has|have)\b",
    ),
    ("owners", r"\b(who|whose|which (roles?|teams?|people))\b|\b(owns?|owners?|accountable)\b|\bresponsible for\b"),
)
_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("kpis", r"kpis?|metrics?|measured"),
    ("responsibilities", r"responsibilities|duties"),
    ("activities", r"day to day|daily|weekly|activities|routine"),
    ("deliverables", r"deliverables?|artefacts?|artifacts?|outputs?"),
    ("goals", r"goals?|objectives?|milestones?|first (30|60|90) days"),
    ("technical_skills", r"technical skills?|hard skills?"),
    ("soft_skills", r"soft skills?|behaviou?ral"),
    ("tools", r"tools?|tooling|platforms|software"),
    ("environment", r"tech stack|stack|environment"),
    ("stakeholders", r"stakeholders?|collaborat\w+|works? with"),
    ("decision_rights", r"decisions?|decide|authority|approv\w+"),
    ("qualifications", r"qualifications?|experience|degrees?|certifications?"),
    ("career_path", r"career|progression|promot\w+|next roles?"),
    ("risks", r"risks?|challenges?|failure modes?|pitfalls?"),
    ("variants", r"variants?"),
    ("ai_impact", r"ai|automation"),
    ("hiring", r"hiring|interview\w*|red flags?|exercises?"),
    ("scorecard", r"scorecard"),
    ("mission", r"mission|purpose"),
    ("summary", r"summary|overview"),
)
_ASKS_FOR_LIST = r"^(what|which|list|show|give|name|tell|how is|how are)\b"
_REFERS_BACK = r"\b(it|its|they|them|their|theirs|this role|that role|these roles|those roles)\b|^(and|what about)\b"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as understood."""

    text: str
    query: str  # what to search for: the text, with the role that it refers back to
    kind: Kind
    roles: tuple[str, ...]  # names from the catalogue, as they come in the question
    topic: Topic | None


def analyse(text: str, history: Sequence[str], roles: Sequence[str]) -> Question:
    """Reads a question among earlier ones of the same asker, latest last, over the catalogue's role names."""
    plain = key(text)
    named = named_roles(text, roles)
    query = text
    if not named and re.search(_REFERS_BACK, plain):
        earlier = (named_roles(turn, roles) for turn in reversed(history))
        named = next((found for found in earlier if found), ())
        query = " ".join((text, *named))
    return Question(text, query, _kind(plain, named), named, _topic(plain))


def named_roles(text: str, roles: Sequence[str]) -> tuple[str, ...]:
    """The roles that a text names, in its order; the longer of two that overlap; a slip or a plural is forgiven."""
    words = key(text).split()
    taken: dict[int, str] = {}
    for role in sorted(set(roles), key=lambda name: (-len(key(name).split()), name)):
        name = key(role).split()
        size = len(name)
        for start in range(len(words) - size + 1):
            span = range(start, start + size)
            free = not any(place in taken for place in span)
            if free and all(map(_same, words[start : start + size], name)):
                taken.update(dict.fromkeys(span, role))
    return tuple(dict.fromkeys(taken[place] for place in sorted(taken)))


def _same(word: str, of_name: str) -> bool:
    return fuzz.ratio(word, of_name) >= _SAME_WORD


def _kind(plain: str, named: tuple[str, ...]) -> Kind:
    for kind, cue in _KINDS:
        if re.search(cue, plain) and (kind != "compare" or len(named) > 1) and (kind != "owners" or not named):
            return kind
    if named and _topic(plain) and re.search(_ASKS_FOR_LIST, plain):
        return "section"
    return "fact"


def _topic(plain: str) -> Topic | None:
    return next((topic for topic, cue in _TOPICS if re.search(rf"\b({cue})\b", plain)), None)
