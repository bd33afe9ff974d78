"""The commands that set responsibilities and roles beside each other."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from index.library import Library
    from search.compare import Comparison, Row
    from search.similar import Similar

_NARROW = 34  # characters of a column from which roles are shown beside each other
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer, library: Callable[[], "Library"], show_json: Callable[[dict[str, Any]], None]) -> None:
    """Adds `similar` and `compare` to the command line."""

    @app.command(name="similar")
    def similar_command(
        text: Annotated[str, typer.Argument(metavar="TEXT_OR_PASSAGE_ID")],
        k: Annotated[int, typer.Option("-k", help="How many passages.")] = 10,
        as_json: _Json = False,
    ) -> None:
        """Like responsibilities in other roles."""
        from api import render, shapes
        from search.similar import similar

        found = similar(library(), text, k)
        show_json(dict(shapes.similar(found))) if as_json else print_similar(render.console(), found)

    @app.command(name="compare")
    def compare_command(
        roles: Annotated[list[str], typer.Argument(metavar="ROLE ROLE...", help="Two to four roles.")],
        topic: Annotated[str | None, typer.Option(help="What to compare; default: responsibilities.")] = None,
        as_json: _Json = False,
    ) -> None:
        """Two to four roles aligned: what they share, what only one has."""
        from api import render, shapes
        from search.compare import compare

        found = compare(library(), roles, topic)
        show_json(dict(shapes.comparison(found))) if as_json else print_comparison(render.console(), found)


def print_similar(out: "Console", found: "Similar") -> None:
    from search.citations import plain

    if not found.matches:
        _say(out, "No passage of another role is like it.")
    for rank, match in enumerate(found.matches, 1):
        _say(out, f"{rank}. {match.passage.role}  {match.score:.3f}", "bold")
        _say(out, " > ".join(match.passage.path), "cyan", 3)
        _say(out, plain(match.passage.text), "", 3)
        if match.folded:
            roles = ", ".join(dict.fromkeys(match.folded))
            _say(out, f"and {len(match.folded)} nearly the same: {roles}", "dim", 3)
        _say(out, match.passage.passage_id, "dim", 3)
        _say(out, "")


def print_comparison(out: "Console", found: "Comparison") -> None:
    """Shared rows beside each other where there is room, then what only one role has."""
    shared = [row for row in found.rows if row.score is not None]
    _say(out, f"{' / '.join(found.roles)}: {found.topic}", "bold")
    _say(out, f"{len(shared)} aligned, {len(found.rows) - len(shared)} in one role only", "dim")
    if shared and out.is_terminal and out.width // len(found.roles) >= _NARROW:
        _print_table(out, found.roles, shared)
    else:
        for row in shared:
            _say(out, "")
            _say(out, f"{row.score:.2f}", "dim")
            for role in found.roles:
                _say(out, f"{role}: {_words(row, role) or '-'}", "", 2)
    for role in found.roles:
        alone = [row for row in found.rows if row.score is None and row.passages[role] is not None]
        if alone:
            _say(out, "")
            _say(out, f"Only {role} ({len(alone)})", "bold")
        for row in alone:
            _say(out, f"- {_words(row, role)}", "", 2)


def _print_table(out: "Console", roles: Sequence[str], rows: Sequence["Row"]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(show_lines=True, expand=True)
    for role in roles:
        table.add_column(Text(_clean(role)), ratio=1)
    table.add_column("Like", justify="right")
    for row in rows:
        table.add_row(*(Text(_clean(_words(row, role))) for role in roles), f"{row.score:.2f}")
    out.print(table)


def _words(row: "Row", role: str) -> str:
    from search.citations import plain

    passage = row.passages[role]
    return plain(passage.text) if passage else ""


def _clean(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _say(out: "Console", text: str, style: str = "", indent: int = 0) -> None:
    """A line wrapped under its indent on a terminal, whole elsewhere."""
    from rich.padding import Padding
    from rich.text import Text

    if not text:
        out.print()
    elif out.is_terminal:
        out.print(Padding(Text(_clean(text), style=style), (0, 0, 0, indent), expand=False))
    else:
        out.print(Text(" " * indent + _clean(text)), soft_wrap=True)
