"""What docs/security.md promises and no other test shows; and that the tests it names are there."""

import ast
import gzip
import json
import logging
import re
import tomllib
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import keys
from api.http import create_app
from api.logs import JsonLines
from api.settings import Settings
from index.build import build
from index.library import Library
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.read import read_pages
from ingest.recognise import MAX_BYTES
from search.greetings import is_chatter
from search.ownership import relation_of
from search.reporting import ABOVE
from tests.conftest import WordEncoder
from tests.index.conftest import write_json

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ("ingest", "index", "search", "api") for path in (ROOT / package).rglob("*.py"))
MODULES_THAT_RUN = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "subprocess",
    "pty",
    "ctypes",
    "code",
}
CALLS_THAT_RUN = {"eval", "exec", "compile", "__import__"}
OF_OS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp"}
OPTIONS = {"shell": True, "allow_pickle": True, "trust_remote_code": True, "verify": False, "weights_only": False}


def runs(source: str) -> list[str]:
    """What in this code unpickles, evaluates, starts a process, or turns a check off."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names if name.name.split(".")[0] in MODULES_THAT_RUN]
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in MODULES_THAT_RUN:
                found.append(module)
            case ast.Call(func=ast.Name(id=name)) if name in CALLS_THAT_RUN:
                found.append(name)
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in OF_OS or name.startswith(
                ("exec", "spawn")
            ):
                found.append(f"os.{name}")
            case ast.Attribute(
                value=ast.Name(id="yaml"), attr="load" | "load_all" | "unsafe_load" | "full_load" as name
            ):
                found.append(f"yaml.{name}")
            case ast.Attribute(value=ast.Name(id="torch"), attr="load"):
                found.append("torch.load")
            case ast.keyword(arg=str(name), value=ast.Constant(value=bool(value))) if OPTIONS.get(name) is value:
                found.append(f"{name}={value}")
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from subprocess import run",
        "import os\nos.system('ls')",
        "import os\nos.execv('ls', [])",
        "eval('1')",
        "exec(text)",
        "__import__(name)",
        "import yaml\nyaml.load(text)",
        "import torch\ntorch.load(path)",
        "numpy.load(path, allow_pickle=True)",
        "httpx.Client(verify=False)",
        "AutoModel.from_pretrained(name, trust_remote_code=True)",
    ],
)
def test_the_scan_sees_what_runs(source: str) -> None:
    assert runs(source)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_unpickles_evaluates_or_starts_a_process(path: Path) -> None:
    assert runs(path.read_text(encoding="utf-8")) == []


def test_the_documented_tests_are_there() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## What was run")[0]
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| who", "| ---"))]
    assert len(rows) > 30
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row.split("|")[4])
        assert named, row
        for file, test in named:
            assert re.search(rf"^(?:async )?def {test}\(", (ROOT / file).read_text(encoding="utf-8"), re.M), test


def test_a_packed_file_is_read_to_the_limit_only(tmp_path: Path) -> None:
    bomb = tmp_path / "page.md.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as packed:
        for _ in range(MAX_BYTES // 2**20 * 3):
            packed.write(b"a" * 2**20)
    (page,) = read_pages(str(bomb))
    assert not isinstance(page, UnreadablePage)
    assert len(page.content) == MAX_BYTES + 1
    with pytest.raises(UnreadablePage, match="limit 32 MB"):
        parse(page)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in wanted} - {"rolebook"}  # type: ignore[index]
    pins = [line.split("#")[0].strip() for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!+-]+(?:\s*;.*)?", pin) for pin in pins if pin)
    assert names <= {pin.split("==")[0].lower().replace("_", "-") for pin in pins}


def test_keys_never_appear_in_logs_or_replies(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whether they are right, wrong, revoked, in the wrong place, or the language model's."""
    (tmp_path / "pages").mkdir()
    write_json(tmp_path / "pages", "Data Engineer")
    home = tmp_path / "home"
    build([str(tmp_path / "pages")], home, WordEncoder())
    _, right = keys.add(home, "chatbot")
    _, revoked = keys.add(home, "old")
    keys.revoke(home, "old")
    model_key = "sk-model-secret"
    settings = Settings(
        home=home,
        anonymous=False,
        log_questions=True,
        llm_url="http://127.0.0.1:9/v1",
        llm_key=model_key,
        llm_timeout=0.2,
    )
    told = []
    app = create_app(Library.open(home, WordEncoder()), settings)
    with caplog.at_level(logging.DEBUG), TestClient(app, base_url="http://127.0.0.1") as client:
        for key in (right, revoked, right[:-2] + "zz"):
            for headers in ({"Authorization": f"Bearer {key}"}, {"X-API-Key": key}, {"Authorization": key}):
                told.append(client.get("/v1/search?query=raw data", headers=headers))
                told.append(client.post("/v1/ask", json={"question": "Who guards raw data?"}, headers=headers))
            told.append(client.get(f"/v1/roles?key={key}"))
            told.append(client.get("/nowhere", headers={"Authorization": f"Bearer {key}"}))
        told.append(client.get("/metrics", headers={"X-API-Key": right}))
    assert {response.status_code for response in told} >= {200, 401}
    ours = [record for record in caplog.records if record.name.startswith(("rolebook", "uvicorn"))]
    assert any(record.getMessage() == "request" for record in ours)
    written = "\n".join(JsonLines().format(record) for record in ours)
    replied = "\n".join(response.text + json.dumps(dict(response.headers)) for response in told)
    for secret in (right, revoked, right.split("_", 2)[2], model_key):
        assert secret not in written
        assert secret not in replied


def test_what_can_be_read_in_many_ways_is_read_at_once():
    """Trying them all would not come to an end."""
    assert not is_chatter("so much " * 60 + "x")
    assert not is_chatter("thank you " * 60 + "x")
    assert not ABOVE.search("? who " * 1300)
    assert relation_of("the " * 60 + "invoice matching", role="Ledger Lead", path=()).actor is None
