"""The two stages of a build that may run elsewhere: pages to rows of the tables, texts to vectors."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from index.encoders import Encoder, Vectors
from index.records import to_json
from index.tables import passage_row
from index.texts import context_hash, document_vectors
from ingest.blueprint import Blueprint, RawPage
from ingest.errors import UnreadablePage


@dataclass(frozen=True, slots=True)
class CutBlueprint:
    """A blueprint and its passages as the tables take them."""

    role: str
    columns: tuple[str | None, ...]  # BLUEPRINT without the page's key
    passages: tuple[tuple[str | int, ...], ...]  # PASSAGE and hash, in page order


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What was understood of a page."""

    format: str
    blueprints: tuple[CutBlueprint, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts to be encoded together, each under the hash of its context."""

    hashes: tuple[str, ...]
    contexts: tuple[str, ...]
    texts: tuple[str, ...]


Readings = Iterator[tuple[int, ReadPage | UnreadablePage]]
Encodings = Iterator[tuple[tuple[str, ...], Vectors]]  # hashes of a batch, and a row for each


def read_here(pages: Iterable[tuple[int, RawPage]]) -> Readings:
    """Each page under its number, one after the other in this process."""
    for number, page in pages:
        yield number, read_page(page)


def encode_here(encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
    """Each batch's vectors, one after the other in this process."""
    for batch in batches:
        yield batch.hashes, document_vectors(encoder, batch.contexts, batch.texts)


Progress = Callable[[str, int, int], None]  # stage ("read", "encode"), done, total (0 = not known)


@dataclass(frozen=True, slots=True)
class Stages:
    """Where a build reads pages and encodes texts: here, unless it is told otherwise.

    A stage asks for its input from one thread at a time, as far ahead as it likes, and to the end; it gives something
    back for each part once, in any order. A build whose stage leaves something out fails.
    """

    read: Callable[[Iterable[tuple[int, RawPage]]], Readings] = read_here
    encode: Callable[[Encoder, Iterable[Batch]], Encodings] = encode_here


def read_page(page: RawPage) -> ReadPage | UnreadablePage:
    """A page's blueprints cut into passages, or the error that says why there are none."""
    from ingest.parse import parse

    try:
        reading = parse(page)
    except UnreadablePage as error:
        return error
    if not reading.blueprints:
        return UnreadablePage(f"{page.source}: no role blueprint was found in it. Give a page that describes a role.")
    return ReadPage(reading.format, tuple(map(cut, reading.blueprints)))


def cut(blueprint: Blueprint) -> CutBlueprint:
    """A blueprint and its passages as rows."""
    from ingest.passages import passages

    found = passages(blueprint)
    passage_ids = json.dumps([passage.passage_id for passage in found])
    columns = (
        blueprint.blueprint_id,
        blueprint.role,
        blueprint.level,
        blueprint.function,
        blueprint.url,
        blueprint.published,
        blueprint.modified,
        passage_ids,
        to_json(blueprint),
    )
    rows = tuple((*passage_row(passage), context_hash(passage)) for passage in found)
    return CutBlueprint(blueprint.role, columns, rows)
