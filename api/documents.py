"""How addresses are described in OpenAPI."""

from typing import Any

from pydantic import TypeAdapter

from api.bodies import OpenAIErrorBody, ProblemBody

_PROBLEMS = {
    400: "The body is not JSON.",
    401: "A key is needed, or this one is not known.",
    404: "A role, topic, level, function, source or passage that is not there; the detail proposes near names.",
    408: "The body did not come in time.",
    413: "The body is too large.",
    421: "This host name is not served.",
    422: "A parameter is missing, out of its bounds or unknown.",
    429: "Too many requests; Retry-After says how long to wait.",
    503: "Too much is waiting, or the index cannot be read.",
}


def responses(model: Any, *, stream: bool = False, cached: bool = False) -> dict[int | str, dict[str, Any]]:
    """The documented responses of an address that answers with this model."""
    good: dict[str, Any] = {"model": model}
    if stream:
        good["content"] = {"text/event-stream": {}}
    if cached:
        good["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "Changes with the index."}}
    schema = TypeAdapter(ProblemBody).json_schema()
    problems: dict[int | str, dict[str, Any]] = {
        status: {"description": meaning, "content": {"application/problem+json": {"schema": schema}}}
        for status, meaning in _PROBLEMS.items()
    }
    unchanged: dict[int | str, dict[str, Any]] = {304: {"description": "As you have it."}} if cached else {}
    return {200: good, **unchanged, **problems}


def openai_responses(*, stream: bool = False) -> dict[int | str, dict[str, Any]]:
    """The documented responses of an address that speaks OpenAI's protocol."""
    good: dict[str, Any] = {"description": "As OpenAI documents it, with citations[] besides."}
    if stream:
        good["content"] = {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {},
        }
    statuses = {status: meaning for status, meaning in _PROBLEMS.items() if status != 422}
    statuses[404] = "There is no such model."
    errors: dict[int | str, dict[str, Any]] = {
        status: {"description": meaning, "model": OpenAIErrorBody} for status, meaning in statuses.items()
    }
    return {200: good, **errors}
