"""Which roles own a matter: each role's statements about it, weighed by how near they come and what they say."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Literal

from index.vectors import Ids
from index.words import words
from ingest.blueprint import Passage, Topic
from search.draft import Cited, Claim, Draft, Standing, Written, key, one_each, those
from search.evidence import Look
from search.fusion import matter as unframed
from search.headings import context_of
from search.question import Question
from search.stances import Stance, stance
from search.statements import Relation
from search.written import in_context, marks, quoted

Label = Literal["owner", "shared", "contributor", "other"]

# Logistic regression by `python -m bench.owners`: a role's distance from the background, the same as a share of the
# best one's, the drop to the next role, bias.
STANDS_OUT = (3.73, 5.32, 1.48, -4.53)
NAMED = 0.55  # chance from which a role is named
NEAR = 0.15  # of a role's best score, in which a plainer statement is quoted before it
PER_ROLE = 3  # pieces of evidence for a role
MOST = 12  # citations
FEW = 4  # roles, up to which a claim that most others outdo is the background
FAR = 0.62  # of the best score, whatever it says, under which a role is not named
FAR_OFF = 0.8  # the same where only others have the word that the matter is named by
CLOSE = 0.9  # the same from which a plain claim counts as the best one does
_WHOLE = 0.99  # of the matter's words
_RULED = frozenset(("approve", "decide"))  # no list of works tells who does
DISOWNED = 0.05  # from which a statement that leaves the matter to another outweighs one that claims it
_PLAIN_PARTS: tuple[Topic, ...] = ("responsibilities", "decision_rights", "summary", "mission")
# What "who owns it", "who owns everything" name: no matter.
_EMPTY = frozenset(
    words("own owns owned owner owners everything nothing anything something stuff responsible accountable charge")
)


_CATALOGUE = re.compile(
    r"\b(?:are|is) there\b|\bexists?\b|\bdo you (?:have|know)\b|\b(?:all|list) (?:the )?roles\W*$", re.I
)


def _plainness(stance: Stance) -> tuple[bool, bool, bool, bool, float]:
    whole = not stance.sentence.rstrip().endswith(":")  # else it only leads to what comes below it
    part = stance.found.passage.topic in _PLAIN_PARTS
    return whole, stance.told, stance.agrees, part, stance.score


@dataclass(frozen=True, slots=True)
class Holder:
    """A role that stands to the matter in some way, with its evidence, best first until it is to be quoted."""

    role: str
    label: Label
    score: float
    stances: tuple[Stance, ...]


def holders(look: Look, rows: Ids | None) -> tuple[Holder, ...]:
    """The roles that stand to the question's matter, owners and sharers first, each by its best evidence."""
    by_role: dict[str, list[Stance]] = defaultdict(list)
    for found in look.found(rows):
        by_role[found.passage.role].append(_as_told(stance(look, found)))
    made = [holder for role, stances in by_role.items() for holder in _holders(role, stances, look.question)]
    return tuple(sorted(made, key=lambda holder: -holder.score))


def _as_told(said: Stance) -> Stance:
    """A bare name in a list of partners leaves nothing to anybody: the role works with them."""
    partner = said.found.passage.topic == "stakeholders" and not said.told and said.relation == Relation("other")
    return replace(said, relation=Relation("contributor")) if partner else said


def chosen(made: Sequence[Holder], question: Question) -> tuple[Holder, ...]:
    """The roles to name: those that stand out, then those that only help or leave the matter to others."""
    wanted = _wanted(question)
    claim = [holder for holder in made if holder.label in wanted]
    evidence = [stance.score for holder in claim for stance in holder.stances]
    chances = _chances([holder.score for holder in claim], evidence)
    near = [(h, sure) for h, sure in zip(claim, chances, strict=True) if _comes_near(h, made[0], question)]
    named = [h for h, sure in near if sure >= NAMED or _plainly(h, made[0])] or [h for h, _ in near[:1]]
    if question.negated and named:
        return tuple(named)
    if question.negated:
        return chosen(made, replace(question, negated=False))
    have = {holder.role for holder in named}
    least = min((holder.score for holder in named), default=FAR * made[0].score if made else 0.0)
    rest = [h for h in made if h.role not in have and h.label not in wanted and h.score >= least]
    return (*named, *rest)


def _comes_near(holder: Holder, best: Holder, question: Question) -> bool:
    """Whether a role's evidence is not far behind the best there is, and no bare list against a rule that is said."""
    first = holder.stances[0]
    ruled = best.label in ("contributor", "other") and best.stances[0].agrees and set(question.verbs) <= _RULED
    if ruled and question.verbs and not (first.told or first.agrees):
        return False
    return holder.score >= (FAR_OFF if best.stances[0].heads and not first.heads else FAR) * best.score


def _plainly(holder: Holder, best: Holder) -> bool:
    """Whether a role's evidence says all of the matter in a verb of the kind asked by, and next to as well as any."""
    return holder.score >= CLOSE * best.score and _whole(holder.stances[0])


def _whole(stance: Stance) -> bool:
    return stance.told and stance.agrees and stance.found.said > _WHOLE


def _chances(scores: Sequence[float], evidence: Sequence[float] = ()) -> list[float]:
    """How likely each role is one to name, best first."""
    seen = background(scores, evidence)
    return [1 / (1 + exp(-sum(w * x for w, x in zip(STANDS_OUT, signals, strict=True)))) for signals in seen]


def background(scores: Sequence[float], evidence: Sequence[float]) -> list[tuple[float, float, float, float]]:
    """How each role, best first, stands out of those that are not meant; the ones after the third, that every matter
    has, make the background, or where roles are few, what else they say."""
    if not scores:
        return []
    back = scores[3:8] if len(scores) > FEW else ()
    said = sorted(evidence or scores, reverse=True)[len(evidence) // 3]
    floor = sum(back) / len(back) if back else min(said, 0.8 * scores[-1])
    span = max(0.15, scores[0] - floor)
    drops = [score - after for score, after in zip(scores, (*scores[1:], 0.9 * scores[-1]), strict=True)]
    return [(score - floor, (score - floor) / span, drop, 1.0) for score, drop in zip(scores, drops, strict=True)]


def _wanted(question: Question) -> tuple[Label, ...]:
    if question.negated:
        return ("other", "contributor")
    if question.verbs == ("support",):
        return ("contributor", "shared")
    return ("owner", "shared")


def _holders(role: str, stances: Sequence[Stance], question: Question) -> Iterable[Holder]:
    """A role under the label of its best evidence of owning, and under the rest where that says more."""
    owning = _best(stances, ("owner", "shared"))
    least = owning[0].score if owning else 0.0
    for label in ("other", "contributor"):
        found = _best(stances, (label,))
        if found and (found[0].score > least or (question.negated and _whole(found[0]))):
            yield Holder(role, label, found[0].score, found)
        if owning and any(_disowns(s, least) if label == "other" else _outranks(s, owning[0]) for s in found):
            owning = ()
    if owning:
        yield Holder(role, "shared" if owning[0].relation.label == "shared" else "owner", least, owning)


def _disowns(stance: Stance, least: float) -> bool:
    """Whether leaving the matter to another outweighs a claim: by its score, or in the very verb asked by."""
    return (stance.agrees and stance.score > least + DISOWNED) or (stance.asked and stance.score > least)


def _outranks(stance: Stance, claim: Stance) -> bool:
    """Whether a matter that others must approve outweighs a bare mention of it."""
    said = context_of(stance.found.passage.path).ground == "approve"
    return said and stance.score > claim.score and not (claim.told or claim.agrees)


def _best(stances: Sequence[Stance], labels: Sequence[str]) -> tuple[Stance, ...]:
    """The best evidence; `shown` says which of it comes first in words. Nothing is owned by a heading's words alone."""
    found = (s for s in stances if s.relation.label in labels and not (s.lent and "owner" in labels))
    return tuple(sorted(found, key=lambda s: -s.score))


def shown(stances: Sequence[Stance], most: int = PER_ROLE) -> tuple[Stance, ...]:
    """The evidence to quote: the plainest near the best first, where a verb says it in the part that lists duties."""
    near = [s for s in stances if s.score >= stances[0].score - NEAR and s.relation == stances[0].relation]
    first = max(near, key=_plainness)
    return (first, *(s for s in stances if s is not first))[:most]


def draft(look: Look, most: int = MOST) -> Draft:
    """Roles with how each stands to the matter, and the statements that show it; nothing where no matter is named."""
    question = look.question
    catalogue = not question.matter and _CATALOGUE.search(question.text)
    if catalogue or (not look.plain(question.matter) - _EMPTY and not look.plain(unframed(question.query)) - _EMPTY):
        return Draft((), (), False, lambda cited: Written("", (), ()))
    rows = look.generation.rows(
        roles=question.roles or None, levels=question.levels or None, functions=question.functions or None
    )
    named = _capped(chosen(holders(look, rows), question), most)
    passages = tuple({key(p): p for holder in named for p in _passages(holder)}.values())
    evidence = tuple(max(holder.stances, key=lambda s: s.score).found for holder in named)
    claimed = question.negated and all(holder.label in ("owner", "shared") for holder in named)
    lead = NOBODY_DENIES if claimed else ""
    return Draft(passages, (evidence,), False, lambda cited: _write(named, cited, lead))


def _capped(named: Sequence[Holder], most: int) -> tuple[Holder, ...]:
    """At most so many pieces of evidence: first one for each role, then the best of the rest."""
    named = named[:most]
    share = max(1, min(PER_ROLE, most // max(1, len(named))))
    return tuple(replace(holder, stances=shown(holder.stances, share)) for holder in named)


def _passages(holder: Holder) -> tuple[Passage, ...]:
    return tuple(stance.found.passage for stance in holder.stances)


def in_words(stance: Stance) -> str:
    """The sentence, after the heading or item that alone tells what the role does with it."""
    passage = stance.found.passage
    return in_context(passage.path, passage.topic, quoted(stance.sentence))


NOBODY_DENIES = "No page says outright that it leaves this to others. These claim it, the other pages do not:\n"
_SAID: Mapping[Label, str] = {
    "owner": "owns it", "shared": "shares it", "contributor": "contributes", "other": "leaves it to others",
}  # fmt: skip


def _write(named: Sequence[Holder], cited: Cited, lead: str = "") -> Written:
    lines, roles = [lead] if lead else [], []
    claims: list[Claim] = []
    for holder in named:
        citations = those(cited, _passages(holder))
        if not citations:
            continue
        ids = tuple(citation.id for citation in citations)
        actor = holder.stances[0].relation.actor
        with_whom = {"shared": f" with {quoted(actor or '')}", "other": f": {quoted(actor or '')}"}
        said = _SAID[holder.label] + (with_whom.get(holder.label, "") if actor else "")
        lines.append(f"- **{quoted(holder.role)}** ({said}): {in_words(holder.stances[0])} {marks(ids)}")
        roles.append(Standing(holder.role, holder.label, ids))
        claims += one_each(citations)
    return Written("\n".join(lines), tuple(roles), tuple(claims))
