"""Every HTTP error as problem details (RFC 9457)."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ingest.errors import BadInput, FetchError, ModelError, RolebookError, StoreError, UnknownName

_STATUS: tuple[tuple[type[RolebookError], int], ...] = (
    (UnknownName, 404),
    (BadInput, 422),
    (StoreError, 503),
    (ModelError, 503),
    (FetchError, 502),
)


def install(app: FastAPI) -> None:
    """Lets no error leave this app in another form."""
    app.add_exception_handler(RolebookError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


def problem(
    status: int, detail: str, *, code: str, headers: Mapping[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document; `code` is the kind of error for programs, `detail` says what to do."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, "code": code}
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")


async def _ours(request: Request, error: Exception) -> JSONResponse:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return problem(status, str(error), code=_code(type(error).__name__))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in found["loc"]), "message": found["msg"]} for found in error.errors()
    ]
    detail = "; ".join(f"{found['where']}: {found['message']}" for found in errors)
    return problem(422, detail, code="bad_request", errors=errors)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    return problem(
        error.status_code,
        f"{request.method} {request.url.path}: {error.detail}.",
        code=_code(phrase),
        headers=error.headers,
    )


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    return problem(500, "An unforeseen error; the server's log has it.", code="internal_error")


def _code(name: str) -> str:
    """ "UnknownName" and "Not Found" as "unknown_name" and "not_found"."""
    return re.sub(r"(?<=[a-z])\s*(?=[A-Z])", "_", name).replace(" ", "_").lower()
