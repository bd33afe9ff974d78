"""What Rolebook answers: the JSON of the command line, HTTP and MCP, as types."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from ingest.blueprint import BlockKind, Level, Topic
from search.answer import Relation
from search.citations import Verification
from search.question import Kind


class BlockBody(TypedDict):
    kind: BlockKind
    text: str
    start: int
    end: int
    depth: int
    number: int | None
    label: str | None
    cells: list[str | None] | None
    header: bool


class SectionBody(TypedDict):
    number: str | None
    title: str | None
    topic: Topic
    blocks: list[BlockBody]
    sections: list["SectionBody"]


class BlueprintBody(TypedDict):
    """A role as a page describes it; offsets are Unicode code points into `text`, end-exclusive."""

    blueprint_id: str
    title: str
    role: str
    level: Level
    function: str | None
    url: str | None
    published: str | None
    modified: str | None
    text: str
    sections: list[SectionBody]


class AlikeBody(TypedDict):
    """A passage in the same words as a hit."""

    role: str
    blueprint_id: str
    passage_id: str


class HitBody(TypedDict):
    """A ranked passage; a higher score is better."""

    passage_id: str
    blueprint_id: str
    role: str
    topic: Topic
    path: list[str]
    text: str
    start: int
    end: int
    url: str | None
    score: float
    scores: dict[str, float]
    alike: NotRequired[list[AlikeBody]]


class HitsBody(TypedDict):
    query: str
    hits: list[HitBody]


class RoleHitsBody(TypedDict):
    role: str
    blueprint_id: str
    score: float
    hits: list[HitBody]


class RolesHitBody(TypedDict):
    query: str
    roles: list[RoleHitsBody]


class StandingBody(TypedDict):
    role: str
    relation: Relation
    citations: list[int]


class ClaimBody(TypedDict):
    text: str
    citations: list[int]


class CitationBody(TypedDict):
    """Words of a blueprint: `quote` is its text from `start` to `end`, to the letter."""

    id: int
    passage_id: str
    blueprint_id: str
    role: str
    topic: Topic
    path: list[str]
    quote: str
    start: int
    end: int
    url: str | None
    deep_link: str | None
    modified: str | None
    verification: Verification


class AnswerBody(TypedDict):
    """`answer` is Markdown with [1] marks, the `id`s of `citations`; without an answer, `reason` says why."""

    question: str
    kind: Kind
    answerable: bool
    reason: str | None
    answer: str
    roles: list[StandingBody]
    claims: list[ClaimBody]
    citations: list[CitationBody]
    confidence: float


class EntryBody(TypedDict):
    blueprint_id: str
    role: str
    level: Level
    function: str | None
    url: str | None
    modified: str | None
    passages: int


class RolesBody(TypedDict):
    roles: list[EntryBody]


class PassageBody(TypedDict):
    passage_id: str
    blueprint_id: str
    role: str
    topic: Topic
    path: list[str]
    text: str
    start: int
    end: int
    url: str | None


class PassagesBody(TypedDict):
    """Every page's passage of this id; the same words under the same headings of one role have one id."""

    passages: list[PassageBody]


class MatchBody(PassageBody):
    """A passage of another role that means the same; the score is a cosine.

    Further passages with nearly the same text are counted in `folded`, their roles named.
    """

    score: float
    folded: int
    folded_roles: list[str]


class SimilarBody(TypedDict):
    text: str
    matches: list[MatchBody]


class RowBody(TypedDict):
    """Items that answer each other by role; null where a role has none. Without a score only one role has it."""

    passages: dict[str, PassageBody | None]
    score: float | None


class ComparisonBody(TypedDict):
    roles: list[str]
    topic: str
    rows: list[RowBody]


class CellBody(TypedDict):
    relation: Relation
    citations: list[CitationBody]


class MatrixRowBody(TypedDict):
    role: str
    blueprint_id: str
    cells: dict[str, CellBody]


class ConflictBody(TypedDict):
    """A matter of which more than one role is the owner."""

    matter: str
    roles: list[str]


class MatrixBody(TypedDict):
    matters: list[str]
    rows: list[MatrixRowBody]
    conflicts: list[ConflictBody]


class ProblemBody(TypedDict):
    """RFC 9457; `code` is the kind of error for programs, `detail` says what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class HealthBody(TypedDict):
    status: Literal["ok"]


class ReadyBody(TypedDict):
    status: Literal["ready"]
    generation: int
    blueprints: int


class OpenAIErrorDetail(TypedDict):
    message: str
    type: str
    param: str | None
    code: str


class OpenAIErrorBody(TypedDict):
    """OpenAI's form of an error."""

    error: OpenAIErrorDetail


class ResultBody(TypedDict):
    """A passage as MCP clients expect a search result: `id` for `fetch`, `url` to cite."""

    id: str
    title: str
    url: str | None
    text: str
    role: str
    topic: Topic
    score: float


class FoundBody(TypedDict):
    results: list[ResultBody]


class DocumentBody(TypedDict):
    id: str
    title: str
    text: str
    url: str | None
    metadata: dict[str, str]


class RoleSectionsBody(TypedDict):
    role: str
    blueprint_id: str
    url: str | None
    sections: list[SectionBody]
