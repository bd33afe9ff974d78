"""What a question's analysis adds to retrieval: a filter to the roles it names, legs for the part it asks for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

import numpy as np

from index.generation import Generation
from index.vectors import Ids
from ingest.blueprint import Topic
from search.asked import heading_fit
from search.fusion import Leg, flat_leg
from search.ownership import relation_of
from search.question import Question

ASKED = (
    0.15  # added to a passage of the topic asked for, and again under the subsection; docs/decisions.md has the study
)
OWNED = 0.05  # added to a statement by which its page's role owns or shares something, where owners are asked for
REPEATED = 0.05  # taken off a passage for each better one of its role, where the question is after roles
_FITS = 0.6  # of a title with the subsection asked for, from which it is the one
# Where a page says whose matter something is; lists of skills, tools, variants or interview questions seldom do.
OWNING: tuple[Topic, ...] = (
    "summary", "mission", "responsibilities", "activities", "stakeholders", "decision_rights", "scorecard",
)  # fmt: skip

T = TypeVar("T")


def narrowed(generation: Generation, question: Question, allowed: Ids | None) -> Ids | None:
    """The rows of the roles that the question names, or of the levels and functions it asks among, if there are any."""
    named = question.roles if question.kind != "similar" else ()
    wanted = generation.rows(
        roles=named or None,
        levels=question.levels or None if not named else None,
        functions=question.functions or None if not named else None,
    )
    if wanted is None or allowed is None:
        return allowed if wanted is None or not len(wanted) else wanted
    both = np.intersect1d(wanted, allowed, assume_unique=True)
    return both if len(both) else allowed


def priors(generation: Generation, question: Question, allowed: Ids | None) -> tuple[Leg, ...]:
    """Legs with a fixed score for the passages of the topic and the subsection asked for."""
    topics = OWNING if question.kind == "owners" else (question.topic,) if question.topic else ()
    legs = [flat_leg(generation.rows(topics=topics), allowed, ASKED)] if topics else []
    if question.heading:
        legs.append(flat_leg(_under(generation, question.heading), allowed, ASKED))
    return tuple(legs)


@lru_cache(maxsize=1 << 16)
def is_owned(text: str, role: str, path: tuple[str, ...]) -> bool:
    """Whether a statement says that its page's role owns something, alone or with others."""
    return relation_of(text, role=role, path=path).label in ("owner", "shared")


def spread(hits: Sequence[tuple[float, str, T]], k: int) -> list[T]:
    """The k best of (score, role, hit), best first, each worth less for every better one of its role already taken.

    A role's own hits keep their order; ties keep the order given.
    """
    waiting: dict[str, list[tuple[float, int, T]]] = {}
    for place, (score, role, hit) in enumerate(hits):
        waiting.setdefault(role, []).append((-score, place, hit))
    for queue in waiting.values():
        queue.sort(key=lambda entry: entry[:2], reverse=True)
    taken: list[T] = []
    count = dict.fromkeys(waiting, 0)
    while waiting and len(taken) < k:
        role = min(waiting, key=lambda name: (waiting[name][-1][0] + REPEATED * count[name], waiting[name][-1][1]))
        taken.append(waiting[role].pop()[2])
        count[role] += 1
        if not waiting[role]:
            del waiting[role]
    return taken


def _under(generation: Generation, heading: tuple[str, ...]) -> Ids:
    """The rows under a heading that fits the subsection asked for."""
    fitting = [rows for title, rows in generation.by_heading().items() if heading_fit(title, heading) >= _FITS]
    there = np.zeros(1 + max((int(rows[-1]) for rows in fitting), default=-1), dtype=bool)
    for rows in fitting:
        there[rows] = True
    return np.flatnonzero(there)  # ten times as fast as sorting them, where they are many
