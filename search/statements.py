"""What a statement says as a whole: its clauses merged, the people that it begins with or names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from search.clauses import Said, read
from search.deeds import Deed
from search.parties import is_party, who, words_of
from search.phrases import ends_name
from search.turns import CLAUSE, GROUPS, LABEL, STRONG
from search.verbs import VERBS

Label = Literal["owner", "shared", "contributor", "other", "none"]


@dataclass(frozen=True, slots=True)
class Relation:
    """What a statement says about its page's role, and the third party that owns or shares the matter."""

    label: Label
    actor: str | None = None  # verbatim from the text; for other and shared only


NONE = Relation("none")
OWNER = Relation("owner")
CONTRIBUTOR = Relation("contributor")
_LABELS: dict[Deed, Label] = {
    "do": "owner",
    "co": "shared",
    "help": "contributor",
    "get": "other",
    "not": "other",
    "be": "none",
}


def party_line(name: str, body: str, role: str) -> Relation:
    """ "Finance: sets the envelope; this role advises": whose it is by what the line says of both."""
    shared = re.match(r"(?:\w+ )?(?:co-\w+|joint(?:ly)?|shared?s?)\b", body, re.I) or re.search(
        r"\b(?:jointly|are co-\w+|co-owns?|shared (?:accountab|respons|owner)\w+)\b", body
    )
    if shared:
        return Relation("shared", name)
    for clause in list(clauses_of(body))[1:]:
        said = read(clause, role)
        if said and said.named and said.who == "role":
            if said.deed in ("do", "co"):
                return Relation("shared", name) if STRONG.search(clause) else CONTRIBUTOR
            if said.deed == "help":
                return CONTRIBUTOR
    return Relation("other", name)


def claim_of(statement: str, role: str) -> Relation | None:
    """What the statement's own clauses say, or None if no one does anything in them."""
    label = LABEL.match(statement)
    if label and not is_deed(label[1]):
        if is_party(label[1]) and label[1].lower().endswith(GROUPS) and is_deed(label[2], third=True):
            return party_line(label[1], label[2], role)
        statement = label[2] if read(first_clause(label[2]), role) else statement
    heard = ((clause, read(clause, role)) for clause in clauses_of(statement))
    said = [(clause, said) for clause, said in heard if said]
    return merge(said) if said else None


def merge(said: Sequence[tuple[str, Said]]) -> Relation:
    """The first clause decides; somebody else's matter is shared, or helped with, if a later one says so."""
    said = [pair for pair in said if pair[1].deed != "be"]
    if not said:
        return NONE
    first = relation(said[0][1])
    if first.label != "other":
        return first
    for clause, later in said[1:3]:
        if later.who == "role" and later.named and later.deed in ("do", "co") and first.actor:
            return Relation("shared", first.actor) if STRONG.search(clause) else CONTRIBUTOR
        if later.who == "role" and later.deed == "help":
            return CONTRIBUTOR
        if later.who == "third" and not first.actor:
            return Relation("other", later.actor)
    return first


def relation(said: Said) -> Relation:
    """A clause as a relation."""
    if said.who == "role":
        return Relation(_LABELS[said.deed], said.actor)
    return Relation("shared" if said.deed == "co" else "other", said.actor)


def clauses_of(statement: str) -> Iterator[str]:
    """The first clauses of a statement; a long text is judged by its beginning."""
    yield from (part for part in CLAUSE.split(statement, maxsplit=5)[:5] if part)


def first_clause(statement: str) -> str:
    return next(clauses_of(statement), statement)


def is_deed(phrase: str, *, third: bool = False) -> bool:
    """Whether a phrase begins with a verb in use as one, or only in the third person."""
    first = phrase.split(maxsplit=1)[0].lower().strip(",") if phrase.strip() else ""
    verb = VERBS.get(first)
    return bool(verb and verb[1] in (("s",) if third else ("base", "s")) and not is_party(phrase))


def leading_name(statement: str) -> str | None:
    """The people that a line begins with."""
    if is_party(statement.rstrip(".")):
        return statement.rstrip(". ")
    words = statement.split()
    for size in range(min(len(words), 9), 0, -1):
        phrase = " ".join(words[:size]).rstrip(",.;")
        if is_party(phrase) and (size == len(words) or ends_name(words[size - 1], words[size])):
            return phrase
    return None


def named_in(statement: str, role: str) -> str | None:
    """A third party anywhere in a statement."""
    for found in re.finditer(
        r"(?:[A-Z][\w/&-]*(?: (?:and|&) | ))*[A-Z][\w/&-]+|\b(?:[\w-]+ )?(?:teams|owners"
        r"|leads|squads)\b",
        statement,
    ):
        if is_party(found[0]) and who(found[0], role) == "third" and (found.start() or len(words_of(found[0])) > 1):
            return found[0]
    return None
