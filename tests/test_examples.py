"""Every example runs against a real server, where its client is installed."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.http import create_app
from api.settings import Settings
from index.build import build
from index.library import Library
from tests.api.conftest import PAGES
from tests.conftest import WordEncoder
from tests.serving import serving

EXAMPLES = Path(__file__).parent.parent / "examples"
QUESTION = "Own drift monitoring for all production models"
QUOTE = "Own drift monitoring for all production models and set its thresholds."


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    home, pages = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (pages / name).write_text(text, encoding="utf-8")
    build([str(pages)], home, WordEncoder())
    with serving(create_app(Library.open(home, WordEncoder()), Settings(home=home))) as address:
        yield address


def run(server, *command, stdin=""):
    environment = {**os.environ, "ROLEBOOK_URL": server, "no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def needs(module):
    there = importlib.util.find_spec(module) is not None
    return pytest.mark.skipif(not there, reason=f"{module} is not installed")


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_curl(server):
    assert QUOTE in run(server, str(EXAMPLES / "ask.sh"), QUESTION)


def test_the_chatbot(server):
    said = run(server, sys.executable, str(EXAMPLES / "chatbot.py"), stdin=f"{QUESTION}\nthanks\n")
    assert QUOTE in said
    assert "[1] MLOps Manager: https://example.org/mlops-manager/#:~:text=" in said
    assert "You're welcome." in said


@needs("openai")
def test_openai_for_python(server):
    assert QUOTE in run(server, sys.executable, str(EXAMPLES / "openai_client.py"), QUESTION)


def needs_node(*packages):
    """Looks where the examples do: in node_modules beside them or above."""
    script = "; ".join(f"await import({json.dumps(package)})" for package in packages)
    command = [shutil.which("node") or "", "--input-type=module", "-e", script]
    there = bool(command[0]) and not subprocess.run(command, cwd=EXAMPLES, capture_output=True).returncode
    reason = f"Node or its {' or '.join(packages)} package is not installed (npm install in examples/)"
    return pytest.mark.skipif(not there, reason=reason)


@needs_node("openai")
def test_openai_for_node(server):
    said = run(server, "node", str(EXAMPLES / "openai_client.mjs"), QUESTION)
    assert QUOTE in said
    assert "https://example.org/mlops-manager/#:~:text=" in said


@needs_node("ai", "@ai-sdk/openai-compatible")
def test_the_vercel_ai_sdk(server):
    said = run(server, "node", str(EXAMPLES / "vercel_ai.mjs"), "What are the KPIs of the MLOps Manager?")
    first, _, second = said.partition("Core Responsibilities")
    assert "Models with drift alerts" in first
    assert "[1] MLOps Manager: https://example.org/mlops-manager/#:~:text=" in first
    assert QUOTE in second
    assert "[1] MLOps Manager: https://example.org/mlops-manager/#:~:text=" in second
    assert re.search(r"^[1-9]\d* tokens$", second, re.M)


@needs("langchain_openai")
def test_langchain(server):
    said = run(server, sys.executable, str(EXAMPLES / "langchain_chat.py"))
    assert "Models with drift alerts" in said
    assert QUOTE in said


def test_an_mcp_client(server):
    said = run(server, sys.executable, str(EXAMPLES / "mcp_client.py"), "drift monitoring")
    assert "find_owners" in said.splitlines()[0]
