"""The page's addresses and files, read once, with headers that let nothing from outside in."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

FOLDER = Path(__file__).parent / "static"
VIEWS = ("/", "/search", "/roles", "/role", "/compare", "/overview", "/status")
_STATIC = "/static/"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: blob:",  # data and blob: the drawings on their way into a PNG
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # a string can never become markup
    )
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent; `packed` is None where gzip would gain nothing."""

    plain: bytes
    packed: bytes | None
    media_type: str
    tag: str


def is_page(path: str) -> bool:
    """Whether this address is the page's own and holds nothing of the index, so that it needs no key."""
    return path in VIEWS or path.startswith(_STATIC)


def routes() -> list[BaseRoute]:
    """The views, which are one document, and its files under a name that changes with them."""
    files = {path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*.*"))}
    version = hashlib.sha256(b"".join(name.encode() + content for name, content in files.items())).hexdigest()[:12]
    document = files.pop("index.html").replace(b"{{static}}", f"{_STATIC}{version}".encode())
    shell = asset("index.html", document)
    assets = {name: asset(name, content) for name, content in files.items()}

    async def view(request: Request) -> Response:
        return _send(request, shell, {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})

    async def file(request: Request) -> Response:
        found = assets.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404, "The page has no such file")
        same = request.path_params["version"] == version
        kept = "public, max-age=31536000, immutable" if same else "no-cache"
        return _send(request, found, {"Cache-Control": kept})

    return [
        *(Route(path, view) for path in VIEWS),
        Route(_STATIC + "{version}/{name:path}", file),
    ]


def asset(name: str, content: bytes) -> Asset:
    """The file with its media type, packed if that makes it smaller."""
    packed = None if name.endswith(".woff2") else gzip.compress(content, 9, mtime=0)
    smaller = packed if packed and len(packed) < len(content) else None
    return Asset(content, smaller, _TYPES[Path(name).suffix], f'"{hashlib.sha256(content).hexdigest()[:24]}"')


def _send(request: Request, found: Asset, headers: Mapping[str, str]) -> Response:
    sent = {"ETag": found.tag, "Vary": "Accept-Encoding", **headers}
    known = request.headers.get("if-none-match", "")
    if found.tag in (part.strip().removeprefix("W/") for part in known.split(",")):
        return Response(status_code=304, headers=sent)
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, headers=sent | {"Content-Encoding": "gzip"}, media_type=found.media_type)
    return Response(found.plain, headers=sent, media_type=found.media_type)
