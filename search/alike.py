"""What is like a responsibility on other roles' pages, and which roles are like one."""

import re
from collections.abc import Sequence

import numpy as np

from index.generation import Entry
from ingest.blueprint import Passage, Topic
from search.draft import Cited, Draft, Relation, Written, one_each, standings
from search.evidence import Found, Look, first_of_each
from search.nearness import TOPIC, near
from search.ownership import relation_of
from search.question import Question
from search.sides import MOST, leads_in, said
from search.wording import words
from search.written import by_role

PER_ROLE = 4  # alike
_LIKE = 0.75  # of the best likeness
_OWN_WORDS = 4  # from which the same words on a page are taken to come from it
_ROLES = 5  # like a role
_SHARED = 2  # duties that show how one is like it
_OTHERS = re.compile(r"\b(?:other|another|else|elsewhere)\b", re.I)
_QUOTE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]")
_DUTIES: tuple[Topic, ...] = (
    "responsibilities",
    "decision_rights",
    "activities",
    "deliverables",
    "mission",
    "summary",
    "stakeholders",
)


def draft(look: Look) -> Draft:
    """Responsibilities of other roles that mean the same as the text asked about; where only a role is named, the roles
    nearest to it, by the duties that come nearest to its own."""
    question = look.question
    if question.roles and not question.topic and not look.plain(question.matter):
        return _roles_like(look)
    return _duties_like(look)


def _roles_like(look: Look) -> Draft:
    asked = look.question.roles
    catalogue = look.generation.catalogue()
    own = max((entry for entry in catalogue if entry.role in asked), key=lambda entry: entry.passages)
    nearest: dict[str, Entry] = {}
    for other in near(look.generation, own.blueprint_id, len(catalogue)):
        if (other.score > 0 or not nearest) and other.entry.role not in asked:
            nearest.setdefault(other.entry.role, other.entry)
    mine = _duties(look, own)
    best = tuple(found for entry in list(nearest.values())[:_ROLES] for found in _shared(look, mine, entry))
    passages = tuple(found.passage for found in best)
    return Draft(passages, (best,), bool(best), lambda cited: _write(look, passages, cited))


def _duties(look: Look, entry: Entry) -> list[int]:
    """The rows of a page's responsibilities; of a page without any, those of what it says of the role."""
    for topics in ((TOPIC,), _DUTIES):
        rows = look.generation.rows(roles=(entry.blueprint_id,), topics=topics)
        if rows is not None and len(rows):
            return [int(row) for row in rows]
    return []


def _shared(look: Look, mine: Sequence[int], entry: Entry) -> list[Found]:
    """The duties of a page that come nearest to some of `mine`, each to another one."""
    rows = _duties(look, entry)
    if not (rows and mine):
        return []
    cosines = look.generation.vectors.get(mine) @ look.generation.vectors.get(rows).T
    passages = look.generation.passages(rows)
    taken: dict[int, int] = {}  # a duty of the page -> the own one that it is like
    for place in np.argsort(-cosines, axis=None, kind="stable").tolist():
        left, right = divmod(place, len(rows))
        if right not in taken and left not in taken.values() and not leads_in(passages[right]):
            taken[right] = left
        if len(taken) == _SHARED:
            break
    return [look.weighed(passages[right], float(cosines[left, right])) for right, left in taken.items()]


def _duties_like(look: Look) -> Draft:
    """Responsibilities of other roles that mean the same as the text asked about; its own page is none of the others
    where it stands on one page only."""
    ranking = sorted(look.found(look.generation.rows(topics=_DUTIES)), key=_likeness, reverse=True)
    asked = _asked_text(look.question)
    same = [found for found in ranking if asked and asked in _folded(found.passage.text)]
    said_by = {found.passage.role for found in same}
    own = set(look.question.roles) | (said_by if len(said_by) == 1 and _OTHERS.search(look.question.text) else set())
    least = _LIKE * max((_likeness(found) for found in ranking if found not in same), default=0.0)
    rest = [f for f in ranking if f.passage.role not in own and not leads_in(f.passage) and _likeness(f) >= least]
    best = first_of_each(rest, PER_ROLE)[:MOST]
    passages = tuple(found.passage for found in best)
    return Draft(passages, (best,), False, lambda cited: _write(look, passages, cited))


def _likeness(found: Found) -> float:
    return found.dense + 0.5 * found.lexical


def _asked_text(question: Question) -> str:
    """The words asked about, folded, or none where they are too few to be anybody's own."""
    quote = _QUOTE.search(question.text)
    text = _folded(quote[1] if quote else question.matter)
    return text if len(text.split()) >= _OWN_WORDS else ""


def _folded(text: str) -> str:
    return " ".join(word.text for word in words(text))


def _write(look: Look, passages: Sequence[Passage], cited: Cited) -> Written:
    relations: dict[str, Relation] = {}
    for citation in cited.values() if look.question.matter else ():  # else there is nothing that roles stand to
        told = relation_of(citation.quote, role=citation.role, path=citation.path).label
        relations.setdefault(citation.role, "unknown" if told == "none" else told)
    lines = by_role(passages, cited, lambda passage: said(look, passage))
    return Written(lines, standings(cited, relations), one_each(cited.values()))
