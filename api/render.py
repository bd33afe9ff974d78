"""Records for people's eyes: laid out on a terminal, plain lines when piped."""

import re
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from index.generation import Entry
from index.reports import BuildReport, RemoveReport, SourceEntry
from ingest.blueprint import Block, Blueprint, Reading, Section
from search.answer import Answer
from search.citations import plain
from search.retrieve import Hit, RoleHits
from search.written import as_read

if TYPE_CHECKING:
    from api.doctor import Check

_MARK = re.compile(r"\[\d+\]")
_STRONG = re.compile(r"(?<!\\)\*\*")


def console() -> Console:
    return Console(file=sys.stdout, highlight=False, markup=False, emoji=False)


def reading(out: Console, file: str, read: Reading) -> None:
    _line(out, f"{file} ({read.format})", "bold")
    for item in read.blueprints:
        _line(out, "")
        blueprint(out, item)
    if read.removed:
        _line(out, "")
        _line(out, f"Left out ({len(read.removed)}):", "dim")
        for piece in read.removed:
            _line(out, f"{piece.reason}: {_short(piece.text)}", "dim", 2)


def blueprint(out: Console, item: Blueprint) -> None:
    _line(out, item.role, "bold")
    facts = (item.blueprint_id, item.level, item.function, item.modified)
    _line(out, " · ".join(fact for fact in facts if fact and fact != "none"), "dim")
    if item.url:
        _line(out, item.url, "dim")
    for section in item.sections:
        _section(out, section, 0)


def _section(out: Console, section: Section, indent: int) -> None:
    _line(out, "")
    if section.title:
        _line(out, f"{section.title}  [{section.topic}]", "bold cyan", indent)
    for block in section.blocks:
        _line(out, _block(block), "bold" if block.kind == "heading" else "", indent + 2 * block.depth)
    for inner in section.sections:
        _section(out, inner, indent + 2)


def _block(block: Block) -> str:
    if block.kind == "item":
        return f"{block.number}. {block.text}" if block.number is not None else f"- {block.text}"
    return plain(block.text) if block.kind == "row" else block.text


def hits(out: Console, items: Sequence[Hit], explain: bool) -> None:
    if not items:
        _line(out, "No passage.")
    for rank, item in enumerate(items, 1):
        _line(out, f"{rank}. {item.passage.role}  {item.score:.3f}", "bold")
        _hit(out, item, explain)
        _line(out, "")


def role_hits(out: Console, roles: Sequence[RoleHits], explain: bool) -> None:
    if not roles:
        _line(out, "No role.")
    for rank, group in enumerate(roles, 1):
        _line(out, f"{rank}. {group.role}  {group.score:.3f}", "bold")
        for item in group.hits:
            _hit(out, item, explain)
        _line(out, "")


def _hit(out: Console, item: Hit, explain: bool) -> None:
    _line(out, " > ".join(item.passage.path), "cyan", 3)
    _line(out, plain(item.passage.text), "", 3)
    if item.alike:
        roles = ", ".join(dict.fromkeys(other.role for other in item.alike))
        _line(out, f"and {len(item.alike)} in the same words: {roles}", "dim", 3)
    if explain:
        _line(out, "  ".join(f"{leg} {score:.4f}" for leg, score in item.scores.items()), "dim", 3)
        _line(out, f"{item.passage.passage_id}  {item.url or item.passage.blueprint_id}", "dim", 3)


def answer(out: Console, item: Answer) -> None:
    if not item.answerable:
        _line(out, f"No answer. {item.reason}")
        return
    for line in item.text.splitlines():
        heading = line.startswith("**") and not _MARK.search(line)
        title = line.startswith("*") and line.endswith("*")
        _line(out, line.strip("*") if title else line, "bold" if heading or title else "", 0 if heading else 2, True)
    _line(out, "")
    for made in item.citations:
        _line(
            out, f"[{made.id}] {made.role}, {made.deep_link or f'{made.blueprint_id} {made.start}:{made.end}'}", "dim"
        )
    _line(out, f"Confidence {item.confidence:.2f}", "dim")


def roles(out: Console, entries: Sequence[Entry]) -> None:
    rows = [
        (entry.role, "" if entry.level == "none" else entry.level, str(entry.passages), entry.blueprint_id)
        for entry in entries
    ]
    _columns(out, ("Role", "Level", "Passages", "Id"), rows)


def sources(out: Console, entries: Sequence[SourceEntry]) -> None:
    rows = [
        (
            entry.source,
            entry.format,
            ", ".join((*entry.blueprints, *(f"(duplicate of {other})" for other in entry.duplicate_of))),
        )
        for entry in entries
    ]
    _columns(out, ("Source", "Format", "Blueprints"), rows)


def build_report(out: Console, report: BuildReport) -> None:
    pages = f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged, {report.dropped} dropped"
    _line(out, f"Pages: {pages}, {len(report.failed)} failed")
    _line(out, f"Passages: {report.encoded:,} encoded, {report.reused:,} reused")
    duplicates = f" ({report.duplicates:,} duplicates left out)" if report.duplicates else ""
    _line(
        out,
        f"Index: generation {report.generation}, {report.blueprints:,} blueprints{duplicates}, "
        f"{report.passages:,} passages",
        "bold",
    )


def remove_report(out: Console, report: RemoveReport) -> None:
    verb = "Would remove" if report.dry_run else "Removed"
    counts = f"{len(report.sources)} sources, {len(report.blueprints)} blueprints, {report.passages:,} passages"
    _line(out, f"{verb} {counts}", "bold")
    _list(out, report.blueprints)
    if report.restored:
        _line(out, "Back instead of a duplicate:")
        _list(out, report.restored)


def checks(out: Console, items: Iterable["Check"]) -> None:
    for item in items:
        _line(out, f"{'ok' if item.ok else 'FAILED':7}{item.name}: {item.detail}", "" if item.ok else "bold red")


def _list(out: Console, items: Iterable[str]) -> None:
    for item in items:
        _line(out, f"- {item}", "", 2)


def _columns(out: Console, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        _line(out, cells.rstrip(), "bold" if row is head else "")


def _line(out: Console, text: str, style: str = "", indent: int = 0, markdown: bool = False) -> None:
    """Wraps under its indent on a terminal, leaves lines whole elsewhere; control characters never pass."""
    clean = "".join(c if c.isprintable() else " " for c in text)
    if not clean.strip():
        out.print()
        return
    told = _emphasised(clean, style) if markdown else Text(clean, style=style)
    if out.is_terminal:
        out.print(Padding(told, (0, 0, 0, indent), expand=False))
    else:
        out.print(Text(" " * indent) + told, soft_wrap=True)


def _emphasised(line: str, style: str) -> Text:
    """A line of an answer without Markdown's marks, what stands between two asterisks in bold."""
    parts = _STRONG.split(line)
    return Text.assemble(*((as_read(part), "bold" if n % 2 else style) for n, part in enumerate(parts)))


def _short(text: str, limit: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
