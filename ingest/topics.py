"""What a section is about, told from its heading."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.blueprint import Block, Section, Topic

# The first pattern that matches wins, so narrow ones stand before wide ones.
_PATTERNS: tuple[tuple[Topic, str], ...] = (
    ("scorecard", r"scorecard"),
    ("ai_impact", r"\bai\b.*(impact|role|automation)|automation impact|impact of (ai|automation)"),
    ("kpis", r"\bkpis?\b|metrics?\b|performance indicators?|measures? of success"),
    ("compensation", r"salar|compensation|\bpay\b|remuneration|earnings"),
    ("soft_skills", r"soft skills?|behaviou?ral|interpersonal|competenc"),
    ("hiring", r"hiring|interview|recruit|candidate|evaluation criteria"),
    ("decision_rights", r"decision|authority"),
    ("stakeholders", r"stakeholder|collaborat|working relationships|reporting lines?"),
    ("career_path", r"career|progression|promotion|next roles?|feeder"),
    ("environment", r"tech(nology|nical)? stack|environment"),
    ("tools", r"\btool(s|ing)?\b|software\b(?! (?:\w+ )?engineer)"),
    ("technical_skills", r"technical|hard skills?|\bskills\b"),
    (
        "qualifications",
        r"qualification|experience|requirements?\b|education|credentials|\byou (may|might|could|would|will|are|'?re)? ?"
        r"(be )?an? (\w+ )?(fit|match)\b|what (you.?ll|you|we.?re|we are) (bring|need|have|looking for)|who you are"
        r"|about you\b|nice.to.haves?|must.haves?",
    ),
    (
        "responsibilities",
        r"responsibilit|duties|accountabilit|what you(.ll| will)? (do|own)|\byou will\W*$|key tasks",
    ),
    ("activities", r"day[- ]to[- ]day|daily|activities|typical (day|week)|rituals"),
    ("deliverables", r"deliverables?|outputs\b|artifacts"),
    ("goals", r"goals?\b|objectives|milestones|okrs?\b|first \d+ days"),
    ("risks", r"risks?\b|challenges|failure modes|pitfalls|anti-patterns"),
    ("variants", r"variants?\b|variations"),
    ("market", r"market|demand\b|trends|outlook"),
    ("mission", r"mission|purpose"),
    ("summary", r"summary|overview|about (the|this) (role|job|position)|introduction|description"),
)
_COMPILED = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in _PATTERNS)


def topic_of(title: str, role: str, within: Topic = "other") -> Topic:
    """The topic that a heading names, "other" where it names none; the role's own name in it names none. In a section
    that has a topic it is that one's."""
    if role:
        title = re.sub(rf"\b{re.escape(role)}s?\b", " ", title, flags=re.IGNORECASE)
    own: Topic = next((topic for topic, pattern in _COMPILED if pattern.search(title)), "other")
    return own if within == "other" or own == "compensation" else within


def by_heading(sections: Iterable[Section], role: str) -> tuple[Section, ...]:
    """The sections with what stands under their `heading` blocks as sections of their own."""
    return tuple(_by_heading(section, role) for section in sections)


def _by_heading(section: Section, role: str) -> Section:
    own, inner = list(section.blocks), []
    first = next((place for place, block in enumerate(own) if block.kind == "heading"), len(own))
    for heading, *rest in _groups(own[first:]):
        made = Section(None, heading.text or None, topic_of(heading.text, role, section.topic), tuple(rest))
        inner.append(_by_heading(made, role))
    return replace(section, blocks=tuple(own[:first]), sections=(*inner, *by_heading(section.sections, role)))


def _groups(blocks: list[Block]) -> Iterator[list[Block]]:
    """Each heading with what stands under it, lower headings included."""
    starts: list[int] = []
    for place, block in enumerate(blocks):
        if block.kind == "heading" and (not starts or block.depth <= blocks[starts[-1]].depth):
            starts.append(place)
    for start, end in pairwise((*starts, len(blocks))):
        yield blocks[start:end]
