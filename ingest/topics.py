"""What a section is about, told from its heading."""

import re

from ingest.blueprint import Topic

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
    ("qualifications", r"qualification|experience|requirements?\b|education|credentials"),
    ("responsibilities", r"responsibilit|duties|accountabilit|what you.?ll (do|own)|key tasks"),
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


def topic_of(title: str) -> Topic:
    """The topic that a heading names, "other" where it names none of them."""
    return next((topic for topic, pattern in _COMPILED if pattern.search(title)), "other")
