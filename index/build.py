"""Sources to a new generation; what did not change is neither parsed nor encoded again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import NoReturn

from index.disk import PageWriter, draft_folder, publish, stored_page, writing
from index.draft import Draft
from index.encoded import discard
from index.encoders import Encoder
from index.generation import Generation
from index.manifest import next_number
from index.nearest import EXACT
from index.places import is_address, is_gone, key_of, stands_under
from index.repair import salvaged_pages
from index.reports import BuildReport
from index.stages import Progress, ReadPage, Stages
from index.tables import Page
from ingest.blueprint import RawPage
from ingest.errors import (
    BadInput,
    DamagedIndex,
    FetchError,
    ModelMismatch,
    NoIndex,
    RolebookError,
    StoreError,
    UnreadablePage,
)


@dataclass(slots=True)
class _Run:
    """One build on its way: what was known before, and what has been seen so far."""

    home: Path
    draft: Draft
    base: Generation | None
    known: dict[str, Page]
    rebuild: bool
    progress: Progress
    stages: Stages
    written: PageWriter
    tried: set[str] = field(default_factory=set)  # keys of all pages that were come by
    numbers: Iterator[int] = field(default_factory=count)
    reading: dict[int, Page] = field(default_factory=dict)  # those that the reading stage has, by their number
    all_given: bool = False  # whether the reading stage has asked for every page
    done: set[str] = field(default_factory=set)  # keys whose new reading is in the draft
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    dropped: int = 0
    failed: list[RolebookError] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.new + self.changed + self.unchanged


def build(
    sources: Sequence[str],
    home: Path,
    encoder: Encoder,
    *,
    rebuild: bool = False,
    allow_private: bool = False,
    progress: Progress | None = None,
    stages: Stages | None = None,
) -> BuildReport:
    """Adds or updates these sources and touches no other; nothing changed, no new generation.

    A page that cannot be read is reported, keeps its last good reading, and the others go on; UnreadablePage if none
    could be read, BadInput for a path that does not exist. `rebuild` parses the stored pages of every source again
    and encodes everything anew; it may be given without sources. `allow_private` is for addresses in the inside
    network. `stages` says where pages are read and texts encoded; here, if it is not given.
    """
    if not sources and not rebuild:
        raise BadInput("Nothing to build. Give a file, a folder or an address.")

    def left_its_folder(page: Page) -> bool:
        return is_gone(page) and any(stands_under(page, source) for source in sources)

    pages = _pages(sources, allow_private)
    report = update(pages, home, encoder, left_its_folder, rebuild=rebuild, progress=progress, stages=stages)
    if not report.read and not report.dropped:
        refuse(report.failed, ", ".join(sources) or str(home))
    return report


def update(
    pages: Iterable[RawPage | RolebookError],
    home: Path,
    encoder: Encoder,
    gone: Callable[[Page], bool],
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    stages: Stages | None = None,
    exact: int = EXACT,
) -> BuildReport:
    """Takes these pages in and drops the known ones that did not come and are `gone`; all others stay as they are.

    A new generation is made only if something changed; `generation` is 0 if there is none yet. More than `exact`
    passages get lists of near vectors.
    """
    with writing(home), PageWriter(home) as written:
        base, known = _salvage(home) if rebuild else current_pages(home, encoder)
        number = next_number(home)
        with draft_folder(home, number) as folder, closing(Draft(folder, None if rebuild else base, exact)) as draft:
            tell = progress or (lambda stage, done, total: None)
            run = _Run(home, draft, base, known, rebuild, tell, stages or Stages(), written)
            for n, read in run.stages.read(_to_be_read(run, pages, gone)):
                _take(run, run.reading.pop(n), read)
                run.progress("read", run.read + len(run.failed), 0)
            if run.reading or not run.all_given:
                raise StoreError(f"{len(run.reading):,} pages or more did not come back read. Run the command again.")
            written.flush()
            report = _unchanged(run) or _publish(run, encoder, number)
        discard(home)
        if base:
            base.close()
    return report


def current_pages(home: Path, encoder: Encoder) -> tuple[Generation | None, dict[str, Page]]:
    """The current generation, which must be whole and this encoder's, or None before the first build."""
    try:
        base = Generation.open(home)
    except NoIndex:
        return None, {}
    base.check(encoder)
    return base, base.pages()


def _salvage(home: Path) -> tuple[Generation | None, dict[str, Page]]:
    """The current generation if it is whole, and the pages that it knows."""
    try:
        base = Generation.open(home)
        return base, base.pages()
    except (DamagedIndex, ModelMismatch, NoIndex):
        return None, salvaged_pages(home)


def _pages(sources: Sequence[str], allow_private: bool) -> Iterator[RawPage | RolebookError]:
    from ingest.read import read_pages

    for path in (source for source in sources if not is_address(source)):
        yield from read_pages(path)
    if addresses := [source for source in sources if is_address(source)]:
        yield from _fetched(addresses, allow_private)


def _fetched(addresses: Iterable[str], allow_private: bool) -> Iterator[RawPage | FetchError]:
    from ingest.fetch import Fetcher

    with Fetcher(allow_private=allow_private) as fetcher:
        for address in addresses:
            try:
                yield fetcher.page(address)
            except FetchError as error:
                yield error


def _to_be_read(
    run: _Run, pages: Iterable[RawPage | RolebookError], gone: Callable[[Page], bool]
) -> Iterator[tuple[int, RawPage]]:
    """The pages that are new or changed, or all for a rebuild, each under a number."""
    for raw in pages:
        if isinstance(raw, RolebookError):
            run.failed.append(raw)
        elif (page := _arrived(run, raw)) is not None:
            yield _numbered(run, page), raw
            continue
        run.progress("read", run.read + len(run.failed), 0)
    for key in [key for key, page in run.known.items() if key not in run.tried and gone(page)]:
        del run.known[key]
        run.dropped += 1
    if run.rebuild:
        yield from _stored(run)
    run.all_given = True


def _arrived(run: _Run, raw: RawPage) -> Page | None:
    """Keeps a page's bytes; gives the page if it is to be read."""
    key = key_of(raw.source)
    if key in run.tried:
        return None
    run.tried.add(key)
    sha256 = run.written.store(raw.content)
    before = run.known.get(key)
    if before and not run.rebuild and (before.sha256, before.media_type) == (sha256, raw.media_type):
        run.unchanged += 1
        return None
    without = before.without if before else frozenset()
    return Page(key, raw.source, sha256, raw.media_type, raw.fetched_at, "", without)


def _stored(run: _Run) -> Iterator[tuple[int, RawPage]]:
    """The stored bytes of every page that the sources did not bring."""
    for page in [page for key, page in run.known.items() if key not in run.tried]:
        try:
            content = stored_page(run.home, page.sha256, page.source)
        except UnreadablePage as error:
            run.failed.append(error)
            continue
        yield _numbered(run, page), RawPage(page.source, content, page.media_type, page.fetched_at)


def _numbered(run: _Run, page: Page) -> int:
    number = next(run.numbers)
    run.reading[number] = page
    return number


def _take(run: _Run, page: Page, read: ReadPage | UnreadablePage) -> None:
    """Puts what was read into the draft; a failure leaves the page's last reading in place."""
    if isinstance(read, UnreadablePage):
        run.failed.append(read)
        return
    run.draft.add(replace(page, format=read.format), read)
    run.done.add(page.key)
    before = run.known.get(page.key)
    if before is None:
        run.new += 1
    elif (before.sha256, before.media_type) == (page.sha256, page.media_type):
        run.unchanged += 1
    else:
        run.changed += 1


def refuse(failed: Sequence[RolebookError], where: str) -> NoReturn:
    """Raises what to say of a build that read nothing."""
    if len(failed) == 1:
        raise failed[0]
    if failed:
        reasons = "; ".join(str(error) for error in failed)
        raise UnreadablePage(f"None of {len(failed)} pages could be read: {reasons}")
    raise BadInput(f"There is no page in {where}. Give a file or folder that holds pages.")


def _unchanged(run: _Run) -> BuildReport | None:
    """The report of a build that changed nothing, None if it changed something."""
    if run.new or run.changed or run.dropped or (run.rebuild and run.read):
        return None
    if run.base is None:
        return BuildReport(0, 0, 0, run.unchanged, 0, tuple(run.failed), 0, 0, 0, 0, 0)
    manifest = run.base.manifest
    duplicates = sum(duplicate for *_, duplicate in run.base.standings())
    totals = (manifest.blueprints, duplicates, manifest.passages)
    return BuildReport(manifest.generation, 0, 0, run.unchanged, 0, tuple(run.failed), *totals, 0, manifest.passages)


def _publish(run: _Run, encoder: Encoder, number: int) -> BuildReport:
    if run.base:
        for key, page in run.known.items():
            if key not in run.done:
                run.draft.copy(run.base, page)
    tally = run.draft.settle()
    encoded, reused = run.draft.embed(encoder, run.progress, run.stages.encode)
    run.draft.seal(number, encoder)
    publish(run.home, run.draft.folder, number)
    counts = (run.new, run.changed, run.unchanged, run.dropped)
    totals = (tally.blueprints, tally.duplicates, tally.passages)
    return BuildReport(number, *counts, tuple(run.failed), *totals, encoded, reused)
