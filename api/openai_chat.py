"""OpenAI's chat completions, as its clients know them: https://platform.openai.com/docs/api-reference/chat."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field, StrictBool

from api import events
from api.asking import Asker
from api.documents import openai_responses
from api.openai_common import MODELS, Content, Model, Reply, Tolerant, extras, reply, text_of
from api.problems import Refused

STARTED = 1_767_225_600  # models have a birthday: 2026-01-01


class ChatMessage(Tolerant):
    """One message; tool messages are read past."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Content = None


class StreamOptions(Tolerant):
    include_usage: StrictBool = False


class TextFormat(Tolerant):
    type: Literal["text"]


class ChatRequest(Tolerant):
    """The whole conversation counts: follow-ups keep their focus. Sampling parameters have no meaning here."""

    model: Model
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=1_000)]
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    response_format: TextFormat | None = None
    tool_choice: Literal["none", "auto"] | None = None


def router(asker: Asker) -> APIRouter:
    routes = APIRouter(prefix="/v1", tags=["openai"])

    @routes.post("/chat/completions", responses=openai_responses(stream=True), summary="Chat completions")
    async def completions(request: ChatRequest, http: Request) -> Response:
        messages: list[tuple[str, str]] = [(message.role, text_of(message.content)) for message in request.messages]
        http.state.question = messages[-1][1]
        most = request.max_completion_tokens or request.max_tokens
        made = await reply(asker, messages, model=request.model, base=str(http.base_url), most=most)
        if request.stream:
            options = request.stream_options or StreamOptions()
            return events.stream(_chunks(made, options.include_usage))
        return JSONResponse(_completion(made))

    @routes.get("/models", responses=openai_responses(), summary="Models")
    async def models() -> Any:
        return {"object": "list", "data": [_model(name) for name in MODELS]}

    @routes.get("/models/{model}", responses=openai_responses(), summary="A model")
    async def model(model: str) -> Any:
        if model not in MODELS:
            raise Refused(f"There is no model {model!r}. Known: {', '.join(MODELS)}.", "model", 404, "model_not_found")
        return _model(model)

    return routes


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": STARTED, "owned_by": "rolebook"}


def _head(made: Reply, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{made.id}", "object": kind, "created": made.created, "model": made.model}


def _completion(made: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": made.text, "refusal": None, "annotations": _annotations(made)}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(made)}
    return _head(made, "chat.completion") | {"choices": [choice], "usage": _usage(made)} | extras(made)


async def _chunks(made: Reply, include_usage: bool) -> AsyncIterator[bytes]:
    """The role, the text line by line, the annotations, the end; usage only if asked for."""
    head = _head(made, "chat.completion.chunk") | ({"usage": None} if include_usage else {})

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return events.event(None, head | {"choices": [choice]} | more)

    yield chunk({"role": "assistant", "content": ""})
    for piece in made.pieces():
        yield chunk({"content": piece})
    if made.annotations:
        yield chunk({"annotations": _annotations(made)}, **extras(made))
    yield chunk({}, _finish(made))
    if include_usage:
        yield events.event(None, head | {"choices": [], "usage": _usage(made)})
    yield b"data: [DONE]\n\n"


def _annotations(made: Reply) -> list[dict[str, Any]]:
    return [{"type": "url_citation", "url_citation": note} for note in made.annotations]


def _finish(made: Reply) -> str:
    return "length" if made.cut else "stop"


def _usage(made: Reply) -> dict[str, int]:
    total = made.prompt_tokens + made.completion_tokens
    return {
        "prompt_tokens": made.prompt_tokens,
        "completion_tokens": made.completion_tokens,
        "total_tokens": total,
    }
