"""Roles beside each other: what each says on a matter or a part of its page, and what is like a responsibility."""

from collections.abc import Sequence

from ingest.blueprint import Passage
from search.citations import plain
from search.draft import Cited, Claim, Draft, Relation, Written, key, standings, those
from search.evidence import Found, Look, first_of_each
from search.facts import in_words, ranked
from search.ownership import relation_of
from search.sections import parts_of
from search.written import marks, quoted

MOST = 12  # citations
_SAME = 0.8  # of a side's best score, from which more of it is quoted
_LEAST = 4  # passages of a side
PER_ROLE = 4  # alike
_DUTIES = ("responsibilities", "decision_rights", "activities", "deliverables", "mission", "summary", "stakeholders")


def compare(look: Look) -> Draft:
    """The best passages of each role; all of them must have something to say."""
    question = look.question
    each = MOST // max(1, len(question.roles))
    made = [_side(look, role, each) for role in question.roles]
    sides = [side for side, _ in made]
    placed = bool(question.topic) and all(there for _, there in made)
    passages = [tuple(found.passage for found in side) for side in sides]
    flat = tuple(passage for side in passages for passage in side)
    return Draft(flat, tuple(sides), placed, lambda cited: _compared(look, passages, cited))


def _side(look: Look, role: str, each: int) -> tuple[tuple[Found, ...], bool]:
    """A role's best passages: of the part of its page asked for, then of the rest; and whether it has that part."""
    ids = [entry.blueprint_id for entry in look.generation.catalogue() if entry.role == role]
    parts = [part for one in ids for part in parts_of(look.library, one, look.question)] if look.question.topic else []
    inside = {key(passage) for part in parts for passage in part.passages}
    best = ranked(look, look.generation.rows(roles=(role,)))
    first = [pair for pair in best if key(pair[0].passage) in inside][: each - each // 3]
    rest = [pair for pair in best if key(pair[0].passage) not in {key(found.passage) for found, _ in first}]
    near = [pair for n, pair in enumerate(rest) if n + len(first) < _LEAST or pair[1] >= _SAME * best[0][1]]
    return tuple(found for found, _ in (*first, *near))[:each], bool(first)


def _compared(look: Look, sides: Sequence[Sequence[Passage]], cited: Cited) -> Written:
    lines = []
    for side in sides:
        said = [passage for passage in side if key(passage) in cited]
        lines += ["", f"**{quoted(said[0].role)}**", ""] if said else []
        lines += [f"- {in_words(look, passage)} {marks((cited[key(passage)].id,))}" for passage in said]
    claims = tuple(Claim(plain(citation.quote), (citation.id,)) for citation in cited.values())
    return Written("\n".join(lines).strip(), standings(cited), claims)


def alike(look: Look) -> Draft:
    """Responsibilities of other roles that mean the same as the text asked about."""
    own = set(look.question.roles)
    near = sorted(look.found(look.generation.rows(topics=_DUTIES)), key=lambda f: -(f.dense + 0.5 * f.lexical))
    best = first_of_each([found for found in near if found.passage.role not in own], PER_ROLE)[:MOST]
    passages = tuple(found.passage for found in best)
    return Draft(passages, (best,), False, lambda cited: _like(passages, cited))


def _like(passages: Sequence[Passage], cited: Cited) -> Written:
    relations: dict[str, Relation] = {}
    lines = []
    for citation in those(cited, passages):
        said = relation_of(citation.quote, role=citation.role, path=citation.path).label
        relations.setdefault(citation.role, "unknown" if said == "none" else said)
        lines.append(f"- **{quoted(citation.role)}**: {quoted(citation.quote)} {marks((citation.id,))}")
    claims = tuple(Claim(plain(citation.quote), (citation.id,)) for citation in cited.values())
    return Written("\n".join(lines), standings(cited, relations), claims)
