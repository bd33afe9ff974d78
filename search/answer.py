"""Answers made of quotes: what stands in the blueprints, each claim with a checked citation, or why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from index.library import Library
from search import facts, owners, sections, sides
from search.citations import Citation, cite
from search.confidence import PLACED, Signals, confidence, signals
from search.draft import Cited, Claim, Draft, Relation, Standing, key
from search.evidence import Look
from search.question import Kind, Question
from search.retrieve import check_question
from search.retrieve import understood as read
from search.threshold import threshold_of
from search.written import quoted

__all__ = ["Answer", "Claim", "Relation", "Standing", "ask"]

_HELLO = "Ask me which roles own a matter, what a role's page says, or how roles compare."
_LEAST = 0.02  # confidence where nothing was looked for


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


def ask(library: Library, question: str, history: Sequence[str] = ()) -> Answer:
    """The answer to a question; `history` is the asker's earlier questions, latest last. Raises BadQuery."""
    check_question(question)
    understood = read(library, question, history)
    if understood.kind == "none":
        return _abstain(understood, 0.0, "This asks nothing of the blueprints.", _HELLO)
    if _unknown(understood):
        return _abstain(understood, _LEAST, _unknown_role(understood))
    look = Look(library, understood)
    draft = _draft(look)
    sure = _sure(look, draft)
    if sure < threshold_of(library):
        return _abstain(understood, sure, _why_not(look))
    cited = _checked(library, draft)
    if not cited:
        return _abstain(understood, 0.0, "No passage that was found could be quoted to the letter.")
    written = draft.write(cited)
    citations = tuple(cited.values())
    kind = understood.kind
    return Answer(question, kind, True, None, written.text, written.roles, written.claims, citations, round(sure, 4))


def seen(library: Library, question: str) -> Signals | None:
    """The signals that the confidence of an answer is made of; None where nothing is looked for."""
    understood = read(library, question)
    if understood.kind == "none" or _unknown(understood):
        return None
    look = Look(library, understood)
    draft = _draft(look)
    if draft.placed:
        return None
    sides = [signals(look, side, counted=draft.counted) for side in draft.evidence if side]
    return min(sides, key=confidence, default=None)


def _draft(look: Look) -> Draft:
    if look.question.kind == "section":
        return sections.draft(look) or facts.draft(look)
    return _MAKE[look.question.kind](look)


_MAKE: dict[Kind, Callable[[Look], Draft]] = {
    "owners": owners.draft,
    "fact": facts.draft,
    "compare": sides.compare,
    "similar": sides.alike,
}


def _sure(look: Look, draft: Draft) -> float:
    """The confidence of the weakest side."""
    if draft.placed:
        return PLACED
    sides = (confidence(signals(look, side, counted=draft.counted)) if side else 0.0 for side in draft.evidence)
    return min(sides, default=0.0)


def _checked(library: Library, draft: Draft) -> Cited:
    """Verified citations by passage, numbered from 1; what fails the check is left out."""
    ids = dict.fromkeys(passage.blueprint_id for passage in draft.passages)
    blueprints = {blueprint_id: library.generation.blueprint(blueprint_id) for blueprint_id in ids}
    made = {key(passage): cite(0, passage, blueprints[passage.blueprint_id]) for passage in draft.passages}
    passed = {name: citation for name, citation in made.items() if citation}
    return {name: replace(passed[name], id=number) for number, name in enumerate(passed, start=1)}


def _unknown(question: Question) -> bool:
    """Whether all hangs on a role that the catalogue does not have; a fact may be there under another name."""
    return bool(question.unknown) and (
        question.kind == "compare" or (not question.roles and question.kind in ("section", "owners"))
    )


def _unknown_role(question: Question) -> str:
    names = ", ".join(quoted(role.name) for role in question.unknown)
    near = list(dict.fromkeys(name for role in question.unknown for name in role.near))
    hint = f" Near names: {', '.join(near)}." if near else ""
    return f"No blueprint describes the role {names}.{hint}"


def _why_not(look: Look) -> str:
    """Nothing on the matter at all, or not on these roles' pages but on others'."""
    question = look.question
    if question.unknown and not question.roles:
        return _unknown_role(question)
    if question.kind == "owners" and not look.question.matter:
        return "The question names no matter. Say what the roles should own, for instance “drift monitoring”."
    matter = f"“{quoted(question.matter)}”" if question.matter else "this"
    if not question.roles:
        return f"The indexed blueprints say nothing about {matter}."
    roles = ", ".join(question.roles[:3])
    elsewhere = look.found(None)[:3]
    if elsewhere and confidence(signals(look, elsewhere)) >= threshold_of(look.library):
        others = [r for r in dict.fromkeys(f.passage.role for f in elsewhere) if r not in question.roles]
        if others:
            return f"The blueprint of {roles} says nothing about {matter}; {', '.join(others)} may."
    return f"The blueprint of {roles} says nothing about {matter}."


def _abstain(question: Question, sure: float, reason: str, text: str = "") -> Answer:
    return Answer(question.text, question.kind, False, reason, text or reason, (), (), (), round(sure, 4))
