"""The command that reads a public data release, and what it prints."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import NoIndex

if TYPE_CHECKING:
    from index.encoders import Encoder
    from index.reports import BuildReport
    from index.stages import Progress
    from ingest.datasets import Release


class Dataset(StrEnum):
    onet = "onet"
    esco = "esco"
    ddat = "ddat"


def import_release(
    dataset: Annotated[Dataset, typer.Argument(help="O*NET, ESCO or UK Digital and Data.", show_default=False)],
    path: Annotated[Path, typer.Argument(help="The release: O*NET's zip or folder, or a JSON-lines file (or .gz).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a public data release as blueprints; again = only what changed, roles that it dropped go."""
    from api import cli, local, render, runs, shapes
    from api.progress import progress
    from index.encoders import DEFAULT, load_encoder
    from ingest.datasets import read_release

    release = read_release(dataset.value, path)
    home = local.settings().home
    try:
        encoder = load_encoder(local.encoder_of(home))
    except NoIndex:
        encoder = load_encoder(DEFAULT)
    with runs.recorded(home, "import", release.name) as run, progress() as tell:
        report = take_in(dataset.value, release, home, encoder, tell)
        run.update(shapes.build_report(report))
        published = local.publish()
    for error in report.failed:
        cli.complain(str(error))
    if as_json:
        shape = {"dataset": dataset.value, "release": release.name, "counts": release.counts}
        cli.show_json(shape | shapes.build_report(report))
    else:
        print(f"{release.name}: {', '.join(f'{number:,} {what}' for what, number in release.counts.items())}")
        render.build_report(render.console(), report)
        print(published, end="\n" if published else "")


def take_in(
    dataset: str, release: "Release", home: Path, encoder: "Encoder", tell: "Progress | None" = None
) -> "BuildReport":
    """Brings the index to what the release holds; roles of this data set that it does not hold any more go."""
    from index.build import update

    return update(release.pages, home, encoder, lambda page: page.key.startswith(f"{dataset}://"), progress=tell)
