"""The part of a role's page that a question asks for: which one it is, and its passages in the page's order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.library import Library
from ingest.blueprint import Block, Blueprint, Passage, Section, Topic
from ingest.topics import by_heading
from search.asked import asked_for, heading_fit
from search.draft import Cited, Draft, Written, one_each, standings, those
from search.evidence import Look
from search.matter import FRAME
from search.question import Question
from search.wording import LEVELS, stem, word_set, words
from search.written import heading, listing

_FITS = 0.5  # of a title with what was asked for
_MEANS = 0.55  # cosine of a title with the matter, from which it means the same
_AHEAD = 0.1  # of the next title
MOST_ROLES = 3  # that one question is answered for
_IN_SUMMARY: tuple[Topic, ...] = ("responsibilities", "mission", "activities")  # what a summary tells too
# Where a page without a part on the topic tells it.
_KIN: Mapping[Topic, tuple[Topic, ...]] = {
    "mission": ("summary",),
    "summary": ("mission", "responsibilities"),
    "technical_skills": ("qualifications",),
    "soft_skills": ("qualifications",),
}
_NAMED = 0.66  # share of a title's words that the question must have to name it
_PLAIN = word_set("the a an of for to in by and or this that role with is are what which")


@dataclass(frozen=True, slots=True)
class Part:
    """A section of a page and all that stands in it."""

    blueprint: Blueprint
    path: tuple[str, ...]
    sections: tuple[Section, ...]  # one, or several siblings that were asked for together
    passages: tuple[Passage, ...]
    rows: tuple[int, ...]


def parts_of(library: Library, blueprint_id: str, question: Question) -> tuple[Part, ...]:
    """The sections of a page that a question asks for, in its order; none if the page has nothing on the topic."""
    blueprint = library.generation.blueprint(blueprint_id)
    found = library.generation.rows(roles=(blueprint_id,))
    rows = [] if found is None else found.tolist()
    passages = sorted(zip(library.generation.passages(rows), rows, strict=True), key=lambda pair: pair[0].start)
    parts = []
    for path, section in _roots(_sections(blueprint), question, blueprint.role):
        chosen = _chosen(section, question)
        spans = [_span(one) for one in chosen]
        inside = [pair for pair in passages if any(begin <= pair[0].start < end for begin, end in spans)]
        title = chosen[0].title
        if len(chosen) == 1 and chosen[0] is not section and title:
            path = (*path, title)
        parts.append(Part(blueprint, path, chosen, tuple(p for p, _ in inside), tuple(row for _, row in inside)))
    return _most_fitting([part for part in parts if part.passages], question)


def blocks_of(section: Section) -> Iterator[Block]:
    """All of a section's blocks, those of its subsections included."""
    yield from section.blocks
    for inner in section.sections:
        yield from blocks_of(inner)


def _sections(blueprint: Blueprint) -> tuple[Section, ...]:
    return by_heading(blueprint.sections, blueprint.role)


def _roots(
    sections: Sequence[Section], question: Question, role: str, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Section]]:
    """The widest sections on the topic asked for; one that stands in another is so by its title."""
    for section in sections:
        here = (*path, section.title) if section.title else path
        if section.topic == question.topic and (not path or _titled_so(section, (role, *path))):
            yield here, section
        else:
            yield from _roots(section.sections, question, role, here)


def _titled_so(section: Section, above: Sequence[str]) -> bool:
    """Whether at least half of a title's words, but for those above it and levels, are names of its topic: "Common
    tools", "Senior Ledger Lead Metrics" on the Ledger Lead's page, but not "Tools as products"."""
    aside = _PLAIN | LEVELS | {word.text for title in above for word in words(title)}
    told = [word.text for word in words(section.title or "") if not {word.text, stem(word.text)} & aside]
    named = (asked_for(word) for word in told)
    return 2 * sum(asked is not None and asked.topic == section.topic for asked in named) >= len(told)


def _chosen(section: Section, question: Question) -> tuple[Section, ...]:
    """The subsection whose title fits, or the whole section; siblings that are named together come together."""
    inner = [part for child in section.sections for part in _nested(child)]
    if not inner:
        return (section,)
    fits = [(heading_fit(part.title or "", question.heading), _named(part, section, question)) for part in inner]
    best = max(range(len(inner)), key=lambda place: (*_grade(fits[place]), -place))
    if not (question.heading and fits[best][0] >= _FITS) and fits[best][1] < _NAMED:
        return (section,)
    rivals = [fit for fit in fits if _grade(fit) == _grade(fits[best])]
    if len(rivals) > 1 and max(rivals[0]) < 1.0:  # "Encouraging signs" and "Discouraging signs" for "warning signs"
        return (section,)
    also = [place for place, (_, named) in enumerate(fits) if named == 1.0 and place != best]
    return tuple(inner[place] for place in sorted((best, *also)))


def _grade(fit: tuple[float, float]) -> tuple[float, float]:
    return (round(fit[0] + 0.5 * fit[1], 3), fit[1])


def _nested(section: Section) -> Iterator[Section]:
    yield section
    for inner in section.sections:
        yield from _nested(inner)


def _named(part: Section, root: Section, question: Question) -> float:
    """The share of a title's own words that the question has."""
    own = _bag(part.title or "") - _bag(root.title or "")
    return len(own & _bag(question.text)) / len(own) if own else 0.0


def _bag(text: str) -> frozenset[str]:
    return frozenset(stem(word.text) for word in words(text) if word.text not in _PLAIN)


def _span(section: Section) -> tuple[int, int]:
    places = [(block.start, block.end) for block in blocks_of(section)]
    return (min(start for start, _ in places), max(end for _, end in places)) if places else (0, 0)


def _most_fitting(parts: Sequence[Part], question: Question) -> tuple[Part, ...]:
    """Of several sections on the topic those with the subsection asked for, if any has it, and those under the words
    of the question: "Staff" of "requirements for a Staff Technical Writer"."""
    fitting = [
        p for p in parts if question.heading and heading_fit(p.path[-1] if p.path else "", question.heading) >= _FITS
    ] or list(parts)
    titles = [_bag(" ".join(part.path)) - _bag(part.blueprint.role) for part in fitting]
    asked = _bag(question.text) - (frozenset.intersection(*titles) if titles else frozenset())
    most = max((len(title & asked) for title in titles), default=0)
    return tuple(part for part, title in zip(fitting, titles, strict=True) if len(title & asked) == most)


def draft(look: Look) -> Draft | None:
    """The whole of the part asked for, of each role named; None if no page has it."""
    question = look.question
    if question.topic is None:
        return None
    catalogue = look.generation.catalogue()
    ids = [e.blueprint_id for role in question.roles[:MOST_ROLES] for e in catalogue if e.role == role]
    kin = () if question.heading else _KIN.get(question.topic, ())
    asked = (replace(question, topic=topic) for topic in (question.topic, *kin))
    told = ([part for one in ids for part in parts_of(look.library, one, alike)] for alike in asked)
    parts = next(filter(None, told), [])
    if not parts and question.topic in _IN_SUMMARY:
        parts = [part for blueprint_id in ids for part in _summary_alone(look.library, blueprint_id, question)]
    passages = tuple(passage for part in parts for passage in part.passages)
    if not passages:
        return None
    rows = np.array([row for part in parts for row in part.rows], dtype=np.int64)
    return Draft(passages, (look.judge(rows),), True, lambda cited: _write(parts, cited))


def meant(look: Look) -> Draft | None:
    """The one subsection on the topic whose title means the matter and has a word of it: "Reasons to stop" for
    "reasons to reject"."""
    question = look.question
    if question.topic is None or len(question.roles) != 1 or not question.matter:
        return None
    ids = [entry.blueprint_id for entry in look.generation.catalogue() if entry.role in question.roles]
    pages = [look.generation.blueprint(one) for one in ids]
    roots = [root for page in pages for root in _roots(_sections(page), question, page.role)]
    titles = [inner.title for _, root in roots for part in root.sections for inner in _nested(part) if inner.title]
    if not titles:
        return None
    near = look.library.encoder.encode_query(titles) @ look.library.encoder.encode_query([question.matter])[0]
    best, *others = sorted(zip(near.tolist(), titles, strict=True), reverse=True)
    told = {word for word in _bag(best[1]) if not (asked_for(word) or FRAME & {word})}
    if best[0] < _MEANS or (others and best[0] - others[0][0] < _AHEAD) or not told & _bag(question.matter):
        return None
    return draft(Look(look.library, replace(question, text=best[1], heading=(best[1],))))


def _summary_alone(library: Library, blueprint_id: str, question: Question) -> tuple[Part, ...]:
    """The summary of a page that has nothing else, as one of many roles in a listing."""
    blueprint = library.generation.blueprint(blueprint_id)
    if any(section.topic != "summary" for section in blueprint.sections):
        return ()
    return parts_of(library, blueprint_id, replace(question, topic="summary", heading=()))


def _write(parts: Sequence[Part], cited: Cited) -> Written:
    lines: list[str] = []
    for part in parts:
        citations = those(cited, part.passages)
        role = part.blueprint.role
        lines += ["", heading(role, part.path), "", *listing(citations, part.blueprint, part.path)]
    claims = one_each(cited.values())
    return Written("\n".join(lines).strip(), standings(cited), claims)
