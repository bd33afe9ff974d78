"""OpenAI's responses, as its clients know them: https://platform.openai.com/docs/api-reference/responses."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field, StrictBool

from api import events
from api.asking import Asker
from api.documents import openai_responses
from api.openai_common import Content, Model, Reply, Tolerant, extras, reply, text_of
from api.problems import Refused


class InputMessage(Tolerant):
    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: Content = None


Input = Annotated[str, Field(max_length=100_000)] | Annotated[list[InputMessage], Field(max_length=1_000)]


class ResponsesRequest(Tolerant):
    """Nothing is kept between two calls: send the whole conversation as `input`."""

    model: Model
    input: Input
    instructions: Annotated[str, Field(max_length=100_000)] | None = None
    stream: StrictBool | None = False
    max_output_tokens: Annotated[int, Field(ge=1)] | None = None
    previous_response_id: Annotated[str, Field(max_length=200)] | None = None
    background: Literal[False] | None = None


def router(asker: Asker) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["openai"])

    @routes.post("/responses", responses=openai_responses(stream=True), summary="Responses")
    async def responses(request: ResponsesRequest, http: Request) -> Response:
        if request.previous_response_id is not None:
            detail = "No conversation is kept here. Send all of it as 'input'."
            raise Refused(detail, "previous_response_id", 404, "previous_response_not_found")
        messages = _messages(request)
        http.state.question = messages[-1][1] if messages else ""
        base, most = str(http.base_url), request.max_output_tokens
        made = await reply(asker, messages, model=request.model, base=base, most=most)
        if request.stream:
            return events.stream(_events(made, request))
        return JSONResponse(_response(made, request, _output(made)))

    return routes


def _messages(request: ResponsesRequest) -> list[tuple[str, str]]:
    head = [("system", request.instructions)] if request.instructions else []
    if isinstance(request.input, str):
        return [*head, ("user", request.input)]
    return [*head, *((item.role, text_of(item.content)) for item in request.input)]


def _part(made: Reply) -> dict[str, Any]:
    notes = [{"type": "url_citation", **note} for note in made.annotations]
    return {"type": "output_text", "text": made.text, "annotations": notes, "logprobs": []}


def _item(made: Reply, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "message", "id": f"msg_{made.id}", "status": status, "role": "assistant", "content": content}


def _output(made: Reply) -> list[dict[str, Any]]:
    return [_item(made, "incomplete" if made.cut else "completed", [_part(made)])]


def _response(made: Reply, request: ResponsesRequest, output: list[dict[str, Any]] | None) -> dict[str, Any]:
    """The response object; still under way without output."""
    done = "incomplete" if made.cut else "completed"
    body: dict[str, Any] = {
        "id": f"resp_{made.id}",
        "object": "response",
        "created_at": made.created,
        "status": "in_progress" if output is None else done,
        "background": False,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if made.cut and output is not None else None,
        "instructions": request.instructions,
        "max_output_tokens": request.max_output_tokens,
        "metadata": {},
        "model": made.model,
        "output": output or [],
        "parallel_tool_calls": False,
        "previous_response_id": None,
        "store": False,
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": "none",
        "tools": [],
        "top_p": None,
        "truncation": "disabled",
        "usage": None if output is None else _usage(made),
    }
    return body if output is None else body | extras(made)


def _usage(made: Reply) -> dict[str, Any]:
    return {
        "input_tokens": made.prompt_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": made.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": made.prompt_tokens + made.completion_tokens,
    }


async def _events(made: Reply, request: ResponsesRequest) -> AsyncIterator[bytes]:
    """The protocol's events, numbered in the order they are sent."""
    for number, (kind, body) in enumerate(_sequence(made, request)):
        yield events.event(kind, {"type": kind, "sequence_number": number} | body)


def _sequence(made: Reply, request: ResponsesRequest) -> list[tuple[str, dict[str, Any]]]:
    here: dict[str, Any] = {"item_id": f"msg_{made.id}", "output_index": 0, "content_index": 0}
    begun, part = _response(made, request, None), _part(made)
    empty = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
    finished = "response.incomplete" if made.cut else "response.completed"
    return [
        ("response.created", {"response": begun}),
        ("response.in_progress", {"response": begun}),
        ("response.output_item.added", {"output_index": 0, "item": _item(made, "in_progress", [])}),
        ("response.content_part.added", here | {"part": empty}),
        *(("response.output_text.delta", here | {"delta": piece, "logprobs": []}) for piece in made.pieces()),
        *(
            ("response.output_text.annotation.added", here | {"annotation_index": number, "annotation": note})
            for number, note in enumerate(part["annotations"])
        ),
        ("response.output_text.done", here | {"text": made.text, "logprobs": []}),
        ("response.content_part.done", here | {"part": part}),
        ("response.output_item.done", {"output_index": 0, "item": _output(made)[0]}),
        (finished, {"response": _response(made, request, _output(made))}),
    ]
