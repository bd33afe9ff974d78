"""What callers send, checked at the door."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from api.fields import Flag, Functions, K, Levels, Matter, Name, Query, Question, Role, Roles, Sources, Topics
from ingest.errors import BadInput


class Strict(BaseModel):
    """A request in which an unknown name is an error."""

    model_config = ConfigDict(extra="forbid")


class SearchRequest(Strict):
    """A search; names within one filter are alternatives, filters add up."""

    query: Query
    k: K = 10
    role: Roles
    topic: Topics
    level: Levels
    function: Functions
    source: Sources
    group_by: Literal["role"] | None = Field(default=None, description="Rank roles instead of passages.")


class Turn(Strict):
    """One message of a conversation."""

    role: Literal["user", "assistant"] = Field(description="Who said it.")
    content: Annotated[str, Field(max_length=100_000)]


class QuestionRequest(Strict):
    """A question without history, as an address can hold it."""

    question: Question
    stream: Flag = Field(
        default=False, description="Send server-sent events: claims, citations, then the whole answer."
    )


class AskRequest(QuestionRequest):
    """A question and the conversation before it."""

    history: list[Turn] = Field(
        default_factory=list, max_length=200, description="Earlier turns, oldest first; only the user's own count."
    )


class OwnersRequest(Strict):
    """Who owns, shares or contributes to a matter."""

    matter: Matter


class SimilarRequest(Strict):
    """What is like a responsibility, in other roles."""

    text: Annotated[Question, Field(description="A responsibility in plain words, or the id of a passage.")]
    k: K = 10


class CompareRequest(Strict):
    """Two to four roles side by side."""

    role: Annotated[
        list[Role],
        Field(
            min_length=2,
            max_length=4,
            examples=[["FinOps Lead", "Head of ML Platform"]],
            json_schema_extra={"uniqueItems": True},
        ),
    ]
    topic: Name | None = Field(default=None, description="Only this topic.", examples=["responsibilities"])


class MatrixRequest(Strict):
    """Roles by matters."""

    matter: Annotated[list[Matter], Field(min_length=1, max_length=20, examples=[["drift monitoring"]])]
    role: Roles


class CatalogueRequest(Strict):
    """Which roles to list."""

    level: Levels
    function: Functions


class ShowRequest(Strict):
    """Which topics of a blueprint to show; none = all."""

    topic: Topics


class PassageRequest(Strict):
    """Of which blueprint, if its role has several."""

    blueprint_id: Name | None = None


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
