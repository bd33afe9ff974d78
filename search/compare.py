"""Two to four roles side by side: which of their items answer each other, and what only one has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from index.generation import Entry
from index.library import Library
from ingest.blueprint import Passage
from ingest.errors import BadQuery, UnknownName
from search.mentions import mentions
from search.names import TOPICS, one_blueprint, resolve
from search.rolewords import role_index
from search.wording import words

FLOOR = 0.6  # cosine of the bare texts from which two items are taken to say the like: docs/decisions.md
MOST = 4  # roles
DEFAULT_TOPIC = "responsibilities"

Side = int  # a role's place in the canonical order
Item = tuple[Side, int]  # a side and a place in its list


@dataclass(frozen=True, slots=True)
class Row:
    """Items that answer each other, one at most of each role."""

    passages: Mapping[str, Passage | None]  # by role, in the order asked for
    score: float | None  # mean cosine of its pairs, higher is more alike; None for an item that stands alone


@dataclass(frozen=True, slots=True)
class Comparison:
    """What roles share on a topic, most widely shared and most alike first, then what only one has in page order."""

    roles: tuple[str, ...]
    urls: tuple[str | None, ...]
    topic: str
    rows: tuple[Row, ...]


def compare(library: Library, roles: Sequence[str], topic: str | None = None, floor: float = FLOOR) -> Comparison:
    """Aligns the items of two to four roles one to one; the same rows whatever the roles' order.

    Without a topic it is responsibilities. Raises BadQuery and UnknownName.
    """
    chosen = resolve("topic", (topic or DEFAULT_TOPIC,), TOPICS)[0]
    entries = _entries(roles, library.generation.catalogue())
    canonical = sorted(entries, key=lambda entry: entry.blueprint_id)
    lists = [_items(library, entry, chosen) for entry in canonical]
    if not any(lists):
        names = ", ".join(entry.role for entry in entries)
        raise UnknownName(f"None of {names} has anything on {chosen}. 'rolebook show ROLE' lists what a page has.")
    vectors = [library.encoder.encode_document([_bare(passage) for passage in items]) for items in lists]
    called = _names(canonical)
    shown = [called[entry.blueprint_id] for entry in entries]
    sides = [called[entry.blueprint_id] for entry in canonical]
    rows = tuple(_row(group, score, lists, sides, shown) for group, score in align(vectors, floor))
    return Comparison(tuple(shown), tuple(e.url for e in entries), chosen, rows)


def align(sides: Sequence[npt.NDArray[np.float32]], floor: float) -> list[tuple[tuple[Item, ...], float | None]]:
    """Groups of items, at most one of each side, and their mean cosine; every item is in one group.

    Each pair of sides is matched one to one (Hungarian method, scipy's linear_sum_assignment) and matches under the
    floor are dropped; the rest, best first, join groups as long as no side would come twice and the mean of the group's
    pairs stays over the floor.
    """
    cosines = {pair: _cosines(sides[pair[0]], sides[pair[1]]) for pair in combinations(range(len(sides)), 2)}
    edges = sorted(
        (-float(matrix[i, j]), (a, i), (b, j))
        for (a, b), matrix in cosines.items()
        for i, j in _assignment(matrix, floor)
    )
    group: dict[Item, tuple[Item, ...]] = {
        (side, place): ((side, place),) for side, rows in enumerate(sides) for place in range(len(rows))
    }
    for _, left, right in edges:
        joined = tuple(sorted({*group[left], *group[right]}))
        if len({side for side, _ in joined}) == len(joined) and (_mean(joined, cosines) or 0.0) >= floor:
            group |= dict.fromkeys(joined, joined)
    scored = [(members, _mean(members, cosines)) for members in dict.fromkeys(group.values())]
    return sorted(scored, key=lambda made: (-len(made[0]), -(made[1] or 0.0), made[0]))


def _cosines(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    if not len(left) or not len(right):
        return np.zeros((len(left), len(right)))
    return np.round(left.astype(np.float64) @ right.astype(np.float64).T, 6)


def _assignment(cosines: npt.NDArray[np.float64], floor: float) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

    worth = np.where(cosines >= floor, cosines, 0.0)
    left, right = linear_sum_assignment(worth, maximize=True)
    return [(int(i), int(j)) for i, j in zip(left, right, strict=True) if cosines[i, j] >= floor]


def _mean(members: Sequence[Item], cosines: Mapping[tuple[int, int], npt.NDArray[np.float64]]) -> float | None:
    pairs = [float(cosines[a, b][i, j]) for (a, i), (b, j) in combinations(members, 2)]
    return round(sum(pairs) / len(pairs), 6) if pairs else None


def _row(
    group: Sequence[Item],
    score: float | None,
    lists: Sequence[Sequence[Passage]],
    sides: Sequence[str],
    shown: Sequence[str],
) -> Row:
    found = {sides[side]: lists[side][place] for side, place in group}
    return Row({role: found.get(role) for role in shown}, score)


def _items(library: Library, entry: Entry, topic: str) -> tuple[Passage, ...]:
    rows = library.generation.rows(roles=(entry.blueprint_id,), topics=(topic,))
    found = library.generation.passages([int(row) for row in rows]) if rows is not None else ()
    return tuple(sorted(found, key=lambda passage: passage.start))


def _bare(passage: Passage) -> str:
    """The item's own words, after those of the item that it completes: role and headings would make all alike."""
    lead = passage.path[-1] if passage.path and passage.path[-1].endswith(":") else ""
    return f"{lead} {passage.text}".strip()


def _entries(roles: Sequence[str], catalogue: Sequence[Entry]) -> tuple[Entry, ...]:
    if not 2 <= len(roles) <= MOST:
        raise BadQuery(f"{len(roles)} roles given; name two to four.")
    entries = tuple(_entry(name, catalogue) for name in roles)
    if len({entry.blueprint_id for entry in entries}) < len(entries):
        raise BadQuery("A role is given twice. Name different ones.")
    return entries


def _entry(name: str, catalogue: Sequence[Entry]) -> Entry:
    """The page of a name, a slug, an id, or a short form that fits one role only."""
    try:
        return one_blueprint(name, catalogue)
    except UnknownName:
        meant = mentions(words(name), role_index(tuple(sorted({entry.role for entry in catalogue}))))
        if len(meant) == 1 and len(meant[0].roles) == 1:
            return one_blueprint(meant[0].roles[0], catalogue)
        raise


def _names(entries: Sequence[Entry]) -> dict[str, str]:
    """What each is called: its role, or its id where another page has the same role."""
    roles = [entry.role for entry in entries]
    return {e.blueprint_id: e.role if roles.count(e.role) == 1 else e.blueprint_id for e in entries}
