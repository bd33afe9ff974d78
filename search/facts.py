"""The passages of a page that say one thing about its role, and the sentence in them that says it."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from index.vectors import Ids
from ingest.blueprint import Blueprint, Passage, Topic
from search.asked import heading_fit
from search.citations import plain
from search.draft import Cited, Claim, Draft, Written, key, standings
from search.evidence import NUMBER_WORD, Found, Look
from search.labels import named
from search.question import Question
from search.reporting import ABOVE, BELOW, rows_below, tells_above, tells_below
from search.written import heading, marks, quoted, row_in_words, table_rows

CITED = 3  # passages
TOPIC = 0.15  # added to a passage of the topic asked for
ASIDE = 0.1  # the same where the question has a matter too
HEADING = 0.1  # added to one under the subsection asked for
NUMBER = 0.1  # added to one with a number where the question asks for one
HEADS = 0.25  # added to one that tells how many people are in the role's group where the question asks for it
LINE = 0.6  # added to one that tells the reporting line that the question asks for
_FITS = 0.6
_NEAR = 0.88  # of the best score
_COUNTED = re.compile(
    r"\bhow (?:many|much|long|often|fast|quickly|big|large|soon|high|low|late|early)\b|%|\byears of\b|\bwhen\b"
    r"|\b(?:what|which) (?:share|percent\w*|amount|target|number|budget|size|rate|throughput|latency|time|day|sum"
    r"|threshold|salary)\b"
    r"|\b(?:above|from|below|under|over) (?:what|which)\b|\b(?:minimum|maximum|lowest|highest|least|most)\b"
    r"|\btarget for\b",
    re.I,
)
_PERCENT = re.compile(r"%|\bpercent\w*\b|\b(?:what|which) (?:share|proportion|part|fraction) of\b", re.I)
_AMOUNT = re.compile(r"\bhow (?:many|much|long|big|large|high|low)\b|\b(?:what|which) (?:share|fraction) of\b", re.I)
_AT_LARGE: tuple[Topic, ...] = ("summary", "mission", "responsibilities")  # where a page speaks of a matter at large
# An amount in words, or that there is none of it.
_IN_WORDS = re.compile(
    r"\b(?:no|none|half|thirds?|quarters? of|dozens?|once|twice|thrice|double|single|pair|couple)\b", re.I
)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=\S)|\n")


def ranked(look: Look, rows: Ids | None) -> tuple[tuple[Found, float], ...]:
    """Passages with their scores for a question for one thing, best first."""
    question = look.question
    counted = bool(_COUNTED.search(question.text))
    percent = bool(_PERCENT.search(question.text))
    tells_line = _telling_line(question)
    heads = look.asks_heads
    made = []
    for found in look.found(rows):
        passage = found.passage
        score = found.dense + 0.2 * found.cover + 0.2 * found.said + 0.3 * found.lexical
        score += (ASIDE if question.matter else TOPIC) * (passage.topic == question.topic)
        score += HEADING * (question.heading != () and _under(passage.path, question.heading) >= _FITS)
        score += LINE * tells_line(passage)
        score += NUMBER * (counted and found.has_number)
        score += NUMBER * (percent and "%" in passage.text)
        score += HEADS * (heads and found.counts_heads)
        made.append((found, score))
    return tuple(sorted(made, key=lambda pair: -pair[1]))


def _telling_line(question: Question) -> Callable[[Passage], bool]:
    """What says of a passage whether it tells who is over a role, or under it, where that is asked."""
    if BELOW.search(question.text):
        roles = _asked_about(question)
        return lambda passage: tells_below(passage, roles)
    return tells_above if ABOVE.search(question.text) else lambda passage: False


@lru_cache(maxsize=1024)
def _under(path: tuple[str, ...], heading: tuple[str, ...]) -> float:
    return max((heading_fit(title, heading) for title in path), default=0.0)


def asks_number(text: str) -> bool:
    return bool(_COUNTED.search(text))


def sentence_of(look: Look, passage: Passage) -> str:
    """The sentence of a passage that is nearest to the question, whole if it is short."""
    parts = [part.strip() for part in _SENTENCE.split(passage.text) if part.strip()]
    if len(parts) < 2 or passage.kind == "row":
        return passage.text
    counted = asks_number(look.question.text)
    return max(parts, key=lambda part: look.share(part) + 0.3 * (counted and bool(NUMBER_WORD.search(part))))


def draft(look: Look, most: int = CITED) -> Draft:
    """The passages that say it, best first."""
    made = ranked(look, _rows(look))
    named_so = look.question.topic != "summary"  # an item of some page is not what a vague question is about
    if not (named_so or look.question.roles):
        made = _at_large(made)
    every = [found for found, _ in made]
    labelled = [found for found in every if named_so and named(look, found.passage)]
    best = _with_amount(look.question, list(dict.fromkeys((*labelled, *every))), most)
    tells_line = _telling_line(look.question)
    told = [found for found in best if tells_line(found.passage)]
    below = _asked_about(look.question) and BELOW.search(look.question.text)
    best = told if told or below else best  # who is under a role is told or not; nothing else comes near it
    passages = tuple(found.passage for found in best)
    counted, topic = asks_number(look.question.text), look.question.topic
    # a question for a part of the page and nothing more is answered where the page has that part
    placed = bool(look.question.roles) and topic not in (None, "compensation") and not look.question.matter
    placed = placed and any(passage.topic == topic for passage in passages)
    placed = placed or bool(told and _asked_about(look.question)) or bool(labelled and topic != "compensation")
    return Draft(passages, (tuple(best),), placed, lambda cited: _write(look, passages, cited), counted)


def _at_large(made: Sequence[tuple[Found, float]]) -> tuple[tuple[Found, float], ...]:
    """The passages with their scores, of those near the best first what stands where a page speaks of it at large."""
    least = _NEAR * max((score for _, score in made), default=0.0)
    return tuple(sorted(made, key=lambda pair: (pair[1] < least, pair[0].passage.topic not in _AT_LARGE)))


def _with_amount(question: Question, ranking: Sequence[Found], most: int) -> list[Found]:
    """The best passages; where an amount is asked for and the very best tells none, those that do."""
    percent = bool(_PERCENT.search(question.text))
    if not (percent or _AMOUNT.search(question.text)):
        return list(ranking[:most])
    told = [found for found in ranking[: 2 * most] if found.has_number or _IN_WORDS.search(found.passage.text)]
    if told and percent:
        least = told[0].said
        told.sort(key=lambda found: not ("%" in found.passage.text and found.said >= least))
    return list(ranking[:most]) if told[:1] == list(ranking[:1]) else told[:most]


def _rows(look: Look) -> Ids | None:
    """The rows of the roles asked about; for who is under them also those of others that say so."""
    roles = _asked_about(look.question)
    if roles and BELOW.search(look.question.text):
        return rows_below(look.generation, roles)
    return look.generation.rows(roles=look.question.roles) if look.question.roles else None


def _asked_about(question: Question) -> tuple[str, ...]:
    """The roles named, else those that the catalogue does not have: others may report to them."""
    return question.roles or tuple(role.name for role in question.unknown)


def _write(look: Look, passages: tuple[Passage, ...], cited: Cited) -> Written:
    """The first as the answer, the others as more to read."""
    lines, claims = [], []
    for passage in passages:
        if key(passage) in cited:
            number = cited[key(passage)].id
            said = in_words(look, passage)
            lines.append(f"- {heading(passage.role, passage.path)}: {said} {marks((number,))}")
            claims.append(Claim(plain(cited[key(passage)].quote), (number,)))
    return Written("\n".join(lines), standings(cited), tuple(claims))


def in_words(look: Look, passage: Passage) -> str:
    """What a passage says to the question: a row with its columns' names, a long text with the sentence marked."""
    if passage.kind == "row":
        blueprint: Blueprint = look.generation.blueprint(passage.blueprint_id)
        for row, header in table_rows(blueprint.sections):
            if (row.start, row.end) == (passage.start, passage.end):
                return row_in_words(row, header)
    said = sentence_of(look, passage)
    if said == passage.text:
        return quoted(said)
    before, _, after = passage.text.partition(said)
    parts = (quoted(before) if before.strip() else "", f"**{quoted(said)}**", quoted(after) if after.strip() else "")
    return " ".join(part for part in parts if part)
