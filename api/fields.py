"""Single values that callers send, bounded and described once for HTTP, chat and MCP."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from search.names import LEVELS, TOPICS
from search.retrieve import MAX_K, MAX_QUESTION

WORDS = r"[\p{L}\p{N}]"  # at least one letter or digit, as `str.isalnum` has it

Query = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=WORDS,
        description="What to look for, in plain words.",
        examples=["who decides on cloud spend"],
    ),
]
Question = Annotated[
    str,
    Field(
        min_length=1,
        max_length=MAX_QUESTION,
        pattern=WORDS,
        description="A question in plain words.",
        examples=["Which roles own drift monitoring?"],
    ),
]
Matter = Annotated[
    str,
    Field(
        min_length=1,
        max_length=500,
        pattern=WORDS,
        description="A matter that a role may own, share or contribute to.",
        examples=["drift monitoring"],
    ),
]


def _no_number(value: object) -> object:
    """An address gives "true" or "1"; a body's number is no yes or no."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError("is a number, not true or false")
    return value


Flag = Annotated[bool, BeforeValidator(_no_number)]
K = Annotated[int, Field(ge=1, le=MAX_K, description="How many, at most.", examples=[5])]
Name = Annotated[str, Field(min_length=1, max_length=300)]
Role = Annotated[
    str,
    Field(
        min_length=1,
        max_length=300,
        description="A role's name, slug or blueprint_id, as the catalogue has it.",
        examples=["Head of ML Platform"],
    ),
]


def names(what: str, known: tuple[str, ...] = (), example: str | None = None) -> Any:
    """A list of names of which one must match; none = no limit."""
    listing = f" One or more of: {', '.join(known)}." if known else ""
    return Field(
        default_factory=list,
        max_length=50,
        description=f"Only {what}.{listing}",
        examples=[[example]] if example else None,
    )


Roles = Annotated[list[Name], names("these roles: names, slugs or blueprint ids", example="Head of ML Platform")]
Topics = Annotated[list[Name], names("these topics", TOPICS, "kpis")]
Levels = Annotated[list[Name], names("these levels", LEVELS, "director")]
Functions = Annotated[list[Name], names("these functions")]
Sources = Annotated[list[Name], names("these sources: files, folders or addresses that were built from")]
