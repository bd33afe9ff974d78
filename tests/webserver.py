"""A web server in a thread: what it answers is set by the test, what it was asked is written down."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Answer:
    """One reply, whole or with a fault."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None  # bytes after which the connection ends although more were promised
    wait: float = 0  # seconds before the reply
    drip: float = 0  # seconds between its bytes
    framed: bool = True  # says its length

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Route = Answer | list[Answer] | Callable[[dict[str, str]], Answer]


class Web:
    """Routes by path; a list is given one by one, its last again and again."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {"/robots.txt": Answer(status=404)}
        self.seen: list[str] = []  # paths with their queries
        self.agents: set[str] = set()
        self.url = ""

    def answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        route = self.routes.get(target) or self.routes.get(parts.path) or Answer("not here", 404)
        if isinstance(route, list):
            return route.pop(0) if len(route) > 1 else route[0]
        return route(dict(parse_qsl(parts.query))) if callable(route) else route

    def asked(self, path: str) -> int:
        """How many requests this path had."""
        return sum(urlsplit(target).path == path for target in self.seen)


@contextmanager
def serving(web: Web) -> Iterator[Web]:
    """The server at `web.url` until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            web.seen.append(self.path)
            web.agents.add(self.headers.get("User-Agent", ""))
            answer = web.answer(self.path)
            time.sleep(answer.wait)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.framed:
                self.send_header("Content-Length", str(len(answer.content)))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            self._send(answer)
            self.close_connection = answer.cut is not None or not answer.framed

        def _send(self, answer: Answer) -> None:
            try:
                content = answer.content[: answer.cut]
                if not answer.drip:
                    self.wfile.write(content)
                    return
                for byte in content:
                    self.wfile.write(bytes([byte]))
                    time.sleep(answer.drip)
            except OSError:
                pass  # the reader has gone

        def log_message(self, *what: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # the reader has hung up

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    web.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
