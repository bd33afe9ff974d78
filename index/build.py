"""Sources to a new generation; what did not change is neither parsed nor encoded again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from index.disk import draft_folder, publish, store_page, stored_page, writing
from index.draft import Draft, Progress
from index.encoders import Encoder
from index.generation import Generation
from index.manifest import next_number
from index.places import is_address, is_gone, key_of, stands_under
from index.repair import salvaged_pages
from index.reports import BuildReport
from index.tables import Page
from ingest.blueprint import RawPage, Reading
from ingest.errors import (
    BadInput,
    DamagedIndex,
    FetchError,
    ModelMismatch,
    NoIndex,
    RolebookError,
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
    tried: set[str] = field(default_factory=set)  # keys of all pages that were come by
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
) -> BuildReport:
    """Adds or updates these sources and touches no other; nothing changed, no new generation.

    A page that cannot be read is reported, keeps its last good reading, and the others go on; UnreadablePage if none
    could be read, BadInput for a path that does not exist. `rebuild` parses the stored pages of every source again
    and encodes everything anew; it may be given without sources. `allow_private` is for addresses in the inside
    network.
    """
    if not sources and not rebuild:
        raise BadInput("Nothing to build. Give a file, a folder or an address.")

    def left_its_folder(page: Page) -> bool:
        return is_gone(page) and any(stands_under(page, source) for source in sources)

    pages = _pages(sources, allow_private)
    report = update(pages, home, encoder, left_its_folder, rebuild=rebuild, progress=progress)
    if not report.read and not report.dropped:
        _refuse(report.failed, ", ".join(sources) or str(home))
    return report


def update(
    pages: Iterable[RawPage | RolebookError],
    home: Path,
    encoder: Encoder,
    gone: Callable[[Page], bool],
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Takes these pages in and drops the known ones that did not come and are `gone`; all others stay as they are.

    A new generation is made only if something changed; `generation` is 0 if there is none yet.
    """
    with writing(home):
        base, known = _salvage(home) if rebuild else current_pages(home, encoder)
        number = next_number(home)
        with draft_folder(home, number) as folder, closing(Draft(folder, None if rebuild else base)) as draft:
            run = _Run(home, draft, base, known, rebuild, progress or (lambda stage, done, total: None))
            for page in pages:
                _take(run, page)
            _drop_gone(run, gone)
            if rebuild:
                _read_stored(run)
            report = _unchanged(run) or _publish(run, encoder, number)
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


def _take(run: _Run, raw: RawPage | RolebookError) -> None:
    """Parses a page if it is new or changed; a failure leaves its last reading in place."""
    if isinstance(raw, RawPage):
        _take_page(run, raw)
    else:
        run.failed.append(raw)
    run.progress("read", run.read + len(run.failed), 0)


def _take_page(run: _Run, raw: RawPage) -> None:
    key = key_of(raw.source)
    if key in run.tried:
        return
    run.tried.add(key)
    sha256 = store_page(run.home, raw.content)
    page = Page(key, raw.source, sha256, raw.media_type, raw.fetched_at, "")
    before = run.known.get(key)
    same = before is not None and (before.sha256, before.media_type) == (sha256, raw.media_type)
    if same and not run.rebuild:
        run.unchanged += 1
    elif _parse_into(run, replace(page, without=before.without if before else frozenset()), raw):
        run.unchanged += same
        run.changed += before is not None and not same
        run.new += before is None


def _parse_into(run: _Run, page: Page, raw: RawPage) -> bool:
    try:
        reading = _reading(raw)
    except UnreadablePage as error:
        run.failed.append(error)
        return False
    run.draft.add(replace(page, format=reading.format), reading.blueprints)
    run.done.add(page.key)
    return True


def _reading(raw: RawPage) -> Reading:
    from ingest.parse import parse

    reading = parse(raw)
    if not reading.blueprints:
        raise UnreadablePage(f"{raw.source}: no role blueprint was found in it. Give a page that describes a role.")
    return reading


def _drop_gone(run: _Run, gone: Callable[[Page], bool]) -> None:
    for key, page in list(run.known.items()):
        if key not in run.tried and gone(page):
            del run.known[key]
            run.dropped += 1


def _read_stored(run: _Run) -> None:
    """Parses the stored bytes of every page that the sources did not bring."""
    waiting = [page for key, page in run.known.items() if key not in run.tried]
    for page in waiting:
        try:
            content = stored_page(run.home, page.sha256, page.source)
        except UnreadablePage as error:
            run.failed.append(error)
            continue
        raw = RawPage(page.source, content, page.media_type, page.fetched_at)
        run.unchanged += _parse_into(run, page, raw)
        run.progress("read", run.read + len(run.failed), 0)


def _refuse(failed: Sequence[RolebookError], where: str) -> NoReturn:
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
    encoded, reused = run.draft.embed(encoder, run.progress)
    run.draft.seal(number, encoder)
    publish(run.home, run.draft.folder, number)
    counts = (run.new, run.changed, run.unchanged, run.dropped)
    totals = (tally.blueprints, tally.duplicates, tally.passages)
    return BuildReport(number, *counts, tuple(run.failed), *totals, encoded, reused)
