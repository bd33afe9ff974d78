"""Answers made of quotes: what stands in the blueprints, each claim with a checked citation, or why there is none."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from index.library import Library
from ingest.blueprint import Passage
from search.citations import Citation, cite, plain
from search.question import Kind, Question, analyse
from search.retrieve import Filters, Hit, check_question, retrieve, retrieve_roles

FLOOR = 0.30  # cosine below which the best passage is taken not to answer
_SURE = 0.75  # cosine from which confidence is 1

Relation = Literal["owner", "shared", "contributor", "other", "unknown"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and the ids of the citations that bear it out."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a role stands to the matter asked about."""

    role: str
    relation: Relation
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What can be said, or why nothing can."""

    question: str
    kind: Kind
    answerable: bool
    reason: str | None  # why there is no answer; None where there is one
    text: str  # Markdown with [1] marks
    roles: tuple[Standing, ...]
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float  # 0 to 1, higher = more surely answered by the blueprints


@dataclass(frozen=True, slots=True)
class Evidence:
    """The passages that answer, in the order to be said, and the cosine of the best."""

    passages: tuple[Passage, ...]
    score: float


def ask(library: Library, question: str, history: Sequence[str] = ()) -> Answer:
    """The best passages as quotes; `history` is the asker's earlier questions, latest last. Raises BadQuery."""
    check_question(question)
    catalogue = library.generation.catalogue()
    understood = analyse(question, history, sorted({entry.role for entry in catalogue}))
    evidence = _GATHER[understood.kind](library, understood)
    confidence = min(1.0, max(0.0, evidence.score / _SURE))
    if evidence.score < FLOOR:
        return _abstain(understood, confidence, _why_not(understood))
    citations = _cite(library, evidence.passages)
    if not citations:
        return _abstain(understood, 0.0, "No passage that was found could be quoted to the letter.")
    claims = tuple(Claim(plain(citation.quote), (citation.id,)) for citation in citations)
    return Answer(
        question=question,
        kind=understood.kind,
        answerable=True,
        reason=None,
        text=_markdown(citations),
        roles=_standings(citations),
        claims=claims,
        citations=citations,
        confidence=round(confidence, 4),
    )


def _fact(library: Library, question: Question) -> Evidence:
    return _evidence(retrieve(library, question.query, 3, Filters(roles=question.roles)))


def _section(library: Library, question: Question) -> Evidence:
    """The whole section, in the page's order, of each role named."""
    if question.topic is None:
        return _fact(library, question)
    score = _evidence(
        retrieve(library, question.query, 1, Filters(roles=question.roles, topics=(question.topic,)))
    ).score
    generation = library.generation
    rows = generation.rows(roles=question.roles, topics=(question.topic,))
    passages = generation.passages([int(row) for row in rows]) if rows is not None else ()
    place = {role: number for number, role in enumerate(question.roles)}
    ordered = sorted(passages, key=lambda passage: (place[passage.role], passage.blueprint_id, passage.start))
    return Evidence(tuple(ordered), score) if ordered else _fact(library, question)


def _compare(library: Library, question: Question) -> Evidence:
    """The best passages of each role; all of them must have something to say."""
    topics = (question.topic,) if question.topic else ()
    sides = [
        _evidence(retrieve(library, question.query, 4, Filters(roles=(role,), topics=topics)))
        for role in question.roles
    ]
    return Evidence(tuple(p for side in sides for p in side.passages), min(side.score for side in sides))


def _by_role(library: Library, question: Question) -> Evidence:
    """The best passage of each of the best roles."""
    roles = retrieve_roles(library, question.query, 6, Filters())
    return _evidence([group.hits[0] for group in roles if _cosine(group.hits[0]) >= FLOOR])


_GATHER: dict[Kind, Callable[[Library, Question], Evidence]] = {
    "owners": _by_role,
    "section": _section,
    "fact": _fact,
    "compare": _compare,
    "similar": _by_role,
}


def _cosine(hit: Hit) -> float:
    return hit.scores["dense"]


def _evidence(hits: Sequence[Hit]) -> Evidence:
    return Evidence(tuple(hit.passage for hit in hits), max((_cosine(hit) for hit in hits), default=0.0))


def _cite(library: Library, passages: Iterable[Passage]) -> tuple[Citation, ...]:
    """Verified citations, numbered from 1; what fails the check is left out."""
    blueprints = {passage.blueprint_id: library.generation.blueprint(passage.blueprint_id) for passage in passages}
    made = (cite(0, passage, blueprints[passage.blueprint_id]) for passage in passages)
    return tuple(replace(citation, id=number) for number, citation in enumerate(filter(None, made), start=1))


def _markdown(citations: Sequence[Citation]) -> str:
    """The quotes as a list under their role and headings."""
    lines: list[str] = []
    here: tuple[str, ...] = ()
    for citation in citations:
        head = (citation.blueprint_id, citation.role, *citation.path)
        if head != here:
            lines += ["", f"**{citation.role}**" + "".join(f" > {title}" for title in citation.path), ""]
            here = head
        lines.append(f"- {plain(citation.quote)} [{citation.id}]")
    return "\n".join(lines).strip()


def _standings(citations: Sequence[Citation]) -> tuple[Standing, ...]:
    cited: dict[str, list[int]] = {}
    for citation in citations:
        cited.setdefault(citation.role, []).append(citation.id)
    return tuple(Standing(role, "unknown", tuple(ids)) for role, ids in cited.items())


def _why_not(question: Question) -> str:
    of_roles = f" of {', '.join(question.roles)}" if question.roles else ""
    return f"No passage{of_roles} in the indexed blueprints comes near enough to this question."


def _abstain(question: Question, confidence: float, reason: str) -> Answer:
    kind: Kind = question.kind
    return Answer(question.text, kind, False, reason, reason, (), (), (), round(confidence, 4))
