"""The records that every stage passes on. Offsets are Unicode code points into `Blueprint.text`, end-exclusive."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "item", "row", "field", "heading", "code", "quote"]
Level = Literal[
    "intern",
    "junior",
    "mid",
    "senior",
    "staff",
    "principal",
    "lead",
    "manager",
    "senior_manager",
    "director",
    "head",
    "vp",
    "c_level",
    "none",
]
Topic = Literal[
    "summary",
    "mission",
    "responsibilities",
    "activities",
    "deliverables",
    "goals",
    "kpis",
    "technical_skills",
    "soft_skills",
    "tools",
    "environment",
    "stakeholders",
    "decision_rights",
    "qualifications",
    "career_path",
    "risks",
    "variants",
    "ai_impact",
    "hiring",
    "scorecard",
    "compensation",
    "market",
    "other",
]


@dataclass(frozen=True, slots=True)
class RawPage:
    """A source's bytes as they came."""

    source: str  # path as given, or URL
    content: bytes
    media_type: str | None = None  # as the server said, if it said
    fetched_at: str | None = None  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page's content; `text` stands in `Blueprint.text` to the letter."""

    kind: BlockKind
    text: str  # == blueprint.text[start:end]
    start: int
    end: int
    depth: int = 1  # 1 = top of its list
    number: int | None = None  # of an ordered item, as the page counts
    label: str | None = None  # of a field ("Importance"); the text has it too
    cells: tuple[str | None, ...] | None = None  # of a row; None where a border is not known
    header: bool = False  # a table's header row


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; `title` is None where the page has none (any more)."""

    number: str | None  # "3"
    title: str | None  # "3) Core Responsibilities"
    topic: Topic
    blocks: tuple[Block, ...]
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One role as one page describes it."""

    blueprint_id: str  # "mlops-manager@example.org"
    title: str
    role: str  # the title's own words without its suffix
    level: Level
    function: str | None  # "platform engineering"
    url: str | None
    published: str | None  # ISO 8601
    modified: str | None
    text: str  # the cleaned page as canonical Markdown
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is encoded, ranked and cited. `passage_id` survives a rebuild: it is made of content."""

    passage_id: str  # "mlops-manager#9f2c41d0e7"
    blueprint_id: str
    role: str
    topic: Topic
    path: tuple[str, ...]  # headings, then the parent item: ("3) Core Responsibilities", "Strategic responsibilities")
    kind: BlockKind
    text: str  # == blueprint.text[start:end]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A piece of a page that was taken for noise, and why."""

    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of one page."""

    source: str
    format: str  # "wordpress-json", "html", "markdown", "text", ...
    blueprints: tuple[Blueprint, ...]
    removed: tuple[Removed, ...]


def walk(sections: tuple[Section, ...], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Section]]:
    """Every section with its path of titles (its own included), in page order, parents first."""
    for section in sections:
        here = (*path, section.title) if section.title else path
        yield here, section
        yield from walk(section.sections, here)
