"""A blueprint cut into passages: one item, row, paragraph or field group each, with the path it stands under."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from langchain_text_splitters import RecursiveCharacterTextSplitter

from ingest.blueprint import Block, Blueprint, Passage, Section, Topic, walk
from ingest.lines import is_title_like
from ingest.repair import fold, parents
from ingest.titles import slug
from ingest.topics import by_heading

PASSAGE_LIMIT = 900  # characters; with its path under 256 word pieces, the limit of small sentence encoders
LEAD_IN_LIMIT = 160  # characters; a longer paragraph before a list is not the list's name


def passages(blueprint: Blueprint) -> tuple[Passage, ...]:
    """The units to encode, rank and cite, in page order; `passage_id` depends on path and text alone."""
    seen: Counter[str] = Counter()
    return tuple(
        _passage(blueprint, headings + inner, section.topic, block, start, end, seen)
        for headings, section in walk(by_heading(blueprint.sections, blueprint.role))
        for inner, block, span in _units(section)
        for start, end in _pieces(blueprint.text, *span)
    )


def passage_id(role: str, path: tuple[str, ...], text: str, repeat: int = 0) -> str:
    """The role's slug and a short hash of path and text; a text that comes again under one path counts on."""
    content = "\x1f".join((*path, fold(text), *([str(repeat)] if repeat else [])))
    return f"{slug(role)}#{hashlib.sha256(content.encode()).hexdigest()[:10]}"


def _passage(
    blueprint: Blueprint, path: tuple[str, ...], topic: Topic, block: Block, start: int, end: int, seen: Counter[str]
) -> Passage:
    text = blueprint.text[start:end]
    first = passage_id(blueprint.role, path, text)
    repeat = seen[first]
    seen[first] += 1
    return Passage(
        passage_id=passage_id(blueprint.role, path, text, repeat) if repeat else first,
        blueprint_id=blueprint.blueprint_id,
        role=blueprint.role,
        topic=topic,
        path=path,
        kind=block.kind,
        text=text,
        start=start,
        end=end,
    )


def _units(section: Section) -> Iterator[tuple[tuple[str, ...], Block, tuple[int, int]]]:
    """A section's own blocks, fields of one parent together, with their parents inside the section."""
    lead: list[str] = []
    for key, run in groupby(section.blocks, key=lambda b: "list" if b.kind in ("item", "field") else b.kind):
        blocks = list(run)
        if key == "list":
            yield from _list_units(blocks, tuple(lead))
        else:
            yield from (((), block, (block.start, block.end)) for block in blocks if not block.header)
        lead = [blocks[-1].text] if key == "paragraph" and _names_list(blocks[-1].text) else []


def _names_list(text: str) -> bool:
    """Whether a paragraph right before a list says what it lists."""
    return len(text) <= LEAD_IN_LIMIT and (text.endswith(":") or is_title_like(text))


def _list_units(blocks: list[Block], lead: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Block, tuple[int, int]]]:
    above = parents(b.depth for b in blocks)
    for (parent, is_field), run in groupby(range(len(blocks)), key=lambda i: (above[i], blocks[i].kind == "field")):
        group = [blocks[i] for i in run]
        path = lead + _chain(blocks, above, parent)
        if is_field:
            yield path, group[0], (group[0].start, group[-1].end)
        else:
            yield from ((path, b, (b.start, b.end)) for b in group)


def _chain(blocks: list[Block], above: list[int | None], place: int | None) -> tuple[str, ...]:
    names: list[str] = []
    while place is not None:
        names.insert(0, blocks[place].text)
        place = above[place]
    return tuple(names)


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, or, where it is over the limit, parts that end at sentences, words at worst."""
    if end - start <= PASSAGE_LIMIT:
        yield start, end
        return
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=PASSAGE_LIMIT,
        chunk_overlap=0,
        separators=["\n", ". ", "; ", ", ", " ", ""],
        keep_separator="end",
        strip_whitespace=True,
    )
    at = start
    for piece in splitter.split_text(text[start:end]):
        at = text.index(piece, at)
        yield at, at + len(piece)
        at += len(piece)
