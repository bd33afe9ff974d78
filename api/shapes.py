"""Records to the JSON that the command line and HTTP both give."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any

from index.generation import Entry
from index.reports import BuildReport, RemoveReport, SourceEntry
from ingest.blueprint import Block, Blueprint, Reading, Section
from ingest.errors import UnknownName
from search.answer import Answer
from search.citations import Citation
from search.names import TOPICS, resolve
from search.retrieve import Hit, RoleHits

Json = dict[str, Any]


def reading(file: str, read: Reading) -> Json:
    return {
        "file": file,
        "format": read.format,
        "blueprints": [blueprint(item) for item in read.blueprints],
        "removed": [{"reason": piece.reason, "text": piece.text} for piece in read.removed],
    }


def blueprint(item: Blueprint) -> Json:
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


def _section(section: Section) -> Json:
    return {
        "number": section.number,
        "title": section.title,
        "topic": section.topic,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> Json:
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


def of_topics(item: Blueprint, topics: Iterable[str]) -> Blueprint:
    """The blueprint with only its sections on these topics, all if none is given; raises UnknownName."""
    wanted = set(resolve("topic", topics, TOPICS))
    if not wanted:
        return item
    kept = _of_topics(item.sections, wanted)
    if not kept:
        there = ", ".join(sorted({section.topic for section in item.sections}))
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


def hit(item: Hit) -> Json:
    passage = item.passage
    return {
        "passage_id": passage.passage_id,
        "blueprint_id": passage.blueprint_id,
        "role": passage.role,
        "topic": passage.topic,
        "path": list(passage.path),
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "url": item.url,
        "score": item.score,
        "scores": dict(item.scores),
    }


def hits(query: str, items: Sequence[Hit]) -> Json:
    return {"query": query, "hits": [hit(item) for item in items]}


def role_hits(query: str, roles: Sequence[RoleHits]) -> Json:
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


def answer(item: Answer) -> Json:
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


def citation(item: Citation) -> Json:
    return asdict(item) | {"path": list(item.path)}


def roles(entries: Sequence[Entry]) -> Json:
    fields = ("blueprint_id", "role", "level", "function", "url", "modified", "passages")
    return {"roles": [{name: getattr(entry, name) for name in fields} for entry in entries]}


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
