"""Fetching against a real server: polite, bounded, and never the inside network unless it may."""

import gzip
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.errors import BadInput, BudgetSpent, FetchError, ForbiddenAddress, Unreachable
from ingest.fetch import Fetcher, Limits, inflate, retry_after
from ingest.network import is_public
from tests.webserver import Answer, Web, serving

QUICK = Limits(backoff=0.01, attempts=3)


@pytest.fixture
def web() -> Iterator[Web]:
    with serving(Web()) as made:
        made.routes["/page"] = Answer("<p>a page</p>", headers={"Content-Type": "text/html"})
        yield made


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(allow_private=True, limits=QUICK) as made:
        yield made


def test_a_page_comes_with_its_type_and_the_reader_says_who_it_is(web, fetcher):
    page = fetcher.page(f"{web.url}/page")
    assert (page.source, page.content, page.media_type) == (f"{web.url}/page", b"<p>a page</p>", "text/html")
    assert [agent.split("/")[0] for agent in web.agents] == ["Rolebook"]
    assert (fetcher.requests, fetcher.bytes) == (2, len("<p>a page</p>"))  # robots.txt and the page


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "https://", "example.org", "http://[::1"])
def test_what_is_no_web_address_is_bad_input(fetcher, url):
    with pytest.raises(BadInput, match="address"):
        fetcher.get(url)


@pytest.mark.parametrize("url", ["https://anna:s3cret@example.org/", "https://anna:s3#cret@example.org/"])
def test_a_password_in_an_address_is_refused_and_not_repeated(fetcher, url):
    with pytest.raises(BadInput) as refused:
        fetcher.get(url)
    assert not {"anna", "s3", "cret"} & set(str(refused.value).replace("/", " ").replace(":", " ").split())
    assert "s3" not in str(refused.value)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.0.0.1", "172.16.9.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%2", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "ff02::1",
    ],
)  # fmt: skip
def test_inside_addresses_are_not_public(ip):
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
def test_outside_addresses_are_public(ip):
    assert is_public(ip)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1"])
def test_the_inside_network_is_refused_however_it_is_spelled(web, host):
    port = web.url.rpartition(":")[2]
    with Fetcher(limits=QUICK) as strict, pytest.raises((ForbiddenAddress, Unreachable)):
        strict.get(f"http://{host}:{port}/page")
    assert web.seen == []


def test_a_name_that_points_inside_is_refused_at_the_moment_of_connecting(web, monkeypatch):
    """DNS rebinding: the name is looked up once, and what was checked is what is connected to."""
    answers = [[("127.0.0.1", 80)], [("93.184.216.34", 80)]]
    asked = []

    def look_up(host, port, **options):
        asked.append(host)
        found = answers.pop() if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in found]

    connected = []
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", lambda place, *_, **__: connected.append(place) or _refuse())
    with Fetcher(limits=Limits(attempts=2, backoff=0.01)) as strict, pytest.raises(ForbiddenAddress):
        strict.get(f"http://rebinding.example:{web.url.rpartition(':')[2]}/page")
    assert [place[0] for place in connected] == ["93.184.216.34"]  # never the second, private answer
    assert asked == ["rebinding.example", "rebinding.example"]


def _refuse():
    raise ConnectionRefusedError("refused")


def test_redirects_are_followed_and_each_is_checked(web, fetcher):
    web.routes["/a"] = Answer(status=302, headers={"Location": "/b"})
    web.routes["/b"] = Answer(status=301, headers={"Location": "page#part"})
    reply = fetcher.get(f"{web.url}/a")
    assert (reply.url, reply.content) == (f"{web.url}/page", b"<p>a page</p>")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://127.0.0.1/", "http://u:p@127.0.0.1/", "//"])
def test_a_redirect_to_what_is_no_web_address_is_refused(web, fetcher, target):
    web.routes["/a"] = Answer(status=302, headers={"Location": target})
    with pytest.raises(FetchError, match="redirect"):
        fetcher.get(f"{web.url}/a")


def test_a_redirect_to_a_private_address_is_refused(web, monkeypatch):
    """The first host passes as public, the one that it leads to is looked at as it is."""
    web.routes["/a"] = Answer(status=302, headers={"Location": f"http://localhost:{web.url.rpartition(':')[2]}/page"})
    monkeypatch.setattr("ingest.network.is_public", lambda ip: ip == "127.0.0.1" and not web.asked("/a"))
    with Fetcher(limits=QUICK) as strict, pytest.raises(ForbiddenAddress):
        strict.get(f"{web.url}/a")
    assert web.asked("/page") == 0


def test_a_circle_of_redirects_ends(web, fetcher):
    web.routes["/a"] = Answer(status=302, headers={"Location": "/a"})
    with pytest.raises(FetchError, match="8 redirects"):
        fetcher.get(f"{web.url}/a")


def test_a_passing_failure_is_tried_again(web, fetcher):
    web.routes["/page"] = [Answer(status=500), Answer("whole", cut=2), Answer("whole")]
    assert fetcher.get(f"{web.url}/page").content == b"whole"


@pytest.mark.parametrize(
    ("status", "error"), [(500, FetchError), (502, FetchError), (503, Unreachable), (429, Unreachable)]
)
def test_a_lasting_failure_is_said(web, fetcher, status, error):
    web.routes["/page"] = Answer(status=status)
    with pytest.raises(error, match=f"answered {status}"):
        fetcher.get(f"{web.url}/page")
    assert web.asked("/page") == 3


def test_what_is_not_there_is_not_asked_for_again(web, fetcher):
    assert fetcher.get(f"{web.url}/missing").status == 404
    assert web.asked("/missing") == 1


def test_nobody_listening_is_unreachable(fetcher):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="no connection"):
        fetcher.get(f"http://127.0.0.1:{port}/")


def test_retry_after_is_waited_for(web, fetcher):
    web.routes["/page"] = [Answer(status=429, headers={"Retry-After": "1"}), Answer("now")]
    start = time.monotonic()
    assert fetcher.get(f"{web.url}/page").content == b"now"
    assert 1 <= time.monotonic() - start < 3


def test_a_long_retry_after_ends_the_run_at_once(web, fetcher):
    web.routes["/page"] = Answer(status=503, headers={"Retry-After": "86400"})
    with pytest.raises(Unreachable, match="86400 seconds"):
        fetcher.get(f"{web.url}/page")
    assert web.asked("/page") == 1


def test_retry_after_is_seconds_or_a_date():
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after("7") == 7
    assert 25 < (retry_after(soon) or 0) <= 30
    assert retry_after("Thu, 01 Jan 1970 00:00:00 GMT") == 0
    assert retry_after("soon") is retry_after("") is None


def test_robots_txt_is_obeyed_and_read_once(web, fetcher):
    web.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n\nSitemap: https://example.org/map.xml\n")
    web.routes["/private/page"] = Answer("secret")
    web.routes["/a"] = Answer(status=302, headers={"Location": "/private/page"})
    assert fetcher.get(f"{web.url}/page").ok
    for path in ("/private/page", "/a"):
        with pytest.raises(FetchError, match=r"robots\.txt"):
            fetcher.get(web.url + path)
    assert (web.asked("/private/page"), web.asked("/robots.txt")) == (0, 1)
    assert fetcher.sitemaps(web.url) == ("https://example.org/map.xml",)


def test_a_rule_for_rolebook_alone_is_obeyed(web, fetcher):
    web.routes["/robots.txt"] = Answer("User-agent: Rolebook\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
    assert not fetcher.allowed(f"{web.url}/page")


def test_without_a_readable_robots_txt_nothing_is_read(web, fetcher):
    web.routes["/robots.txt"] = Answer(status=500)
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher.get(f"{web.url}/page")
    assert web.asked("/page") == 0


def test_the_crawl_delay_is_kept(web, fetcher):
    web.routes["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 1\n")
    start = time.monotonic()
    fetcher.get(f"{web.url}/page")
    fetcher.get(f"{web.url}/page")
    assert 2 <= time.monotonic() - start < 4


def test_an_endless_crawl_delay_is_an_error(web, fetcher):
    web.routes["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 86400\n")
    with pytest.raises(FetchError, match="86400 seconds"):
        fetcher.get(f"{web.url}/page")


def test_gzip_is_unpacked(web, fetcher):
    web.routes["/page"] = Answer(gzip.compress(b"packed" * 1000), headers={"Content-Encoding": "gzip"})
    assert fetcher.get(f"{web.url}/page").content == b"packed" * 1000


def test_a_gzip_bomb_is_stopped_at_the_limit(web):
    bomb = gzip.compress(bytes(300 * 2**20), compresslevel=9)  # 0.3 MB that unpack to 300 MB
    web.routes["/page"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    with Fetcher(allow_private=True, limits=Limits(reply_bytes=2**20)) as fetcher:
        with pytest.raises(FetchError, match="limit 1 MB"):
            fetcher.get(f"{web.url}/page")
        assert fetcher.bytes < 2 * 2**20
    with pytest.raises(FetchError, match="1 MB"):
        inflate(bomb, "the sitemap", 2**20)


@pytest.mark.parametrize("packed", [gzip.compress(b"page" * 99)[:-4], b"\x1f\x8bnot gzip at all"])
def test_gzip_that_is_broken_is_said(web, fetcher, packed):
    web.routes["/page"] = Answer(packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(FetchError, match="broke off"):
        fetcher.get(f"{web.url}/page")


def test_an_encoding_that_was_not_asked_for_is_said(web, fetcher):
    web.routes["/page"] = Answer(b"...", headers={"Content-Encoding": "br"})
    with pytest.raises(FetchError, match="'br'"):
        fetcher.get(f"{web.url}/page")


def test_a_page_without_an_end_is_refused(web):
    web.routes["/page"] = Answer(b"x" * 3_000_000, framed=False)
    with (
        Fetcher(allow_private=True, limits=Limits(reply_bytes=2**20)) as fetcher,
        pytest.raises(FetchError, match="limit"),
    ):
        fetcher.get(f"{web.url}/page")


@pytest.mark.parametrize(
    "answer",
    [
        Answer("<!doctype html><html><body><p>half", framed=False),
        Answer('[{"id": 1', headers={"Content-Type": "application/json"}, framed=False),
        Answer("<p>promised to be longer</p>", cut=9),
    ],
)
def test_a_truncated_reply_is_never_taken_for_a_page(web, fetcher, answer):
    web.routes["/page"] = answer
    with pytest.raises(FetchError, match="broke off"):
        fetcher.get(f"{web.url}/page")
    assert web.asked("/page") == 3


@pytest.mark.parametrize("answer", [Answer("late", wait=1.5), Answer("x" * 200, drip=0.02)])
def test_a_slow_reply_ends_in_time(web, answer):
    """One that does not start, and one that comes byte by byte, each within the time of a step."""
    web.routes["/page"] = answer
    limits = Limits(step_seconds=0.5, reply_seconds=1, attempts=1)
    start = time.monotonic()
    with Fetcher(allow_private=True, limits=limits) as fetcher, pytest.raises(FetchError, match="broke off"):
        fetcher.get(f"{web.url}/page")
    assert time.monotonic() - start < 2


def test_the_budget_of_requests_ends_a_run(web):
    with Fetcher(allow_private=True, limits=Limits(requests=2)) as fetcher:
        fetcher.get(f"{web.url}/page")  # robots.txt is the other one
        with pytest.raises(BudgetSpent, match="2 requests"):
            fetcher.get(f"{web.url}/page")


def test_the_budget_of_bytes_ends_a_run(web):
    web.routes["/page"] = Answer(bytes(600_000))
    with Fetcher(allow_private=True, limits=Limits(total_bytes=2**20)) as fetcher:
        fetcher.get(f"{web.url}/page")
        with pytest.raises(BudgetSpent, match="1 MB"):
            fetcher.get(f"{web.url}/page")
