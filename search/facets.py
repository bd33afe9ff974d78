"""How a search's passages fall on roles, levels, functions and topics."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.library import Library
from search.question import Question
from search.retrieve import Filters, Hit, retrieve, understood

DEPTH = 200  # the best passages are counted: a ranking has no end at which to stop counting


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts among the best passages, each dimension as if its own filter were not set; most first."""

    roles: tuple[tuple[str, int], ...]
    levels: tuple[tuple[str, int], ...]
    functions: tuple[tuple[str, int], ...]
    topics: tuple[tuple[str, int], ...]
    depth: int
    read: Question  # how the query was understood


def facets(library: Library, query: str, filters: Filters | None = None) -> Facets:
    """The counts for this query; raises BadQuery and UnknownName."""
    given = filters or Filters()
    found: dict[Filters, tuple[Hit, ...]] = {}

    def counted(without: Filters, of: Callable[[Hit], str | None]) -> tuple[tuple[str, int], ...]:
        if without not in found:
            found[without] = retrieve(library, query, DEPTH, without)
        return _most_first([of(hit) for hit in found[without]])

    entries = {entry.blueprint_id: entry for entry in library.generation.catalogue()}
    return Facets(
        counted(replace(given, roles=()), lambda hit: hit.passage.role),
        counted(replace(given, levels=()), lambda hit: entries[hit.passage.blueprint_id].level),
        counted(replace(given, functions=()), lambda hit: entries[hit.passage.blueprint_id].function),
        counted(replace(given, topics=()), lambda hit: hit.passage.topic),
        DEPTH,
        understood(library, query),
    )


def _most_first(values: Sequence[str | None]) -> tuple[tuple[str, int], ...]:
    counts: Mapping[str, int] = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
