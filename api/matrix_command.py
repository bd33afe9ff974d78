"""`rolebook matrix`: who owns what, as a table, JSON or CSV."""

import csv
import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import BadInput

if TYPE_CHECKING:
    from rich.console import Console

    from index.library import Library
    from search.matrix import Cell, Matrix

_SHORT = {"owner": "owner", "shared": "shared", "contributor": "contributes", "other": "others'", "unknown": "unknown"}


def register(
    app: typer.Typer, library: Callable[[], "Library"], show_json: Callable[[Mapping[str, Any]], None]
) -> None:
    """Adds `matrix` to the command line."""

    @app.command(name="matrix")
    def matrix_command(
        matters: Annotated[list[str], typer.Argument(metavar="MATTER...", help="What is to be owned.")],
        roles: Annotated[list[str] | None, typer.Option(help="Only this role (repeatable).")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    ) -> None:
        """Who owns, shares or contributes to what, with quotes."""
        from api import render, shapes
        from search.matrix import matrix

        if as_json and as_csv:
            raise BadInput("--json and --csv are given. Choose one.")
        named = roles or []
        found = matrix(library(), matters, named)
        if as_json:
            show_json(shapes.matrix(found))
        elif as_csv:
            print(table(found), end="")
        else:
            print_matrix(render.console(), found)


def table(found: "Matrix") -> str:
    """CSV with two columns for each matter: the relation and the first quote."""
    from search.citations import plain

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    heads = [head for matter in found.matters for head in (matter, f"{matter}: quote")]
    writer.writerow([_safe(name) for name in ("role", "blueprint_id", *heads)])
    for row in found.rows:
        cells = [row.cells[matter] for matter in found.matters]
        pairs = [part for c in cells for part in (c.relation, plain(c.citations[0].quote) if c.citations else "")]
        writer.writerow([_safe(value) for value in (row.role, row.blueprint_id, *pairs)])
    return text.getvalue()


def print_matrix(out: "Console", found: "Matrix") -> None:
    from rich.table import Table
    from rich.text import Text

    if not found.rows:
        out.print(Text("No role's page says anything of this."), soft_wrap=True)
        return
    if out.is_terminal:
        grid = Table(show_lines=True)
        for name in ("role", *found.matters):
            grid.add_column(Text(name))
        for row in found.rows:
            grid.add_row(Text(row.role), *(Text(_said(row.cells[matter])) for matter in found.matters))
        out.print(grid)
    else:
        for row in found.rows:
            for matter in found.matters:
                said = _said(row.cells[matter]).replace("\n", ": ")
                out.print(Text(f"{row.role} | {matter} | {said}"), soft_wrap=True)
    for conflict in found.conflicts:
        roles = ", ".join(conflict.roles)
        out.print(Text(f"More than one sole owner of {conflict.matter}: {roles}"), soft_wrap=True)


def _said(cell: "Cell") -> str:
    from search.citations import plain

    return "\n".join((_SHORT[cell.relation], *(plain(citation.quote) for citation in cell.citations[:1])))


def _safe(value: str) -> str:
    """What a spreadsheet would take for a formula stays text."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
