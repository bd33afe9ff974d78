"""Around every request: its id, its log line, its figures, and headers that keep browsers careful."""

import logging
import re
import time
import uuid
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.metrics import Metrics
from api.tracing import whole

LOG = logging.getLogger("rolebook.http")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class Observe:
    """Question texts are logged only if asked for: routes leave them in `request.state.question`."""

    def __init__(self, app: ASGIApp, metrics: Metrics, log_questions: bool, shared: bool) -> None:
        self._app = app
        self._metrics = metrics
        self._log_questions = log_questions
        self._security = {**_SECURITY, **({"Cross-Origin-Resource-Policy": "cross-origin"} if shared else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        whole(scope)
        started, status = time.perf_counter(), 499  # 499: gone before an answer
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in self._security.items():
                    headers.setdefault(name, value)
            await send(message)

        self._metrics.open.inc()
        try:
            await self._app(scope, receive, sending)
        except BaseException:
            status = 500 if status == 499 else status
            raise
        finally:
            self._metrics.open.dec()
            self._note(scope, request_id, status, time.perf_counter() - started)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        method, handler = scope["method"] if scope["method"] in _METHODS else "other", _handler(scope)
        self._metrics.requests.labels(method, handler, str(status)).inc()
        self._metrics.seconds.labels(method, handler).observe(seconds)
        state = scope["state"]
        key = state.get("key")
        fields: dict[str, Any] = {
            "request_id": request_id,
            "method": method,
            "handler": handler,
            "status": status,
            "ms": round(seconds * 1000, 1),
            "key": key.id if key else None,
        }
        if self._log_questions and "question" in state:
            fields["question"] = state["question"]
        LOG.info("request", extra={"fields": fields})


def _handler(scope: Scope) -> str:
    """The route's template, so that figures do not grow with the names asked for."""
    if scope["path"].startswith("/mcp"):
        return "/mcp"
    return str(getattr(scope.get("route"), "path", "none"))
