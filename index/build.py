"""Sources to a new generation; what did not change is neither parsed nor encoded again."""

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.disk import draft_folder, publish, store_page, stored_page, writing
from index.draft import Draft, Progress
from index.encoders import Encoder
from index.generation import Generation
from index.manifest import BLUEPRINTS, finished, generation_folder
from index.places import is_gone, key_of, stands_under
from index.reports import BuildReport
from index.tables import Page, open_readonly, read_pages_table
from ingest.blueprint import RawPage, Reading
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
    progress: Progress | None = None,
) -> BuildReport:
    """Adds or updates these sources and touches no other; nothing changed, no new generation.

    A page that cannot be read is reported, keeps its last good reading, and the others go on; UnreadablePage if none
    could be read, BadInput for a path that does not exist. `rebuild` parses the stored pages of every source again
    and encodes everything anew; it may be given without sources.
    """
    if not sources and not rebuild:
        raise BadInput("Nothing to build. Give a file, a folder or an address.")
    with writing(home):
        base, known = _salvage(home) if rebuild else _base(home, encoder)
        number = max(finished(home), default=0) + 1
        with draft_folder(home, number) as folder, closing(Draft(folder, None if rebuild else base)) as draft:
            run = _Run(home, draft, base, known, rebuild, progress or (lambda stage, done, total: None))
            for source in sources:
                _read_source(run, source)
            _drop_gone(run, sources)
            if rebuild:
                _read_stored(run)
            _refuse_nothing(run, sources)
            report = _unchanged(run) or _publish(run, encoder, number)
        if base:
            base.close()
    return report


def _base(home: Path, encoder: Encoder) -> tuple[Generation | None, dict[str, Page]]:
    """The current generation, which must be whole and this encoder's, or None before the first build."""
    try:
        base = Generation.open(home)
    except NoIndex:
        return None, {}
    base.check(encoder)
    return base, base.pages()


def _salvage(home: Path) -> tuple[Generation | None, dict[str, Page]]:
    """The current generation if it is whole, and the pages that the newest readable one knows."""
    try:
        base = Generation.open(home)
        return base, base.pages()
    except (DamagedIndex, ModelMismatch, NoIndex):
        numbers = finished(home)
    for number in reversed(numbers):
        try:
            with closing(open_readonly(generation_folder(home, number) / BLUEPRINTS)) as db:
                return None, read_pages_table(db)
        except (sqlite3.Error, ValueError):
            continue
    if numbers:
        raise StoreError(f"No generation in {home} can be read. Delete it and run 'rolebook build' with its sources.")
    return None, {}


def _read_source(run: _Run, source: str) -> None:
    from ingest.read import read_pages

    try:
        for raw in read_pages(source):
            if isinstance(raw, RawPage):
                _take(run, raw)
            else:
                run.failed.append(raw)
            run.progress("read", run.read + len(run.failed), 0)
    except FetchError as error:
        run.failed.append(error)


def _take(run: _Run, raw: RawPage) -> None:
    """Parses a page if it is new or changed; a failure leaves its last reading in place."""
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


def _drop_gone(run: _Run, sources: Sequence[str]) -> None:
    """Forgets the pages whose file has left a folder that was read just now."""
    for key, page in list(run.known.items()):
        if key not in run.tried and any(stands_under(page, source) for source in sources) and is_gone(page):
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


def _refuse_nothing(run: _Run, sources: Iterable[str]) -> None:
    if run.read or run.dropped:
        return
    if len(run.failed) == 1:
        raise run.failed[0]
    if run.failed:
        reasons = "; ".join(str(error) for error in run.failed)
        raise UnreadablePage(f"None of {len(run.failed)} pages could be read: {reasons}")
    raise BadInput(f"There is no page in {', '.join(sources) or run.home}. Give a file or folder that holds pages.")


def _unchanged(run: _Run) -> BuildReport | None:
    """The report of a build that changed nothing, None if it changed something."""
    if run.base is None or run.rebuild or run.new or run.changed or run.dropped:
        return None
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
