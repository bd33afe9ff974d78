"""The library under load: searches off the event loop, and new generations taken up between two requests."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import TypeVar

from api.batching import BatchingEncoder
from index.generation import Generation
from index.library import Library, open_generation
from index.vectors import on_one_core
from ingest.errors import ModelMismatch, RolebookError

T = TypeVar("T")
LOG = logging.getLogger("rolebook.live")
POLL = 0.5  # seconds between two looks at CURRENT


class Busy(Exception):
    """More work is waiting than is allowed."""


class TooSlow(Exception):
    """The work took longer than is allowed."""


@dataclass
class _Open:
    """A library and how many read it."""

    library: Library
    readers: int = 0
    retired: bool = False


class Live:
    """Runs work over the current library; a replaced one is closed when its last reader has left."""

    def __init__(self, library: Library, *, workers: int, waiting: int, timeout: float) -> None:
        self._now = _Open(batched(library))
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="search", initializer=on_one_core)
        self._waiting = waiting
        self._timeout = timeout
        self.in_flight = 0
        self.ready = False
        self.switch_failures = 0

    @property
    def generation(self) -> Generation:
        return self._now.library.generation

    @contextmanager
    def lease(self) -> Iterator[Library]:
        """The current library, kept open until the block ends."""
        with self._lock:
            held = self._now
            held.readers += 1
        try:
            yield held.library
        finally:
            with self._lock:
                held.readers -= 1
                last = held.retired and held.readers == 0
            if last:
                held.library.close()

    async def run(self, work: Callable[[Library], T]) -> T:
        """Does the work in a thread, over one generation; raises Busy or TooSlow."""
        if self.in_flight >= self._waiting:
            raise Busy
        self.in_flight += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, self._leased, work)
        future.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._timeout)
        except TimeoutError as error:
            raise TooSlow from error

    def _leased(self, work: Callable[[Library], T]) -> T:
        with self.lease() as library:
            return work(library)

    def _done(self, future: "asyncio.Future[T]") -> None:
        self.in_flight -= 1
        if not future.cancelled():
            future.exception()  # seen, whether or not anyone still waits

    def switch(self) -> bool:
        """Takes up a new generation if there is one; True if it did. The old one stays if the new one is unusable."""
        here = self._now.library
        if here.generation.newest() == here.generation.manifest.generation:
            return False
        self._replace(_reopened(here))
        return True

    def _replace(self, library: Library) -> None:
        with self._lock:
            old, self._now = self._now, _Open(library)
            old.retired = True
            last = old.readers == 0
        if last:
            old.library.close()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            try:
                if await asyncio.to_thread(self.switch):
                    LOG.info("serving generation %d", self.generation.manifest.generation)
            except (RolebookError, OSError) as error:
                self.switch_failures += 1
                LOG.warning("the new generation cannot be served: %s", error)
                await asyncio.sleep(20 * POLL)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Warm from here on; at the end, what has begun is finished and everything is closed."""
        started = time.perf_counter()
        await asyncio.get_running_loop().run_in_executor(self._pool, self._leased, _warm_up)
        self.ready = True
        LOG.info(
            "ready with generation %d after %.2f s",
            self.generation.manifest.generation,
            time.perf_counter() - started,
        )
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.ready = False
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch
            await asyncio.to_thread(self._pool.shutdown)
            self._now.library.close()


def batched(library: Library) -> Library:
    """The library with its encoder shared among threads."""
    if isinstance(library.encoder, BatchingEncoder):
        return library
    return Library(library.home, library.generation, BatchingEncoder(library.encoder), library.store)


def _reopened(old: Library) -> Library:
    """The current generation with the old encoder, or with the one that it needs."""
    generation = open_generation(old.home, old.store)
    try:
        generation.check(old.encoder)
    except ModelMismatch:
        generation.close()
        return batched(Library.open(old.home, store=old.store))
    return Library(old.home, generation, old.encoder, old.store)


def _warm_up(library: Library) -> None:
    """Loads what the first question would otherwise wait for."""
    vectors = library.encoder.encode_query(["who owns drift monitoring?"])
    if library.generation.manifest.passages:
        library.generation.vectors.search(vectors, 1, None)
