"""Points of many dimensions on a plane, near ones near."""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]  # (n, 2), the farthest coordinate is 1 or -1

NEIGHBOURS = 12  # of each point, by which the ways to all others lead; fewer where there are few points
ROUNDS = 60
MOST = 1_500  # points beyond which the first two principal components must do


def on_a_plane(vectors: npt.NDArray[np.float32]) -> Points:
    """Unit rows on a plane, as Kamada and Kawai (1989) draw graphs: the distance of two points is the way between them
    from neighbour to neighbour, short ways weigh most. The same rows give the same points.
    """
    count = len(vectors)
    if count < 3:
        return np.array([[-0.5, 0.0], [0.5, 0.0]])[:count] if count > 1 else np.zeros((count, 2))
    rows = vectors.astype(np.float64)
    points = _components(rows)
    if count <= MOST:
        points = _majorised(points, _ways(rows))
    points = _components(points)  # the longest way lies level
    points -= (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray(points / max(float(np.abs(points).max()), 1e-9), dtype=np.float64)


def _components(rows: Points) -> Points:
    """The first two principal components; the largest entry of each axis is positive."""
    centred = rows - rows.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][np.arange(2), np.abs(axes[:2]).argmax(axis=1)])[:, None]
    return np.asarray(centred @ axes.T)


def _ways(rows: Points) -> Points:
    """The shortest way from each point to each other over nearest neighbours; what no way leads to is far off."""
    from scipy.sparse import csr_array  # type: ignore[import-untyped]
    from scipy.sparse.csgraph import shortest_path  # type: ignore[import-untyped]

    count = len(rows)
    distances = np.sqrt(np.maximum(1e-6, 2 - 2 * rows @ rows.T))
    neighbours = min(NEIGHBOURS, max(3, count // 8), count - 1)
    nearest = np.argsort(distances + np.eye(count) * 9, axis=1, kind="stable")[:, :neighbours]
    start = np.repeat(np.arange(count), neighbours)
    graph = csr_array((distances[start, nearest.ravel()], (start, nearest.ravel())), shape=(count, count))
    ways = shortest_path(graph, directed=False)
    return np.asarray(np.where(np.isinf(ways), 1.1 * ways[np.isfinite(ways)].max(), ways))


def _majorised(points: Points, ways: Points) -> Points:
    """The points moved until their distances fit the ways as well as may be (SMACOF, de Leeuw 1977)."""
    with np.errstate(divide="ignore"):
        weights = np.where(ways > 0, ways**-2.0, 0.0)
    pulls, count = -weights * ways, len(points)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1 / count) - 1 / count  # its pseudo-inverse: the points are connected
    for _ in range(ROUNDS):
        squares = np.square(points).sum(axis=1)
        now = squares[:, None] + squares - 2 * points @ points.T
        np.maximum(now, 1e-12, out=now)
        pull = np.divide(pulls, np.sqrt(now, out=now), out=now)
        np.fill_diagonal(pull, 0.0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        points = inverse @ (pull @ points)
    return points
