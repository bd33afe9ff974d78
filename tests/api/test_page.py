"""The page's files, and what it asks for besides the JSON API's own answers; the browser tests use the page itself."""

import gzip
import re

import pytest
from fastapi.testclient import TestClient

from api import keys, runs
from api.http import create_app
from api.settings import Settings
from api.web import page
from index.library import Library
from tests.conftest import WordEncoder

SCRIPTS = sorted(page.FOLDER.glob("*.js"))


@pytest.mark.parametrize("path", page.VIEWS)
def test_every_view_is_the_page_with_a_policy_that_lets_nothing_in(client, path):
    reply = client.get(path)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert "unsafe" not in reply.headers["content-security-policy"]


def test_files_are_named_by_their_content_and_kept(client):
    document = client.get("/").text
    for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', document):
        reply = client.get(path)
        assert reply.status_code == 200, path
        assert "immutable" in reply.headers["cache-control"]
        again = client.get(path, headers={"If-None-Match": reply.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    old = re.sub(r"/static/\w+/", "/static/000000000000/", path)
    assert client.get(old).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/static/1/nothing.js", "/static/1/index.html", "/static/1/../page.py", "/static/", "/no"]
)
def test_other_files_are_not_there(client, path):
    assert client.get(path).status_code == 404
    assert client.get(path).headers["content-type"] == "application/problem+json"


def test_files_come_packed_to_who_can_unpack_them(client):
    path = re.search(r'href="(/static/\w+/app\.css)"', client.get("/").text)[1]
    with client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as reply:
        packed = b"".join(reply.iter_raw())
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content
    assert len(packed) < len(plain.content) / 3


def test_only_reading_is_allowed(client):
    reply = client.post("/", json={})
    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, HEAD")
    assert client.head("/").status_code == 200


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_make_no_markup_of_text_and_name_no_other_host(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setTimeout\(['\"]", text
    )
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}


def test_the_page_needs_no_key_and_holds_nothing_of_the_index(word_home):
    app = create_app(Library.open(word_home, WordEncoder()), Settings(home=word_home, anonymous=False))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/").status_code == 200
        assert "MLOps" not in client.get("/roles").text
        for path in ("/v1/roles", "/v1/examples", "/v1/map", "/v1/overlap", "/v1/near?role=a", "/v1/facets?query=a"):
            assert client.get(path).status_code == 401


def test_facets_count_each_dimension_as_if_it_were_not_filtered(client):
    every = client.get("/v1/facets", params={"query": "drift monitoring"}).json()
    assert list(every) == ["query", "depth", "role", "level", "function", "topic", "asked"]
    assert every["asked"]["matter"] == "drift monitoring"
    one = client.get("/v1/facets", params={"query": "drift monitoring", "role": "Data Engineer"}).json()
    assert one["role"] == every["role"]
    hits = client.get("/v1/search", params={"query": "drift monitoring", "role": "Data Engineer", "k": 200}).json()[
        "hits"
    ]
    assert {count["value"]: count["count"] for count in one["topic"]} == {
        topic: sum(hit["topic"] == topic for hit in hits) for topic in {hit["topic"] for hit in hits}
    }


def test_roles_by_likeness(client):
    near = client.get("/v1/near", params={"role": "Data Engineer"}).json()["roles"]
    assert [role["role"] for role in near] == ["MLOps Manager"]
    places = client.get("/v1/map").json()["roles"]
    assert [place["role"] for place in places] == ["Data Engineer", "MLOps Manager"]
    table = client.get("/v1/overlap").json()
    assert [row[n] for n, row in enumerate(table["values"])] == [1.0, 1.0]
    assert table["of"] == 2
    assert client.get("/v1/near?role=Welder").status_code == 404


def test_examples_come_again_only_if_the_index_has_changed(client):
    first = client.get("/v1/examples")
    assert "Which roles own drift monitoring?" in first.json()["questions"]
    assert client.get("/v1/examples", headers={"If-None-Match": first.headers["etag"]}).status_code == 304


def test_the_status_is_for_admin_keys(word_home, tmp_path):
    _, reader = keys.add(tmp_path, "reader")
    _, admin = keys.add(tmp_path, "operator", admin=True)
    app = create_app(Library.open(word_home, WordEncoder()), Settings(home=tmp_path))
    with runs.recorded(tmp_path, "build", "pages") as report:
        report.update(new=2, failed=[])
    with TestClient(app, base_url="http://127.0.0.1") as client:
        told = {key: client.get("/v1/status", headers={"X-API-Key": key} if key else {}) for key in ("", reader, admin)}
        assert [reply.status_code for reply in told.values()] == [401, 403, 200]
        assert {told[key].json()["code"] for key in ("", reader)} == {"admin_only"}
        status = told[admin].json()
        assert (status["blueprints"], status["formats"], status["sites"]) == (2, {"markdown": 2}, [])
        assert [(run["command"], run["counts"], run["error"]) for run in status["runs"]] == [
            ("build", {"new": 2}, None)
        ]


def test_runs_are_kept_to_a_number_and_survive_a_damaged_line(tmp_path):
    for n in range(2 * runs.KEPT + 1):
        with runs.recorded(tmp_path, "build", str(n)):
            pass
    lines = (tmp_path / runs.FILE).read_text().splitlines()
    assert len(lines) == runs.KEPT
    with (tmp_path / runs.FILE).open("a") as file:
        file.write("{half a li\n")
    assert [run["of"] for run in runs.last(tmp_path, 2)] == [str(2 * runs.KEPT), str(2 * runs.KEPT - 1)]
