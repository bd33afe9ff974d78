"""Addresses to bytes: politely, within limits, and never from where Rolebook must not read."""

import random
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from urllib.robotparser import RobotFileParser

import httpcore
import httpx

from ingest.address import address, shown
from ingest.blueprint import RawPage
from ingest.errors import BadInput, BudgetSpent, FetchError, Unreachable
from ingest.network import CheckedTransport, Deadline
from ingest.recognise import MAX_BYTES

NAME = "Rolebook"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})  # worth another try
SITE_WIDE = frozenset({429, 503})  # after the last try: the site, not this address
HOPS = 8  # redirects
ROBOTS_BYTES = 500 * 1024  # what RFC 9309 asks a reader to take at least


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may take; seconds and bytes (bytes as they came and as they were unpacked, the larger)."""

    requests: int = 20_000
    total_bytes: int = 2 * 2**30
    reply_bytes: int = MAX_BYTES
    step_seconds: float = 20  # to connect, or between two pieces of a reply
    reply_seconds: float = 120  # for a whole reply
    attempts: int = 4
    backoff: float = 0.5  # before the second attempt, doubled for each further one
    longest_wait: float = 120  # what a Retry-After or a crawl delay may ask for


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, unpacked."""

    url: str  # after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    content: bytes

    @property
    def ok(self) -> bool:
        return self.status == 200


class Fetcher:
    """Reads addresses one at a time, keeps to robots.txt and crawl delays, and counts what it has read."""

    def __init__(self, *, allow_private: bool = False, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.requests = 0
        self.bytes = 0
        self._deadline = Deadline()
        self._transport = CheckedTransport(self._deadline, allow_private=allow_private)
        self._robots: dict[str, RobotFileParser] = {}
        self._last: dict[str, float] = {}  # origin: when its last reply ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *reason: object) -> None:
        self._transport.close()

    def page(self, url: str) -> RawPage:
        """One page as it came; FetchError if the address does not answer with 200."""
        reply = self.get(url)
        if not reply.ok:
            raise FetchError(f"{shown(url)}: the site answered {reply.status}. Check the address.")
        return RawPage(url, reply.content, reply.headers.get("content-type"), now())

    def get(self, url: str) -> Reply:
        """The reply at the end of all redirects, whatever its status; FetchError, or BadInput for no web address."""
        return self._follow(address(url), obey=True)

    def allowed(self, url: str) -> bool:
        """Whether the site's robots.txt lets Rolebook read this address."""
        return self._rules(address(url)).can_fetch(NAME, url)

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt names."""
        return tuple(self._rules(address(url)).site_maps() or ())

    def _follow(self, url: httpx.URL, *, obey: bool) -> Reply:
        start = shown(str(url))
        for _ in range(HOPS):
            if obey and not self._rules(url).can_fetch(NAME, str(url)):
                raise FetchError(f"{shown(str(url))}: robots.txt asks Rolebook not to read it. Ask the site's owner.")
            reply = self._insist(url)
            if reply.status not in REDIRECTS or "location" not in reply.headers:
                return reply
            url = _next(url, reply.headers["location"])
        raise FetchError(f"{start}: more than {HOPS} redirects. Give the address that they lead to.")

    def _rules(self, url: httpx.URL) -> RobotFileParser:
        """The origin's robots.txt; none (4xx) allows everything, one that cannot be read allows nothing (RFC 9309)."""
        origin = _origin(url)
        if origin not in self._robots:
            reply = self._follow(url.copy_with(raw_path=b"/robots.txt", fragment=None), obey=False)
            if reply.status >= 500:
                raise Unreachable(f"{origin}/robots.txt: the site answered {reply.status}. Run this again later.")
            rules = RobotFileParser()
            text = reply.content[:ROBOTS_BYTES].decode("utf-8", "replace") if reply.ok else ""
            rules.parse(text.removeprefix("\ufeff").splitlines())
            self._robots[origin] = rules
        return self._robots[origin]

    def _insist(self, url: httpx.URL) -> Reply:
        """Tries until the address gives a reply that will not change by asking again."""
        where = shown(str(url))
        for attempt in range(1, self.limits.attempts + 1):
            failure: FetchError
            wait = self.limits.backoff * 2 ** (attempt - 1) * random.uniform(1, 1.25)
            try:
                reply = self._once(url)
                if reply.status not in PASSING:
                    return reply
                kind = Unreachable if reply.status in SITE_WIDE else FetchError
                failure = kind(f"{where}: the site answered {reply.status}. Run this again later.")
                wait = self._asked(reply, where) or wait
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = Unreachable(f"{where}: no connection ({error}). Check the address and the network.")
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, EOFError) as error:
                failure = FetchError(f"{where}: the reply broke off ({error}). Run this again later.")
            if attempt < self.limits.attempts:
                time.sleep(wait)
        raise failure

    def _once(self, url: httpx.URL) -> Reply:
        self._take_turn(_origin(url))
        headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip"}
        steps = httpx.Timeout(self.limits.step_seconds).as_dict()
        self._deadline.start(self.limits.reply_seconds)
        try:
            response = self._transport.handle_request(
                httpx.Request("GET", url, headers=headers, extensions={"timeout": steps})
            )
            try:
                content = self._content(response, shown(str(url)))
            finally:
                response.close()
        finally:
            self._last[_origin(url)] = time.monotonic()
        reply = Reply(str(url), response.status_code, dict(response.headers), content)
        if _broken_off(reply):
            raise EOFError("it has no end")
        return reply

    def _content(self, response: httpx.Response, where: str) -> bytes:
        left = self.limits.total_bytes - self.bytes
        room = min(self.limits.reply_bytes, left)
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        taken = bytearray()
        try:
            for piece in _unpacked(_counted(response.iter_raw(), room), encoding, room, where):
                taken += piece
        except OverflowError:
            if room == left:
                raise BudgetSpent(f"{where}: the run's {self.limits.total_bytes >> 20} MB are spent.") from None
            limit = self.limits.reply_bytes
            raise FetchError(f"{where}: more than a page has (limit {limit >> 20} MB, unpacked).") from None
        finally:
            self.bytes += max(len(taken), response.num_bytes_downloaded)
        return bytes(taken)

    def _take_turn(self, origin: str) -> None:
        if self.requests >= self.limits.requests:
            raise BudgetSpent(f"{origin}: the run's {self.limits.requests} requests are spent.")
        self.requests += 1
        rules = self._robots.get(origin)
        delay = float(rules.crawl_delay(NAME) or 0) if rules else 0.0
        if delay > self.limits.longest_wait:
            raise FetchError(f"{origin}: robots.txt asks for {delay:.0f} seconds between requests, which is too long.")
        time.sleep(max(0.0, self._last.get(origin, -delay) + delay - time.monotonic()))

    def _asked(self, reply: Reply, where: str) -> float | None:
        """The seconds of a Retry-After; Unreachable if they are more than a run may wait."""
        seconds = retry_after(reply.headers.get("retry-after", ""))
        if seconds is not None and seconds > self.limits.longest_wait:
            raise Unreachable(f"{where}: the site asks to come back in {seconds:.0f} seconds. Run this again then.")
        return seconds


def retry_after(value: str) -> float | None:
    """The seconds that a Retry-After header asks for, None if it says nothing that can be read."""
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def inflate(content: bytes, where: str, room: int = MAX_BYTES) -> bytes:
    """A gzipped file's content; FetchError if it is broken or larger than `room` bytes."""
    try:
        return b"".join(_unpacked([content], "gzip", room, where))
    except OverflowError:
        raise FetchError(f"{where}: more than {room >> 20} MB when unpacked.") from None
    except EOFError:
        raise FetchError(f"{where}: the gzip file is broken off. Run this again later.") from None


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _next(url: httpx.URL, location: str) -> httpx.URL:
    """Where a redirect leads, checked like an address that a user gives."""
    start = shown(str(url))
    try:
        target = address(str(url.join(location)))
    except (BadInput, httpx.InvalidURL, ValueError) as error:
        raise FetchError(f"{start}: it redirects to what cannot be read ({error}).") from None
    if (url.scheme, target.scheme) == ("https", "http"):
        raise FetchError(
            f"{start}: it redirects from https to http. Give the address that it leads to, if it is right."
        )
    return target


def _broken_off(reply: Reply) -> bool:
    """Whether a reply that ends with its connection, so that nothing else tells, stops before its end."""
    if "content-length" in reply.headers or "transfer-encoding" in reply.headers or not reply.ok:
        return False
    start, end = reply.content[:100].lstrip().lower(), reply.content[-1000:].rstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return b"</html" not in end
    return "json" in reply.headers.get("content-type", "") and not end.endswith((b"]", b"}"))


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"


def _counted(pieces: Iterable[bytes], room: int) -> Iterator[bytes]:
    """The pieces as they came; OverflowError if they are more than `room` bytes."""
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            raise OverflowError
        yield piece


def _unpacked(pieces: Iterable[bytes], encoding: str, room: int, where: str) -> Iterator[bytes]:
    """Never holds more than `room` unpacked bytes (OverflowError); EOFError if the end is missing."""
    if encoding in ("identity", ""):
        yield from pieces
        return
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(f"{where}: sent as '{encoding}', which was not asked for. Save the page and give the file.")
    unpacker = zlib.decompressobj(wbits=31)
    for piece in pieces:
        try:
            unpacked = unpacker.decompress(piece, room + 1)
        except zlib.error as error:
            raise EOFError(str(error)) from None
        room -= len(unpacked)
        if room < 0:
            raise OverflowError
        yield unpacked
    if not unpacker.eof:
        raise EOFError("the end is missing")


def _user_agent() -> str:
    try:
        return f"{NAME}/{version('rolebook')} (reads role blueprints)"
    except PackageNotFoundError:
        return f"{NAME}/0 (reads role blueprints)"


USER_AGENT = _user_agent()
