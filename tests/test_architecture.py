"""A folder imports those to its right, never to its left."""

import ast
from pathlib import Path

import pytest

ORDER = ("api", "search", "index", "ingest")
ROOT = Path(__file__).parent.parent
MODULES = sorted(path for package in ORDER for path in (ROOT / package).rglob("*.py"))
HOMES = {
    "bs4": "ingest",
    "langchain_text_splitters": "ingest",
    "faiss": "index",
    "torch": "index",
    "sentence_transformers": "index",
    "fastapi": "api",
    "starlette": "api",
    "pydantic": "api",
    "pydantic_settings": "api",
    "typer": "api",
    "rich": "api",
    "uvicorn": "api",
    "mcp": "api",
    "prometheus_client": "api",
}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


def test_every_package_is_looked_at():
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(ORDER)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_to_the_right(path):
    own = path.relative_to(ROOT).parts[0]
    left = set(ORDER[: ORDER.index(own)])
    assert not imported(path) & (left | {"tests"})


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_dependency_stays_in_its_place(path):
    own = path.relative_to(ROOT).parts[0]
    assert not {name for name in imported(path) if HOMES.get(name, own) != own}


def test_only_the_settings_read_the_environment():
    readers = []
    for path in MODULES:
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        defaults = [n.value.func.value for n in nodes if isinstance(n, ast.Expr) and is_default(n.value)]
        read = [n for n in nodes if isinstance(n, ast.Attribute) and n.attr in {"environ", "getenv"}]
        readers += [path.relative_to(ROOT).as_posix() for node in read if node not in defaults]
    assert readers == []


def is_default(node):
    """`os.environ.setdefault(...)` for a library to come, its value not looked at."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault"
