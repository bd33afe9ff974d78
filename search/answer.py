"""Answers made of quotes: what stands in the blueprints, each claim with a checked citation, or why there is none."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from textwrap import shorten

from index.library import Library
from search import alike, facts, needs, owners, sections, sides, yesno
from search.citations import cite
from search.confidence import PLACED, Signals, confidence, signals
from search.draft import Answer, Cited, Claim, Draft, Relation, Standing, key
from search.evidence import Look
from search.question import Kind, Question
from search.retrieve import check_question
from search.retrieve import understood as read
from search.roster import no_matter, roster
from search.several import asked_one_by_one, matters_of, put_together
from search.threshold import threshold_of
from search.wording import joined
from search.written import quoted

__all__ = ["Answer", "Claim", "Relation", "Standing", "ask"]

_HELLO = "Ask me which roles own a matter, what a role's page says, or how roles compare."
_SHOWN = 90  # characters of a matter that a reason repeats
_LEAST = 0.02  # confidence where nothing was looked for


def ask(library: Library, question: str, history: Sequence[str] = ()) -> Answer:
    """The answer to a question; `history` is the asker's earlier questions, latest last. Raises BadQuery."""
    check_question(question)

    def told(earlier: Question) -> tuple[str, ...]:
        return _about(_answer(library, earlier))

    return replace(_answer(library, read(library, joined(question), history, told)), question=question)


def _about(answer: Answer) -> tuple[str, ...]:
    """The roles that an answer is about: the owners that it names, else all of a list, else the role of its first
    quote."""
    owners = tuple(standing.role for standing in answer.roles if standing.relation == "owner")
    listed = answer.roles if answer.kind in ("owners", "similar") else answer.roles[:1]
    return owners or tuple(standing.role for standing in listed)


def _answer(library: Library, understood: Question, parts: int = 1) -> Answer:
    """The answer to a question that is one of so many parts."""
    if understood.kind == "none":
        return _abstain(understood, 0.0, "This asks nothing of the blueprints.", _HELLO)
    if _unknown(understood):
        return _abstain(understood, _LEAST, _unknown_role(understood))
    if listed := roster(understood, library.generation.catalogue()):
        return _abstain(understood, _LEAST, listed)
    if several := _several(library, understood):
        return several
    if asked := yesno.asked_of_role(library, understood):
        return _verdicts(library, understood, asked) or _yes_or_no(library, understood, asked)
    look, made = _drafted(library, understood, parts)
    answer = _given(look, made, understood)
    if not answer.answerable and understood.kind == "fact" and (draft := sections.meant(look)):
        return _given(look, draft, understood)
    if answer.answerable or understood.kind != "owners" or (understood.negated and "need" in understood.verbs):
        return answer
    if not understood.negated:
        ones = matters_of(understood, least=1)
        return put_together(understood, [(one.matter, _answer(library, one, len(ones))) for one in ones]) or answer
    claimed = _answer(library, replace(understood, negated=False), parts)
    return replace(claimed, text=f"{owners.NOBODY_DENIES}\n{claimed.text}") if claimed.answerable else answer


def _verdicts(library: Library, understood: Question, asked: Question) -> Answer | None:
    """The answer to whether a role owns several matters, one by one, if there is one for any of them."""
    answers = [
        (part.matter, _yes_or_no(library, replace(understood, text=part.text, matter=part.matter), part))
        for part in matters_of(asked)
    ]
    return put_together(understood, answers)


def _yes_or_no(library: Library, understood: Question, asked: Question) -> Answer:
    """The answer to whether a role owns a matter: as its page says outright, else what comes nearest."""
    look = Look(library, asked)
    draft = yesno.draft(look)
    answer = _given(look, draft, understood) if draft else None
    if answer and answer.answerable:
        return answer
    near = _given(*_drafted(library, understood), understood)
    return replace(near, text=f"{yesno.UNSAID}\n\n{near.text}") if near.answerable else near


def _given(look: Look, draft: Draft, understood: Question) -> Answer:
    """The draft as an answer if its evidence is good enough, with what of it can be quoted."""
    library = look.library
    sure = _sure(look, draft)
    if sure < threshold_of(library):
        return _abstain(understood, sure, _why_not(look))
    cited = _checked(library, draft)
    if not cited:
        return _abstain(understood, 0.0, "No passage that was found could be quoted to the letter.")
    written = draft.write(cited)
    citations = tuple(cited.values())
    text, kind = understood.text, understood.kind
    return Answer(text, kind, True, None, written.text, written.roles, written.claims, citations, round(sure, 4))


def _several(library: Library, understood: Question) -> Answer | None:
    """The answer to a question with more than one matter, if there is one for any of them."""
    if understood.kind == "section" and understood.parts:
        return _parts(library, understood)
    if understood.kind != "owners" or understood.negated or understood.carried:
        return None
    parts = [read(library, text) for text in asked_one_by_one(understood.text)]
    parts = parts if all(part.kind == "owners" and part.matter for part in parts) else []
    parts = parts or list(matters_of(understood))
    answers = [(part.matter, _answer(library, part, len(parts))) for part in parts]
    return put_together(understood, answers)


def _parts(library: Library, understood: Question) -> Answer | None:
    """The parts of a page asked for in a row, one by one; those that it lacks are named."""
    asked = [
        replace(understood, text=part.said, topic=part.topic, heading=part.heading, parts=(), matter="")
        for part in understood.parts
    ]
    answers = [(part.text, _answer(library, part)) for part in asked]
    told = [(said, answer) for place, (said, answer) in enumerate(answers) if not _again(answers, place)]
    told = [("" if answer.answerable else said, answer) for said, answer in told]
    return put_together(understood, told)


def _again(answers: Sequence[tuple[str, Answer]], place: int) -> bool:
    """Whether all that an answer quotes stands in another one, as of a page that does not part the two."""
    quotes = [{(c.blueprint_id, c.passage_id) for c in answer.citations} for _, answer in answers]
    own, others = quotes[place], [q for at, q in enumerate(quotes) if at != place]
    return bool(own) and (any(own < other for other in others) or own in quotes[:place])


def seen(library: Library, question: str) -> Signals | None:
    """The signals that the confidence of an answer is made of; None where nothing is looked for."""
    understood = read(library, joined(question))
    if understood.kind == "none" or _unknown(understood):
        return None
    look, draft = _drafted(library, understood)
    if draft.placed:
        return None
    sides = [signals(look, side, counted=draft.counted) for side in draft.evidence if side]
    return min(sides, key=confidence, default=None)


def _drafted(library: Library, understood: Question, parts: int = 1) -> tuple[Look, Draft]:
    """The look for a question with its draft; for a part of a page that no page of its roles has, without that part."""
    if needs.asked(understood):
        look = Look(library, needs.bare(understood))
        made = needs.draft(look)
        if not needs.uses(understood) or _sure(look, made) >= threshold_of(library):
            return look, made
    look = Look(library, understood)
    if understood.kind == "owners":
        return look, owners.draft(look, owners.MOST // parts)
    if understood.kind == "section":
        if part := sections.draft(look):
            return look, part
        look = Look(library, replace(understood, topic=None, heading=()))
        return look, facts.draft(look)
    return look, _MAKE[understood.kind](look)


_MAKE: dict[Kind, Callable[[Look], Draft]] = {
    "fact": facts.draft,
    "compare": sides.compare,
    "similar": alike.draft,
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
        return no_matter(question, look.generation.catalogue())
    matter = f"“{quoted(_cut(question.matter))}”" if question.matter else "this"
    if not question.roles:
        return f"The indexed blueprints say nothing about {matter}."
    roles = ", ".join(question.roles[:3])
    elsewhere = look.found(None)[:3]
    if elsewhere and confidence(signals(look, elsewhere)) >= threshold_of(look.library):
        others = [r for r in dict.fromkeys(f.passage.role for f in elsewhere) if r not in question.roles]
        if others:
            return f"The blueprint of {roles} says nothing about {matter}; {', '.join(others)} may."
    return f"The blueprint of {roles} says nothing about {matter}."


def _cut(matter: str) -> str:
    """The first words of a long matter."""
    return shorten(matter, _SHOWN, placeholder=" …") if " " in matter[:_SHOWN] else matter[:_SHOWN]


def _abstain(question: Question, sure: float, reason: str, text: str = "") -> Answer:
    return Answer(question.text, question.kind, False, reason, text or reason, (), (), (), round(sure, 4))
