"""A build whose pages are read and whose texts are encoded by a Ray cluster; this process writes the index."""

from collections.abc import Sequence
from pathlib import Path

from index.build import build, refuse, update
from index.encoders import Encoder, load_encoder
from index.ray_cluster import PATIENCE, cluster
from index.ray_stages import Load, fetched, ray_stages
from index.reports import BuildReport
from index.stages import Progress
from index.tables import Page
from ingest.errors import BadInput
from ingest.objects import is_object, is_shared, listed, read_object, root_of


def build_on_ray(
    sources: Sequence[str],
    home: Path,
    encoder: Encoder,
    *,
    address: str = "",
    workers: int = 0,
    rebuild: bool = False,
    allow_private: bool = False,
    progress: Progress | None = None,
    load: Load = load_encoder,
    patience: float = PATIENCE,
) -> BuildReport:
    """`build` with the stages on the cluster at `address`, "" for one of this machine's cores (or `workers` of them).

    Sources may be names in an object store too. `load` gives a worker its encoder by name; `patience` is how many
    seconds a cluster may be without a core.
    """
    objects = [source for source in sources if is_object(source)]
    if objects and len(objects) < len(sources):
        raise BadInput("An object store is a build of its own. Name the other sources in a second run.")
    names = dict.fromkeys(name for source in objects for name in listed(source))
    roots = tuple(root_of(source).rstrip("/") + "/" for source in objects)

    def gone(page: Page) -> bool:
        return page.key not in names and f"{page.key}/".startswith(roots)

    with cluster(address, workers):
        stages = ray_stages(load, patience)
        if not objects:
            return build(
                sources, home, encoder, rebuild=rebuild, allow_private=allow_private, progress=progress, stages=stages
            )
        pages = fetched(list(names), patience) if all(map(is_shared, names)) else map(read_object, names)
        report = update(pages, home, encoder, gone, rebuild=rebuild, progress=progress, stages=stages)
    if not report.read and not report.dropped:
        refuse(report.failed, ", ".join(objects))
    return report
