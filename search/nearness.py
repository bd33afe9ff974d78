"""Roles by nearness: which are like one, all on a plane, and how far their responsibilities overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from index.encoders import Vectors
from index.generation import Entry, Generation
from search.names import TOPICS, one_blueprint
from search.plane import on_a_plane

TOPIC = "responsibilities"
MOST = 60  # roles of an overlap table: more cells can be neither read nor clicked
_ALIKE = 0.6  # cosine of two responsibilities about which they count as one; half of the way at this value
_STEEP = 20.0  # how fast it goes from no to yes around _ALIKE

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """A role on the map; near roles stand near, the axes mean nothing."""

    entry: Entry
    x: float  # -1 to 1
    y: float


@dataclass(frozen=True, slots=True)
class Near:
    """A role that is like another one."""

    entry: Entry
    score: float  # cosine of the roles' mean vectors, less what all roles have in common; higher is more alike


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far roles' responsibilities overlap; like roles stand side by side."""

    entries: tuple[Entry, ...]
    of: int  # roles that have responsibilities; more than `entries` where MOST cut the table
    values: tuple[tuple[float, ...], ...]  # 0 to 1, symmetric; the diagonal is 1


@dataclass(frozen=True, slots=True)
class _Roles:
    """What is worked out once for a generation."""

    entries: tuple[Entry, ...]
    means: Vectors  # (roles, dim), unit rows, less what all have in common
    rows: tuple[Sequence[int], ...]  # of each role's responsibilities


_known: WeakKeyDictionary[Generation, _Roles] = WeakKeyDictionary()
_placed: WeakKeyDictionary[Generation, tuple[Place, ...]] = WeakKeyDictionary()


def places(generation: Generation) -> tuple[Place, ...]:
    """Every role of the catalogue on the map."""
    if generation not in _placed:
        roles = _roles(generation)
        points = on_a_plane(roles.means)
        pairs = zip(roles.entries, points.tolist(), strict=True)
        _placed[generation] = tuple(Place(entry, round(x, 4), round(y, 4)) for entry, (x, y) in pairs)
    return _placed[generation]


def near(generation: Generation, role: str, k: int) -> tuple[Near, ...]:
    """The k roles that are most like this one, best first; raises UnknownName."""
    roles = _roles(generation)
    own = roles.entries.index(one_blueprint(role, roles.entries))
    scores = roles.means @ roles.means[own]
    order = [int(place) for place in np.argsort(-scores, kind="stable") if place != own]
    return tuple(Near(roles.entries[place], round(float(scores[place]), 4)) for place in order[:k])


def overlap(generation: Generation, names: Sequence[str] = ()) -> Overlap:
    """The overlap of these roles, or of those with most responsibilities; raises UnknownName.

    Of two roles it is the share of their responsibilities that the other has too, each weighed by how alike its best
    counterpart is.
    """
    roles = _roles(generation)
    having = [place for place, rows in enumerate(roles.rows) if len(rows)]
    if names:
        meant = {one_blueprint(name, roles.entries).blueprint_id for name in names}
        chosen = [place for place in having if roles.entries[place].blueprint_id in meant]
    else:
        chosen = having
    most = sorted(chosen, key=lambda place: (-len(roles.rows[place]), place))[:MOST]
    table = _table([generation.vectors.get(roles.rows[place]) for place in most])
    order = _side_by_side(table)
    values = tuple(tuple(round(float(table[i, j]), 4) for j in order) for i in order)
    return Overlap(tuple(roles.entries[most[i]] for i in order), len(chosen), values)


def _table(sides: Sequence[Vectors]) -> Floats:
    table = np.eye(len(sides))
    for i, left in enumerate(sides):
        for j in range(i):
            cosines = left @ sides[j].T
            best = np.concatenate((cosines.max(axis=1), cosines.max(axis=0)))
            table[i, j] = table[j, i] = float((1 / (1 + np.exp(-_STEEP * (best - _ALIKE)))).mean())
    return table


def _side_by_side(table: Floats) -> list[int]:
    """An order in which like roles are neighbours (optimal leaf order of average linkage)."""
    if len(table) < 3:
        return list(range(len(table)))
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering  # type: ignore[import-untyped]
    from scipy.spatial.distance import squareform  # type: ignore[import-untyped]

    distances = squareform(1 - table, checks=False)
    return [int(i) for i in leaves_list(optimal_leaf_ordering(linkage(distances, "average"), distances))]


def _roles(generation: Generation) -> _Roles:
    if generation not in _known:
        entries = generation.catalogue()
        every, duties = _rows(generation)
        described = [duties.get(e.blueprint_id) or every.get(e.blueprint_id, []) for e in entries]
        means = np.stack([_mean(generation, rows) for rows in described]) if entries else np.zeros((0, 1), np.float32)
        _known[generation] = _Roles(
            entries, _without_common(means), tuple(duties.get(e.blueprint_id, []) for e in entries)
        )
    return _known[generation]


def _rows(generation: Generation) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """The rows of each blueprint, and those of its responsibilities."""
    every: dict[str, list[int]] = {}
    duties: dict[str, list[int]] = {}
    rows = generation.rows(topics=TOPICS)
    listed = [] if rows is None else rows.tolist()
    for row, passage in zip(listed, generation.passages(listed), strict=True):
        every.setdefault(passage.blueprint_id, []).append(row)
        if passage.topic == TOPIC:
            duties.setdefault(passage.blueprint_id, []).append(row)
    return every, duties


def _mean(generation: Generation, rows: Sequence[int]) -> Vectors:
    if not rows:
        return np.zeros(generation.vectors.dimension, dtype=np.float32)
    return np.asarray(generation.vectors.get(rows).mean(axis=0), dtype=np.float32)


def _without_common(means: Vectors) -> Vectors:
    """Unit rows, less their mean: what every page says of every role would make all roles near."""
    return _unit(means - means.mean(axis=0)) if len(means) > 2 else _unit(means)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
