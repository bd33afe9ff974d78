"""Roles beside each other: what each says on a matter or a part of its page, and what is like a responsibility."""

from collections.abc import Sequence

from ingest.blueprint import Passage
from search.citations import plain
from search.draft import Cited, Claim, Draft, Relation, Written, key, standings, those
from search.evidence import Look
from search.facts import in_words, ranked
from search.ownership import relation_of
from search.similar import similar
from search.written import marks, quoted

MOST = 12  # citations
_SAME = 0.9  # of a side's best score, from which more of it is quoted
_LEAST = 3  # passages of a side


def compare(look: Look) -> Draft:
    """The best passages of each role; all of them must have something to say."""
    question = look.question
    each = MOST // max(1, len(question.roles))
    sides = []
    for role in question.roles:
        best = ranked(look, look.generation.rows(roles=(role,)))[:each]
        near = [f for place, (f, score) in enumerate(best) if place < _LEAST or score >= _SAME * best[0][1]]
        sides.append(tuple(near))
    passages = [tuple(found.passage for found in side) for side in sides]
    on_topic = [any(f.passage.topic == question.topic for f in side) for side in sides]
    placed = float(all(on_topic)) if question.topic else 0.5
    flat = tuple(passage for side in passages for passage in side)
    return Draft(flat, tuple(sides), placed, lambda cited: _compared(look, passages, cited))


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
    question = look.question
    text = question.matter if question.roles and question.matter else question.query
    matches = [m for m in similar(look.library, text, 2 * MOST).matches if m.passage.role not in question.roles][:MOST]
    passages = tuple(match.passage for match in matches)
    return Draft(passages, (tuple(look.weighed(match.passage, match.score) for match in matches),), 0.5, lambda cited: _like(passages, cited))


def _like(passages: Sequence[Passage], cited: Cited) -> Written:
    relations: dict[str, Relation] = {}
    lines = []
    for citation in those(cited, passages):
        said = relation_of(citation.quote, role=citation.role, path=citation.path).label
        relations.setdefault(citation.role, "unknown" if said == "none" else said)
        lines.append(f"- **{quoted(citation.role)}**: {quoted(citation.quote)} {marks((citation.id,))}")
    claims = tuple(Claim(plain(citation.quote), (citation.id,)) for citation in cited.values())
    return Written("\n".join(lines), standings(cited, relations), claims)
