"""Server-sent events."""

import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

from fastapi.responses import StreamingResponse

from api import shapes
from search import Answer


def event(name: str | None, data: Any) -> bytes:
    """One event; JSON has no line ends, so one data line."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


def stream(pieces: AsyncIterator[bytes]) -> StreamingResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(pieces, media_type="text/event-stream", headers=headers)


async def answer_events(plain: Answer, final: Awaitable[Answer]) -> AsyncIterator[bytes]:
    """Claims, then citations, then the whole answer, whose words may come from a slower model."""
    for claim in plain.claims:
        yield event("claim", {"text": claim.text, "citations": list(claim.citations)})
    for citation in plain.citations:
        yield event("citation", shapes.citation(citation))
    yield event("done", shapes.answer(await final))
