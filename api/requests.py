"""What callers send, checked at the door."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ingest.errors import BadInput


class Strict(BaseModel):
    """A request in which an unknown name is an error."""

    model_config = ConfigDict(extra="forbid")


class SearchRequest(Strict):
    """A search; the filters are those of `search.Filters`."""

    query: str
    k: int = 10
    role: list[str] = Field(default_factory=list)
    topic: list[str] = Field(default_factory=list)
    level: list[str] = Field(default_factory=list)
    function: list[str] = Field(default_factory=list)
    source: list[str] = Field(default_factory=list)
    group_by: Literal["role"] | None = None


class Turn(Strict):
    """One message of a conversation."""

    role: str  # "user" or "assistant"
    content: str


class QuestionRequest(Strict):
    """A question without history, as an address can hold it."""

    question: str


class AskRequest(QuestionRequest):
    """A question and the conversation before it."""

    history: list[Turn] = Field(default_factory=list, max_length=200)


class ShowRequest(Strict):
    """Which topics of a blueprint to show; none = all."""

    topic: list[str] = Field(default_factory=list)


def asked(history: list[Turn]) -> tuple[str, ...]:
    """The asker's own earlier questions."""
    return tuple(turn.content for turn in history if turn.role == "user")


def read_history(path: Path) -> tuple[str, ...]:
    """The asker's questions of a file with a JSON list of turns; raises BadInput."""
    try:
        turns = TypeAdapter(list[Turn]).validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}. Give a file with earlier turns.") from error
    except ValidationError as error:
        raise BadInput(
            f'{path}: not a JSON list of {{"role", "content"}}: {error.errors()[0]["msg"]}. Mend the file.'
        ) from error
    return asked(turns)
