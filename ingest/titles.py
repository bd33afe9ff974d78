"""What a title says: the role, its level and its function."""

import re
import unicodedata

from ingest.blueprint import Level

_DESCRIPTOR = (
    r"(?:complete |full |detailed |the )?(?:(?:role|job|career|position) )?"
    r"(?:blueprint|description|profile|guide|overview|specification|responsibilities|"
    r"roles? (?:and|&) responsibilities|job (?:family|role))\b"
)
_SUFFIX = re.compile(rf"\s*(?::|\||\s[-–—])\s*{_DESCRIPTOR}.*$", re.IGNORECASE | re.DOTALL)
_PREFIX = re.compile(rf"^{_DESCRIPTOR}\s*(?::|\||[-–—])\s*", re.IGNORECASE)

_TAIL = re.compile(
    r"\s+(?:job family(?: matrix)?|roles?(?: at \w+)?|(?:role )?handbook|"
    r"(?:career (?:development )?|competency |development )framework)$",
    re.IGNORECASE,
)
_SERVED = re.compile(
    r"\bto (?:the |our |an? )?(?:c[a-z]o|chief|vice[- ]president|[se]?vp|president|head|director)\b.*$", re.IGNORECASE
)
_LONGEST = 300  # characters; a longer title is a line that lost its breaks, its level is not in its end

# The first pattern that matches gives the level; a title's highest rank comes first.
_LEVELS: tuple[tuple[Level, str], ...] = (
    ("c_level", r"chief\b.*\bofficers?|chief executives?|c[eftiopdsm]o|ciso|cpto|cdao"),
    ("vp", r"(?:senior |executive |assistant )?vice[- ]presidents?|[se]?vp|avp"),
    ("head", r"heads?"),
    ("director", r"directors?"),
    (
        "senior_manager",
        r"(?:senior|sr\.?)\b(?!.*\b(?:product|program|programme|project|account|community) manager).*\bmanagers?",
    ),
    (
        "manager",
        r"(?<!product )(?<!program )(?<!programme )(?<!project )(?<!account )(?<!community )managers?|supervisors?",
    ),
    ("principal", r"principal|distinguished|fellow"),
    ("staff", r"(?<!chief of )staff"),
    ("lead", r"lead|team[- ]lead(?:er)?|tech[- ]lead|leader"),
    ("senior", r"senior|sr\.?"),
    ("intern", r"intern|trainee|apprentice|working student"),
    ("junior", r"junior|jr\.?|associate|entry[- ]level|graduate"),
    ("mid", r"mid(?:[- ]level)?|intermediate"),
)
_LEVEL_PATTERNS = tuple((level, re.compile(rf"(?<![\w-])(?:{p})(?![\w-])", re.IGNORECASE)) for level, p in _LEVELS)
_RANK_WORDS = re.compile(
    r"(?<![\w-])(?:chief|officer|senior|sr\.?|executive|assistant|vice[- ]presidents?|"
    r"[se]?vp|avp|global|regional|group|"
    r"deputy|interim|heads?|directors?|managers?|supervisors?|principal|distinguished|fellow|staff|team[- ]lead(?:er)?|"
    r"tech[- ]lead|lead|leader|intern|trainee|apprentice|junior|jr\.?|associate|entry[- ]level|graduate|"
    r"mid(?:[- ]level)?|intermediate|of|the|for|and|&|[IVX]{1,3}|(?:IC|[LM])\d)(?![\w-])",
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:of|the|for|and|&|[,\s-])+|(?:of|the|for|and|&|[,\s-])+$", re.IGNORECASE)
_FIELDS = {
    "engineer": "engineering",
    "engineers": "engineering",
    "scientist": "science",
    "analyst": "analysis",
    "architect": "architecture",
    "developer": "development",
    "designer": "design",
    "researcher": "research",
    "administrator": "administration",
}


def role_of(title: str) -> str:
    """The title's own words without what describes the page ("…: Role Blueprint, Responsibilities, …")."""
    title = " ".join(title.split())
    role = _TAIL.sub("", _PREFIX.sub("", _SUFFIX.sub("", title))).strip(" :|–—-")
    return role or title


def names_blueprint(title: str) -> bool:
    """Whether a title says of itself that it heads a role's description."""
    title = " ".join(title.split())
    return bool(_SUFFIX.search(title) or _PREFIX.match(title))


def level_of(role: str) -> Level:
    """The seniority that the title names, "none" where it names none."""
    role = _SERVED.sub("", role[:_LONGEST])
    return next((level for level, pattern in _LEVEL_PATTERNS if pattern.search(role)), "none")


def function_of(role: str) -> str | None:
    """The field of work: "Director of Platform Engineering" and "Platform Engineering Director" are one."""
    bare = _SERVED.sub("", re.sub(r"\([^)]*\)", " ", role[:_LONGEST]))
    parts = [_strip_rank(p) for p in re.split(r",|\s[-–—]\s", bare)]
    words = " ".join(p for p in parts if p).lower().split()
    if not words:
        return None
    words[-1] = _FIELDS.get(words[-1], words[-1])
    return " ".join(words)


def _strip_rank(text: str) -> str:
    """`text` without rank words at its ends; "and" between two fields stays."""
    before = None
    while before != text:
        before = text
        text = _JOINS.sub("", text.strip())
        for match in (_RANK_WORDS.match(text), _last_rank(text)):
            if match:
                text = (text[: match.start()] + " " + text[match.end() :]).strip()
                break
    return " ".join(text.split())


def _last_rank(text: str) -> re.Match[str] | None:
    return next((m for m in _RANK_WORDS.finditer(text) if m.end() == len(text)), None)


def slug(text: str) -> str:
    """Lower-case words joined by hyphens; letters of any script stay, accents go."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:80].strip("-") or "untitled"
