"""Answers in words: short, plain Markdown with [1] marks; a page's words stay text, whatever they look like."""

import re
from collections.abc import Iterable, Sequence

from ingest.blueprint import Block, Blueprint, Section
from search.citations import Citation, plain

_MARKUP = re.compile(r"\[(?=[^\]]*\])|(?<!^)\*\*|`|<(?=[a-zA-Z/!])|^(?=[#>])")


def quoted(text: str) -> str:
    """Words of a page on one line, with what Markdown would take for markup escaped."""
    return _escaped(plain(text))


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda hit: f"\\{hit[0]}" if len(hit[0]) < 2 else r"\*\*", text)


def marks(ids: Iterable[int]) -> str:
    return " ".join(f"[{number}]" for number in ids)


def heading(role: str, path: Sequence[str]) -> str:
    """The line over what a page says."""
    return " > ".join((f"**{_escaped(role)}**", *map(_escaped, path)))


def listing(citations: Sequence[Citation], blueprint: Blueprint, base: Sequence[str]) -> list[str]:
    """A section's passages in order: items as nested lists, rows as a table, headings below `base` over them."""
    rows = {(block.start, block.end): (block, header) for block, header in table_rows(blueprint.sections)}
    lines: list[str] = []
    here = tuple(base)
    in_table = False
    for citation in citations:
        if citation.path != here and citation.path[: len(base)] == tuple(base):
            inner = _new_titles(here, citation.path, len(base))
            lines += [f"\n*{quoted(title)}*\n" for title in inner if not _said(title, lines)]
        here = citation.path
        row, header = rows.get((citation.start, citation.end), (None, None))
        if row is not None and row.cells:
            lines += [] if in_table else _table_head(row, header)
            lines.append("| " + " | ".join(_cell(cell) for cell in row.cells) + f" | [{citation.id}] |")
        else:
            lines += [""] if in_table else []
            lines.append(f"- {quoted(citation.quote)} [{citation.id}]")
        in_table = row is not None and bool(row.cells)
    return lines


def table_rows(sections: Iterable[Section]) -> Iterable[tuple[Block, Block | None]]:
    """Every row that is no header, with its table's header."""
    for section in sections:
        header: Block | None = None
        for block in section.blocks:
            if block.kind != "row":
                header = None
            elif block.header:
                header = block
            else:
                yield block, header
        yield from table_rows(section.sections)


def row_in_words(row: Block, header: Block | None) -> str:
    """A row on one line: its first cell, then each other one under its column's name."""
    if not row.cells or None in row.cells:
        return quoted(row.text)  # a border that was lost: no cell is surely under its column
    cells = row.cells
    names = (header.cells if header and header.cells else ()) or ()
    named = [f"{names[n]}: {cell}" if 0 < n < len(names) and names[n] else cell for n, cell in enumerate(cells) if cell]
    return "; ".join(quoted(cell) for cell in named if cell)


def _table_head(row: Block, header: Block | None) -> list[str]:
    width = len(row.cells or ())
    names = [_cell(cell) for cell in (header.cells or ())][:width] if header else []
    names += [""] * (width - len(names))
    return ["", "| " + " | ".join(names) + " | |", "|" + " --- |" * (width + 1)]


def _cell(cell: str | None) -> str:
    return quoted(cell or "").replace("|", "\\|")


def _new_titles(here: Sequence[str], path: Sequence[str], base: int) -> tuple[str, ...]:
    same = base
    while same < min(len(here), len(path)) and here[same] == path[same]:
        same += 1
    return tuple(path[same:])


def _said(title: str, lines: Sequence[str]) -> bool:
    """Whether a parent item has just been listed itself."""
    return any(line.startswith(f"- {quoted(title)} [") for line in lines)
