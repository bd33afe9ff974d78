"""Answers in words: short, plain Markdown with [1] marks; a page's words stay text, whatever they look like."""

import re
from collections.abc import Callable, Iterable, Sequence

from ingest.blueprint import Block, Blueprint, Passage, Section, Topic
from search.citations import Citation, plain
from search.draft import Cited, key
from search.headings import context_of

_MARKUP = re.compile(r"\[(?=[^\]]*\])|\*\*|`|<(?=[a-zA-Z/!])|\\(?=[!-/:-@\[-`{-~])")
_OPENING = re.compile(r"^(\d*)(?=(?<!\d)[#>]|(?<!\d)[-+*]\s|(?<=\d)[.)]\s)")  # of a heading, a quotation or a list
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_RIGHTS = ("grant", "agree", "approve", "deny")  # the grounds that give a right or limit it


def quoted(text: str) -> str:
    """Words of a page on one line, with what Markdown would take for markup escaped."""
    return _OPENING.sub(r"\1\\", _escaped(plain(text)))


def as_read(line: str) -> str:
    """A line of an answer without the escapes."""
    return _ESCAPED.sub(r"\1", line)


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda hit: "".join(f"\\{sign}" for sign in hit[0]), text)


def marks(ids: Iterable[int]) -> str:
    return " ".join(f"[{number}]" for number in ids)


def by_role(passages: Iterable[Passage], cited: Cited, say: Callable[[Passage], str]) -> str:
    """A line for each passage that can be quoted, after its role."""
    told = ((passage, cited[key(passage)]) for passage in passages if key(passage) in cited)
    return "\n".join(f"- **{quoted(passage.role)}**: {say(passage)} {marks((found.id,))}" for passage, found in told)


def heading(role: str, path: Sequence[str]) -> str:
    """The line over what a page says."""
    return " > ".join((f"**{_escaped(role)}**", *(_escaped(step.rstrip(":")) for step in path)))


def in_context(path: Sequence[str], topic: Topic, said: str) -> str:
    """What a page says, after the heading that gives a right or limits it and the item that it hangs from: they alone
    tell what the role does with it."""
    right = _right_over(path)
    last = path[-1:] if path and (path[-1].endswith(":") or (topic == "decision_rights" and len(path) > 1)) else ()
    over = dict.fromkeys((*((right,) if right else ()), *last))
    return f"{' > '.join(_escaped(plain(step.rstrip(':'))) for step in over)}: {said}" if over else said


def _right_over(path: Sequence[str]) -> str | None:
    """The outermost step from which on the path gives one right, or limits it in one way."""
    ground, size = context_of(tuple(path)).ground, len(path)
    while size > 1 and context_of(tuple(path[: size - 1])).ground == ground:
        size -= 1
    return path[size - 1] if path and ground in _RIGHTS else None


def listing(citations: Sequence[Citation], blueprint: Blueprint, base: Sequence[str]) -> list[str]:
    """A section's passages in order: items as nested lists, rows as a table, headings below `base` over them."""
    rows = {(block.start, block.end): (block, header) for block, header in table_rows(blueprint.sections)}
    lines: list[str] = []
    listed: set[str] = set()  # items that others may hang from
    here, table = tuple(base), None
    for citation in citations:
        path = citation.path if citation.path[: len(base)] == tuple(base) else here
        if titles := [title for title in _new_titles(here, path, len(base)) if title not in listed]:
            lines += [line for title in titles for line in ("", _title(title), "")]
            listed, table = set(), None
        row, header = rows.get((citation.start, citation.end), (None, None))
        before, table = table, (header, _has_borders(row)) if row else None
        if table != before:
            lines += ["", *(_table_head(row, header) if row else ())]
        if row and _has_borders(row):
            lines.append("| " + " | ".join(_cell(cell) for cell in row.cells or ()) + f" | [{citation.id}] |")
        else:
            depth = sum(step in listed for step in path[len(base) :])
            lines.append(f"{'  ' * depth}- {quoted(citation.quote)} [{citation.id}]")
            listed.add(citation.quote)
        here = citation.path
    return [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]


def _title(text: str) -> str:
    return f"*{_escaped(plain(text))}*"


def _has_borders(row: Block) -> bool:
    """Whether it is known of each cell under which column it stands."""
    return bool(row.cells) and None not in (row.cells or ())


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
    if not _has_borders(row):
        return quoted(row.text)  # no cell is surely under its column
    names = (header.cells if header and header.cells else ()) or ()
    cells = ((names[n] if 0 < n < len(names) else None, cell) for n, cell in enumerate(row.cells or ()) if cell)
    return "; ".join(_escaped(_flat(f"{name}: {cell}" if name else cell)) for name, cell in cells)


def _table_head(row: Block, header: Block | None) -> list[str]:
    if not _has_borders(row):
        return [_title(header.text), ""] if header else []
    width = len(row.cells or ())
    names = [_cell(cell) for cell in (header.cells or ())][:width] if header else []
    names += [""] * (width - len(names))
    return ["| " + " | ".join(names) + " | |", "|" + " --- |" * (width + 1)]


def _cell(cell: str | None) -> str:
    return _escaped(_flat(cell or "")).replace("|", "\\|")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _new_titles(here: Sequence[str], path: Sequence[str], base: int) -> tuple[str, ...]:
    same = base
    while same < min(len(here), len(path)) and here[same] == path[same]:
        same += 1
    return tuple(path[same:])
