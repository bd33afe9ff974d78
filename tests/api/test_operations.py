"""Keys, limits, headers, figures, logs: what an operator counts on."""

import asyncio
import json
import logging
import os
import re
import resource
import signal
import socket
import threading
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api import keys
from api.http import create_app
from api.logs import JsonLines
from api.rate import RateLimit
from api.settings import Settings
from index.build import build
from index.library import Library
from ingest.errors import StoreError, UnknownName
from tests.conftest import WordEncoder
from tests.serving import serving
from tests.serving_process import process


def app(home, **settings):
    return create_app(Library.open(home, WordEncoder()), Settings(home=home, **settings))


def local(home, **settings):
    return TestClient(app(home, **settings), base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture
def home(pages, tmp_path):
    build([str(pages)], tmp_path / "home", WordEncoder())
    return tmp_path / "home"


def bearer(key):
    return {"Authorization": f"Bearer {key}"}


def test_a_key_opens_until_it_is_revoked(home):
    record, key = keys.add(home, "chatbot")
    with local(home, anonymous=False) as client:
        asked = [client.get("/v1/roles", headers=headers).status_code for headers in ({}, bearer(key))]
        assert asked == [401, 200]
        assert client.get("/v1/roles", headers={"X-API-Key": key}).status_code == 200
        for wrong in (key[:-1], key[:-1] + "~", "rb_", f"rb_{record.id}_{'a' * 43}", "x" * 10_000):
            refused = client.get("/v1/roles", headers=bearer(wrong))
            assert (refused.status_code, refused.json()["code"]) == (401, "unauthorized")
            assert refused.headers["www-authenticate"] == "Bearer"
            assert key[16:] not in refused.text
        keys.revoke(home, "chatbot")
        assert client.get("/v1/roles", headers=bearer(key)).status_code == 401
        assert client.get("/healthz").status_code == 200
        refused = client.post("/v1/chat/completions", json={"model": "rolebook", "messages": []})
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
        assert client.post("/mcp", json={}).status_code == 401


def test_without_keys_a_foreign_one_is_no_hindrance_but_a_revoked_one_is(home):
    _, key = keys.add(home, "old")
    keys.revoke(home, "old")
    with local(home) as client:
        assert client.get("/v1/roles", headers=bearer("sk-anything")).status_code == 200
        assert client.get("/v1/roles", headers=bearer(key)).status_code == 401


def test_keys_are_kept_hashed_and_for_their_owner_only(tmp_path):
    record, key = keys.add(tmp_path, "chatbot", rate=5)
    text = (tmp_path / "keys.json").read_text()
    assert key not in text
    assert key.rsplit("_", 1)[1] not in text
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    ring = keys.KeyRing(tmp_path)
    assert ring.check(key) == record
    assert ring.check(key + "a") is None
    with pytest.raises(UnknownName, match="rolebook keys list"):
        keys.revoke(tmp_path, "nobody")
    (tmp_path / "keys.json").write_text("{")
    with pytest.raises(StoreError, match=r"keys\.json"):
        keys.KeyRing(tmp_path).check(key)


def test_not_on_loopback_nobody_reads_without_a_key(home):
    assert Settings(home=home, host="0.0.0.0").reads_anonymously is False
    assert Settings(home=home, host="0.0.0.0", anonymous=True).reads_anonymously is True
    assert Settings(home=home).reads_anonymously is True


def test_a_bucket_fills_by_the_minute():
    now = [0.0]
    limit = RateLimit(lambda: now[0])
    assert [limit.wait("a", 2) for _ in range(3)] == [0, 0, 30]
    assert limit.wait("b", 2) == 0
    now[0] = 29.9
    assert limit.wait("a", 2) == 1
    now[0] = 30.1
    assert [limit.wait("a", 2), limit.wait("a", 2)] == [0, 30]
    assert [limit.wait("c", 0) for _ in range(100)] == [0] * 100


def test_too_many_requests_are_told_when_to_come_back(home):
    _, fast = keys.add(home, "fast", rate=0)
    with local(home, rate=2) as client:
        told = [client.get("/v1/roles") for _ in range(3)]
        assert [response.status_code for response in told] == [200, 200, 429]
        assert 1 <= int(told[2].headers["retry-after"]) <= 30
        assert {client.get("/v1/roles", headers=bearer(fast)).status_code for _ in range(5)} == {200}
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b'{"query": "' + b"a" * 2_000_000 + b'"}', {}, 413),
        (b'{"query": "\xff\xfe"}', {}, 400),
        (b'{"query": ', {}, 422),
        (b"[" * 100_000, {}, 400),
        (b'{"query":' * 50_000, {}, 400),
        (b'{"query": "\\ud800"}', {}, 422),
        (b'{"\\ud800": 1}', {}, 422),
        (b'{"query": "a", "k": NaN}', {}, 422),
        (b'{"query": "a"}', {"Content-Type": "text/plain"}, 422),
        (b"", {}, 422),
    ],
    ids=["large", "utf-8", "cut", "deep", "deep objects", "surrogate", "surrogate name", "nan", "type", "empty"],
)
def test_hostile_bodies(client, body, headers, status):
    response = client.post("/v1/search", content=body, headers={"Content-Type": "application/json"} | headers)
    assert response.status_code == status
    assert response.json()["status"] == status


def test_a_slow_or_endless_body_is_not_waited_for(home):
    with serving(app(home, timeout=0.5, max_body=1000)) as address:
        host, port = address.removeprefix("http://").split(":")
        head = f"POST /v1/search HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((host, int(port)), timeout=10) as slow:
            slow.sendall(f"{head}Content-Length: 100\r\n\r\n{{".encode())
            assert slow.recv(1000).startswith(b"HTTP/1.1 408")
        with socket.create_connection((host, int(port)), timeout=10) as declared:
            declared.sendall(f"{head}Content-Length: 1001\r\n\r\n{{".encode())
            assert declared.recv(1000).startswith(b"HTTP/1.1 413")
        with socket.create_connection((host, int(port)), timeout=10) as endless:
            endless.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + b"400\r\n" + b"a" * 1024 + b"\r\n")
            assert endless.recv(1000).startswith(b"HTTP/1.1 413")


class Slow(WordEncoder):
    """An encoder that waits until it may go on, once it is warm."""

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "go_on", threading.Event())
        object.__setattr__(self, "at_work", threading.Event())
        self.go_on.set()

    def encode_query(self, texts):
        self.at_work.set()
        self.go_on.wait(10)
        return super().encode_query(texts)


@pytest.fixture
def slow(home):
    """A service whose encoder can be held, with room for two."""
    encoder = Slow()
    settings = Settings(home=home, concurrency=2, timeout=1.0)
    with serving(create_app(Library.open(home, encoder), settings)) as address:
        yield encoder, address
        encoder.go_on.set()


def test_more_than_can_wait_are_sent_away_and_slow_work_is_given_up(slow):
    encoder, address = slow
    encoder.go_on.clear()

    async def work():
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            told = await asyncio.gather(*(client.get("/v1/search?query=drift") for _ in range(3)))
            health = await client.get("/healthz")
            return told, health

    told, health = asyncio.run(work())
    assert sorted(response.json()["code"] for response in told) == ["busy", "too_slow", "too_slow"]
    assert {response.status_code for response in told} == {503}
    assert all(int(response.headers["retry-after"]) > 0 for response in told)
    assert health.status_code == 200
    encoder.go_on.set()
    deadline = time.monotonic() + 5
    while httpx.get(f"{address}/v1/search?query=drift", trust_env=False).status_code != 200:
        assert time.monotonic() < deadline


def test_a_switch_of_generations_under_load(pages, tmp_path):
    """Every answer is whole and of one generation: before the switch one role, after it two."""
    home = tmp_path / "home"
    build([str(pages / "mlops-manager.md")], home, WordEncoder())
    seen: list[tuple[int, int]] = []

    async def load(address, until):
        async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
            while not until.is_set():
                roles = await client.get("/v1/roles")
                found = await client.get("/v1/search?query=drift&group_by=role")
                seen.append((len(roles.json()["roles"]), len(found.json()["roles"])))
                assert {roles.status_code, found.status_code} == {200}

    async def work(address):
        until = asyncio.Event()
        tasks = [asyncio.create_task(load(address, until)) for _ in range(8)]
        await asyncio.to_thread(build, [str(pages)], home, WordEncoder())
        deadline = time.monotonic() + 10
        while not any(pair == (2, 2) for pair in seen[-8:]) and time.monotonic() < deadline:
            await asyncio.sleep(0.05)
        until.set()
        await asyncio.gather(*tasks)

    with serving(app(home)) as address:
        asyncio.run(work(address))
    assert seen[-1] == (2, 2)
    assert set(seen) <= {(1, 1), (1, 2), (2, 2)}


@asynccontextmanager
async def silent_model():
    """A language model's address that takes requests and never answers, and its open connections."""
    held = set()

    async def hold(reader, writer):
        held.add(writer)
        with suppress(ConnectionError):
            while await reader.read(65_536):
                pass
        held.discard(writer)
        writer.close()

    async with await asyncio.start_server(hold, "127.0.0.1", 0) as listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/v1", held


def used_by(pid):
    """Open descriptors, threads, and resident megabytes of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    threads, kilobytes = (int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("Threads", "VmRSS"))
    return len(os.listdir(f"/proc/{pid}/fd")), threads, kilobytes // 1024


async def half_a_stream(address):
    """Opens a streamed answer, and reads its first claim."""
    reader, writer = await asyncio.open_connection(*address.removeprefix("http://").split(":"))
    writer.write(b"GET /v1/ask?stream=true&question=Own+drift+monitoring HTTP/1.1\r\nHost: localhost\r\n\r\n")
    told = await asyncio.wait_for(reader.readuntil(b"event: claim"), 60)
    assert told.startswith(b"HTTP/1.1 200")
    return writer


async def eventually(found, seconds=20):
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


@pytest.fixture
def many_files():
    """As many open files as 500 connections need on both sides."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 4096:
        pytest.skip(f"this machine allows {hard} open files, 4096 are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 4096), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_500_dropped_streams_leave_nothing_behind(word_home):
    """All are open at once, each waiting for a model's words; dropping them ends their work and harms nobody else."""

    async def a_wave(client, address, held, streams):
        writers = await asyncio.gather(*(half_a_stream(address) for _ in range(streams)))
        await eventually(lambda: len(held) == streams)
        assert f"http_requests_in_progress {streams + 1}.0" in (await client.get("/metrics")).text
        others = asyncio.gather(*(client.get("/v1/search?query=load+tables") for _ in range(20)))
        for writer in writers:
            writer.close()
        assert {response.status_code for response in await others} == {200}
        await eventually(lambda: not held)
        while "http_requests_in_progress 1.0" not in (await client.get("/metrics")).text:
            await asyncio.sleep(0.05)

    async def work():
        async with silent_model() as (model, held):
            settings = {"LLM_URL": model, "LLM_TIMEOUT": "120", "CONCURRENCY": "600", "LOG_LEVEL": "error"}
            with process(word_home, **{f"ROLEBOOK_{name}": value for name, value in settings.items()}) as (
                server,
                address,
            ):
                async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
                    await a_wave(client, address, held, 500)
                    before = used_by(server.pid)
                    await a_wave(client, address, held, 500)
                    return before, used_by(server.pid)

    before, after = asyncio.run(asyncio.wait_for(work(), 120))
    descriptors, threads, megabytes = (now - then for now, then in zip(after, before, strict=True))
    assert (descriptors <= 2, threads <= 2, megabytes <= 50) == (True, True, True), (before, after)


def test_headers_keep_browsers_careful(client):
    for path in ("/v1/roles", "/nowhere", "/v1/search"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "access-control-allow-origin" not in headers
        assert "server" not in headers
    assert client.get("/v1/roles", headers={"Host": "evil.example"}).status_code == 421


def test_other_origins_only_where_named(home, client):
    preflight = {"Origin": "https://chat.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in client.options("/v1/ask", headers=preflight).headers
    assert "access-control-allow-origin" not in client.get("/v1/roles", headers=preflight).headers
    with local(home, cors_origins="https://chat.example", anonymous=False) as client:
        allowed = client.options("/v1/ask", headers=preflight)
        assert allowed.headers["access-control-allow-origin"] == "https://chat.example"
        other = client.options("/v1/ask", headers=preflight | {"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers


def test_a_request_keeps_its_id(client):
    assert client.get("/v1/roles", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"] == "abc-1"
    made = client.get("/v1/roles", headers={"X-Request-ID": "a b\x7f" * 50}).headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", made)


CHAT = {"model": "rolebook", "messages": [{"role": "user", "content": "who owns the zebra?"}]}
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "find_owners", "arguments": {"matter": "zebra"}},
}


@pytest.mark.parametrize("tell", [False, True])
def test_logs_hold_questions_only_if_asked_for(home, caplog, tell):
    with caplog.at_level(logging.INFO), local(home, log_questions=tell) as client:
        client.get("/v1/search?query=drift zebra", headers={"X-Request-ID": "abc"})
        client.get("/v1/search?query=drift zebra&role=nobody")
        client.post("/v1/ask", json={"question": "who owns the zebra?"})
        client.get("/v1/facets?query=zebra")
        client.get("/v1/owners?matter=zebra")
        client.post("/v1/chat/completions", json=CHAT)
        client.post("/v1/responses", json={"model": "rolebook", "input": "who owns the zebra?"})
        client.post("/mcp", json=CALL, headers={"Accept": "application/json, text/event-stream"})
    ours = [record for record in caplog.records if record.name.startswith("rolebook")]
    lines = [json.loads(JsonLines().format(record)) for record in ours]
    requests = [line for line in lines if line["message"] == "request"]
    assert [(line["handler"], line["status"]) for line in requests] == [
        ("/v1/search", 200),
        ("/v1/search", 404),
        ("/v1/ask", 200),
        ("/v1/facets", 200),
        ("/v1/owners", 200),
        ("/v1/chat/completions", 200),
        ("/v1/responses", 200),
        ("/mcp", 200),
    ]
    assert requests[0]["request_id"] == "abc"
    assert ("zebra" in json.dumps(lines)) is tell


def test_metrics_are_counted(home):
    with local(home) as client:
        client.get("/v1/ask?question=Own drift monitoring for all production models")
        client.get("/v1/ask?question=onion soup recipe")
        client.get("/v1/roles/nobody")
        client.get("/nowhere/else")
        text = client.get("/metrics").text
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["http_requests_total", "/v1/ask", "200", "GET"] == 2
    assert samples["http_requests_total", "/v1/roles/{name:path}", "404", "GET"] == 1
    assert samples["http_requests_total", "404", "GET", "none"] == 1
    assert sum(value for name, value in samples.items() if name[0] == "rolebook_abstentions_total") == 1
    assert sum(value for name, value in samples.items() if name[0] == "rolebook_answers_total") == 1
    assert (samples["rolebook_index_generation",], samples["rolebook_index_blueprints",]) == (1, 2)


def test_not_ready_before_it_is_warm(home):
    cold = TestClient(app(home), base_url="http://127.0.0.1")
    assert cold.get("/readyz").status_code == 503
    assert cold.get("/healthz").status_code == 200
    with cold:
        assert cold.get("/readyz").json() == {"status": "ready", "generation": 1, "blueprints": 2}


def test_a_stop_finishes_what_has_begun(word_home):
    async def work():
        async with silent_model() as (model, held):
            with process(word_home, ROLEBOOK_LLM_URL=model, ROLEBOOK_LLM_TIMEOUT="2") as (server, address):
                async with httpx.AsyncClient(base_url=address, trust_env=False, timeout=60) as client:
                    asking = asyncio.create_task(client.get("/v1/ask?question=Own+drift+monitoring"))
                    await eventually(lambda: held)
                    server.send_signal(signal.SIGTERM)
                    told = await asking
                _, errors = await asyncio.to_thread(server.communicate, timeout=60)
                return server, told, errors

    server, told, errors = asyncio.run(work())
    assert told.status_code == 200
    assert told.json()["answerable"]
    assert server.returncode in (0, -signal.SIGTERM)
    assert all(json.loads(line) for line in errors.splitlines())
    assert "drift" not in errors
