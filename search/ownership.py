"""How the role of a page stands to what a statement on it says: by the language of the statement and its headings."""

import re
from collections.abc import Callable, Sequence

from search.clauses import Said, by_whom, read
from search.headings import Context, Ground, context_of, names_people
from search.parties import is_party
from search.phrases import noun_phrase, partner_in
from search.statements import (
    CONTRIBUTOR,
    NONE,
    OWNER,
    Relation,
    claim_of,
    clauses_of,
    first_clause,
    is_deed,
    leading_name,
    merge,
    named_in,
    party_line,
)
from search.turns import (
    ARROW,
    CAPABLE,
    DEFINES,
    DOING_NOW,
    ESCALATE,
    GIVES,
    LABEL,
    LEARNS,
    REFERS,
    SKILLED,
    SPACE,
    STRONG,
    TRAIT,
    WORK_NOUN,
)


def relation_of(text: str, *, role: str, path: Sequence[str]) -> Relation:
    """The relation of a page's role to a statement under its headings and parent item."""
    statement = SPACE.sub(" ", text.replace("**", "").replace(" ,", ",").replace(" :", ":")).strip(" -•*|")
    if not any(letter.isalpha() for letter in statement):
        return NONE
    context = context_of(tuple(path))
    relation: Relation = _ON[context.ground](statement, role, context)
    actor = _verbatim(relation.actor, text) if relation.label in ("other", "shared") else None
    return Relation(relation.label, actor)


def _duty(statement: str, role: str, context: Context) -> Relation:
    """What a list of duties says: the page's role does it, unless the words say otherwise."""
    if says_nothing(statement) or (context.arriving and LEARNS.match(statement)):
        return NONE
    stated = claim_of(statement, role)
    if stated and (stated.label != "owner" or not context.parent):
        return stated
    inherited = _inherited(role, context)
    if inherited and (stated is None or stated.label == "owner"):
        return inherited
    if stated:
        return stated
    if WORK_NOUN.search(statement) and "support" not in role.lower():
        return CONTRIBUTOR
    return NONE if DEFINES.match(statement) and not context.deciding else OWNER


def _inherited(role: str, context: Context) -> Relation | None:
    """What the parent item says for those under it, where that is not plain ownership."""
    if not context.parent or not (context.parent.endswith(":") or is_deed(context.parent)):
        return None
    if WORK_NOUN.match(context.parent):
        return CONTRIBUTOR
    relation = claim_of(context.parent.rstrip(":"), role)
    return relation if relation and relation.label != "owner" else None


def _grant(statement: str, role: str, context: Context) -> Relation:
    stated = claim_of(statement, role)
    return stated if stated and (stated.label != "none") else OWNER


def _agree(statement: str, role: str, context: Context) -> Relation:
    said = read(first_clause(statement), role)
    if said and said.named and said.who == "third" and said.deed in ("do", "co"):
        return Relation("shared", said.actor)
    return Relation("shared", partner_in(statement) or named_in(statement, role))


def _approve(statement: str, role: str, context: Context) -> Relation:
    return CONTRIBUTOR


def _deny(statement: str, role: str, context: Context) -> Relation:
    said = by_whom(statement, role) or read(first_clause(statement), role)
    if said and said.who == "role" and said.named and said.deed != "not":
        return CONTRIBUTOR
    return Relation("other", said.actor if said else None)


def _people(statement: str, role: str, context: Context) -> Relation:
    """A line of a list of people: theirs if it says what they do; nothing if it only names them."""
    if ARROW.search(statement):
        return Relation("other", noun_phrase(ESCALATE.sub("", ARROW.split(statement)[-1])))
    line = LABEL.match(statement.replace(" | ", ": ", 1))
    if line and (is_party(line[1]) or (line[1][0].isupper() and not is_deed(line[1]))):
        return party_line(line[1], line[2], role)
    if statement.endswith(":") or is_party(statement.rstrip(".")):
        return NONE
    if context.parent and names_people(context.parent):
        return party_line(context.parent.rstrip(": "), statement, role)
    stated = claim_of(statement, role)
    if stated:
        return stated
    named = leading_name(statement)
    if named and DOING_NOW.match(statement):
        return Relation("other", named)
    return NONE if named else Relation("other")


def _flow(statement: str, role: str, context: Context) -> Relation:
    """What others deliver to the role or take from it is theirs."""
    line = LABEL.match(statement)
    if line and is_party(line[1]):
        return party_line(line[1], line[2], role)
    stated = claim_of(statement, role)
    if statement.endswith(":"):
        return NONE
    return stated if stated and stated.actor else Relation("other", leading_name(statement))


def _escalation(statement: str, role: str, context: Context) -> Relation:
    line = LABEL.match(statement)
    if line and not is_party(line[1]) and is_party(line[2].rstrip(".")):
        return Relation("other", line[2].rstrip("."))
    if line and not is_party(line[1]):
        return Relation("other", noun_phrase(ESCALATE.sub("", line[2])) if ESCALATE.match(line[2]) else None)
    listed = _people(statement, role, context)
    return listed if listed.label != "none" else Relation("other", leading_name(statement))


def _nature(statement: str, role: str, context: Context) -> Relation:
    """How the role works with others: as stated, else a contribution."""
    if re.match(r"\W*(?:shared|joint(?:ly)?|co-\w+)\b", statement, re.I):
        return Relation("shared", named_in(statement, role))
    if ARROW.search(statement):
        return _people(statement, role, context)
    line = LABEL.match(statement)
    if line and is_party(line[1]):
        said = claim_of(line[2], role) or CONTRIBUTOR
        return Relation("shared", line[1]) if said.label == "shared" else said
    stated = claim_of(statement, role)
    if stated or statement.endswith(":"):
        return stated or NONE
    return OWNER if context.deciding else CONTRIBUTOR if WORK_NOUN.match(statement) else NONE


def _trait(statement: str, role: str, context: Context) -> Relation:
    return NONE


def _scorecard(statement: str, role: str, context: Context) -> Relation:
    name, _, value = statement.partition(" | ")
    says = re.search(r"responsibilit|purpose|mission|deliverable|decision|authority|goals|accountab", name, re.I)
    return _duty(value, role, context) if value and says else NONE


def _summary(statement: str, role: str, context: Context, *, named_only: bool = False) -> Relation:
    """Who is said to own or do something; a text that begins with its verb speaks of the role."""
    if says_nothing(statement) or statement.endswith(":"):
        return NONE
    label = LABEL.match(statement)
    body = label[2] if label and not is_deed(label[1]) and not read(label[1], role) else statement
    read_clauses = [(clause, read(clause, role)) for clause in clauses_of(body)]
    said = [(clause, said) for clause, said in read_clauses if said and _tells(clause, said, named_only)]
    return merge(said) if said else NONE


def _tells(clause: str, said: Said, named_only: bool) -> bool:
    """Whether a clause of a description is about owning: of others, only plain words count."""
    if said.who == "role":
        return said.named or not named_only
    return said.deed in ("do", "co") and bool(STRONG.search(clause) or GIVES.search(clause))


def _setting(statement: str, role: str, context: Context) -> Relation:
    """Who is named as owning or doing something."""
    return _summary(statement, role, context, named_only=True)


_ON: dict[Ground, Callable[[str, str, Context], Relation]] = {
    "duty": _duty,
    "grant": _grant,
    "agree": _agree,
    "approve": _approve,
    "deny": _deny,
    "people": _people,
    "flow": _flow,
    "escalation": _escalation,
    "nature": _nature,
    "trait": _trait,
    "scorecard": _scorecard,
    "summary": _summary,
    "setting": _setting,
}


def says_nothing(statement: str) -> bool:
    """Whether it only tells what a person must be, or points at another list."""
    skilled = SKILLED.match(statement) and not is_deed(statement)
    return bool(TRAIT.match(statement) or skilled or CAPABLE.match(statement) or REFERS.search(statement))


def _verbatim(actor: str | None, text: str) -> str | None:
    """The actor as the text has it, or None if it does not stand there."""
    return actor if actor and actor in text else None
