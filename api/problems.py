"""Every HTTP error as problem details (RFC 9457), or in OpenAI's form where its clients call."""

import logging
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.live import Busy, TooSlow
from ingest.errors import BadInput, FetchError, ModelError, RolebookError, StoreError, UnknownName

LOG = logging.getLogger("rolebook.http")
OPENAI = ("/v1/chat/", "/v1/models", "/v1/responses")
_STATUS: tuple[tuple[type[RolebookError], int], ...] = (
    (UnknownName, 404),
    (BadInput, 422),
    (StoreError, 503),
    (ModelError, 503),
    (FetchError, 502),
)


class Refused(Exception):
    """A request that an OpenAI-compatible address cannot serve; `parameter` is the one to mend."""

    def __init__(self, detail: str, parameter: str | None = None, status: int = 400, code: str = "unsupported") -> None:
        super().__init__(detail)
        self.parameter, self.status, self.code = parameter, status, code


def install(app: FastAPI) -> None:
    """Lets no error leave this app in another form."""
    for kind, handler in (
        (RolebookError, _ours),
        (Refused, _refused),
        (Busy, _busy),
        (TooSlow, _too_slow),
        (RequestValidationError, _invalid),
        (HTTPException, _http),
        (Exception, _unforeseen),
    ):
        app.add_exception_handler(kind, handler)


def problem(
    path: str, status: int, detail: str, *, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document; `code` is the kind of error for programs, `detail` says what to do."""
    detail = detail.encode("utf-8", "replace").decode()
    if path.startswith(OPENAI):
        status = 400 if status == 422 else status
        kind = "invalid_request_error" if status < 500 else "server_error"
        error = {"message": detail, "type": kind, "param": more.get("parameter"), "code": code}
        return JSONResponse({"error": error}, status, headers)
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")


async def _ours(request: Request, error: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if status == 503:
        LOG.error("%s", error)
    return problem(request.url.path, status, str(error), code=_code(type(error).__name__))


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem(request.url.path, error.status, str(error), code=error.code, parameter=error.parameter)


async def _busy(request: Request, error: Exception) -> JSONResponse:
    detail = "More requests are waiting than can be served. Come back in a second."
    return problem(request.url.path, 503, detail, code="busy", headers={"Retry-After": "1"})


async def _too_slow(request: Request, error: Exception) -> JSONResponse:
    detail = "The request took too long. Ask for less, or come back later."
    return problem(request.url.path, 503, detail, code="too_slow", headers={"Retry-After": "5"})


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": _where(found["loc"]), "message": found["msg"].encode("utf-8", "replace").decode()}
        for found in error.errors()
    ]
    detail = "; ".join(f"{found['where']}: {found['message']}" for found in errors)
    if request.url.path.startswith(OPENAI):
        parameter = errors[0]["where"].removeprefix("body.")
        return problem(request.url.path, 400, detail, code="bad_request", parameter=parameter)
    return problem(request.url.path, 422, detail, code="bad_request", errors=errors)


def _where(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location).encode("utf-8", "replace").decode()[:200]


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    detail = f"{request.method} {request.url.path}: {error.detail}."
    headers = {"Allow": _allowed(request)} if error.status_code == 405 else error.headers
    return problem(request.url.path, error.status_code, detail, code=_code(phrase), headers=headers)


def _allowed(request: Request) -> str:
    """The methods of every route of this address; the framework names the first route's only."""
    found: set[str] = set()
    for route in request.app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", ".+", re.escape(route[0])), request.url.path):
            found |= {method.upper() for method in route[1]}
    return ", ".join(sorted(found)) or "GET, HEAD"


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return problem(
        request.url.path, 500, "An unforeseen error; the server's log has it under the request's id.", code="internal"
    )


def _code(name: str) -> str:
    """ "UnknownName" and "Not Found" as "unknown_name" and "not_found"."""
    return re.sub(r"(?<=[a-z])\s*(?=[A-Z])", "_", name).replace(" ", "_").lower()
