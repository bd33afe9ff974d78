"""Indexes before and after a piece of work, and what is true of either whenever the work is broken off."""

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.generation import Generation
from index.manifest import FORMAT, current, finished, generation_folder
from ingest.errors import NoIndex
from tests.blog import Blog
from tests.index.conftest import write_json
from tests.index.crashing import End, Job, Nursery
from tests.webserver import serving

PLACES = re.compile(
    r"CURRENT|lock|generations/\d+/(?:manifest\.json|blueprints\.sqlite|vectors\.faiss|lexical\.safetensors)"
    r"|pages/[0-9a-f]{2}/[0-9a-f]{64}|syncs/[^/]+/(?:lock|state\.sqlite(?:-wal|-shm)?)"
)
NOTHING = "no index"


@dataclass
class Scene:
    """A home before a job, and what its index says before and after it."""

    nursery: Nursery
    job: Job
    before: Path  # a copy of the home
    old: str
    new: str
    seconds: float
    switch_seconds: float
    events: int

    def broken_off(self, **how: float | int | bool) -> End:
        """The job on a fresh copy of the home, with something going wrong."""
        restore(self.before, Path(self.job.home))
        return self.nursery.run(Job(**{**vars(self.job), **how}))

    def check(self) -> str:
        """The index is the old or the new one, whole; a rerun finishes and leaves nothing behind. Gives which it was."""
        home = Path(self.job.home)
        found = snapshot(home)
        assert found in (self.old, self.new), f"neither the old nor the new index after {self.job}"
        again = self.nursery.run(self.job)
        assert again.how == "done", again
        assert snapshot(home) == self.new
        assert strays(home) == []
        return "new" if found == self.new else "old"


def snapshot(home: Path) -> str:
    """A digest of everything that the current generation would answer from."""
    try:
        opened = Generation.open(home)
    except NoIndex:
        return NOTHING
    with closing(opened) as generation:
        rows = range(1, generation.manifest.passages + 1)
        told = [*generation.passages(rows), *generation.catalogue(), *generation.pages()]
        vectors = generation.vectors.get(list(rows)).tobytes()
        words = [generation.lexical.search(passage.text, 3)[1].tolist() for passage in generation.passages(rows)[:5]]
    assert generation.manifest.format == FORMAT
    return hashlib.sha256(repr((told, words)).encode() + vectors).hexdigest()


def strays(home: Path) -> list[str]:
    """Files that no index needs."""
    kept = {current(home), *finished(home)[-2:]}
    known = set()
    for number in kept:
        with closing(Generation.read(generation_folder(home, number))) as generation:
            known |= {page.sha256 for page in generation.pages().values()}
    found = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    return [
        place
        for place in found
        if not PLACES.fullmatch(place)
        or (place.startswith("generations/") and int(place.split("/")[1]) not in kept)
        or (place.startswith("pages/") and place.rpartition("/")[2] not in known)
    ]


def restore(before: Path, home: Path) -> None:
    shutil.rmtree(home, ignore_errors=True)
    if before.is_dir():
        shutil.copytree(before, home)


def pages(folder: Path, count: int = 8) -> Path:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        write_json(folder, f"Role {number} Manager", [f"Own matter {number}-{n} of area {n}" for n in range(6)])
    return folder


def edit(folder: Path) -> None:
    """One page changes, one comes, one goes."""
    write_json(folder, "Role 1 Manager", ["Own matter 1-0 of area 0", "A duty that is new"])
    write_json(folder, "Chief Data Officer", ["Answer for all data"])
    (folder / "role-2-manager.json").unlink()


def _scene(nursery: Nursery, job: Job, root: Path) -> Scene:
    home, before = Path(job.home), root / "before"
    if home.is_dir():
        shutil.copytree(home, before)
    old = snapshot(home)
    end = nursery.run(job)
    assert end.how == "done", end
    switching = end.seconds - end.switch_at if end.switch_at else end.seconds
    return Scene(nursery, job, before, old, snapshot(home), end.seconds, switching, end.events)


@contextmanager
def _first_build(nursery: Nursery, root: Path) -> Iterator[Scene]:
    yield _scene(nursery, Job("build", str(root / "home"), str(pages(root / "pages"))), root)


@contextmanager
def _update(nursery: Nursery, root: Path) -> Iterator[Scene]:
    job = Job("build", str(root / "home"), str(pages(root / "pages")))
    for number in range(3):  # so that an old generation has to be deleted
        write_json(root / "pages", "Role 3 Manager", [f"State {number}"])
        nursery.run(job)
    edit(root / "pages")
    yield _scene(nursery, job, root)


@contextmanager
def _rebuild(nursery: Nursery, root: Path) -> Iterator[Scene]:
    nursery.run(Job("build", str(root / "home"), str(pages(root / "pages"))))
    yield _scene(nursery, Job("rebuild", str(root / "home")), root)


@contextmanager
def _sync(nursery: Nursery, root: Path) -> Iterator[Scene]:
    with serving(Blog(8)) as blog:
        assert isinstance(blog, Blog)
        job = Job("sync", str(root / "home"), blog.url)
        nursery.run(job)
        blog.edit(2, "Retire old tables")
        blog.write(9, "Chief Data Officer")
        del blog.posts[3]
        yield _scene(nursery, job, root)


SCENES: dict[str, Callable[[Nursery, Path], "contextmanager[Scene]"]] = {  # type: ignore[type-arg]
    "build": _first_build,
    "update": _update,
    "rebuild": _rebuild,
    "sync": _sync,
}
