"""A library in memory over hand-made blueprints; ranking is brute force, so it is the oracle too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from index.generation import Entry
from index.lexical import Bm25Index
from ingest.blueprint import Blueprint, Passage
from ingest.elements import Draft, Element
from ingest.outline import outline
from ingest.passages import passages
from tests.conftest import WordEncoder, make_blueprint


@dataclass
class MemoryVectors:
    rows: np.ndarray

    def search(self, query, k, allowed=None):
        ids = np.arange(len(self.rows)) if allowed is None else np.asarray(allowed)
        scores = (self.rows[ids] * np.atleast_2d(query)[0]).sum(axis=1)  # row by row: a tie is one in every filter
        best = np.lexsort((ids, -scores))[:k]
        return scores[best][None], ids[best][None]

    def get(self, ids):
        return self.rows[ids]


@dataclass
class MemoryGeneration:
    blueprints: dict[str, Blueprint]
    all_passages: tuple[Passage, ...]
    vectors: MemoryVectors
    lexical: Bm25Index

    def catalogue(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(b.blueprint_id, b.role, b.level, b.function, b.url, b.modified, f"pages/{b.blueprint_id}.md", 0)
            for b in self.blueprints.values()
        )

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(sorted({entry.role for entry in self.catalogue()}))

    @property
    def urls(self) -> dict[str, str | None]:
        return {entry.blueprint_id: entry.url for entry in self.catalogue()}

    def blueprint(self, blueprint_id: str) -> Blueprint:
        return self.blueprints[blueprint_id]

    def passages(self, rows: Iterable[int]) -> tuple[Passage, ...]:
        return tuple(self.all_passages[row] for row in rows)

    def rows(self, *, roles=None, topics=None, levels=None, functions=None, sources=None):
        if not any((roles, topics, levels, functions, sources)):
            return None
        keep = []
        for row, passage in enumerate(self.all_passages):
            page = self.blueprints[passage.blueprint_id]
            met = (
                (roles, {page.role, page.blueprint_id}),
                (topics, {passage.topic}),
                (levels, {page.level}),
                (functions, {page.function}),
                (sources, {"pages/", f"pages/{page.blueprint_id}.md"}),
            )
            if all(wanted is None or set(wanted) & found for wanted, found in met):
                keep.append(row)
        return np.array(keep, dtype=np.int64)


@dataclass
class MemoryLibrary:
    generation: MemoryGeneration
    home: Path = Path("no index is kept here")
    encoder: WordEncoder = field(default_factory=WordEncoder)


def library_of(*blueprints: Blueprint) -> MemoryLibrary:
    cut = tuple(passage for blueprint in blueprints for passage in passages(blueprint))
    vectors = MemoryVectors(WordEncoder().encode_document([passage.text for passage in cut]))
    lexical = Bm25Index.build(np.arange(len(cut)), [passage.text for passage in cut])
    return MemoryLibrary(MemoryGeneration({b.blueprint_id: b for b in blueprints}, cut, vectors, lexical))


DRIFT = "Own drift monitoring for production models"
KPIS = ("Share of models with drift alerts", "Median hours to detect drift", "Failed releases a quarter")


def two_topics(role: str, duties: Sequence[str], kpis: Sequence[str]) -> Blueprint:
    """A blueprint with responsibilities and KPIs."""
    from dataclasses import replace

    made = make_blueprint(role, {"3) Core Responsibilities": duties, "7) KPIs and Productivity Metrics": kpis})
    duties_section, kpi_section = made.sections
    return replace(made, sections=(duties_section, replace(kpi_section, topic="kpis")))


@pytest.fixture
def library() -> MemoryLibrary:
    return library_of(
        two_topics("MLOps Manager", (DRIFT, "Run the release calendar of the platform"), KPIS),
        two_topics(
            "Staff Data Engineer", ("Write schemas with producers", "Support drift monitoring"), ("Late tables",)
        ),
        two_topics("Data Engineer", ("Load tables every night",), ("Loads on time a month",)),
    )


def page(role: str, *parts: tuple[str, list[Element]]):
    """A role's blueprint with these sections."""
    elements: list[Element] = []
    for title, inside in parts:
        elements += [Element("heading", title, level=2), *inside]
    return outline(Draft(role, tuple(elements)))


def items(*texts: str, group: int = 1) -> list[Element]:
    """A list; two spaces before a text make it an item of the one above."""
    return [
        Element("item", text.strip(), depth=1 + (len(text) - len(text.lstrip())) // 2, group=group) for text in texts
    ]
