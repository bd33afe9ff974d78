"""Which roles own a matter: each role's statements about it, weighed by how near they come and what they say."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

from index.vectors import Ids
from ingest.blueprint import Passage, Topic
from search.citations import plain
from search.draft import Cited, Claim, Draft, Standing, Written, key, those
from search.evidence import Found, Look
from search.frames import verb_classes
from search.ownership import relation_of
from search.question import Question
from search.statements import Relation
from search.written import marks, quoted

Label = Literal["owner", "shared", "contributor", "other"]

# Logistic regression on the ownership questions of corpus/questions.jsonl: a role's distance from the background, the
# same as a share of the best one's, the drop to the next role, bias.
STANDS_OUT = (3.0, 4.0, 3.2, -4.1)
NAMED = 0.35  # chance from which a role is named
PER_ROLE = 3  # pieces of evidence for a role
MOST = 12  # citations
VERB = 0.15  # added where the verb is of the kind asked by
_AGAINST = 0.12  # taken off where a role says more plainly that the matter is another's
# How well a part of a page can tell whose a matter is.
_TOPICS: Mapping[Topic, float] = {
    "responsibilities": 1.0, "decision_rights": 1.0, "summary": 1.0, "mission": 1.0, "scorecard": 0.97,
    "stakeholders": 0.95, "deliverables": 0.95, "activities": 0.97, "goals": 0.9, "other": 0.95,
}  # fmt: skip
_OTHER_TOPICS = 0.8
_NAME = r"((?:[A-Z][\w&-]*(?: (?:and|of|&))? ?)+)"
# Relative clauses and appositions that give a matter to somebody else: "which the Security team approves".
_THEIRS = re.compile(
    rf"\b(?:which|that) (?:the )?{_NAME} ?(?:team )?(?:owns?|approves?|leads?|signs?|decides?|operates?|runs?|sets?)\b"
    rf"|\bwhich (?:sits|rests|lies|stays|belongs) (?:with|to) (?:the )?{_NAME}|{_NAME}, the owners? of\b"
)
_CLAUSE = re.compile(r"[;:,]\s+(?:and |but |while |whereas |who |which )?|\s+(?:while|whereas|who|which)\s+")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Stance:
    """What a passage says of its role and the matter."""

    found: Found
    relation: Relation
    sentence: str  # the words that say it
    worth: float  # higher = nearer and plainer


@dataclass(frozen=True, slots=True)
class Holder:
    """A role that stands to the matter in some way, with its evidence, best first."""

    role: str
    label: Label
    score: float
    stances: tuple[Stance, ...]


def holders(look: Look, rows: Ids | None) -> tuple[Holder, ...]:
    """The roles that stand to the question's matter, owners and sharers first, each by its best evidence."""
    by_role: dict[str, list[Stance]] = defaultdict(list)
    for found in look.found(rows):
        by_role[found.passage.role].append(_stance(look, found))
    made = [holder for role, stances in by_role.items() for holder in _holders(role, stances)]
    return tuple(sorted(made, key=lambda holder: -holder.score))


def chosen(made: Sequence[Holder], question: Question) -> tuple[Holder, ...]:
    """The roles to name: those that stand out, then those that only help or leave the matter to others."""
    wanted = _wanted(question)
    first = [holder for holder in made if holder.label in wanted]
    named = [h for h, sure in zip(first, _chances([h.score for h in first]), strict=True) if sure >= NAMED]
    named = named or first[:1]
    have = {holder.role for holder in named}
    least = min((holder.score for holder in named), default=0.0)
    rest = [h for h in made if h.role not in have and h.label not in wanted and h.score >= least]
    return (*named, *rest)


def _chances(scores: Sequence[float]) -> list[float]:
    """How likely each role is one to name, best first: by how it stands out of the roles that are not meant.

    Those after the third make the background that every matter has.
    """
    if not scores:
        return []
    back = scores[3:8]
    floor = sum(back) / len(back) if len(scores) > 4 else 0.8 * scores[-1]
    span = max(0.15, scores[0] - floor)
    drops = [score - after for score, after in zip(scores, (*scores[1:], 0.9 * scores[-1]), strict=True)]
    signals = [(score - floor, (score - floor) / span, drop, 1.0) for score, drop in zip(scores, drops, strict=True)]
    return [1 / (1 + exp(-sum(w * value for w, value in zip(STANDS_OUT, seen, strict=True)))) for seen in signals]


def _wanted(question: Question) -> tuple[Label, ...]:
    if question.negated:
        return ("other", "contributor")
    if question.verbs == ("support",):
        return ("contributor", "shared")
    return ("owner", "shared")


def _holders(role: str, stances: Sequence[Stance]) -> Iterable[Holder]:
    """A role under the label of its best evidence of owning, or of the rest if it has none."""
    owning = _best(stances, ("owner", "shared"))
    others = _best(stances, ("other",))
    helping = _best(stances, ("contributor",))
    if owning:
        against = max(0.0, (others[0].worth if others else 0.0) - owning[0].worth)
        label: Label = "shared" if owning[0].relation.label == "shared" else "owner"
        yield Holder(role, label, owning[0].worth - (_AGAINST if against > 0.05 else 0.0), owning)
    if helping and (not owning or helping[0].worth > owning[0].worth):
        yield Holder(role, "contributor", helping[0].worth, helping)
    if others and (not owning or others[0].worth > owning[0].worth):
        yield Holder(role, "other", others[0].worth, others)


def _best(stances: Sequence[Stance], labels: Sequence[str]) -> tuple[Stance, ...]:
    found = sorted((s for s in stances if s.relation.label in labels), key=lambda s: -s.worth)
    return tuple(found[:PER_ROLE])


def _stance(look: Look, found: Found) -> Stance:
    """The relation of the sentence that has most of the matter's words."""
    passage = found.passage
    sentences = _SENTENCE.split(passage.text)
    best = max(sentences, key=look.share) if len(sentences) > 1 else passage.text
    relation = relation_of(best, role=passage.role, path=passage.path)
    if relation.label in ("owner", "shared"):
        relation = _of_clause(look, passage, best) or relation
    worth = found.dense + 0.1 * found.cover + 0.2 * found.said + 0.2 * found.lexical
    worth += VERB * _agrees(look.question, passage, best)
    return Stance(found, relation, best, worth * _TOPICS.get(passage.topic, _OTHER_TOPICS))


def _of_clause(look: Look, passage: Passage, sentence: str) -> Relation | None:
    """Somebody else's relation to the matter, where a clause that speaks of it gives it to them."""
    told_of = _THEIRS.search(sentence)
    if told_of and (actor := next(name for name in told_of.groups() if name).strip()) not in passage.role:
        return Relation("other", actor)
    clauses = [clause for clause in _CLAUSE.split(sentence) if clause.strip()]
    shares = [look.share(clause) for clause in clauses]
    for place, clause in enumerate(clauses[1:], 1):
        relation = relation_of(clause, role=passage.role, path=passage.path)
        told = shares[place] if shares[place] else shares[place - 1]
        if relation.label == "other" and relation.actor and told >= max(shares) > 0:
            return relation
    return None


def _agrees(question: Question, passage: Passage, sentence: str) -> bool:
    """Whether a sentence says it with a verb of the kind that the question asks by."""
    said = set(verb_classes(sentence.casefold()))
    if passage.topic == "decision_rights":
        said |= {"decide", "approve"}
    return bool(said & set(question.verbs))


def draft(look: Look) -> Draft:
    """Roles with how each stands to the matter, and the statements that show it."""
    question = look.question
    rows = look.generation.rows(
        roles=question.roles or None, levels=question.levels or None, functions=question.functions or None
    )
    named = _capped(chosen(holders(look, rows), question))
    passages = tuple({key(p): p for holder in named for p in _passages(holder)}.values())
    evidence = tuple(stance.found for holder in named for stance in holder.stances[:1])
    return Draft(passages, (evidence,), False, lambda cited: _write(named, cited))


def _capped(named: Sequence[Holder]) -> tuple[Holder, ...]:
    """At most MOST pieces of evidence: first one for each role, then the best of the rest."""
    named = named[:MOST]
    share = max(1, min(PER_ROLE, MOST // max(1, len(named))))
    return tuple(replace(holder, stances=holder.stances[:share]) for holder in named)


def _passages(holder: Holder) -> tuple[Passage, ...]:
    return tuple(stance.found.passage for stance in holder.stances)


_SAID: Mapping[Label, str] = {
    "owner": "owns it", "shared": "shares it", "contributor": "contributes", "other": "leaves it to others",
}  # fmt: skip


def _write(named: Sequence[Holder], cited: Cited) -> Written:
    lines, roles, claims = [], [], []
    for holder in named:
        citations = those(cited, _passages(holder))
        if not citations:
            continue
        ids = tuple(citation.id for citation in citations)
        actor = holder.stances[0].relation.actor
        with_whom = {"shared": f" with {quoted(actor or '')}", "other": f": {quoted(actor or '')}"}
        said = _SAID[holder.label] + (with_whom.get(holder.label, "") if actor else "")
        lines.append(f"- **{quoted(holder.role)}** ({said}): {quoted(holder.stances[0].sentence)} {marks(ids)}")
        roles.append(Standing(holder.role, holder.label, ids))
        claims += [Claim(plain(citation.quote), (citation.id,)) for citation in citations]
    return Written("\n".join(lines), tuple(roles), tuple(claims))
