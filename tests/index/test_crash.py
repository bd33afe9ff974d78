"""Killed at any moment, or with a disk that fails: the index is the old one or the new one, and a rerun finishes."""

import os
import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index.crashing import FEW, Job, Nursery, nursery
from tests.index.scenes import NOTHING, SCENES, Scene, edit, pages, snapshot, strays

KILLS = 6  # of each kind; `python -m bench.crash` does 200


@pytest.fixture(scope="module")
def processes() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture(params=SCENES)
def scene(request: pytest.FixtureRequest, processes: Nursery, tmp_path: Path) -> Iterator[Scene]:
    with SCENES[request.param](processes, tmp_path) as made:
        yield made


def test_killed_at_random_moments(scene: Scene) -> None:
    chance = random.Random(7)
    for _ in range(KILLS):
        scene.broken_off(kill_after=chance.uniform(0, scene.seconds))
        scene.check()


def test_killed_at_random_moments_of_the_switch(scene: Scene) -> None:
    chance = random.Random(7)
    for _ in range(KILLS):
        scene.broken_off(in_switch=True, kill_after=chance.uniform(0, scene.switch_seconds))
        scene.check()


def test_killed_at_each_touch_of_a_file(scene: Scene) -> None:
    """The moments between two system calls that change something, where a random one rarely falls."""
    events = range(1, scene.events + 1)
    found = []
    for event in sorted(random.Random(7).sample(events, KILLS)) + list(events[-KILLS:]):
        assert scene.broken_off(kill_at_event=event).how == "killed"
        found.append(scene.check())
    assert found == sorted(found, reverse=True)  # the old one up to a moment, the new one from it on


def test_killed_again_and_again_nothing_grows(processes: Nursery, tmp_path: Path) -> None:
    job = Job("build", str(tmp_path / "home"), str(pages(tmp_path / "pages")))
    assert processes.run(job).how == "done"
    edit(tmp_path / "pages")
    chance = random.Random(7)
    for _ in range(KILLS):
        processes.run(Job(**{**vars(job), "kill_at_event": chance.randrange(1, 60)}))
    assert processes.run(job).how == "done"
    assert strays(tmp_path / "home") == []


def test_a_killed_build_encodes_only_the_rest(processes: Nursery, tmp_path: Path) -> None:
    job = Job("build", str(tmp_path / "home"), str(pages(tmp_path / "pages")))
    assert processes.run(job).message == "48"
    for batches in (1, 4):
        assert processes.run(Job(**{**vars(job), "home": job.home + "2", "kill_after_batch": batches})).how == "killed"
    end = processes.run(Job("build", job.home + "2", job.source))
    assert (end.how, end.message) == ("done", str(48 - 5 * FEW))
    assert snapshot(Path(job.home)) == snapshot(Path(job.home + "2"))
    assert strays(Path(job.home + "2")) == []


def test_a_disk_that_fails_to_flush(scene: Scene) -> None:
    for call in (1, 2, 5, 9):
        end = scene.broken_off(fail_fsync=call)
        assert end.how in ("StoreError", "done")[: 1 + (call > 1)], end  # done: it needed fewer
        assert end.how == "done" or "cannot be written (Input/output error)" in end.message
        scene.check()


def test_files_that_cannot_grow(scene: Scene) -> None:
    """What a quota or a full disk does to each file in turn, from the first page to the vectors."""
    for limit in (1, 100, 2_000, 10_000, 30_000):
        end = scene.broken_off(file_limit=limit)
        assert end.how in ("StoreError", "done")[: 1 + (limit > 1)], end
        assert end.how == "done" or "cannot be written" in end.message
        scene.check()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(processes: Nursery, disk: Path, tmp_path: Path) -> None:
    job = Job("build", str(disk / "home"), str(pages(tmp_path / "pages")))
    for free in (4_096, 20_480, 40_960, 81_920):
        refused_for_want_of_room(processes, job, disk, free, NOTHING)
    assert processes.run(job).how == "done"
    good = snapshot(disk / "home")
    edit(tmp_path / "pages")
    for free in (0, 4_096, 20_480, 61_440):
        refused_for_want_of_room(processes, job, disk, free, good)
    assert processes.run(job).how == "done"
    assert strays(disk / "home") == []


def refused_for_want_of_room(processes: Nursery, job: Job, disk: Path, free: int, index: str) -> None:
    """With so many bytes left on the disk, the job is refused and the index is as it was."""
    state = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"x" * (state.f_bavail * state.f_bsize - free))
    end = processes.run(job)
    assert (end.how, snapshot(disk / "home")) == ("StoreError", index), end
    assert re.search("No space left on device|disk is full", end.message)
    filler.unlink()


def test_a_read_only_disk_is_read_and_never_written(processes: Nursery, disk: Path, tmp_path: Path) -> None:
    job = Job("build", str(disk / "home"), str(pages(tmp_path / "pages")))
    assert processes.run(job).how == "done"
    good = snapshot(disk / "home")
    edit(tmp_path / "pages")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for do in ("build", "rebuild", "remove", "repair"):
        end = processes.run(Job(do, job.home, job.source))
        assert (end.how, "Read-only file system" in end.message) == ("StoreError", True)
    assert snapshot(disk / "home") == good
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    assert processes.run(job).how == "done"
