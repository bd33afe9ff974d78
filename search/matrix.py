"""Roles by matters: who owns, shares, contributes to or leaves to others what, each with a quote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index.generation import Entry
from index.library import Library
from ingest.errors import BadQuery
from search.citations import Citation, cite
from search.confidence import confidence, signals
from search.draft import Relation
from search.evidence import Look
from search.names import resolve_roles
from search.owners import Holder, chosen, holders
from search.question import Question
from search.retrieve import check_question
from search.threshold import threshold_of
from search.yesno import leaves

MOST = 50  # matters
QUOTES = 2  # in a cell


@dataclass(frozen=True, slots=True)
class Cell:
    """How a role stands to a matter; "unknown" where its page says nothing of it."""

    relation: Relation
    citations: tuple[Citation, ...]  # numbered within the cell


@dataclass(frozen=True, slots=True)
class Row:
    """A role with a cell for each matter."""

    role: str
    blueprint_id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A matter that several roles each claim as their own."""

    matter: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in the catalogue's order."""

    matters: tuple[str, ...]
    rows: tuple[Row, ...]
    conflicts: tuple[Conflict, ...]


UNKNOWN = Cell("unknown", ())


def matrix(library: Library, matters: Sequence[str], roles: Sequence[str] = ()) -> Matrix:
    """The matrix of these matters over these roles, or over all that have to do with one of them.

    Raises BadQuery and UnknownName.
    """
    asked = tuple(dict.fromkeys(matter.strip() for matter in matters))
    if not 1 <= len(asked) <= MOST:
        raise BadQuery(f"{len(asked)} matters given; name 1 to {MOST}.")
    for matter in asked:
        check_question(matter)
    catalogue = library.generation.catalogue()
    among = resolve_roles(roles, catalogue)
    columns = {matter: _column(library, matter, among) for matter in asked}
    rows = []
    for role, pages in _pages(catalogue, among).items():
        cells = {matter: columns[matter].get(role, UNKNOWN) for matter in asked}
        cited = [citation.blueprint_id for cell in cells.values() for citation in cell.citations]
        if among or cited:
            rows.append(Row(role, (cited or pages)[0], cells))
    sole = {m: tuple(dict.fromkeys(r.role for r in rows if r.cells[m].relation == "owner")) for m in asked}
    return Matrix(asked, tuple(rows), tuple(Conflict(m, owning) for m, owning in sole.items() if len(owning) > 1))


def _pages(catalogue: Sequence[Entry], among: tuple[str, ...]) -> dict[str, list[str]]:
    """The roles asked for, or all, each with its pages: a role of several pages is one role."""
    made: dict[str, list[str]] = {}
    for entry in catalogue:
        if not among or {entry.role, entry.blueprint_id} & set(among):
            made.setdefault(entry.role, []).append(entry.blueprint_id)
    return made


def _column(library: Library, matter: str, among: tuple[str, ...]) -> dict[str, Cell]:
    """The filled cells of one matter by role; none where nothing comes near enough to it."""
    asked = f"Who owns {matter}?"
    look = Look(library, Question(asked, asked, "owners", matter=matter, verbs=("own",)))
    made = holders(look, None)
    named = chosen(made, look.question)
    evidence = tuple(stance.found for holder in named for stance in holder.stances[:1])
    if not evidence or confidence(signals(look, evidence)) < threshold_of(library):
        return {}
    have = {holder.role for holder in named}
    denied = {holder.role: holder for holder in reversed(made) if holder.role not in have and leaves(holder)}
    within = set(among)
    kept = [h for h in (*named, *denied.values()) if not within or {h.role, _page(h)} & within]
    return {holder.role: cell for holder in kept if (cell := _cell(library, holder)).citations}


def _page(holder: Holder) -> str:
    return holder.stances[0].found.passage.blueprint_id


def _cell(library: Library, holder: Holder) -> Cell:
    made: list[Citation] = []
    for stance in holder.stances[:QUOTES]:
        passage = stance.found.passage
        citation = cite(len(made) + 1, passage, library.generation.blueprint(passage.blueprint_id))
        made += [citation] if citation else []
    return Cell(holder.label, tuple(made))
