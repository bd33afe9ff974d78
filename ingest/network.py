"""Connections that only reach addresses they may, and that end in time."""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from ingest.errors import ForbiddenAddress

NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Deadline:
    """A moment by which a whole exchange must be over; shared by all that read or write."""

    def __init__(self) -> None:
        self._at = float("inf")

    def start(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def within(self, timeout: float | None) -> float:
        """The seconds that one step may take; httpcore's ReadTimeout if none are left."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the reply takes too long")
        return left if timeout is None else min(left, timeout)


class CheckedBackend(httpcore.NetworkBackend):
    """Looks a name up once and connects to the very address that was checked, so that DNS rebinding fails."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses(host, port):
            try:
                step = self._deadline.within(timeout)
                made = self._plain.connect_tcp(address, port, step, local_address, socket_options)
                return _TimedStream(made, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} cannot be looked up") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if not self._allow_private and not all(map(is_public, addresses)):
            raise ForbiddenAddress(
                f"{host} is on a private or reserved address. Give --allow-private if it may be read."
            )
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step keeps to the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.within(timeout))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class CheckedTransport(httpx.BaseTransport):
    """httpx's way to the network by a CheckedBackend; httpcore's errors come through as they are."""

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            network_backend=CheckedBackend(deadline, allow_private=allow_private),
            max_connections=4,
            keepalive_expiry=15,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        reply = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply), extensions=reply.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        yield from self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


def is_public(address: str) -> bool:
    """Whether an IP address, or the IPv4 addresses that it carries, belong to the public internet."""
    return all(
        each.is_global and not each.is_multicast and not each.is_reserved
        for each in _carried(ipaddress.ip_address(address))
    )


def _carried(ip: Address) -> Iterable[Address]:
    """The IPv4 addresses behind a NAT64, 6to4 or Teredo one, else the address itself."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return [ip]
    if ip in NAT64:
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    if ip.sixtofour:
        return [ip.sixtofour]
    return ip.teredo or [ip]
