"""What the blueprints have on a question: passages with the features that ranking and confidence are made of."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import log

import numpy as np

from index.encoders import Vectors
from index.library import Library
from index.vectors import Ids
from index.words import words
from ingest.blueprint import Passage
from search.frames import is_verb
from search.fusion import dense_leg, fuse, lexical_leg
from search.fusion import matter as unframed
from search.mentions import mentions
from search.question import Question
from search.reporting import ABOVE, BELOW, HOW_MANY
from search.rolewords import role_index
from search.wording import words as split

START = 5  # letters by which forms of one verb are known: "certifies", "certification"
POOL = 160  # passages that a question over the whole library is judged by
NUMBER_WORD = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million)\b",
    re.I,
)
# What a question asks by, and a page need not have: "how big is", "what amount of".
_VAGUE = frozenset(
    words(
        """big bigger large small size amount number minimum maximum least most lowest highest tell describe explain
        summarise summarize allowed accept acceptable
        consider considered compare compared part start stop begin end stay boss group person carry hit happen
        happens ask asked given require required mandatory become options steps kind sort rather only without
        exactly many much need needs needed used use uses vs versus each both according
        other such get led target targets goal goals differ differs difference between after
        before above below"""
    )
)
# How questions put what pages put otherwise.
_HEADS = re.compile(r"\b(?:people|engineers|managers|specialists|analysts|scientists|squads|teams|seats|staff)\b", re.I)
_PUT = (
    (HOW_MANY, "leads a group team of engineers people, function size"),
    (BELOW, "leads a group of, direct reports"),
    (ABOVE, "reports to"),
    (re.compile(r"\bph\.?d\b", re.I), "doctorate degree"),
    (re.compile(r"\b(?:paid|earn(?:s|ed|ing)?|wages?)\b(?! (?:by|for|from|to)\b)", re.I), "salary"),
)
_HEAD_ENDS = re.compile(
    r"\b(?:for|to|of|in|on|at|from|by|with|over|across|that|which|once|when|before|after)\b|[,;:(?]"
)
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*|[^\w\s]")
_PERCENT = frozenset(words("percent percentage proportion fraction"))  # what these tell without the word:
_SHARES = re.compile(r"%|\b(?:half|thirds?|quarters|every|each|all|none)\b", re.I)
_ENDS = (
    r"(?:do|does|did|is|are|was|were|would|will|must|should|may|can|could|has|have|had|of|for|in|on|at|by|to|with|from"
    r"|the|applies|applied|per|run|needed)\b(?!-)"
)
_THING = re.compile(
    r"\b(?:what(?:'s|s| is| are| was)?|which|how many|how much)\s+(?:the |an? )?"
    rf"((?:(?!{_ENDS})[\w'-]+[ ?]*){{1,4}})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage and how near it comes to a question; every figure 0 to 1, higher is nearer."""

    passage: Passage
    dense: float  # mean cosine with the question and with its matter
    cover: float  # share of the matter's words, by their weight, in text, headings and role
    said: float  # the same in the text alone
    lexical: float  # share of the best BM25 that the question could have

    @property
    def score(self) -> float:
        return self.dense + 0.2 * self.cover + 0.2 * self.said

    @property
    def counts_heads(self) -> bool:
        """Whether it tells how many people there are in the role's group, as a summary does."""
        return self.passage.topic == "summary" and self.has_number and bool(_HEADS.search(self.passage.text))

    @property
    def has_number(self) -> bool:
        return bool(NUMBER_WORD.search(self.passage.text))


class Look:
    """One question over one library; whatever is asked of it twice is worked out once."""

    def __init__(self, library: Library, question: Question) -> None:
        self.library = library
        self.generation = library.generation
        # whom a role reports to stands in its summary as often as among its stakeholders
        line = question.topic == "stakeholders" and (ABOVE.search(question.text) or BELOW.search(question.text))
        self.question = replace(question, topic=None, heading=()) if line else question
        self._titles: dict[str, float] = {}
        self.met: set[str] = set()  # the words of all passages looked at
        self.wanted = _wanted(question, self.generation.roles)

    @cached_property
    def vectors(self) -> Vectors:
        """(2, dim): the question's and its matter's."""
        return self.library.encoder.encode_query([unframed(self.question.query), self.wanted])

    @cached_property
    def weights(self) -> dict[str, float]:
        """The matter's words, each with its inverse document frequency."""
        every = self.weigh(self.wanted)
        return {word: weight for word, weight in every.items() if word not in _VAGUE} or every

    @cached_property
    def deeds(self) -> frozenset[str]:
        """How the verbs begin by which the question asks for roles: "certi" of "who certifies"."""
        told = (word.text for word in split(self.question.text) if is_verb(word.text))
        return frozenset(word[:START] for word in told if len(word) > START)

    @cached_property
    def head(self) -> str | None:
        """The stem of the word that says what the matter is: "monitoring" of "drift monitoring for models"."""
        for piece in _HEAD_ENDS.split(self.question.matter):
            told = [stem for stem in words(piece) if stem in self.weights]
            if told:
                return told[-1]
        return None

    def holds(self, text: str) -> bool:
        """Whether a text has the matter's head, and as a head: no noun after it, as in "monitoring tools", but for one
        that the question has too: "capacity planning" of "who plans capacity"."""
        return self.head is not None and _has_head(text, self.head, stems(self.question.text))

    @cached_property
    def asked(self) -> dict[str, float]:
        """The words that name the thing itself: "notice period" of "What notice period is in the contract"."""
        named = _THING.search(self.question.text) if self.question.kind != "similar" else None
        found = self.weigh(named[1]) if named else {}
        return {word: weight for word, weight in found.items() if word in self.weights}

    def near_titles(self, path: Sequence[str]) -> float:
        """How near a passage's heading comes to the subsection that is asked for, by meaning; 0 if none is."""
        if not self.question.heading or not path:
            return 0.0
        if path[0] not in self._titles:
            title = self.library.encoder.encode_query([path[0]])[0]
            self._titles[path[0]] = float((self._headings @ title).max())
        return self._titles[path[0]]

    @cached_property
    def _headings(self) -> Vectors:
        return self.library.encoder.encode_query(list(self.question.heading))

    @staticmethod
    def plain(text: str) -> frozenset[str]:
        """The stems of a text that say more than how the question is put."""
        return stems(text) - _VAGUE

    def weigh(self, text: str) -> dict[str, float]:
        size = len(self.generation.lexical)
        return {stem: log((size + 1) / (df + 0.5)) for stem, df in self._frequencies(text).items()}

    @property
    def asks_heads(self) -> bool:
        """Whether the size of a role's group is asked for, or who is in it."""
        return bool(HOW_MANY.search(self.question.text) or BELOW.search(self.question.text))

    @property
    def absent(self) -> float:
        """The share of the matter's words, by their weight, that no passage looked at has."""
        if any(asked.search(self.question.text) for asked, _ in _PUT):
            return 0.0  # pages put it in words of their own
        return 1.0 - _share(self.weights, self.met)

    def missing(self, passages: Iterable[Passage]) -> float:
        """The share of the words for the thing asked for that these passages do not have."""
        have = {word for passage in passages for word in _told(_whole(passage))}
        return 1.0 - _share(self.asked, have) if self.asked else 0.0

    def found(self, rows: Ids | None = None, most: int = POOL) -> tuple[Found, ...]:
        """The best passages of these rows, or of the library, best first, ties by row."""
        if rows is None or len(rows) > 2 * most:
            rows = self._pool(rows, most)
        if not len(rows):
            return ()
        return tuple(sorted(self._judged(rows), key=lambda found: -found.score))

    def judge(self, rows: Ids) -> tuple[Found, ...]:
        """The passages of all these rows, best first."""
        return tuple(sorted(self._judged(rows), key=lambda found: -found.score)) if len(rows) else ()

    def weighed(self, passage: Passage, dense: float) -> Found:
        """A passage whose cosine is known."""
        return Found(passage, dense, *self._covered(passage), 0.0)

    def _judged(self, rows: Ids) -> list[Found]:
        dense = (self.generation.vectors.get(rows) @ self.vectors.T).mean(axis=1)
        lexical = self.generation.lexical.scores(unframed(self.question.query), np.asarray(rows, dtype=np.int64))
        passages = self.generation.passages(rows.tolist())
        return [
            Found(passage, float(near), *self._covered(passage), float(share))
            for passage, near, share in zip(passages, dense, lexical, strict=True)
        ]

    def share(self, text: str) -> float:
        """The share of the matter's words, by their weight, that a text has."""
        return _share(self.weights, stems(text))

    def _covered(self, passage: Passage) -> tuple[float, float]:
        said, above = _told(passage.text), stems(" ".join(passage.path))
        self.met |= said | above
        return _share(self.weights, said | above | stems(passage.role)), _share(self.weights, said)

    def _pool(self, rows: Ids | None, most: int) -> Ids:
        legs = (
            dense_leg(self.generation.vectors, self.vectors[0], rows, 0.25),
            dense_leg(self.generation.vectors, self.vectors[1], rows, 0.25),
            lexical_leg(self.generation.lexical, self.wanted, rows, 0.5),
        )
        return np.sort(fuse(legs, most).ids)

    def _frequencies(self, text: str) -> dict[str, int]:
        """How many passages have each of the text's words, by its stem."""
        lexical, found = self.generation.lexical, {}
        for piece in text.split():
            parts = re.findall(r"[^\W_]+", piece) if len(words(piece)) > 1 else [piece]
            whole = "".join(parts)
            # for owners "on-call" is no calling
            bound = self.question.kind == "owners" and not all(words(part) for part in parts) and lexical.count(whole)
            for part in (whole,) if bound else (*parts, whole):
                stems = words(part)
                if len(stems) == 1 and stems[0] not in found and stems[0] in words(piece):
                    found[stems[0]] = lexical.count(part)
        return found


def _wanted(question: Question, roles: tuple[str, ...]) -> str:
    """What is looked for: the matter, or for one thing on a page all but the roles, put as pages put it."""
    if question.kind in ("section", "fact", "compare") and not question.carried:
        tokens = split(question.text)
        named = mentions(tokens, role_index(roles))
        gone = {place for mention in named for place in range(mention.first, mention.last)}
        said = " ".join(token.text for place, token in enumerate(tokens) if place not in gone)
        for asked, told in _PUT:
            said = asked.sub(told, said)
        if set(words(said)) - _VAGUE:
            return said
    return question.matter if set(words(question.matter)) - _VAGUE else unframed(question.query)


def _share(weights: dict[str, float], have: Set[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in have) / (sum(weights.values()) or 1.0)


def _whole(passage: Passage) -> str:
    return " ".join((passage.role, *passage.path, passage.text))


def first_of_each(found: Sequence[Found], per_role: int) -> tuple[Found, ...]:
    """Of each role the best ones, in their order."""
    counts: dict[str, int] = {}
    kept = []
    for item in found:
        counts[item.passage.role] = counts.get(item.passage.role, 0) + 1
        if counts[item.passage.role] <= per_role:
            kept.append(item)
    return tuple(kept)


@lru_cache(maxsize=1 << 14)
def stems(text: str) -> frozenset[str]:
    """The words of a text, each by its stem."""
    return frozenset(words(text))


@lru_cache(maxsize=1 << 14)
def _told(text: str) -> frozenset[str]:
    """The words of a text and those that its signs stand for."""
    return stems(text) | _PERCENT if _SHARES.search(text) else stems(text)


def _has_head(text: str, head: str, known: Set[str]) -> bool:
    if head not in stems(text):
        return False
    tokens = [frozenset() if NUMBER_WORD.fullmatch(token) else stems(token) for token in _TOKEN.findall(text)]
    after = (*tokens[1:], frozenset[str]())
    return any(head in here and (not then or then & known) for here, then in zip(tokens, after, strict=True))
