"""What the index was made from."""

from collections import defaultdict
from contextlib import closing
from pathlib import Path

from index.generation import Generation
from index.reports import SourceEntry


def sources(home: Path) -> tuple[SourceEntry, ...]:
    """Every page of the current generation, by source."""
    with closing(Generation.open(home)) as generation:
        pages = generation.pages()
        kept: dict[str, list[str]] = defaultdict(list)
        doubles: dict[str, list[str]] = defaultdict(list)
        for key, _, blueprint_id, duplicate in generation.standings():
            (doubles if duplicate else kept)[key].append(blueprint_id)
    return tuple(
        SourceEntry(page.source, page.format, page.fetched_at, tuple(kept[key]), tuple(doubles[key]))
        for key, page in sorted(pages.items(), key=lambda item: item[1].source)
    )
