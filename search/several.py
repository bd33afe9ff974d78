"""Questions with more than one matter: taken apart, answered one by one, and put together again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.citations import Citation
from search.draft import Answer, Claim, Relation, Standing
from search.question import Question
from search.written import quoted

MOST = 4  # matters
_ASKS = re.compile(r"(?:,|\?|;)?\s+and (?=(?:who|which (?:roles?|teams?|people))\b)|\?\s+(?=(?:who|which)\b)", re.I)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|them|their|this|that|these|those|one|ones|depending|includ\w+|exclud\w+)\b", re.I
)
_LINKS = re.compile(
    r"\b(?:for|of|in|on|at|to|from|by|with|over|across|between|per|when|where|that|which|who|whose|is|are|be)\b", re.I
)
_JOINED = re.compile(r",? (?:and|as well as|plus) (?:the )?|, (?:the )?|,? & ", re.I)
_MARK = re.compile(r"(?<!\\)\[(\d+)\]")
_RANK: Mapping[Relation, int] = {"owner": 0, "shared": 1, "contributor": 2, "other": 3, "unknown": 4}


def asked_one_by_one(text: str) -> tuple[str, ...]:
    """The questions in a text that asks for roles twice: "who runs X and who approves Y"."""
    asked = [part.strip(" ?,") for part in _ASKS.split(text)]
    whole = len(asked) < 2 or any(_POINTS_BACK.search(part) for part in asked[1:])
    return () if whole or len(asked) > MOST else tuple(f"{part}?" for part in asked)


def matters_of(question: Question, least: int = 2) -> tuple[Question, ...]:
    """The question once for each of its matters, where they are names of things in a row, each of `least` words or
    more: "drift monitoring and incident response", but not "monitoring and alerting of services"."""
    matter = question.matter
    parts = [part.strip() for part in _JOINED.split(matter)]
    place = question.text.find(matter)
    last = _LINKS.split(parts[-1], maxsplit=1)[0]  # "... and drift monitoring in production"
    several = 2 <= len(parts) <= MOST and all(len(part.split()) >= least for part in (*parts[:-1], last))
    linked = _LINKS.search(" ".join(parts[:-1])) or _POINTS_BACK.search(matter)
    if question.kind != "owners" or not several or place < 0 or linked:
        return ()
    asked = [f"{question.text[:place]}{part}?" for part in parts]
    return tuple(replace(question, text=text, query=text, matter=part) for text, part in zip(asked, parts, strict=True))


def put_together(question: Question, parts: Sequence[tuple[str, Answer]]) -> Answer | None:
    """One answer of the answers to each matter, its citations numbered anew; parts without an answer say so.

    A matter that is empty gets no title of its own. None where no part has an answer.
    """
    if not any(answer.answerable for _, answer in parts):
        return None
    numbers: dict[tuple[str, str], Citation] = {}
    lines: list[str] = []
    claims: list[Claim] = []
    standings: dict[str, Standing] = {}
    for matter, answer in parts:
        for citation in answer.citations:
            key = (citation.blueprint_id, citation.passage_id)
            numbers.setdefault(key, replace(citation, id=len(numbers) + 1))
        new = {c.id: numbers[c.blueprint_id, c.passage_id].id for c in answer.citations}
        lines += [f"**{quoted(matter[:1].upper() + matter[1:])}**", ""] if matter else []
        lines += [_renumbered(answer.text, new), ""]
        claims += [Claim(claim.text, tuple(new[n] for n in claim.citations)) for claim in answer.claims]
        for told in answer.roles:
            had = standings.get(told.role)
            ids = tuple(dict.fromkeys((*(had.citations if had else ()), *(new[n] for n in told.citations))))
            best = min((told.relation, had.relation if had else told.relation), key=_RANK.__getitem__)
            standings[told.role] = Standing(told.role, best, ids)
    sure = min(answer.confidence for _, answer in parts if answer.answerable)
    return Answer(
        question=question.text,
        kind=question.kind,
        answerable=True,
        reason=None,
        text="\n".join(lines).strip(),
        roles=tuple(sorted(standings.values(), key=lambda standing: _RANK[standing.relation])),
        claims=tuple(dict.fromkeys(claims)),
        citations=tuple(numbers.values()),
        confidence=sure,
    )


def _renumbered(text: str, new: Mapping[int, int]) -> str:
    return _MARK.sub(lambda mark: f"[{new.get(int(mark[1]), mark[1])}]", text)
