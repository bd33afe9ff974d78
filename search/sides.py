"""Roles beside each other: what each says on a matter or a part of its page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.blueprint import Passage, Topic
from search.draft import Cited, Draft, Written, key, one_each, standings
from search.evidence import Found, Look, stems
from search.facts import in_words, ranked
from search.reporting import tells_above, tells_below
from search.sections import parts_of
from search.stances import stance
from search.written import in_context, marks, quoted

MOST = 12  # citations
_SAME = 0.8  # of a side's best score, from which more of it is quoted
_NEARER = 0.9  # the same for what has no word of the matter
_OTHERWISE = 2  # passages of a side that have none
_LEAST = 4  # passages of a role at large
_MET = 0.5  # share of a matter's words, by their weight, that parts of pages must have to be the answer to it
_FITS = 0.75  # of the nearest heading of a part, from which another one's lines are quoted
_LOOKED = 40  # passages of a side that are read for what the role does
_DEEDS = 2
_ABOUT: tuple[Topic, ...] = ("hiring", "variants", "ai_impact", "career_path", "market", "soft_skills")
_TALK = 0.85
_DUTIES: tuple[Topic, ...] = ("responsibilities", "activities", "deliverables")


def compare(look: Look) -> Draft:
    """The best passages of each role; all of them must have something to say. Without a matter, their summaries."""
    question = look.question
    each = MOST // max(1, len(question.roles))
    if question.topic is None and not look.plain(question.matter):
        look = Look(look.library, replace(question, topic="summary"))
    if look.question.topic != question.topic and not look.asks_heads:
        told = _apart([_introduced(look, role) for role in question.roles])
        made = [(tuple(side[: min(each, _LEAST)]), bool(side)) for side in told]
    else:
        made = [_side(look, role, each) for role in question.roles]
    sides = [side for side, _ in made]
    passages = [tuple(found.passage for found in side) for side in sides]
    flat = tuple(passage for side in passages for passage in side)
    placed = bool(look.question.topic) and all(there for _, there in made)
    placed = placed and (_bare(look) or _met(look, flat) >= _MET)
    return Draft(flat, tuple(sides), placed, lambda cited: _compared(look, passages, cited))


def _met(look: Look, passages: Sequence[Passage]) -> float:
    """The share of the matter's own words, by their weight, that these passages have together."""
    matter = look.plain(look.question.matter)
    weights = {word: weight for word, weight in look.weigh(look.question.matter).items() if word in matter}
    have = stems(" ".join(text for passage in passages for text in (*passage.path, passage.text)))
    return sum(weight for word, weight in weights.items() if word in have) / (sum(weights.values()) or 1.0)


def _introduced(look: Look, role: str) -> tuple[Found, ...]:
    """What a page says of its role at large: its mission and summary in sentences, whom it reports to or leads; then
    its duties."""
    every, duties = (_in_order(look, role, topics) for topics in (("summary", "mission", "scorecard"), _DUTIES))
    lines = [f for f in every if tells_above(f.passage) or tells_below(f.passage, (role,))]
    told = [f for f in every if f.passage.kind == "paragraph" and f.passage.topic != "scorecard"]
    first = [*told[:1], *lines[:1], *told[1:], *every]
    return (*{key(f.passage): f for f in first}.values(), *duties)


def _in_order(look: Look, role: str, topics: Sequence[Topic]) -> list[Found]:
    rows = look.generation.rows(roles=(role,), topics=topics)
    return sorted(look.judge(rows), key=lambda found: found.passage.start) if rows is not None else []


def _apart(sides: Sequence[Sequence[Found]]) -> list[list[Found]]:
    """The sides without what several say in the same words, which does not tell them apart; all if nothing is left.
    What two pages of one role say in the same words comes once."""
    names = frozenset().union(*(stems(found.passage.role) for side in sides for found in side))
    told: list[dict[frozenset[str], Found]] = [{} for _ in sides]
    for side, own in zip(sides, told, strict=True):
        for found in side:
            own.setdefault(stems(found.passage.text) - names, found)
    said = Counter(text for own in told for text in own)
    return [[f for text, f in own.items() if said[text] == 1] or list(own.values()) for own in told]


def _side(look: Look, role: str, each: int) -> tuple[tuple[Found, ...], bool]:
    """A role's best passages: of the part of its page asked for, then of the rest; and whether it has that part."""
    ids = [entry.blueprint_id for entry in look.generation.catalogue() if entry.role == role]
    parts = [part for one in ids for part in parts_of(look.library, one, look.question)] if look.question.topic else []
    inside = [key(passage) for part in parts for passage in part.passages]
    ranking = _ranking(look, role)
    part = _of_part(look, [f for f, _ in ranking if key(f.passage) in inside])
    if part and _bare(look):
        return tuple(part[:each]), True
    near = _near(look, ranking)
    if part:
        first = [found for found in part if found in near][: each - each // 3]
        return tuple(dict.fromkeys((*first, *near[: each // 3 if first else each])))[:each], True
    deeds = _deeds(look, near)
    return tuple(dict.fromkeys((*near[: each - _DEEDS], *deeds, *near)))[:each], bool(inside)


def _near(look: Look, ranking: Sequence[tuple[Found, float]]) -> list[Found]:
    """The lines that answer, best first; those without a word of the matter have to come nearer, and are few."""
    lines = [(found, score) for found, score in ranking if not leads_in(found.passage)]
    best = lines[0][1] if lines else 0.0
    matter = look.plain(look.question.matter)
    told = [(f, score, bool(matter & stems(" ".join((*f.passage.path[-1:], f.passage.text))))) for f, score in lines]
    near = [(found, has) for found, score, has in told if score >= (_SAME if has else _NEARER) * best]
    others = [found for found, has in near if not has][:_OTHERWISE]
    return [found for found, has in near if has or found in others]


def leads_in(passage: Passage) -> bool:
    """Whether a line says nothing but what the lines under it are about."""
    return passage.text.rstrip().endswith(":")


def _ranking(look: Look, role: str) -> list[tuple[Found, float]]:
    """A role's passages with their scores; where a matter is compared, talk about the role counts for less."""
    made = ranked(look, look.generation.rows(roles=(role,)))
    if look.question.topic is not None:
        return list(made)
    weighed = [(found, score * (_TALK if found.passage.topic in _ABOUT else 1.0)) for found, score in made]
    return sorted(weighed, key=lambda pair: -pair[1])


def _of_part(look: Look, ranking: Sequence[Found]) -> list[Found]:
    """The passages of a part under the headings nearest to the one asked for; as they are ranked, or as the page has
    them where only the part is asked for."""

    def nearness(found: Found) -> float:
        below = [step for step in found.passage.path[1:] if not step.endswith(":")]
        return max((look.near_titles((step,)) for step in below or found.passage.path[:1]), default=0.0)

    least = _FITS * max(map(nearness, ranking), default=0.0)
    kept = [found for found in ranking if nearness(found) >= least and not leads_in(found.passage)]
    return sorted(kept, key=lambda f: (-round(nearness(f), 1), f.passage.start)) if _bare(look) else kept


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
        quotes = [passage for passage in side if key(passage) in cited]
        lines += ["", f"**{quoted(quotes[0].role)}**", ""] if quotes else []
        for above, passage in zip((None, *quotes), quotes, strict=False):
            under = above is not None and passage.path[-1:] == (above.text,)
            told = f"  - {in_words(look, passage)}" if under else f"- {said(look, passage)}"
            lines.append(f"{told} {marks((cited[key(passage)].id,))}")
    claims = one_each(cited.values())
    return Written("\n".join(lines).strip(), standings(cited), claims)


def said(look: Look, passage: Passage) -> str:
    """What a passage says, after what gives it its sense: fields are of the item over them."""
    over = (f"{passage.path[-1].rstrip(':')}:",) if passage.kind == "field" and passage.path else passage.path[-1:]
    return in_context((*passage.path[:-1], *over), passage.topic, in_words(look, passage))
