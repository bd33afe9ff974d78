import json
import time
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.http import create_app
from api.settings import Settings
from index.build import build
from index.library import Library
from ingest.errors import DamagedIndex
from tests.conftest import WordEncoder

HIT = ["passage_id", "blueprint_id", "role", "topic", "path", "text", "start", "end", "url", "score", "scores"]
ANSWER = ["question", "kind", "answerable", "reason", "answer", "roles", "claims", "citations", "confidence"]


def test_a_search_gives_the_right_passage_first_in_the_documented_shape(client):
    body = client.get("/v1/search", params={"query": "own drift monitoring production models", "k": 2}).json()
    assert list(body) == ["query", "hits"]
    assert [list(hit) for hit in body["hits"]] == [HIT, HIT]
    first = body["hits"][0]
    assert (first["role"], first["topic"]) == ("MLOps Manager", "responsibilities")
    assert first["path"] == ["3) Core Responsibilities", "Operational responsibilities"]
    assert first["text"] == "Own drift monitoring for all production models and set its thresholds."
    assert 0 < first["scores"]["dense"] <= 1


def test_get_and_post_give_the_same(client):
    wanted = {"query": "drift", "k": 3, "role": ["Data Engineer"], "topic": ["kpis", "responsibilities"]}
    got = client.get("/v1/search", params=wanted).json()
    assert got == client.post("/v1/search", json=wanted).json()
    assert {hit["role"] for hit in got["hits"]} == {"Data Engineer"}
    question = {"question": "Which roles own drift monitoring?"}
    assert client.get("/v1/ask", params=question).json() == client.post("/v1/ask", json=question).json()


def test_a_search_can_rank_roles(client):
    body = client.get("/v1/search", params={"query": "drift monitoring", "group_by": "role"}).json()
    assert list(body) == ["query", "roles"]
    assert [list(group) for group in body["roles"]] == [["role", "blueprint_id", "score", "hits"]] * 2
    assert {group["role"] for group in body["roles"]} == {"MLOps Manager", "Data Engineer"}


def test_an_answer_has_the_documented_shape_and_verbatim_quotes(client):
    body = client.get("/v1/ask", params={"question": "Which roles own drift monitoring?"}).json()
    assert list(body) == ANSWER
    assert body["answerable"]
    for citation in body["citations"]:
        text = client.get(f"/v1/roles/{citation['blueprint_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert list(citation) == [
            *("id", "passage_id", "blueprint_id", "role", "topic", "path", "quote", "start", "end"),
            *("url", "deep_link", "modified", "verification"),
        ]


def test_a_conversation_says_whom_a_follow_up_means(client):
    history = [
        {"role": "user", "content": "Tell me of the Data Engineer"},
        {"role": "assistant", "content": "The MLOps Manager …"},
    ]
    body = client.post("/v1/ask", json={"question": "What are its KPIs, loads on time?", "history": history}).json()
    assert [citation["role"] for citation in body["citations"]] == ["Data Engineer"]


def test_the_catalogue_and_a_blueprint(client):
    body = client.get("/v1/roles").json()
    fields = ["blueprint_id", "role", "level", "function", "url", "modified", "passages"]
    assert [list(entry) for entry in body["roles"]] == [fields, fields]
    assert [entry["role"] for entry in body["roles"]] == ["Data Engineer", "MLOps Manager"]
    one = client.get(f"/v1/roles/{body['roles'][1]['blueprint_id']}", params={"topic": "kpis"}).json()
    assert [section["title"] for section in one["sections"]] == ["7) KPIs and Productivity Metrics"]
    assert [block["text"] for block in one["sections"][0]["blocks"] if not block["header"]] == [
        "Models with drift alerts | 95% | Weekly",
        "Median hours to detect drift | 4 | Monthly",
    ]


def test_health_and_readiness(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "generation": 1, "blueprints": 2}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/v1/search", None, 422, "bad_request"),
        ("GET", "/v1/search?query=", None, 422, "bad_request"),
        ("GET", "/v1/search?query=a&k=0", None, 422, "bad_request"),
        ("GET", "/v1/search?query=a&k=1001", None, 422, "bad_request"),
        ("GET", "/v1/search?query=a&k=many", None, 422, "bad_request"),
        ("GET", "/v1/search?query=a&rolle=b", None, 422, "bad_request"),
        ("GET", "/v1/search?query=a&role=Welder", None, 404, "unknown_name"),
        ("GET", "/v1/search?query=a&group_by=topic", None, 422, "bad_request"),
        ("GET", "/v1/ask?question=a&history=b", None, 422, "bad_request"),
        ("GET", "/v1/roles?limit=3", None, 422, "bad_request"),
        ("GET", "/v1/roles/welder@example.org", None, 404, "unknown_name"),
        ("GET", "/healthz?deep=1", None, 422, "bad_request"),
        ("GET", "/v2/search", None, 404, "not_found"),
        ("DELETE", "/v1/search", None, 405, "method_not_allowed"),
        ("POST", "/v1/search?k=3", {"query": "a"}, 422, "bad_request"),
        ("POST", "/v1/search", {"query": "a", "q": "b"}, 422, "bad_request"),
        ("POST", "/v1/ask", {"question": "a", "history": [{"role": "user"}]}, 422, "bad_request"),
        ("POST", "/v1/ask", {"question": "a" * 8001}, 422, "bad_request"),
        ("POST", "/v1/ask", ["a"], 422, "bad_request"),
    ],
)
def test_every_error_is_a_problem_document(client, method, path, body, status, code):
    response = client.request(method, path, json=body)
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert problem["detail"]


def test_the_catalogue_comes_again_only_if_the_index_has_changed(client):
    first = client.get("/v1/roles")
    tag = first.headers["etag"]
    again = client.get("/v1/roles", headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/v1/roles?level=manager", headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/v1/roles/data-engineer").headers["etag"] != tag


def test_the_catalogue_can_be_narrowed(client):
    assert [entry["role"] for entry in client.get("/v1/roles?level=Manager").json()["roles"]] == ["MLOps Manager"]
    assert client.get("/v1/roles?level=emperor").status_code == 404


def test_a_passage_by_its_id(client):
    hit = client.get("/v1/search?query=own drift monitoring&k=1").json()["hits"][0]
    address = f"/v1/passages/{quote(hit['passage_id'], safe='')}"
    fields = [*("passage_id", "blueprint_id", "role", "topic", "path", "text", "start", "end", "url")]
    assert client.get(address).json() == {"passages": [{name: hit[name] for name in fields}]}
    assert client.get(address, params={"blueprint_id": "data-engineer@example.org"}).status_code == 404
    assert client.get("/v1/passages/nobody%23123456").json()["code"] == "unknown_name"


def test_likeness_and_comparison(client):
    body = client.get("/v1/similar", params={"text": "support drift monitoring", "k": 1}).json()
    assert (list(body), body["matches"][0]["role"]) == (["text", "matches"], "Data Engineer")
    both = {"role": ["MLOps Manager", "data-engineer"]}
    compared = client.get("/v1/compare", params=both).json()
    assert list(compared) == ["roles", "topic", "rows"]
    assert compared == client.post("/v1/compare", json=both).json()
    assert {role for row in compared["rows"] for role in row["passages"]} == {"MLOps Manager", "Data Engineer"}
    assert client.get("/v1/compare", params={"role": "MLOps Manager"}).status_code == 422


def test_who_owns_what(client):
    wanted = {"matter": ["drift monitoring"], "role": ["MLOps Manager", "Data Engineer"]}
    body = client.get("/v1/matrix", params=wanted).json()
    assert list(body) == ["matters", "rows", "conflicts"]
    assert body == client.post("/v1/matrix", json=wanted).json()
    cells = {row["role"]: row["cells"]["drift monitoring"]["relation"] for row in body["rows"]}
    assert cells["MLOps Manager"] == "owner"
    assert client.get("/v1/matrix").status_code == 422


def events(text):
    """(event, data) of a stream."""
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in text.strip().split("\n\n")]
    return [(block.get("event"), json.loads(block["data"])) for block in blocks]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_can_come_as_events(client, method):
    question = "Own drift monitoring for all production models"
    given = {"question": question, "stream": True}
    response = client.request(method, "/v1/ask", **{"params" if method == "GET" else "json": given})
    assert response.headers["content-type"].startswith("text/event-stream")
    told = events(response.text)
    whole = client.get("/v1/ask", params={"question": question}).json()
    assert told[-1] == ("done", whole)
    assert [data for name, data in told if name == "claim"] == whole["claims"]
    assert [data for name, data in told if name == "citation"] == whole["citations"]
    names = [name for name, _ in told]
    assert names == sorted(names, key=["claim", "citation", "done"].index)


def test_a_new_generation_is_taken_up_without_a_restart(pages, tmp_path):
    home = tmp_path / "home"
    build([str(pages / "data-engineer.md")], home, WordEncoder())
    with local(Library.open(home, WordEncoder()), home) as client:
        assert [entry["role"] for entry in client.get("/v1/roles").json()["roles"]] == ["Data Engineer"]
        build([str(pages)], home, WordEncoder())
        deadline = time.monotonic() + 10
        while len(client.get("/v1/roles").json()["roles"]) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.05)


class Failing(WordEncoder):
    """An encoder that works once, to be warmed up, and then breaks."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        object.__setattr__(self, "errors", [None, error])

    def encode_query(self, texts):
        if error := self.errors[0 if len(self.errors) > 1 else -1]:
            raise error
        self.errors.pop(0)
        return super().encode_query(texts)


def local(library, home):
    app = create_app(library, Settings(home=home))
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_a_damaged_index_is_503_and_a_bug_is_500_without_its_innards(word_home):
    with local(Library.open(word_home, Failing(DamagedIndex("Run 'rolebook build --rebuild'."))), word_home) as client:
        problem = client.get("/v1/search?query=drift").json()
        assert (problem["status"], problem["code"]) == (503, "damaged_index")
        assert "rolebook build --rebuild" in problem["detail"]
    with local(Library.open(word_home, Failing(KeyError("secret"))), word_home) as client:
        broken = client.get("/v1/search?query=drift")
        assert broken.status_code == 500
        assert broken.headers["content-type"] == "application/problem+json"
        assert "secret" not in broken.text
