"""What every request passes before it is served: host, origin, key, rate, size."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.keys import Key, KeyRing, looks_like_ours
from api.problems import problem
from api.rate import RateLimit
from api.settings import Settings
from api.web.page import is_page

OPEN = ("/healthz", "/readyz", "/health")  # served to everyone


class Guard:
    """Refuses a request at the door, as a problem document, or passes it on with its whole body at hand."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: KeyRing) -> None:
        self._app = app
        self._settings = settings
        self._keys = keys
        self._rate = RateLimit()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._check(scope, Headers(scope=scope))
            body = await self._body(receive)
        except _Refusal as refusal:
            path, status, detail = scope["path"], refusal.status, str(refusal)
            response = problem(path, status, detail, code=refusal.code, headers=refusal.headers)
            await response(scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _replay(body, receive), send)

    def _check(self, scope: Scope, headers: Headers) -> None:
        if not self._right_host(headers.get("host", "")):
            raise _Refusal(421, "wrong_host", "This name is not served. Add it to ROLEBOOK_ALLOWED_HOSTS.")
        if scope["path"].startswith("/mcp") and not self._right_origin(headers):
            raise _Refusal(403, "wrong_origin", "Pages of this origin may not call. See ROLEBOOK_CORS_ORIGINS.")
        if scope["path"] not in OPEN and not is_page(scope["path"]):
            self._check_caller(scope, _given(headers))
        declared = headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self._settings.max_body:
            raise self._too_large()

    def _right_host(self, host: str) -> bool:
        name = host if host.endswith("]") else host.rsplit(":", 1)[0]
        return not self._settings.hosts or name.lower() in self._settings.hosts

    def _right_origin(self, headers: Headers) -> bool:
        """Programs send no origin; a page may call its own host, or where it is allowed to."""
        origin = headers.get("origin")
        return not origin or origin in self._settings.cors_origins or urlsplit(origin).netloc == headers.get("host")

    def _check_caller(self, scope: Scope, given: str) -> None:
        key = self._keys.check(given) if given else None
        if key is None and (not self._settings.reads_anonymously or looks_like_ours(given)):
            what = "This key is not known here, or was revoked." if given else "A key is needed."
            detail = f"{what} Send 'Authorization: Bearer KEY'; 'rolebook keys add NAME' makes one."
            raise _Refusal(401, "unauthorized", detail, {"WWW-Authenticate": "Bearer"})
        scope.setdefault("state", {})["key"] = key
        rate = self._settings.rate if key is None or key.rate is None else key.rate
        if seconds := self._rate.wait(_caller(scope, key), rate):
            raise _Refusal(429, "too_many_requests", f"Wait {seconds} s.", {"Retry-After": str(seconds)})

    async def _body(self, receive: Receive) -> bytes | None:
        """The whole body; None if the caller has gone."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    body += message.get("body", b"")
                    if len(body) > self._settings.max_body:
                        raise self._too_large()
                    if not message.get("more_body", False):
                        return bytes(body)
        except TimeoutError as error:
            raise _Refusal(408, "slow_body", "The body did not come in time.", {"Connection": "close"}) from error

    def _too_large(self) -> "_Refusal":
        detail = f"The body is larger than {self._settings.max_body:,} bytes."
        return _Refusal(413, "too_large", detail, {"Connection": "close"})


class _Refusal(Exception):
    """Why a request is not served."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.headers = status, code, headers


def _given(headers: Headers) -> str:
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "")


def _caller(scope: Scope, key: Key | None) -> str:
    return f"key {key.id}" if key else f"address {(scope.get('client') or ('',))[0]}"


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body once, then whatever else comes."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
