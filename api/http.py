"""The HTTP service: JSON under /v1, OpenAI's protocol beside it, MCP at /mcp, and what operators look at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query
from fastapi.responses import Response
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from api import mcp_server, openai_chat, openai_responses, problems, v1, views
from api.asking import Asker
from api.bodies import HealthBody, ReadyBody
from api.guard import Guard
from api.keys import KeyRing
from api.live import Busy, Live
from api.metrics import Metrics
from api.observe import Observe
from api.rephrase import Rephraser
from api.requests import Strict
from api.settings import Settings
from api.tracing import TELEMETRY, Traced
from api.web import page
from index.library import Library
from ingest.errors import RolebookError
from search.examples import examples

LARGE = 20_000  # bytes from which a reply is worth packing: a catalogue, a whole page, not an answer
_READ = ["GET", "POST"]
_CALLER_HEADERS = ["Authorization", "Content-Type", "X-API-Key", "X-Request-ID", "Mcp-Protocol-Version"]


def create_app(library: Library, settings: Settings | None = None, *, ahead: bool = False) -> FastAPI:
    """The service over an open library; each request sees one generation, and the library is closed at the end.

    `ahead` looks for examples at once, which takes seconds, so that the page's first visitor need not wait.
    """
    settings = settings or Settings()
    live = Live(library, workers=settings.workers, waiting=settings.concurrency, timeout=settings.timeout)
    metrics = Metrics(live)
    rephraser = Rephraser(settings) if settings.llm_url else None
    asker = Asker(live, metrics, rephraser)
    mcp = mcp_server.create(asker)
    mcp_routes = mcp_server.routes(mcp)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            if rephraser:
                stack.push_async_callback(rephraser.close)
            await stack.enter_async_context(live.serving())
            await stack.enter_async_context(mcp.session_manager.run())
            finding = asyncio.create_task(asyncio.to_thread(_examples, live)) if ahead else None
            yield
            if finding:
                await finding

    app = Traced(
        telemetry=TELEMETRY,
        title="Rolebook",
        version="1",
        description="Role blueprints, searched and quoted.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
    )
    problems.install(app)
    app.include_router(v1.router(asker))
    app.include_router(views.router(asker, settings.home))
    app.include_router(openai_chat.router(asker))
    app.include_router(openai_responses.router(asker))
    _operations(app, live, metrics, settings)
    app.router.routes.extend((*mcp_routes, *page.routes()))
    _wrap(app, settings, metrics)
    return app


def _examples(live: Live) -> None:
    with live.lease() as library, suppress(RolebookError):
        examples(library)


def _wrap(app: FastAPI, settings: Settings, metrics: Metrics) -> None:
    """The middleware, innermost first."""
    app.add_middleware(GZipMiddleware, minimum_size=LARGE, compresslevel=5)
    app.add_middleware(Guard, settings=settings, keys=KeyRing(settings.home))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=_READ,
            allow_headers=_CALLER_HEADERS,
            expose_headers=["ETag", "Retry-After", "X-Request-ID"],
        )
    app.add_middleware(
        Observe, metrics=metrics, log_questions=settings.log_questions, shared=bool(settings.cors_origins)
    )


def _operations(app: FastAPI, live: Live, metrics: Metrics, settings: Settings) -> None:
    bare = [Depends(v1.no_parameters)]

    @app.get("/healthz", dependencies=bare, tags=["operations"], summary="Whether it runs")
    async def healthz() -> HealthBody:
        return {"status": "ok"}

    @app.get("/readyz", dependencies=bare, tags=["operations"], summary="Whether it can answer")
    async def readyz() -> ReadyBody:
        if not live.ready:
            raise Busy
        manifest = live.generation.manifest
        return {"status": "ready", "generation": manifest.generation, "blueprints": manifest.blueprints}

    if settings.metrics:

        @app.get("/metrics", tags=["operations"], summary="Prometheus metrics", response_class=Response)
        async def exposition(_: Annotated[Strict, Query()]) -> Any:
            return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")
