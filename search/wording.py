"""Words as titles and questions write them, brought to one form: "ML Eng" and "machine learning engineers" are one."""

import re
from dataclasses import dataclass


def word_set(text: str) -> frozenset[str]:
    """The words of a text, which stands for a long list of them."""
    return frozenset(text.split())


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_OPEN = re.compile(r"\b(on|dev) (call|ex)\b(?! (?:the|a|an|me|us|them|him|her)\b)", re.I)
_OPEN_JOINT = {"call": "-", "ex": ""}

# Field-standard short forms; each stands for words as `stem` gives them.
ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    short: tuple(words.split())
    for short, words in {
        "ml": "machine learning",
        "mle": "machine learning engineer",
        "mlops": "machine learning ops",
        "ai": "artificial intelligence",
        "sre": "site reliability engineer",
        "swe": "software engineer",
        "sde": "software development engineer",
        "ds": "data scientist",
        "de": "data engineer",
        "dba": "database administrator",
        "devex": "developer experience",
        "dx": "developer experience",
        "ux": "user experience",
        "ui": "user interface",
        "qa": "quality assurance",
        "qe": "quality engineer",
        "bi": "business intelligence",
        "hr": "human resource",
        "it": "information technology",
        "em": "engineer manager",
        "pm": "product manager",
        "tpm": "technical program manager",
        "vp": "vp",
        "svp": "senior vp",
        "evp": "executive vp",
        "ceo": "chief executive officer",
        "cfo": "chief financial officer",
        "cio": "chief information officer",
        "ciso": "chief information security officer",
        "cmo": "chief marketing officer",
        "coo": "chief operating officer",
        "cpo": "chief product officer",
        "cro": "chief revenue officer",
        "cto": "chief technology officer",
        "cdo": "chief data officer",
    }.items()
}
_NEVER_LOWER = frozenset({"ai", "it", "de", "pm", "em", "ds", "bi"})  # words of other languages or too short when lower

# Other spellings of one word. "engineer" and "engineering" are one here; `PERSONS` keeps them apart where that matters.
_SAME: dict[str, str] = {
    "kpis": "kpi",
    "eng": "engineer",
    "engr": "engineer",
    "engg": "engineer",
    "engineering": "engineer",
    "science": "scientist",
    "architecture": "architect",
    "administration": "administrator",
    "admin": "administrator",
    "dev": "developer",
    "recruiting": "recruiter",
    "writing": "writer",
    "design": "designer",
    "research": "researcher",
    "accounting": "accountant",
    "consulting": "consultant",
    "operation": "ops",
    "infra": "infrastructure",
    "mgr": "manager",
    "sr": "senior",
    "jr": "junior",
    "dir": "director",
    "leader": "lead",
    "mgmt": "management",
    "programme": "program",
}
PERSONS = word_set(
    "engineer engr scientist analyst architect administrator admin developer designer researcher specialist consultant "
    "coordinator officer recruiter accountant nurse technician owner partner strategist writer advocate"
)
RANKS = word_set("chief vp head director manager lead")  # a name's authority: never left out
GRADES = word_set("senior staff principal junior associate intern mid executive global deputy regional group")
LEVELS = RANKS | GRADES
GLUE = word_set("of for the and a an in")
ARTICLES = word_set("the a an this that our your my their his her its any each every new")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text; `text` is folded, without a possessive ending."""

    text: str
    shown: str  # as written
    start: int
    end: int
    gap: str  # what stands between it and the word before


def words(text: str, limit: int = 400) -> tuple[Word, ...]:
    """The first words of a text."""
    found: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        folded = match.group().casefold().removesuffix("'s").removesuffix("’s")
        found.append(Word(folded, match.group(), match.start(), match.end(), text[end : match.start()]))
        end = match.end()
        if len(found) == limit:
            break
    return tuple(found)


def joined(text: str) -> str:
    """The text with what is one word to pages written as one: "on call" as "on-call"."""
    return _OPEN.sub(lambda hit: hit[1] + _OPEN_JOINT[hit[2].casefold()] + hit[2], text)


def stem(word: str) -> str:
    """One form for a word's singular, plural and spellings; `word` is case-folded."""
    if word in _SAME:
        return _SAME[word]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    return _SAME.get(word, word)


def expand(word: str, shown: str | None = None) -> tuple[str, ...]:
    """The words that a short form stands for, else the word's one form; a plural ("SREs") is a short form too."""
    capital = shown is None or shown.removesuffix("s").isupper()
    for short in (word, word.removesuffix("s")):
        if short in ABBREVIATIONS and (capital or short not in _NEVER_LOWER):
            return ABBREVIATIONS[short]
    return (stem(word),)


def is_person(word: str) -> bool:
    """Whether a word names one who works, not a field: "engineers" and "SRE", not "engineering"."""
    single = word.removesuffix("s")
    return (
        word in PERSONS or single in PERSONS or ABBREVIATIONS.get(single, ABBREVIATIONS.get(word, ("",)))[-1] in PERSONS
    )
