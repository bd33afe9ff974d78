"""The official client of the Model Context Protocol, in process, over HTTP and over stdio."""

import json
import os
import sys
from contextlib import asynccontextmanager

import anyio
import httpx
import jsonschema
import pytest
from mcp import Client, StdioServerParameters
from mcp.shared.exceptions import MCPError

from api.asking import Asker
from api.live import Live
from api.mcp_server import create
from api.metrics import Metrics
from index.library import Library
from tests.conftest import WordEncoder

TOOLS = [
    *("search", "ask", "find_owners", "similar_responsibilities", "compare_roles"),
    *("fetch", "get_role_section", "list_roles"),
]
QUOTE = "Own drift monitoring for all production models and set its thresholds."


@asynccontextmanager
async def in_process(home, mode="auto"):
    live = Live(Library.open(home, WordEncoder()), workers=2, waiting=8, timeout=10)
    async with live.serving(), Client(create(Asker(live, Metrics(live), None)), mode=mode) as client:
        yield client


def talk(work, *args):
    return anyio.run(work, *args)


def test_every_tool_answers_as_its_schema_says(word_home):
    async def work():
        async with in_process(word_home) as client:
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == TOOLS
            for tool in tools:
                assert (tool.annotations.read_only_hint, tool.annotations.idempotent_hint) == (True, True)
                assert tool.description
                assert tool.input_schema["additionalProperties"] is False
            schemas = {tool.name: tool.output_schema for tool in tools}
            found = await client.call_tool("search", {"query": "own drift monitoring", "k": 2})
            calls = {
                "search": {"query": "own drift monitoring", "role": ["MLOps Manager"]},
                "ask": {"question": "Own drift monitoring for all production models"},
                "find_owners": {"matter": "drift monitoring for all production models"},
                "similar_responsibilities": {"text": found.structured_content["results"][0]["id"]},
                "compare_roles": {"roles": ["MLOps Manager", "Data Engineer"]},
                "fetch": {"id": found.structured_content["results"][0]["id"]},
                "get_role_section": {"role": "Data Engineer", "topic": "kpis"},
                "list_roles": {"level": ["manager"]},
            }
            for name, arguments in calls.items():
                told = await client.call_tool(name, arguments)
                assert not told.is_error, told
                jsonschema.validate(told.structured_content, schemas[name])
                assert json.loads(told.content[0].text) == told.structured_content
            return [await client.call_tool(name, calls[name]) for name in ("search", "fetch", "get_role_section")]

    search, fetch, section = talk(work)
    first = search.structured_content["results"][0]
    assert {"id", "title", "url"} <= set(first)
    assert first["text"] == QUOTE
    assert fetch.structured_content["text"] == QUOTE
    assert [part["topic"] for part in section.structured_content["sections"]] == ["kpis"]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search", {"query": ""}, "query"),
        ("search", {"query": "a", "colour": "b"}, "colour"),
        ("search", {"query": "a", "k": 0}, "k"),
        ("search", {"query": "a", "role": ["MLOps Manger"]}, "Did you mean 'MLOps Manager'"),
        ("fetch", {"id": "nobody#123456"}, "no passage"),
        ("compare_roles", {"roles": ["MLOps Manager"]}, "roles"),
        ("get_role_section", {"role": "Data Engineer", "topic": "risks"}, "It has:"),
    ],
)
def test_a_mistake_is_told_in_words(word_home, tool, arguments, words):
    async def work():
        async with in_process(word_home) as client:
            return await client.call_tool(tool, arguments)

    told = talk(work)
    assert told.is_error
    assert words in told.content[0].text


def test_roles_are_resources(word_home):
    async def work():
        async with in_process(word_home) as client:
            listed = await client.read_resource("rolebook://roles")
            entries = json.loads(listed.contents[0].text)["roles"]
            page = await client.read_resource(f"rolebook://roles/{entries[1]['blueprint_id']}")
            assert QUOTE in page.contents[0].text
            assert page.contents[0].mime_type == "text/markdown"
            with pytest.raises(MCPError, match="welder"):
                await client.read_resource("rolebook://roles/welder")

    talk(work)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_streamable_http(server, mode):
    async def work():
        async with Client(f"{server}/mcp", mode=mode) as client:
            assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
            told = await client.call_tool("search", {"query": "own drift monitoring", "k": 1})
            return told.structured_content["results"][0]["text"]

    assert talk(work) == QUOTE


def test_pages_of_strangers_may_not_call(server):
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"Accept": "application/json, text/event-stream"}

    def status(**headers):
        return httpx.post(f"{server}/mcp", json=call, headers=accept | headers, trust_env=False).status_code

    assert status(Origin="https://evil.example") == 403
    assert status(Host="evil.example") == 421
    assert status(Origin=server) not in (403, 421)


def test_stdio(word_home, tmp_path):
    code = "from api.cli import main; main()"
    script = tmp_path / "server.py"
    script.write_text(
        "import index.library\nfrom tests.conftest import WordEncoder\n"
        f"index.library.load_encoder = lambda name: WordEncoder()\n{code}\n"
    )
    environment = {**os.environ, "ROLEBOOK_HOME": str(word_home), "PYTHONPATH": os.getcwd()}
    parameters = StdioServerParameters(command=sys.executable, args=[str(script), "mcp"], env=environment)

    async def work():
        async with Client(parameters) as client:
            told = await client.call_tool("find_owners", {"matter": "drift monitoring for all production models"})
            return told.structured_content["kind"]

    assert talk(work) == "owners"
