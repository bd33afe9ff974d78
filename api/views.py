"""What the web page asks for besides the JSON API's own answers: facets, likeness of roles, examples, status."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field
from typing_extensions import TypedDict

from api import runs, shapes
from api.asking import Asker
from api.bodies import EntryBody
from api.documents import responses
from api.fields import Functions, Levels, Role, Roles, Sources, Topics
from api.fields import Query as Words
from api.problems import problem
from api.requests import Strict
from api.sync_command import sites_shape
from api.v1 import Known, unless_known
from index.followed import followed_sites
from index.library import Library
from search import Filters
from search.examples import examples
from search.facets import Facets, facets
from search.nearness import near, overlap, places


class FacetsRequest(Strict):
    """A search whose passages are counted."""

    query: Words
    role: Roles
    topic: Topics
    level: Levels
    function: Functions
    source: Sources


class NearRequest(Strict):
    """Which roles are like one."""

    role: Role
    k: Annotated[int, Field(ge=1, le=100, description="How many, at most.")] = 8


class OverlapRequest(Strict):
    """Whose responsibilities to lay over each other; none = of those with most."""

    role: Roles


class CountBody(TypedDict):
    value: str
    count: int


class FacetsBody(TypedDict):
    """Counts among the best `depth` passages; each dimension as if its own filter were not set."""

    query: str
    depth: int
    role: list[CountBody]
    level: list[CountBody]
    function: list[CountBody]
    topic: list[CountBody]
    asked: dict[str, Any]


class NearRoleBody(EntryBody):
    """A higher score is more alike."""

    score: float


class NearBody(TypedDict):
    role: str
    roles: list[NearRoleBody]


class PlaceBody(EntryBody):
    """-1 to 1; near roles stand near, the axes mean nothing."""

    x: float
    y: float


class MapBody(TypedDict):
    roles: list[PlaceBody]


class OverlapBody(TypedDict):
    """`values[i][j]`, 0 to 1: how far the responsibilities of `roles[i]` and `roles[j]` overlap; `of` roles in all."""

    roles: list[EntryBody]
    of: int
    values: list[list[float]]


class ExamplesBody(TypedDict):
    """Questions with an answer and matters with an owner, in this index."""

    questions: list[str]
    matters: list[str]


class RunBody(TypedDict):
    """A build, import or sync; `error` ended it, `failed` names up to fifty pages that could not be read."""

    command: Literal["build", "import", "sync"]
    of: str
    at: str
    seconds: float
    error: str | None
    failures: int
    failed: list[str]
    counts: dict[str, Any]


class StatusBody(TypedDict):
    """What the index is made of, and what the last runs did, newest first."""

    generation: int
    created: str
    encoder: str
    sources: int
    blueprints: int
    passages: int
    formats: dict[str, int]
    switch_failures: int
    sites: list[dict[str, Any]]
    runs: list[RunBody]


def router(asker: Asker, home: Path) -> APIRouter:
    """The routes over the asker's library."""
    routes = APIRouter(prefix="/v1", tags=["page"], default_response_class=JSONResponse)
    _counted(routes, asker)
    _alike(routes, asker)
    _operated(routes, asker, home)
    return routes


def _counted(routes: APIRouter, asker: Asker) -> None:
    @routes.get("/facets", responses=responses(FacetsBody), summary="How a search's passages are distributed")
    async def facets_get(request: Annotated[FacetsRequest, Query()], http: Request) -> Response:
        http.state.question = request.query
        named = (request.role, request.topic, request.level, request.function, request.source)
        filters = Filters(*(tuple(names) for names in named))
        return await asker.live.run(
            lambda library: JSONResponse(_facets(request.query, facets(library, request.query, filters)))
        )

    @routes.get("/examples", responses=responses(ExamplesBody, cached=True), summary="What this index can answer")
    async def examples_get(_: Annotated[Strict, Query()], http: Request, if_none_match: Known = None) -> Response:
        def found(library: Library) -> ExamplesBody:
            known = examples(library)
            return {"questions": list(known.questions), "matters": list(known.matters)}

        return await unless_known(asker, http, if_none_match, found)


def _alike(routes: APIRouter, asker: Asker) -> None:
    @routes.get("/near", responses=responses(NearBody, cached=True), summary="Roles that are like one")
    async def near_get(
        request: Annotated[NearRequest, Query()], http: Request, if_none_match: Known = None
    ) -> Response:
        def found(library: Library) -> NearBody:
            alike = near(library.generation, request.role, request.k)
            return {"role": request.role, "roles": [{**shapes.entry(n.entry), "score": n.score} for n in alike]}

        return await unless_known(asker, http, if_none_match, found)

    @routes.get("/map", responses=responses(MapBody, cached=True), summary="Every role on a plane")
    async def map_get(_: Annotated[Strict, Query()], http: Request, if_none_match: Known = None) -> Response:
        def found(library: Library) -> MapBody:
            return {"roles": [{**shapes.entry(p.entry), "x": p.x, "y": p.y} for p in places(library.generation)]}

        return await unless_known(asker, http, if_none_match, found)

    @routes.get("/overlap", responses=responses(OverlapBody, cached=True), summary="How far responsibilities overlap")
    async def overlap_get(
        request: Annotated[OverlapRequest, Query()], http: Request, if_none_match: Known = None
    ) -> Response:
        def found(library: Library) -> OverlapBody:
            made = overlap(library.generation, request.role)
            roles = [shapes.entry(entry) for entry in made.entries]
            return {"roles": roles, "of": made.of, "values": [list(row) for row in made.values]}

        return await unless_known(asker, http, if_none_match, found)


def _operated(routes: APIRouter, asker: Asker, home: Path) -> None:
    @routes.get("/status", responses=responses(StatusBody), summary="Builds and syncs, for an admin key")
    async def status_get(_: Annotated[Strict, Query()], http: Request) -> Response:
        key = http.state.key
        if key is None or not key.admin:
            detail = "An admin key is needed. 'rolebook keys add NAME --admin' makes one."
            return problem(http.url.path, 403 if key else 401, detail, code="admin_only")
        failures = asker.live.switch_failures
        return await asker.live.run(
            lambda library: JSONResponse(_status(library, home, failures), headers={"Cache-Control": "no-store"})
        )


def _facets(query: str, found: Facets) -> FacetsBody:
    def counts(pairs: tuple[tuple[str, int], ...]) -> list[CountBody]:
        return [{"value": value, "count": count} for value, count in pairs]

    return {
        "query": query,
        "depth": found.depth,
        "role": counts(found.roles),
        "level": counts(found.levels),
        "function": counts(found.functions),
        "topic": counts(found.topics),
        "asked": found.read.explain(),
    }


def _status(library: Library, home: Path, switch_failures: int) -> StatusBody:
    manifest = library.generation.manifest
    formats = Counter(page.format for page in library.generation.pages().values())
    return {
        "generation": manifest.generation,
        "created": manifest.created,
        "encoder": manifest.encoder,
        "sources": manifest.sources,
        "blueprints": manifest.blueprints,
        "passages": manifest.passages,
        "formats": dict(formats.most_common()),
        "switch_failures": switch_failures,
        "sites": sites_shape(followed_sites(home)),
        "runs": runs.last(home),  # type: ignore[typeddict-item]
    }
