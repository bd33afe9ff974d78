"""Roles beside each other: what each says on a matter or a part of its page, and what is like a responsibility."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.blueprint import Passage, Topic
from search.citations import plain
from search.draft import Cited, Claim, Draft, Relation, Written, key, standings, those
from search.evidence import Found, Look, first_of_each
from search.facts import in_words, ranked
from search.ownership import relation_of
from search.reporting import tells_above, tells_below
from search.sections import parts_of
from search.stances import stance
from search.written import marks, quoted

MOST = 12  # citations
_SAME = 0.8  # of a side's best score, from which more of it is quoted
_LEAST = 4  # passages of a side
_LOOKED = 40  # passages of a side that are read for what the role does
_DEEDS = 2
_ABOUT: tuple[Topic, ...] = ("hiring", "variants", "ai_impact", "career_path", "market", "soft_skills")
_TALK = 0.85
PER_ROLE = 4  # alike
_DUTIES = ("responsibilities", "decision_rights", "activities", "deliverables", "mission", "summary", "stakeholders")


def compare(look: Look) -> Draft:
    """The best passages of each role; all of them must have something to say. Without a matter, their summaries."""
    question = look.question
    each = MOST // max(1, len(question.roles))
    if question.topic is None and not look.plain(question.matter):
        look = Look(look.library, replace(question, topic="summary"))
    if look.question.topic != question.topic and not look.asks_heads:
        made = [_introduced(look, role, min(each, _LEAST)) for role in question.roles]
    else:
        made = [_side(look, role, each) for role in question.roles]
    sides = [side for side, _ in made]
    placed = bool(look.question.topic) and all(there for _, there in made)
    passages = [tuple(found.passage for found in side) for side in sides]
    flat = tuple(passage for side in passages for passage in side)
    return Draft(flat, tuple(sides), placed, lambda cited: _compared(look, passages, cited))


def _introduced(look: Look, role: str, each: int) -> tuple[tuple[Found, ...], bool]:
    """What a page says of its role at large: its mission and summary in sentences, whom it reports to or leads."""
    rows = look.generation.rows(roles=(role,), topics=("summary", "mission", "scorecard"))
    every = look.judge(rows) if rows is not None else ()
    in_order = sorted(every, key=lambda found: found.passage.start)
    lines = [f for f in in_order if tells_above(f.passage) or tells_below(f.passage, (role,))]
    told = [f for f in in_order if f.passage.kind == "paragraph" and f.passage.topic != "scorecard"]
    first = [*told[:1], *lines[:1], *told[1:], *in_order]
    return tuple({key(f.passage): f for f in first}.values())[:each], bool(every)


def _side(look: Look, role: str, each: int) -> tuple[tuple[Found, ...], bool]:
    """A role's best passages: of the part of its page asked for, then of the rest; and whether it has that part."""
    ids = [entry.blueprint_id for entry in look.generation.catalogue() if entry.role == role]
    parts = [part for one in ids for part in parts_of(look.library, one, look.question)] if look.question.topic else []
    inside = [key(passage) for part in parts for passage in part.passages]
    ranking = _ranking(look, role)
    best = [found for found, _ in ranking]
    if inside:
        room = each if _bare(look) else each - each // 3
        first = sorted((f for f in best if key(f.passage) in inside), key=_order(look))
    else:
        room, first = each - _DEEDS, best
    first = first[:room]
    least = _SAME * ranking[0][1] if ranking else 0.0
    scores = {key(found.passage): score for found, score in ranking}
    rest = [f for f in (*_deeds(look, best), *best) if f not in first]
    near = [f for n, f in enumerate(dict.fromkeys(rest)) if n + len(first) < _LEAST or scores[key(f.passage)] >= least]
    return (*first, *near)[:each], bool(inside)


def _ranking(look: Look, role: str) -> list[tuple[Found, float]]:
    """A role's passages with their scores; where a matter is compared, talk about the role counts for less."""
    made = ranked(look, look.generation.rows(roles=(role,)))
    if look.question.topic is not None:
        return list(made)
    weighed = [(found, score * (_TALK if found.passage.topic in _ABOUT else 1.0)) for found, score in made]
    return sorted(weighed, key=lambda pair: -pair[1])


def _order(look: Look) -> Callable[[Found], float]:
    """How the passages of a part come: as they are ranked, or as the page has them where only the part is asked for,
    those first whose heading means the subsection that is asked for."""
    if not _bare(look):
        return lambda found: 0.0
    titles = look.near_titles

    return lambda found: found.passage.start - 1e6 * round(titles(found.passage.path[-1:]), 1)


def _deeds(look: Look, best: Sequence[Found]) -> list[Found]:
    """What a role does or decides in the matter, where no part of the page is asked for, plainest first."""
    if look.question.topic is not None:
        return []
    told = (stance(look, found) for found in best[:_LOOKED])
    owned = [made for made in told if made.relation.label in ("owner", "shared")]
    return [made.found for made in sorted(owned, key=lambda made: -made.score)][:_DEEDS]


def _bare(look: Look) -> bool:
    """Whether nothing but a part of the page is asked for: "compare the experience asked of …"."""
    return bool(look.question.topic) and not look.plain(look.question.matter)


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
