"""Which roles need a skill, an experience or a degree: what their pages require, as quotes."""

import re
from dataclasses import replace

from ingest.blueprint import Topic
from search.draft import Cited, Draft, Written, one_each, standings
from search.evidence import Look, first_of_each
from search.facts import in_words
from search.question import Question
from search.sides import leads_in
from search.written import by_role

MOST = 12  # roles
_NEAR = 0.7  # of the best score
_SAID = 0.75  # of the matter's words, by their weight, that a requirement must have to be one for it
_NOT = re.compile(r"\b(?:not?|never|neither|nor|optional|without|unnecessary|waived)\b|n['’]t\b", re.I)
_NEEDS_NO = re.compile(r"\b(?:needs?|requires?|have) no\b", re.I)
_USED = re.compile(
    r"^\W*(?:who|(?:which|what) (?:[\w-]+ ){0,3}?[\w-]+|(?:[\w-]+ ){0,3}?(?:roles?|jobs?|teams?) (?:that|which|who)) "
    r"uses?\b(?! the\b)",
    re.I,
)
_FITS = re.compile(r"^.{0,60}?\b(?:fits?|suits?) .{1,40}?\b(?:with|knows?|has|have|speaks?) ", re.I)
_KIND = re.compile(
    r"\b(?:skills?|experience|knowledge|expertise|familiarity|proficiency|qualifications?)\b(?: (?:in|with|of))?"
)
_PARTS: tuple[Topic, ...] = ("qualifications", "technical_skills", "soft_skills", "tools")


def asked(question: Question) -> bool:
    """Whether a question for roles asks for what they need or use, not for what they own."""
    return question.kind == "owners" and ("need" in question.verbs or (uses(question) and not question.negated))


def uses(question: Question) -> bool:
    """Whether it asks for what roles use, which may be a tool or a part of their work."""
    return bool(_USED.search(question.text))


def bare(question: Question) -> Question:
    """The question without the words for what kind of need it is, or whose: "Salesforce" of "Salesforce experience"."""
    matter = _FITS.sub("", question.matter)
    return replace(question, matter=" ".join(_KIND.sub(" ", matter).split()) or matter)


def draft(look: Look) -> Draft:
    """Of each role the line that requires the matter, or says that it does not, best first."""
    question = look.question
    rows = look.generation.rows(
        topics=_PARTS,
        roles=question.roles or None,
        levels=question.levels or None,
        functions=question.functions or None,
    )
    found = look.found(rows) if rows is not None and len(rows) else ()
    least = _NEAR * max((f.score for f in found), default=0.0)
    denied = question.negated or _NEEDS_NO.search(question.text)
    lines = [f for f in found if not leads_in(f.passage) and (not denied or _NOT.search(f.passage.text))]
    named = first_of_each([f for f in lines if f.said >= _SAID and f.score >= least] or lines[:1], 1)[:MOST]
    passages = tuple(found.passage for found in named)

    def write(cited: Cited) -> Written:
        lines = by_role(passages, cited, lambda passage: in_words(look, passage))
        return Written(lines, standings(cited), one_each(cited.values()))

    return Draft(passages, (named,), False, write)
