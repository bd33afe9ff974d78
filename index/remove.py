"""Taking sources or roles out of the index."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from index.disk import draft_folder, publish, writing
from index.draft import Draft
from index.encoded import discard
from index.encoders import Encoder, Vectors, load_encoder
from index.generation import Generation
from index.manifest import Manifest, next_number
from index.places import stands_under
from index.reports import RemoveReport
from index.tables import Page
from ingest.errors import UnknownName
from ingest.titles import slug


def remove(name: str, home: Path, encoder: Encoder | None = None, *, dry_run: bool = False) -> RemoveReport:
    """Takes out a source (file, folder, address) or a role (name, slug, blueprint_id); UnknownName if neither.

    The encoder is needed only if a duplicate comes back; without one, the one that the manifest names is loaded.
    """
    Generation.open(home).close()
    with writing(home), closing(Generation.open(home)) as base:
        if encoder:
            base.check(encoder)
        pages = base.pages()
        left = _left(base, pages, name)
        number = next_number(home)
        with draft_folder(home, number) as folder, closing(Draft(folder, base)) as draft:
            for page in left.values():
                draft.copy(base, page)
            tally = draft.settle()
            before, after = _kept(base), draft.kept()
            report = RemoveReport(
                base.manifest.generation if dry_run else number,
                dry_run,
                tuple(page.source for key, page in pages.items() if key not in left),
                tuple(sorted(before[place] for place in before.keys() - after.keys())),
                tuple(sorted(after[place] for place in after.keys() - before.keys())),
                base.manifest.passages - tally.passages,
            )
            if not dry_run:
                recorded = encoder or _Recorded(base.manifest)
                draft.embed(recorded)
                draft.seal(number, recorded)
                publish(home, folder, number)
                discard(home)
    return report


class _Recorded:
    """The encoder that a manifest names, loaded only when a text must be encoded."""

    def __init__(self, manifest: Manifest) -> None:
        self.name = manifest.encoder
        self.dimension = manifest.dimension
        self.fingerprint = manifest.fingerprint
        self.prompts = dict(manifest.prefixes)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return load_encoder(self.name).encode_query(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return load_encoder(self.name).encode_document(texts)


def _kept(base: Generation) -> dict[tuple[str, str], str]:
    return {(key, role): blueprint_id for key, role, blueprint_id, duplicate in base.standings() if not duplicate}


def _left(base: Generation, pages: dict[str, Page], name: str) -> dict[str, Page]:
    """The pages that stay, those of several roles without the removed one."""
    sources = {key for key, page in pages.items() if stands_under(page, name)}
    if sources:
        return {key: page for key, page in pages.items() if key not in sources}
    standings = base.standings()
    doomed = {(key, slug(role)) for key, role, blueprint_id, _ in standings if name == blueprint_id}
    doomed = doomed or {(key, slug(role)) for key, role, _, _ in standings if slug(role) == slug(name)}
    if not doomed:
        names = {role for _, role, _, _ in standings} | {page.source for page in pages.values()}
        near = get_close_matches(name, sorted(names), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "'rolebook sources' and 'rolebook roles' list what is there."
        raise UnknownName(f"There is no source or role '{name}'. {hint}")
    left = {}
    for key, page in pages.items():
        gone = {role for place, role in doomed if place == key}
        if not gone:
            left[key] = page
        elif gone != {slug(role) for place, role, _, _ in standings if place == key}:
            left[key] = replace(page, without=page.without | gone)
    return left
