"""What each address and tool does: a request and an open library in, a body out."""

from api import shapes
from api.bodies import (
    BlueprintBody,
    ComparisonBody,
    DocumentBody,
    FoundBody,
    HitsBody,
    MatrixBody,
    PassagesBody,
    ResultBody,
    RolesBody,
    RoleSectionsBody,
    RolesHitBody,
    SimilarBody,
)
from api.requests import CatalogueRequest, CompareRequest, MatrixRequest, SearchRequest, SimilarRequest
from index.library import Library
from ingest.errors import UnknownName
from search import Filters, Hit, deep_link, retrieve, retrieve_roles
from search.compare import compare as compare_roles
from search.matrix import matrix as matrix_of
from search.names import LEVELS, one_blueprint, resolve, slug_of
from search.similar import similar as similar_passages


def search(library: Library, request: SearchRequest) -> HitsBody | RolesHitBody:
    filters = _filters(request)
    if request.group_by == "role":
        return shapes.role_hits(request.query, retrieve_roles(library, request.query, request.k, filters))
    return shapes.hits(request.query, retrieve(library, request.query, request.k, filters))


def similar(library: Library, request: SimilarRequest) -> SimilarBody:
    return shapes.similar(similar_passages(library, request.text, request.k))


def compare(library: Library, request: CompareRequest) -> ComparisonBody:
    return shapes.comparison(compare_roles(library, request.role, request.topic))


def matrix(library: Library, request: MatrixRequest) -> MatrixBody:
    return shapes.matrix(matrix_of(library, request.matter, request.role))


def catalogue(library: Library, request: CatalogueRequest) -> RolesBody:
    entries = library.generation.catalogue()
    levels = resolve("level", request.level, LEVELS)
    functions = resolve("function", request.function, sorted({entry.function for entry in entries if entry.function}))
    return shapes.roles(
        [
            entry
            for entry in entries
            if (not levels or entry.level in levels) and (not functions or entry.function in functions)
        ]
    )


def blueprint(library: Library, name: str, topics: list[str]) -> BlueprintBody:
    entry = one_blueprint(name, library.generation.catalogue())
    return shapes.blueprint(shapes.of_topics(library.generation.blueprint(entry.blueprint_id), topics))


def passages(library: Library, passage_id: str, blueprint_id: str | None = None) -> PassagesBody:
    """The passage in every blueprint that has it, or in one; raises UnknownName."""
    generation = library.generation
    slug = passage_id.partition("#")[0]
    entries = [
        entry
        for entry in generation.catalogue()
        if slug_of(entry.blueprint_id) == slug and blueprint_id in (None, entry.blueprint_id)
    ]
    rows = {entry: generation.row_of(entry.blueprint_id, passage_id) for entry in entries}
    found = [(entry.url, row) for entry, row in rows.items() if row is not None]
    if not found:
        of = f" in {blueprint_id}" if blueprint_id else ""
        raise UnknownName(f"There is no passage {passage_id!r}{of}. Ids are as a search gives them.")
    return {"passages": [shapes.passage(generation.passage(row), url) for url, row in found]}


def owners_question(matter: str) -> str:
    """The matter as the question that finds its owners."""
    return f"Which roles own {matter.strip()}?"


def found(library: Library, request: SearchRequest) -> FoundBody:
    """Hits as MCP clients expect them."""
    return {"results": [_result(hit) for hit in retrieve(library, request.query, request.k, _filters(request))]}


def document(library: Library, identity: str) -> DocumentBody:
    """A passage by its id, or a whole blueprint by its own; raises UnknownName."""
    if "#" in identity:
        first = passages(library, identity)["passages"][0]
        return {
            "id": identity,
            "title": ": ".join((first["role"], *first["path"][-1:])),
            "text": first["text"],
            "url": deep_link(first["url"], first["text"]),
            "metadata": {"role": first["role"], "topic": first["topic"], "blueprint_id": first["blueprint_id"]},
        }
    whole = blueprint(library, identity, [])
    known = {"role": whole["role"], "level": whole["level"], "function": whole["function"] or ""}
    return {
        "id": whole["blueprint_id"],
        "title": whole["title"],
        "text": whole["text"],
        "url": whole["url"],
        "metadata": {name: value for name, value in known.items() if value},
    }


def role_sections(library: Library, name: str, topics: list[str]) -> RoleSectionsBody:
    """A role's sections on these topics, without the rest of its page."""
    whole = blueprint(library, name, topics)
    return {
        "role": whole["role"],
        "blueprint_id": whole["blueprint_id"],
        "url": whole["url"],
        "sections": whole["sections"],
    }


def _filters(request: SearchRequest) -> Filters:
    named = (request.role, request.topic, request.level, request.function, request.source)
    return Filters(*(tuple(names) for names in named))


def _result(hit: Hit) -> ResultBody:
    passage = hit.passage
    return {
        "id": passage.passage_id,
        "title": ": ".join((passage.role, *passage.path[-1:])),
        "url": deep_link(hit.url, passage.text),
        "text": passage.text,
        "role": passage.role,
        "topic": passage.topic,
        "score": hit.score,
    }
