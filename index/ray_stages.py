"""The two stages of a build on a Ray cluster; what a worker does is what this process would do."""

import hashlib
import logging
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from index.encoders import Encoder, Vectors, load_encoder
from index.onnx_encoder import OnnxEncoder
from index.ray_cluster import PATIENCE, RETRIES, cluster_cores, spread, watched
from index.stages import Batch, Encodings, Readings, ReadPage, Stages, read_page
from index.texts import document_vectors
from ingest.blueprint import RawPage
from ingest.errors import ModelError, RolebookError, StoreError, UnreadablePage
from ingest.objects import read_object

TEXTS = 1024  # encoded by one task; 2,048 take 2.5 % less work, but the last ones leave more workers idle
PAGES = 16  # read by one task
BYTES = 4 * 2**20  # of pages from which on a task is full
BLOCKS = 8  # of names a core, so that none waits for the last one long
NAMES = 256  # in a block at most
WORK = ("encoders", "onnx_encoder", "ray_stages", "records", "stages", "tables", "texts")  # modules that workers use

Load = Callable[[str], Encoder]
Numbered = tuple[int, RawPage]
Reading = tuple[int, ReadPage | UnreadablePage]


@dataclass(frozen=True, slots=True)
class CutPage(RawPage):
    """A page that a worker fetched, and has read already."""

    reading: ReadPage | UnreadablePage | None = None


def ray_stages(load: Load = load_encoder, patience: float = PATIENCE) -> Stages:
    """Stages of the cluster that this process is connected to; each worker loads its encoder by name, once."""
    return Stages(partial(_read, patience), partial(_encode, load, patience))


def fetched(names: Sequence[str], patience: float = PATIENCE) -> Iterator[RawPage | RolebookError]:
    """The pages of a store that all nodes see, fetched, cleaned and cut by them with Ray Data."""
    import ray.data

    logging.getLogger("ray.data").setLevel(logging.ERROR)
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = context.print_on_execution_start = False
    blocks = max(BLOCKS * cluster_cores(), -(-len(names) // NAMES), 1)
    data = ray.data.from_items([{"name": name} for name in names], override_num_blocks=blocks)
    rows = data.map_batches(_fetch, fn_kwargs={"code": code()}, batch_size=PAGES, num_cpus=1).iter_rows()
    for row in watched(rows, patience):
        if isinstance(row["page"], StoreError):
            raise row["page"]
        yield row["page"]


def _read(patience: float, pages: Iterable[Numbered]) -> Readings:
    task = _task(_read_pages)

    def submit(group: list[Numbered]) -> Any:
        if isinstance(group[0][1], CutPage):
            return [(number, page.reading) for number, page in group if isinstance(page, CutPage)]
        return task.remote(code(), group)

    for readings in spread(_groups(pages), submit, patience):
        yield from readings


def _encode(load: Load, patience: float, encoder: Encoder, batches: Iterable[Batch]) -> Encodings:
    task = _task(_vectors)

    def submit(batch: Batch) -> Any:
        return task.remote(code(), load, encoder.name, encoder.fingerprint, batch)

    return spread(_parts(batches), submit, patience)


def _task(function: Callable[..., Any]) -> Any:
    import ray

    return ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(function)


def _parts(batches: Iterable[Batch]) -> Iterator[Batch]:
    for batch in batches:
        for at in range(0, len(batch.hashes), TEXTS):
            part = slice(at, at + TEXTS)
            yield Batch(batch.hashes[part], batch.contexts[part], batch.texts[part])


def _groups(pages: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Pages for one task each; a page that was read already by itself."""
    group: list[Numbered] = []
    size = 0
    for number, page in pages:
        if isinstance(page, CutPage):
            yield [(number, page)]
            continue
        group.append((number, page))
        size += len(page.content)
        if len(group) == PAGES or size >= BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


# on a worker


def _fetch(batch: dict[str, Any], code: str) -> dict[str, Any]:
    """Pages, or StoreError in their place: of what is raised here, Ray Data gives back a text alone."""
    pages = np.empty(len(batch["name"]), dtype=object)
    try:
        _require_same(code)
        pages[:] = [_cut(read_object(str(name))) for name in batch["name"]]
    except StoreError as error:
        pages[:] = error
    return {"page": pages}


def _cut(page: RawPage | UnreadablePage) -> CutPage | UnreadablePage:
    if isinstance(page, UnreadablePage):
        return page
    return CutPage(page.source, page.content, page.media_type, page.fetched_at, read_page(page))


def _read_pages(code: str, pages: Sequence[Numbered]) -> list[Reading]:
    _require_same(code)
    return [(number, read_page(page)) for number, page in pages]


def _vectors(code: str, load: Load, name: str, fingerprint: str, batch: Batch) -> tuple[tuple[str, ...], Vectors]:
    _require_same(code)
    return batch.hashes, document_vectors(_encoder(load, name, fingerprint), batch.contexts, batch.texts)


@cache
def _encoder(load: Load, name: str, fingerprint: str) -> Encoder:
    """The encoder of this worker, on one core."""
    encoder = load(name)
    if encoder.fingerprint != fingerprint:
        raise ModelError(
            f"{socket.gethostname()}: its encoder '{name}' is another one. Install the same on every node."
        )
    if isinstance(encoder, OnnxEncoder):
        encoder.threads = 1
    return encoder


def _require_same(code_of_driver: str) -> None:
    if code() != code_of_driver:
        raise StoreError(f"{_node()}: its Rolebook is another one. Install the same on every node.")


def _node() -> str:
    return f"The node {socket.gethostname()}"


@cache
def code() -> str:
    """SHA-256 over the code on which passages and vectors hang."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in [*sorted((here.parent / "ingest").rglob("*.py")), *(here / f"{name}.py" for name in WORK)]:
        digest.update(f"{path.relative_to(here.parent).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()
