"""The command that follows a live site, and what it prints."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.errors import FetchError, NoIndex

if TYPE_CHECKING:
    from index.followed import FollowedSite
    from index.reports import SyncReport

COUNTS = ("new", "changed", "unchanged", "gone")
TOTALS = ("left", "requests", "fetched", "blueprints", "passages", "encoded")


def sync(
    url: Annotated[str, typer.Argument(metavar="URL", help="The site's address, or a category's.")],
    category: Annotated[str | None, typer.Option(help="Only this category (slug, name or id).")] = None,
    search: Annotated[str | None, typer.Option(help="Only posts that the site finds for this term.")] = None,
    slug: Annotated[str | None, typer.Option(help="Only posts whose slug fits a pattern: '*-blueprint*'.")] = None,
    pages: Annotated[bool, typer.Option("--pages", help="Static pages too.")] = False,
    max_pages: Annotated[int, typer.Option(help="Fetch at most so many; the next run goes on.")] = 5_000,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Read private addresses too.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Fetch what did not change as well.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Follow a live WordPress site: new and changed posts come in, vanished ones go."""
    from api import cli, local, runs
    from api.progress import progress
    from index.encoders import DEFAULT, load_encoder
    from index.sync import sync as follow
    from ingest.site import Chosen

    home = local.settings().home
    try:
        encoder = load_encoder(local.encoder_of(home))
    except NoIndex:
        encoder = load_encoder(DEFAULT)
    with runs.recorded(home, "sync", url) as run, progress() as tell:
        report = follow(
            url,
            home,
            encoder,
            chosen=Chosen(category, search, slug, pages),
            max_pages=max_pages,
            full=full,
            allow_private=allow_private,
            progress=tell,
        )
        run.update(report_shape(report))
        published = local.publish() if report.generation else ""
    for error in report.failed:
        cli.complain(str(error))
    if as_json:
        cli.show_json(report_shape(report))
    else:
        print_report(report)
        print(published, end="\n" if published else "")
    if not report.generation:
        raise FetchError(f"{report.site}: no page of it could be read. Check the address and the filters.")


def report_shape(report: "SyncReport") -> dict[str, Any]:
    """The report as JSON has it."""
    shape: dict[str, Any] = {name: getattr(report, name) for name in ("site", "way", "generation", *COUNTS)}
    shape["failed"] = [str(error) for error in report.failed]
    return shape | {name: getattr(report, name) for name in TOTALS}


def print_report(report: "SyncReport") -> None:
    left = f", {report.left} left for the next run" if report.left else ""
    counts = ", ".join(f"{getattr(report, name)} {name}" for name in COUNTS)
    print(f"Read by {report.way}: {report.requests} requests, {report.fetched / 2**20:.1f} MB")
    print(f"Index: generation {report.generation}, {report.blueprints:,} blueprints, {report.passages:,} passages")
    print(f"{report.site}: {counts}, {len(report.failed)} failed{left}")


def followed(home: Path) -> "tuple[FollowedSite, ...]":
    from index.followed import followed_sites

    return followed_sites(home)


def sites_shape(sites: "Sequence[FollowedSite]") -> list[dict[str, Any]]:
    """The followed sites as `rolebook sources --json` has them."""
    return [asdict(site) for site in sites]


def print_sites(sites: "Sequence[FollowedSite]") -> None:
    for site in sites:
        chosen = [f"{name} {value}" for name, value in asdict(site.chosen).items() if value and value is not True]
        only = f" ({', '.join([*chosen, *(['pages too'] if site.chosen.pages else [])])})"
        ended = f"synced {site.synced_at}" if site.synced_at else "not yet synced to its end"
        print(f"Followed: {site.site}{only if only != ' ()' else ''}: {site.posts:,} posts, {ended}")
