"""Records to the JSON that the command line, HTTP and MCP all give."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from api.bodies import (
    AlikeBody,
    AnswerBody,
    BlockBody,
    BlueprintBody,
    CitationBody,
    ComparisonBody,
    EntryBody,
    HitBody,
    HitsBody,
    MatchBody,
    MatrixBody,
    PassageBody,
    RolesBody,
    RolesHitBody,
    SectionBody,
    SimilarBody,
)
from index.generation import Entry
from index.reports import BuildReport, RemoveReport, SourceEntry
from ingest.blueprint import Block, Blueprint, Passage, Reading, Section, walk
from ingest.errors import UnknownName
from ingest.topics import by_heading
from search.answer import Answer
from search.citations import Citation
from search.compare import Comparison
from search.matrix import Matrix
from search.names import TOPICS, resolve
from search.retrieve import Hit, RoleHits
from search.similar import Match, Similar

Json = dict[str, Any]


def reading(file: str, read: Reading) -> Json:
    return {
        "file": file,
        "format": read.format,
        "blueprints": [blueprint(item) for item in read.blueprints],
        "removed": [{"reason": piece.reason, "text": piece.text} for piece in read.removed],
    }


def blueprint(item: Blueprint) -> BlueprintBody:
    return {
        "blueprint_id": item.blueprint_id,
        "title": item.title,
        "role": item.role,
        "level": item.level,
        "function": item.function,
        "url": item.url,
        "published": item.published,
        "modified": item.modified,
        "text": item.text,
        "sections": [_section(section) for section in item.sections],
    }


def _section(section: Section) -> SectionBody:
    return {
        "number": section.number,
        "title": section.title,
        "topic": section.topic,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> BlockBody:
    return {
        "kind": block.kind,
        "text": block.text,
        "start": block.start,
        "end": block.end,
        "depth": block.depth,
        "number": block.number,
        "label": block.label,
        "cells": None if block.cells is None else list(block.cells),
        "header": block.header,
    }


def of_topics(item: Blueprint, topics: Sequence[str]) -> Blueprint:
    """The blueprint with only its sections on these topics, all if none is given; raises UnknownName."""
    wanted = set(resolve("topic", topics, TOPICS))
    if not wanted:
        return item
    sections = by_heading(item.sections, item.role)
    kept = _of_topics(sections, wanted)
    if not kept:
        there = ", ".join(sorted({section.topic for _, section in walk(sections)}))
        raise UnknownName(f"{item.role} has no section on {', '.join(sorted(wanted))}. It has: {there}.")
    return replace(item, sections=kept)


def _of_topics(sections: Sequence[Section], wanted: set[str]) -> tuple[Section, ...]:
    """A matching section stays whole; another stays only for the matching ones within it."""
    kept: list[Section] = []
    for section in sections:
        if section.topic in wanted:
            kept.append(section)
        elif inner := _of_topics(section.sections, wanted):
            kept.append(replace(section, blocks=(), sections=inner))
    return tuple(kept)


def passage(item: Passage, url: str | None) -> PassageBody:
    return {
        "passage_id": item.passage_id,
        "blueprint_id": item.blueprint_id,
        "role": item.role,
        "topic": item.topic,
        "path": list(item.path),
        "text": item.text,
        "start": item.start,
        "end": item.end,
        "url": url,
    }


def hit(item: Hit) -> HitBody:
    alike: list[AlikeBody] = [
        {"role": other.role, "blueprint_id": other.blueprint_id, "passage_id": other.passage_id} for other in item.alike
    ]
    made: HitBody = {
        **passage(item.passage, item.url),
        "score": item.score,
        "scores": dict(item.scores),
        "alike": alike,
    }
    if not alike:
        del made["alike"]
    return made


def hits(query: str, items: Sequence[Hit]) -> HitsBody:
    return {"query": query, "hits": [hit(item) for item in items]}


def role_hits(query: str, roles: Sequence[RoleHits]) -> RolesHitBody:
    return {
        "query": query,
        "roles": [
            {
                "role": group.role,
                "blueprint_id": group.blueprint_id,
                "score": group.score,
                "hits": [hit(item) for item in group.hits],
            }
            for group in roles
        ],
    }


def answer(item: Answer) -> AnswerBody:
    return {
        "question": item.question,
        "kind": item.kind,
        "answerable": item.answerable,
        "reason": item.reason,
        "answer": item.text,
        "roles": [
            {"role": standing.role, "relation": standing.relation, "citations": list(standing.citations)}
            for standing in item.roles
        ],
        "claims": [{"text": claim.text, "citations": list(claim.citations)} for claim in item.claims],
        "citations": [citation(made) for made in item.citations],
        "confidence": item.confidence,
    }


def citation(item: Citation) -> CitationBody:
    return {
        "id": item.id,
        "passage_id": item.passage_id,
        "blueprint_id": item.blueprint_id,
        "role": item.role,
        "topic": item.topic,
        "path": list(item.path),
        "quote": item.quote,
        "start": item.start,
        "end": item.end,
        "url": item.url,
        "deep_link": item.deep_link,
        "modified": item.modified,
        "verification": item.verification,
    }


def roles(entries: Sequence[Entry]) -> RolesBody:
    return {"roles": [entry(item) for item in entries]}


def entry(item: Entry) -> EntryBody:
    return {
        "blueprint_id": item.blueprint_id,
        "role": item.role,
        "level": item.level,
        "function": item.function,
        "url": item.url,
        "modified": item.modified,
        "passages": item.passages,
    }


def sources(entries: Sequence[SourceEntry]) -> Json:
    listed = [
        asdict(entry) | {"blueprints": list(entry.blueprints), "duplicate_of": list(entry.duplicate_of)}
        for entry in entries
    ]
    return {"sources": listed}


def build_report(report: BuildReport) -> Json:
    fields = ("generation", "read", "new", "changed", "unchanged", "dropped")
    totals = ("blueprints", "duplicates", "passages", "encoded", "reused")
    shape: Json = {name: getattr(report, name) for name in fields}
    shape["failed"] = [str(error) for error in report.failed]
    return shape | {name: getattr(report, name) for name in totals}


def remove_report(report: RemoveReport) -> Json:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(report).items()}


def similar(found: Similar) -> SimilarBody:
    return {"text": found.text, "matches": [_match(match) for match in found.matches]}


def _match(match: Match) -> MatchBody:
    return {
        **passage(match.passage, match.url),
        "score": match.score,
        "folded": len(match.folded),
        "folded_roles": list(dict.fromkeys(match.folded)),
    }


def comparison(found: Comparison) -> ComparisonBody:
    """The rows with each role's passage; a score of null where only one role has the item."""
    urls = dict(zip(found.roles, found.urls, strict=True))
    return {
        "roles": list(found.roles),
        "topic": found.topic,
        "rows": [
            {
                "passages": {role: passage(item, urls[role]) if item else None for role, item in row.passages.items()},
                "score": row.score,
            }
            for row in found.rows
        ],
    }


def matrix(found: Matrix) -> MatrixBody:
    return {
        "matters": list(found.matters),
        "rows": [
            {
                "role": row.role,
                "blueprint_id": row.blueprint_id,
                "cells": {
                    matter: {"relation": cell.relation, "citations": [citation(made) for made in cell.citations]}
                    for matter, cell in row.cells.items()
                },
            }
            for row in found.rows
        ],
        "conflicts": [{"matter": conflict.matter, "roles": list(conflict.roles)} for conflict in found.conflicts],
    }
