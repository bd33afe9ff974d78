"""The JSON API: what the command line answers, under /v1."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from api import events, service, shapes
from api.asking import Asker
from api.bodies import (
    AnswerBody,
    BlueprintBody,
    ComparisonBody,
    HitsBody,
    MatrixBody,
    PassagesBody,
    RolesBody,
    RolesHitBody,
    SimilarBody,
)
from api.documents import responses
from api.requests import (
    AskRequest,
    CatalogueRequest,
    CompareRequest,
    MatrixRequest,
    OwnersRequest,
    PassageRequest,
    QuestionRequest,
    SearchRequest,
    ShowRequest,
    SimilarRequest,
    Strict,
    asked,
)
from index.library import Library

Known = Annotated[str | None, Header(alias="If-None-Match", description="The ETag you have.", max_length=1_000)]
Work = Callable[[Library], Mapping[str, Any]]


def no_parameters(_: Annotated[Strict, Query()]) -> None:
    """Refuses every query parameter."""


def router(asker: Asker) -> APIRouter:
    """The routes over the asker's library."""
    routes = APIRouter(prefix="/v1", tags=["rolebook"], default_response_class=JSONResponse)
    _search_and_ask(routes, asker)
    _likeness(routes, asker)
    _catalogue(routes, asker)
    return routes


def _search_and_ask(routes: APIRouter, asker: Asker) -> None:
    bare = [Depends(no_parameters)]
    found, answered = responses(HitsBody | RolesHitBody), responses(AnswerBody, stream=True)

    async def searched(request: SearchRequest, http: Request) -> Response:
        http.state.question = request.query
        return await asker.live.run(lambda library: JSONResponse(service.search(library, request)))

    async def ask(question: str, history: tuple[str, ...], stream: bool, http: Request) -> Response:
        http.state.question = question
        plain = await asker.plain(question, history)
        if stream:
            return events.stream(events.answer_events(plain, asker.rephrased(plain)))
        return JSONResponse(shapes.answer(await asker.rephrased(plain)))

    @routes.get("/search", responses=found, summary="Ranked passages or roles")
    async def search_get(request: Annotated[SearchRequest, Query()], http: Request) -> Response:
        return await searched(request, http)

    @routes.post("/search", responses=found, dependencies=bare, summary="Ranked passages or roles")
    async def search_post(request: SearchRequest, http: Request) -> Response:
        return await searched(request, http)

    @routes.get("/ask", responses=answered, summary="An answer with citations")
    async def ask_get(request: Annotated[QuestionRequest, Query()], http: Request) -> Response:
        return await ask(request.question, (), request.stream, http)

    @routes.post("/ask", responses=answered, dependencies=bare, summary="An answer with citations, in a conversation")
    async def ask_post(request: AskRequest, http: Request) -> Response:
        return await ask(request.question, asked(request.history), request.stream, http)

    @routes.get("/owners", responses=responses(AnswerBody), summary="Who owns, shares or contributes to a matter")
    async def owners_get(request: Annotated[OwnersRequest, Query()], http: Request) -> Response:
        return await ask(service.owners_question(request.matter), (), False, http)

    @routes.post("/owners", responses=responses(AnswerBody), dependencies=bare, summary="Who owns a matter")
    async def owners_post(request: OwnersRequest, http: Request) -> Response:
        return await ask(service.owners_question(request.matter), (), False, http)


def _likeness(routes: APIRouter, asker: Asker) -> None:
    bare = [Depends(no_parameters)]
    alike, compared = responses(SimilarBody), responses(ComparisonBody)

    async def similar(request: SimilarRequest, http: Request) -> Response:
        http.state.question = request.text
        return await asker.live.run(lambda library: JSONResponse(service.similar(library, request)))

    async def compare(request: CompareRequest) -> Response:
        return await asker.live.run(lambda library: JSONResponse(service.compare(library, request)))

    async def matrix(request: MatrixRequest) -> Response:
        return await asker.live.run(lambda library: JSONResponse(service.matrix(library, request)))

    @routes.get("/matrix", responses=responses(MatrixBody), summary="Roles by matters")
    async def matrix_get(request: Annotated[MatrixRequest, Query()]) -> Response:
        return await matrix(request)

    @routes.post("/matrix", responses=responses(MatrixBody), dependencies=bare, summary="Roles by matters")
    async def matrix_post(request: MatrixRequest) -> Response:
        return await matrix(request)

    @routes.get("/similar", responses=alike, summary="What is like a responsibility in other roles")
    async def similar_get(request: Annotated[SimilarRequest, Query()], http: Request) -> Response:
        return await similar(request, http)

    @routes.post("/similar", responses=alike, dependencies=bare, summary="What is like it in other roles")
    async def similar_post(request: SimilarRequest, http: Request) -> Response:
        return await similar(request, http)

    @routes.get("/compare", responses=compared, summary="Two to four roles side by side")
    async def compare_get(request: Annotated[CompareRequest, Query()]) -> Response:
        return await compare(request)

    @routes.post("/compare", responses=compared, dependencies=bare, summary="Two to four roles side by side")
    async def compare_post(request: CompareRequest) -> Response:
        return await compare(request)


def _catalogue(routes: APIRouter, asker: Asker) -> None:
    @routes.get("/roles", responses=responses(RolesBody, cached=True), summary="The catalogue")
    async def roles(
        request: Annotated[CatalogueRequest, Query()], http: Request, if_none_match: Known = None
    ) -> Response:
        return await unless_known(asker, http, if_none_match, lambda library: service.catalogue(library, request))

    @routes.get("/roles/{name:path}", responses=responses(BlueprintBody, cached=True), summary="A role's own words")
    async def role(
        name: Annotated[str, Path(min_length=1, max_length=300, description="A role's name, slug or blueprint_id.")],
        request: Annotated[ShowRequest, Query()],
        http: Request,
        if_none_match: Known = None,
    ) -> Response:
        return await unless_known(
            asker, http, if_none_match, lambda library: service.blueprint(library, name, request.topic)
        )

    @routes.get("/passages/{passage_id:path}", responses=responses(PassagesBody, cached=True), summary="A passage")
    async def passage(
        passage_id: Annotated[str, Path(min_length=1, max_length=300, description="As a search gives it.")],
        request: Annotated[PassageRequest, Query()],
        http: Request,
        if_none_match: Known = None,
    ) -> Response:
        return await unless_known(
            asker, http, if_none_match, lambda library: service.passages(library, passage_id, request.blueprint_id)
        )


async def unless_known(asker: Asker, http: Request, known: str | None, work: Work) -> Response:
    """The work's body with an ETag, or 304 without doing it; both of one generation."""

    def respond(library: Library) -> Response:
        tag = etag(library, http)
        if known and tag in (part.strip().removeprefix("W/") for part in known.split(",")):
            return Response(status_code=304, headers={"ETag": tag})
        return JSONResponse(work(library), headers={"ETag": tag, "Cache-Control": "no-cache"})

    return await asker.live.run(respond)


def etag(library: Library, http: Request) -> str:
    """Of the index's content and the address, so that nothing need be computed to compare it."""
    files = library.generation.manifest.files
    content = "".join(state.sha256 for _, state in sorted(files.items()))
    return f'"{hashlib.sha256(f"{content} {http.url.path}?{http.url.query}".encode()).hexdigest()[:24]}"'
