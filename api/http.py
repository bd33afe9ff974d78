"""The HTTP service: the command line's answers under /v1."""

from copy import copy
from threading import Lock
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query

from api import problems, shapes
from api.requests import AskRequest, QuestionRequest, SearchRequest, ShowRequest, Strict, asked
from index.library import Library
from search import Filters, ask, retrieve, retrieve_roles
from search.names import one_blueprint

Json = dict[str, Any]


def no_parameters(_: Annotated[Strict, Query()]) -> None:
    """Refuses every query parameter."""


def create_app(library: Library) -> FastAPI:
    """The service over an open library; each request sees one generation, the current one when it came."""
    switch = Lock()

    def current() -> Library:
        with switch:
            library.refresh()
            return copy(library)

    Current = Annotated[Library, Depends(current)]
    bare = [Depends(no_parameters)]
    app = FastAPI(title="Rolebook", description="Role blueprints, searched and quoted.", redirect_slashes=False)
    problems.install(app)

    @app.get("/v1/search")
    def search_get(request: Annotated[SearchRequest, Query()], library: Current) -> Json:
        return _search(library, request)

    @app.post("/v1/search", dependencies=bare)
    def search_post(request: SearchRequest, library: Current) -> Json:
        return _search(library, request)

    @app.get("/v1/ask")
    def ask_get(request: Annotated[QuestionRequest, Query()], library: Current) -> Json:
        return shapes.answer(ask(library, request.question))

    @app.post("/v1/ask", dependencies=bare)
    def ask_post(request: AskRequest, library: Current) -> Json:
        return shapes.answer(ask(library, request.question, asked(request.history)))

    @app.get("/v1/roles", dependencies=bare)
    def roles(library: Current) -> Json:
        return shapes.roles(library.generation.catalogue())

    @app.get("/v1/roles/{blueprint_id:path}")
    def role(blueprint_id: str, request: Annotated[ShowRequest, Query()], library: Current) -> Json:
        entry = one_blueprint(blueprint_id, library.generation.catalogue())
        return shapes.blueprint(shapes.of_topics(library.generation.blueprint(entry.blueprint_id), request.topic))

    @app.get("/healthz", dependencies=bare)
    def healthz() -> Json:
        return {"status": "ok"}

    @app.get("/readyz", dependencies=bare)
    def readyz(library: Current) -> Json:
        manifest = library.generation.manifest
        return {"status": "ready", "generation": manifest.generation, "blueprints": manifest.blueprints}

    return app


def _search(library: Library, request: SearchRequest) -> Json:
    named = (request.role, request.topic, request.level, request.function, request.source)
    filters = Filters(*(tuple(names) for names in named))
    if request.group_by == "role":
        return shapes.role_hits(request.query, retrieve_roles(library, request.query, request.k, filters))
    return shapes.hits(request.query, retrieve(library, request.query, request.k, filters))
