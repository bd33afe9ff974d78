"""What the command line finds on this machine: the index's place, the sample pages, files to read."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from api.settings import Settings
from index.encoders import DEFAULT
from index.library import Library
from index.manifest import built_with
from index.reports import BuildReport
from ingest.blueprint import RawPage, Reading
from ingest.errors import BadInput, UnreadablePage


def settings() -> Settings:
    """The environment's settings; raises BadInput."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"ROLEBOOK_{str(first['loc'][0]).upper()}: {first['msg']}. Mend the environment.") from error


def library() -> Library:
    """What a search works on, from the store where one is set."""
    given = settings()
    return Library.open(given.home, store=given.database)


def publish() -> str:
    """Publishes the home's index where a store is set; what was done, "" without one."""
    given = settings()
    if not given.database:
        return ""
    from index.postgres_publish import publish as publish_to

    made = publish_to(given.home, given.database)
    return f"{'Published to' if made.new else 'Already in'} {made.place}: generation {made.generation}"


def sample_pages() -> str:
    """The sample corpus that comes with the project, relative to the working folder where it lies in it."""
    pages = Path(__file__).resolve().parent.parent / "corpus" / "pages"
    if not pages.is_dir():
        raise BadInput(f"The sample pages are not at {pages}. Name the files or folders to build from.")
    return os.path.relpath(pages) if pages.is_relative_to(Path.cwd()) else str(pages)


def builder(ray: str | None) -> Callable[..., BuildReport]:
    """What builds: this process, or the Ray cluster at this address ("": RAY_ADDRESS, or this machine's cores)."""
    if ray is None:
        from index.build import build

        return build
    from index.ray_build import build_on_ray

    return partial(build_on_ray, address=ray or settings().ray_address or "")


def encoder_of(home: Path) -> str:
    """The name of the encoder that the index was built with, the default where none can be read; raises NoIndex."""
    return built_with(home) or DEFAULT


def readings(files: Iterable[str]) -> Iterator[tuple[str, Reading | BadInput]]:
    """Each page of these files and folders with what was understood, or the error that says why nothing was."""
    from ingest.read import read_pages

    for file in files:
        try:
            for page in read_pages(file):
                if isinstance(page, UnreadablePage):
                    yield file, page
                else:
                    yield (page.source if Path(file).is_dir() else file), _understood(page)
        except BadInput as error:
            yield file, error


def _understood(page: RawPage) -> Reading | UnreadablePage:
    from ingest.parse import parse

    try:
        return parse(page)
    except UnreadablePage as error:
        return error
