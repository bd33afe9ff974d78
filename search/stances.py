"""What a passage says of its role and a matter: the clause that speaks of it, whose it is, how plainly it is meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from ingest.blueprint import Passage, Topic
from search.clauses import read
from search.evidence import START, Found, Look, stems
from search.frames import verb_classes
from search.ownership import relation_of
from search.parties import is_party, who
from search.phrases import noun_phrase
from search.statements import Relation, claim_of, is_deed
from search.turns import EDGE, LABEL
from search.verbs import MAY_BE_NOUN, VERBS

# How well a part of a page can tell whose a matter is.
_TOPICS: Mapping[Topic, float] = {
    "responsibilities": 1.0, "decision_rights": 1.0, "summary": 1.0, "mission": 1.0, "scorecard": 0.97,
    "stakeholders": 0.95, "deliverables": 0.95, "activities": 0.97, "goals": 0.9, "other": 0.95,
}  # fmt: skip
_OTHER_TOPICS = 0.8
# Added to a statement, each by cross-validation on the ownership questions.
AIM = 0.1  # by the share of the matter's words that stand in what is done, not in what it is done for
HEAD = 0.05  # where the matter is what is done, not a word that tells what kind: "monitoring tools"
VERB = 0.2  # where the verb is of the kind asked by
MEANT = 0.6  # cosine from which words that stand aside may yet be meant
NEAR = 0.45  # cosine from which a verb counts though none of the matter's words is there
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
_PART = re.compile(r";\s+(?:and |but )?|,? (?:while|whereas|although) |, but ")
_SOFT = re.compile(r", (?:and|but|so) |: ")
_AND = re.compile(r"^,? (?:and|or) ")
_FURTHER = re.compile(r",? (?:and|or) ([a-z][a-z-]+)(?= (?:the|a|an|its|their|every|each|all|[a-z]+s)\b)")
# bounded, and with one way to match a word, so that no page can make the search for it slow
_NAME = r"(?<!\w)[A-Z][\w&/-]{0,60}(?: (?:and |of |& )?[A-Z][\w&/-]{0,60}){0,5}(?: (?:team|teams|group|function))?"
# "…, which Security approves", "… that Procurement signs"
_THEIRS = re.compile(rf"(,)? (?:which|that) (?:the )?({_NAME}) ([a-z]+)\b")
# "… with the Risk Lead, who signs releases", "to the Platform team, which owns drift monitoring"
_WHO = re.compile(rf"({_NAME}),? (?:who|which) (?=[a-z]+\b)")
_OWNER_OF = re.compile(rf"({_NAME}),? the owners? of\b")
_RESTS = re.compile(rf",? which (?:sits|rests|lies|stays|belongs) (?:with|to) (?:the )?({_NAME})")
_PASSIVE = re.compile(r"\b([a-z-]+) (?:[a-z]+ly )?by (?=\w)")
# "… rather than owning the code", "without running the rota"
_RATHER = re.compile(
    r"(?:^|,? )(?:rather than|instead of|not|without(?= (?:own|run|manag|lead|decid|approv|operat))) ([a-z-]+ing)\b",
    re.I,
)
# Where the object of a deed ends and its purpose, time or manner begins.
_BEYOND = re.compile(
    r"\b(?:for|to|so|when|whenever|where|before|after|that|which|who|whose|until|unless|because|following|keeping"
    r"|using|under|against|from|by|into|through|throughout|during|within|via)\b"
)
_MANNER = re.compile(
    r"(?<= )[\w-]+,? (?:throughout|during|while|keeping|staying|(?<!authority )(?<!control )(?<!say )(?<!charge )over) "
)
_WHEN = re.compile(r"(?<= )[\w-]+,? (?:when|whenever|where|until|unless|because|if) ")  # a clause
LOOKS_AT = re.compile(
    r"\b(?:review|check|inspect|discuss|read|scan|skim|watch|sample|compare|walk through|look (?:at|over|through)"
    r"|meet|meeting|sync|stand-?up|retrospective)s?\b(?! (?:and|or|of)\b)",
    re.I,
)
# An item over a list of what is done itself: "Review the contents of:", "Check each week:".
_OPEN_ENDED = re.compile(r"\b(?:includ\w+|following|such as|of|for|on|in|with|(?:each|every|per|a) \w+)\W*$", re.I)
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Stance:
    """What a passage says of its role and the matter."""

    found: Found
    relation: Relation
    sentence: str  # the words that say it
    score: float  # higher = nearer and plainer
    agrees: bool  # whether it is said with a verb of the kind asked by
    clause: str  # of the sentence
    asked: bool  # whether it has the very verb asked by: "certifies", "certification"
    heads: bool  # whether it has the word that the matter is named by, or the item over it does
    lent: bool = False  # whether only a heading over more than the matter has its words, or a phrase of when or how

    @property
    def told(self) -> bool:
        """Whether a verb says it, not only the part of the page that it stands in."""
        label = LABEL.match(self.clause)
        texts = (self.clause, label[2]) if label and not is_party(label[1]) else (self.clause,)
        said = next(filter(None, (read(text, self.found.passage.role) for text in texts)), None)
        return said is not None and said.deed != "be"


@dataclass(frozen=True, slots=True)
class Part:
    """A clause and whose its matter is."""

    text: str
    relation: Relation


def stance(look: Look, found: Found) -> Stance:
    """What the clause says that has most of the matter's words."""
    passage = found.passage
    sentences = _SENTENCE.split(passage.text)
    sentence = max(sentences, key=look.share) if len(sentences) > 1 else passage.text
    parts = parted(sentence, passage.role, passage.path)
    best = parts[0]
    if len(parts) > 1:
        best = max(parts, key=lambda part: (_speaks_of(look, part.text), _agrees(look, passage, part.text)))
    aim = done_in(best.text)
    near = found.dense + 0.1 * found.cover + 0.2 * found.said + 0.2 * found.lexical
    agrees = _agrees(look, passage, best.text) and (found.said > 0 or found.dense >= NEAR)
    plain = AIM * look.share(aim) + HEAD * look.holds(aim) + VERB * agrees
    score = near * _TOPICS.get(passage.topic, _OTHER_TOPICS) + plain
    asked = bool(look.deeds and look.deeds & _starts(" ".join((sentence, *passage.path[-1:]))))
    doer = _done_by(look, best.text, passage.role) if best.relation.label in ("owner", "shared") else None
    return Stance(
        found,
        Relation("other", doer) if doer else best.relation,
        sentence,
        score,
        agrees,
        best.text,
        asked,
        look.head in stems(" ".join((sentence, *passage.path[-1:]))),
        _lent(look, passage) or _aside(look, found, best.text) or _aspect(look, passage, best.text),
    )


def _speaks_of(look: Look, clause: str) -> float:
    """How much of the matter a clause has, what is done counted twice."""
    return look.share(clause) + look.share(done_in(clause))


def _done_by(look: Look, clause: str, role: str) -> str | None:
    """Who does what the question asks by, where a clause says it of somebody else: "tests proposed by engineers"."""
    if " by " not in clause:
        return None
    asked = {VERBS[word][2] for word in look.question.text.casefold().split() if word in VERBS}
    first = VERBS.get(clause.split(maxsplit=1)[0].lower()) if clause.strip() else None
    for found in _PASSIVE.finditer(clause) if asked and not (first and first[2] in asked) else ():
        verb = VERBS.get(found[1].lower())
        name = noun_phrase(clause[found.end() :].partition(",")[0])
        if verb and verb[1] == "ed" and verb[2] in asked and name and is_party(name) and who(name, role) == "third":
            return name
    return None


def _aside(look: Look, found: Found, clause: str) -> bool:
    """Whether the matter's words stand only in when a deed is done, behind its own object: "over the first coffee"."""
    if not found.said or found.dense >= MEANT:
        return False
    cut = _MANNER.search(clause) or _WHEN.search(clause)
    return cut is not None and not look.share(clause[: cut.end()])


def _aspect(look: Look, passage: Passage, clause: str) -> bool:
    """Whether a bare noun phrase only tells what is looked at: "costs against the budget" of a weekly review."""
    over = passage.path[-1] if passage.path else ""
    looked_at = over.endswith(":") and LOOKS_AT.search(over) and not _OPEN_ENDED.search(over)
    return bool(looked_at) and look.head not in stems(over) and read(clause, passage.role) is None


def _lent(look: Look, passage: Passage) -> bool:
    """Whether the matter's head comes from a heading over more matters, not from the statement or the item over it."""
    if look.head is None or not passage.path:
        return False
    over = passage.path[-1] if passage.path[-1].endswith(":") else ""
    if look.head in stems(passage.text) or look.head in stems(over):
        return False
    titles = [title for title in passage.path if look.head in stems(title)]
    return bool(titles) and not any(look.plain(title) <= set(look.weights) for title in titles)


@lru_cache(maxsize=1 << 15)
def parted(sentence: str, role: str, path: tuple[str, ...]) -> tuple[Part, ...]:
    """A sentence's clauses, each with the relation of the page's role to what it speaks of."""
    label = LABEL.match(sentence)
    if label and is_party(label[1]) and who(label[1], role) == "third":
        return tuple(made for part in _split(label[2], role) for made in _of_party(part, label[1], role, path))
    made: list[Part] = []
    for part in _split(sentence, role):
        if made and not _has_subject(part, role) and not is_deed(part):
            made.append(Part(part, made[-1].relation))  # no clause of its own
        else:
            made += _relative(part, relation_of(part, role=role, path=path), role)
    return tuple(made)


def _of_party(part: str, name: str, role: str, path: tuple[str, ...]) -> Iterator[Part]:
    """A clause of a line on somebody: of them, unless it has a subject of its own."""
    told = claim_of(part, role) if _has_subject(part, role) else None
    yield from _relative(part, told or relation_of(f"{name}: {part}", role=role, path=path), role)


def _split(text: str, role: str) -> list[str]:
    """Clauses; at a comma or colon only where one with its own subject begins."""
    parts: list[str] = []
    for piece in _PART.split(text):
        begin = 0
        for found in _SOFT.finditer(piece):
            if _has_subject(piece[found.end() :], role):
                parts.append(piece[begin : found.start()])
                begin = found.end()
        parts += _deeds(piece[begin:])
    return [part for part in parts if part.strip()] or [text]


def _deeds(clause: str) -> list[str]:
    """A clause cut where a further verb in the form of its first begins: "Writes the cards | and proposes releases"."""
    first = VERBS.get(clause.split(maxsplit=1)[0].lower()) if clause.strip() else None
    if first is None:
        return [clause]
    cuts = [
        found.start()
        for found in _FURTHER.finditer(clause)
        if (verb := VERBS.get(found[1])) and verb[1] == first[1] and found[1] not in MAY_BE_NOUN
    ]
    return [_AND.sub("", clause[begin:end]).strip() for begin, end in pairwise((0, *cuts, len(clause)))]


def _has_subject(part: str, role: str) -> bool:
    said = read(part, role)
    return bool(said and said.named)


def _relative(part: str, relation: Relation, role: str) -> Iterator[Part]:
    """A clause, and what in it gives a matter to somebody else, or says what the role does not do."""
    if (left := _RATHER.search(part)) and _acts(left[1]):
        end = part.find(", ", left.end()) if not left.start() else -1
        if left.start():
            yield from _relative(part[: left.start()], relation, role)
        if end > 0:
            yield Part(part[end + 2 :], relation)
        yield Part(part[left.start(1) : end if end > 0 else None], Relation("other"))
        return
    for pattern in (_RESTS, _OWNER_OF, _WHO, _THEIRS):
        found = pattern.search(part)
        if not found:
            continue
        name = found[2] if pattern is _THEIRS else found[1]
        if who(name, role) == "role" or not (is_party(name) or pattern is _THEIRS):
            continue
        if pattern is _THEIRS and not _acts(found[3]):
            continue
        theirs = Relation("other", name)
        if pattern is _RESTS or (pattern is _THEIRS and found[1]):
            yield Part(part, theirs)  # of all that stands before the comma
        elif pattern is _THEIRS:
            before = _BEYOND.split(part[: found.start()])
            yield Part(part[: found.start() - len(before[-1])], relation)
            yield Part(before[-1] + part[found.start() :], theirs)
        else:
            yield Part(part[: found.start()] + name, relation)
            yield Part(part[found.end() :], theirs)
        return
    yield Part(part, relation)


def _acts(word: str) -> bool:
    verb = VERBS.get(word)
    return bool(verb and verb[0] in ("do", "co"))


@lru_cache(maxsize=1 << 14)
def done_in(part: str) -> str:
    """What is done, decided or made, without what for, when and by what rule: "Own drift alarms" of "… for models"."""
    label = LABEL.match(part)
    text = label[2] if label and is_party(label[1]) else part
    first = text.split(maxsplit=1)[0].lower().strip(EDGE) if text.strip() else ""
    least = 2 if first in VERBS else 1  # words: "Sign off for …" goes on, "Departing from …" does not
    for found in _BEYOND.finditer(text):
        if len(text[: found.start()].split()) >= least:
            return text[: found.start()]
    return text


def _agrees(look: Look, passage: Passage, clause: str) -> bool:
    """Whether a clause has a verb of the kind that the question asks by, the matter's own words left out."""
    told = " ".join(word for word, parts in _stems_of(clause) if parts.isdisjoint(look.weights))
    said = set(verb_classes(told))
    if passage.topic == "decision_rights":
        said |= {"decide", "approve"}
    return bool(said & set(look.question.verbs))


@lru_cache(maxsize=1 << 15)
def _starts(text: str) -> frozenset[str]:
    return frozenset(word[:START] for word in _TOKEN.findall(text.casefold()) if len(word) > START)


@lru_cache(maxsize=1 << 15)
def _stems_of(clause: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The words of what is done, folded, each with its stems."""
    return tuple((word.casefold(), stems(word)) for word in done_in(clause).split())
