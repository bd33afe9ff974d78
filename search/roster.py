"""The catalogue itself, where a question asks for no more than its roles."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.generation import Entry
from search.evidence import stems
from search.question import Question

MOST = 30  # roles that are named
_ROLES = r"(?:roles?|blueprints?|jobs?|positions?)"
_ASKED = re.compile(
    rf"\W*(?:(?:how many|which|what)(?: [\w-]+){{0,4}}? {_ROLES} (?:(?:are|is) (?:there|here|indexed|known|available)"
    rf"|exist|do you (?:have|know))|(?:please )?(?:list|show|name|give|count)(?: me| us)?(?: all| every)?(?: of)?"
    rf"(?: the| your)?(?: [\w-]+){{0,4}}? {_ROLES})\W*",
    re.I,
)


def roster(question: Question, entries: Sequence[Entry]) -> str:
    """The roles of a kind, or all, for "how many roles are there" and "list all security roles"; else nothing."""
    if question.roles or not _ASKED.fullmatch(question.text):
        return ""
    kind = stems(question.matter)
    like = [entry for entry in entries if kind <= stems(f"{entry.role} {entry.function}")]
    names = _of_kind(replace(question, functions=()), like)  # its words are among those of the matter
    if not names:
        return ""
    return f"The catalogue has {len(names)} such roles: {_named(names)}." if len(names) > 1 else f"One: {names[0]}."


def no_matter(question: Question, entries: Sequence[Entry]) -> str:
    """What to ask instead; where only a kind of role is asked for, those of the catalogue."""
    hint = "The question names no matter. Say what the roles should own, for instance “drift monitoring”."
    names = _of_kind(question, entries)
    return f"{hint} The catalogue has {_named(names)}." if names else hint


def _of_kind(question: Question, entries: Iterable[Entry]) -> list[str]:
    """The names of the roles of the levels and functions asked for."""
    return sorted(
        {
            entry.role
            for entry in entries
            if (not question.levels or entry.level in question.levels)
            and (not question.functions or entry.function in question.functions)
        }
    )


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more
