"""What OpenAI's two protocols share: models, message contents, annotations, usage."""

import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from api import conversation, shapes
from api.asking import Asker
from api.bodies import CitationBody
from api.problems import Refused
from search import Answer

MODELS = {"rolebook": True, "rolebook-extractive": False}  # whether a language model may rephrase
_MARK = re.compile(r"\[(\d{1,5})\]")
_TOKEN = re.compile(r"\w+|[^\w\s]")


class Tolerant(BaseModel):
    """Clients of this protocol send much that has no meaning here; it is let pass."""

    model_config = ConfigDict(extra="ignore")


class Part(Tolerant):
    """A piece of a message; only texts can be read."""

    type: Literal["text", "input_text", "output_text", "refusal"]
    text: Annotated[str, Field(max_length=100_000)] = ""


Content = Annotated[str, Field(max_length=100_000)] | Annotated[list[Part], Field(max_length=100)] | None
Model = Annotated[str, Field(min_length=1, max_length=200, examples=["rolebook"])]


class UrlCitation(TypedDict):
    """Where in the answer, code points, end-exclusive; `citation` is the id in `citations`."""

    start_index: int
    end_index: int
    title: str
    url: str
    citation: int


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as both protocols need it."""

    id: str
    created: int  # Unix seconds
    model: str
    text: str
    annotations: tuple[UrlCitation, ...]
    citations: tuple[CitationBody, ...]
    answer: Answer | None
    cut: bool  # fewer words than there were to say
    prompt_tokens: int
    completion_tokens: int

    def pieces(self) -> Iterator[str]:
        """The text line by line."""
        return iter(self.text.splitlines(keepends=True))


def text_of(content: Content) -> str:
    if content is None or isinstance(content, str):
        return content or ""
    return "\n".join(part.text for part in content)


async def reply(asker: Asker, messages: list[tuple[str, str]], *, model: str, base: str, most: int | None) -> Reply:
    """Answers the conversation; `base` is this server's address, for what has none of its own."""
    if model not in MODELS:
        raise Refused(f"There is no model {model!r} here. Known: {', '.join(MODELS)}.", "model", 404, "model_not_found")
    said = await conversation.reply(asker, conversation.asked(messages), rephrase=MODELS[model])
    text = said.text if most is None else _within(said.text, most)
    made = said.answer.citations if said.answer else ()
    notes = annotations(text, tuple(shapes.citation(item) for item in made), base)
    marked = {note["citation"] for note in notes}
    return Reply(
        id=uuid.uuid4().hex,
        created=int(time.time()),
        model=model,
        text=text,
        annotations=notes,
        citations=tuple(shapes.citation(item) for item in made if item.id in marked),
        answer=said.answer,
        cut=text != said.text,
        prompt_tokens=tokens(conversation.texts(messages)),
        completion_tokens=tokens(text),
    )


def annotations(text: str, citations: tuple[CitationBody, ...], base: str) -> tuple[UrlCitation, ...]:
    """For each mark, the words before it on its line back to the mark before, and the mark."""
    known = {item["id"]: item for item in citations}
    notes: list[UrlCitation] = []
    last = 0
    for mark in _MARK.finditer(text):
        citation = known.get(int(mark[1]))
        if citation is None:
            continue
        line = text.rfind("\n", 0, mark.start()) + 1
        start = max(last, line)
        last = mark.end()
        between = text[start : mark.start()]
        start += len(between) - len(between.lstrip(" -*|0123456789.")) if between.strip(" -*|,") else len(between)
        notes.append(
            {
                "start_index": start,
                "end_index": mark.end(),
                "title": ": ".join((citation["role"], *citation["path"][-1:])),
                "url": citation["deep_link"] or f"{base}v1/passages/{quote(citation['passage_id'], safe='')}",
                "citation": citation["id"],
            }
        )
    return tuple(notes)


def tokens(text: str) -> int:
    """Words and marks; near enough to a model's tokens for a budget."""
    return len(_TOKEN.findall(text))


def _within(text: str, most: int) -> str:
    """As many whole lines as fit, so that no quote is cut."""
    lines = text.splitlines(keepends=True)
    while lines and tokens("".join(lines)) > most:
        lines.pop()
    return "".join(lines).rstrip()


def extras(reply: Reply) -> dict[str, Any]:
    """What this server tells besides the protocol: the citations into the sources, and whether it could answer."""
    told: dict[str, Any] = {"citations": list(reply.citations)}
    if reply.answer is not None:
        told |= {"answerable": reply.answer.answerable, "confidence": reply.answer.confidence}
    return told
