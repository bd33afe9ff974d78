"""A build on Ray gives the index that a build in one process gives, also where nodes die."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.build import build
from index.encoded import ENCODED
from index.encoders import load_encoder
from index.generation import Generation
from ingest.blueprint import Passage
from tests.conftest import WordEncoder
from tests.index.conftest import write_json
from tests.index.scenes import pages, snapshot
from tests.ray_nodes import ROOT, Cluster, environment, free_port, needed, wait_until

SAMPLES = ROOT / "corpus" / "pages"
WITHOUT_RAY = "import sys; sys.modules['ray'] = None"


starts_ray = pytest.mark.ray  # each starts a driver, and some a cluster, which takes minutes on a busy machine


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    needed()
    with Cluster() as made:
        made.add(2)
        yield made


@pytest.fixture
def alone(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that starts a Ray of its own."""
    needed()
    return environment(tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight roles of six passages, and a page that cannot be read."""
    made = pages(tmp_path / "pages")
    (made / "empty.md").write_text("")
    return made


def driver(task: str, environment: dict[str, str], **arguments: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.index.ray_driver", task, json.dumps(arguments)],
        env=environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """What a driver says, and nothing else; on stderr Ray may say that a node has died."""
    out, errors = process.communicate(timeout=180)
    assert process.returncode == 0, errors
    found: dict[str, Any] = json.loads(out)
    return found


def here(source: Path, home: Path) -> str:
    """The index that this process builds."""
    build([str(source)], home, WordEncoder())
    return snapshot(home)


def passages(home: Path) -> list[Passage]:
    with closing(Generation.open(home)) as generation:
        return list(generation.passages(range(1, generation.manifest.passages + 1)))


def encoded(home: Path, texts: int) -> bool:
    """Whether a build has encoded more texts than these."""
    path = home / ENCODED
    return path.exists() and path.stat().st_size > (texts + 1) * (2 * WordEncoder.dimension + 32)


@starts_ray
def test_a_cluster_gives_the_index_and_the_failures_of_a_build_here(
    cluster: Cluster, folder: Path, home: Path, tmp_path: Path
) -> None:
    local = build([str(folder)], tmp_path / "local", WordEncoder())
    more = {"sources": [str(folder)], "home": str(home), "load": "slow", "address": cluster.address}
    report = answer(driver("build", cluster.environment, **more))
    assert snapshot(home) == snapshot(tmp_path / "local")
    assert (report["new"], report["encoded"], report["failed"]) == (8, local.encoded, [str(local.failed[0])])


@starts_ray
def test_a_store_that_all_nodes_see_gives_the_same_passages_and_what_is_gone_from_it_is_dropped(
    cluster: Cluster, folder: Path, home: Path, tmp_path: Path
) -> None:
    build([str(folder)], tmp_path / "local", WordEncoder())
    more = {"sources": [folder.as_uri()], "home": str(home), "load": "slow", "address": cluster.address}
    report = answer(driver("build", cluster.environment, **more))
    assert passages(home) == passages(tmp_path / "local")
    assert report["new"] == 8
    (failed,) = report["failed"]
    assert failed.startswith(f"{folder.as_uri()}/empty.md: ")
    (folder / "role-3-manager.json").unlink()
    write_json(folder, "Role 4 Manager", ["Own something else"])
    report = answer(driver("build", cluster.environment, **more))
    assert {name: report[name] for name in ("changed", "unchanged", "dropped", "encoded")} == {
        "changed": 1,
        "unchanged": 6,
        "dropped": 1,
        "encoded": 1,
    }


@starts_ray
def test_a_node_with_another_model_is_refused(cluster: Cluster, folder: Path, home: Path) -> None:
    more = {"sources": [str(folder)], "home": str(home), "load": "other", "address": cluster.address}
    said = answer(driver("build", cluster.environment, **more))
    assert said["error"] == "ModelError", said
    assert "Install the same on every node" in said["says"]


@starts_ray
def test_a_node_killed_half_way_changes_nothing(cluster: Cluster, folder: Path, home: Path, tmp_path: Path) -> None:
    more = {"sources": [str(folder)], "home": str(home), "load": "slow", "texts": 2, "address": cluster.address}
    work = driver("build", cluster.environment, **more)
    wait_until(lambda: encoded(home, 8) or work.poll() is not None)
    assert encoded(home, 8)
    cluster.kill(0)
    report = answer(work)
    assert (report["encoded"], report["reused"]) == (48, 0)
    assert snapshot(home) == here(folder, tmp_path / "local")


@starts_ray
def test_where_no_node_is_left_the_build_says_so_and_a_rerun_goes_on(
    cluster: Cluster, folder: Path, home: Path, tmp_path: Path
) -> None:
    more = {"sources": [str(folder)], "home": str(home), "load": "slow", "texts": 2, "address": cluster.address}
    work = driver("build", cluster.environment, **more, patience=3)
    wait_until(lambda: encoded(home, 8) or work.poll() is not None)
    assert encoded(home, 8)
    for node in range(len(cluster.nodes)):
        cluster.kill(node)
    said = answer(work)
    assert said["error"] == "StoreError"
    assert "no node left that works" in said["says"]
    assert "Run the same command again" in said["says"]
    cluster.add()
    report = answer(driver("build", cluster.environment, **more))
    assert report["encoded"] <= 40
    assert report["encoded"] + report["reused"] == 48
    assert snapshot(home) == here(folder, tmp_path / "local")


@starts_ray
def test_the_command_gives_the_same_index_with_the_encoder_that_is_shipped(
    alone: dict[str, str], home: Path, tmp_path: Path
) -> None:
    source = tmp_path / "samples"
    source.mkdir()
    for page in sorted(SAMPLES.glob("*.md"))[:2]:
        shutil.copy2(page, source)
    report = build([str(source)], tmp_path / "local", load_encoder())
    said = subprocess.run(
        [sys.executable, "-c", "from api.cli import main; main()", "build", "--ray", str(source), "--json"],
        env=alone | {"ROLEBOOK_HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout)["passages"] == report.passages
    assert snapshot(home) == snapshot(tmp_path / "local")  # vectors to the last bit


@starts_ray
def test_a_ray_of_this_machine_is_reached_from_it_alone_and_draws_little_work_ahead(alone: dict[str, str]) -> None:
    said = answer(driver("probe", alone))
    assert said["results"] == [2 * number for number in range(40)]
    assert said["ahead"] == 4  # two for each of two cores
    assert {place.removeprefix("::ffff:") for place in said["listens"]} == {"127.0.0.1"}


@starts_ray
def test_each_worker_loads_its_encoder_once(alone: dict[str, str], folder: Path, home: Path, tmp_path: Path) -> None:
    loads = tmp_path / "loads"
    more = {"sources": [str(folder)], "home": str(home), "load": "words", "texts": 2, "workers": 2}
    assert answer(driver("build", alone | {"ROLEBOOK_TEST_LOADS": str(loads)}, **more))["encoded"] == 48
    workers = loads.read_text().split()
    assert len(workers) == len(set(workers)) <= 2


@starts_ray
def test_a_cluster_that_does_not_answer_is_named(alone: dict[str, str], folder: Path, home: Path) -> None:
    address = f"127.0.0.1:{free_port()}"
    said = answer(driver("build", alone, sources=[str(folder)], home=str(home), load="words", address=address))
    assert said["error"] == "StoreError"
    assert f"No Ray cluster answers at {address}" in said["says"]
    assert not home.exists()


def test_where_ray_is_not_installed_the_command_names_what_to_install(folder: Path, home: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", f"{WITHOUT_RAY}; from api.cli import main; main()", "build", str(folder), "--ray"],
        env=os.environ | {"ROLEBOOK_HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1
    assert said.stderr.count("\n") == 1
    assert "pip install -e .[ray] -c constraints.txt" in said.stderr


def test_a_build_without_it_does_not_import_ray() -> None:
    code = "import sys, index.ray_build, api.cli, api.local; sys.exit('ray' in sys.modules or 'fsspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
