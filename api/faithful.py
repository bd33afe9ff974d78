"""Which sentences of a language model may be said: those that the quotes they cite bear out, by word and figure.

The check is made to drop too much rather than too little: a sentence that goes is replaced by the quote itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search import Citation

_MARK = re.compile(r"\[(\d+)\]")
_SENTENCE = re.compile(r"\S.*?(?:[.!?](?:\s*\[\d+\])*(?=\s+(?!\[)|$)|$)")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_FOREIGN = re.compile(r"https?:|www\.|@|<|>|\]\(|`|\{|\}|!\[|\||\\")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NEGATIONS = _set("not no never without neither nor none cannot nobody nothing except unless")
_HEDGES = _set("typically usually often sometimes may might optional inferred depending varies")
_NUMBERS = _set(
    "one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million "
    "billion half twice double triple dozen dozens hundreds thousands millions"
)
# stems of words that say who stands how to a matter, or how far it goes; they must be the quote's own
_STRONG = (
    *("own", "account", "respons", "approv", "decid", "decis", "lead", "led", "manag", "sole", "only", "alway", "all"),
    *("every", "must", "shall", "final", "author", "veto", "sign", "jointly", "share", "co-own", "support", "contrib"),
    *("influenc", "advis", "review", "mandat", "requir", "forbid", "prohibit", "most", "least", "more", "less", "best"),
)
_OPENERS = _set(
    "the a an this these that those it its they their both each for in to as with and while also under on at by when "
    "where which who among other another of from per according he she such there"
)
_SMALL = _OPENERS | _set(
    "is are was were be been being has have had do does did will would can could should or but if so than then into "
    "about over between within across include includes including says states described role roles"
)
ENOUGH = 0.7  # share of a sentence's content words that the quotes must have


@dataclass(frozen=True, slots=True)
class Kept:
    """What may be said, the marks in it, and how many sentences may not."""

    text: str
    marks: frozenset[int]
    dropped: int


def keep(text: str, citations: Sequence[Citation]) -> Kept:
    """The text without the sentences that do not hold."""
    known = {citation.id: citation for citation in citations}
    lines: list[str] = []
    marks: set[int] = set()
    dropped = 0
    for line in text.splitlines():
        bullet = "- " if _BULLET.match(line) else ""
        held: list[str] = []
        for sentence in _SENTENCE.findall(_BULLET.sub("", line).replace("**", "")):
            if holds(sentence, known):
                held.append(sentence)
                marks |= _marks(sentence)
            else:
                dropped += 1
        if held:
            lines.append(bullet + " ".join(held))
    return Kept("\n".join(lines), frozenset(marks), dropped)


def holds(sentence: str, known: Mapping[int, Citation]) -> bool:
    """Whether the sentence cites known quotes, and says nothing that they do not say."""
    marks = _marks(sentence)
    if not marks or not marks <= known.keys() or _FOREIGN.search(sentence):
        return False
    cited = [known[mark] for mark in sorted(marks)]
    bare = " ".join(_MARK.sub(" ", sentence).split())
    evidence = [" ".join((item.role, *map(_unnumbered, item.path), item.quote)) for item in cited]
    return (
        _figures_hold(bare, evidence)
        and _names_hold(bare, evidence)
        and _words_hold(bare, evidence)
        and _negation_holds(bare, [item.quote for item in cited])
    )


def _unnumbered(heading: str) -> str:
    """A heading's number is no figure to be quoted."""
    return re.sub(r"^\s*\d+(?:\.\d+)*[.)]?\s", "", heading)


def _marks(sentence: str) -> set[int]:
    return {int(mark) for mark in _MARK.findall(sentence) if len(mark) < 6}


def _figures_hold(bare: str, evidence: Sequence[str]) -> bool:
    """Every figure stands in every cited quote, so that two quotes' figures cannot be exchanged."""
    figures = set(_FIGURE.findall(bare))
    spelled = set(_words(bare)) & _NUMBERS
    return all(figures <= set(_FIGURE.findall(text)) and spelled <= set(_words(text)) for text in evidence)


def _names_hold(bare: str, evidence: Iterable[str]) -> bool:
    """A capital within the sentence is a name; so is a first word that opens no ordinary sentence."""
    known = {part for text in evidence for word in _words(text) for part in (word, *word.split("-"))}
    words = _WORD.findall(bare)
    names = {word.lower() for word in words[1:] if any(letter.isupper() for letter in word)}
    names |= {words[0].lower()} - _OPENERS if words else set()
    return all(name in known or _possessive(name) in known for name in names)


def _words_hold(bare: str, evidence: Sequence[str]) -> bool:
    """Words of standing are in each quote; of the others, most are in some quote."""
    stems = [{_stem(word) for word in _words(text)} for text in evidence]
    content = [word for word in _words(bare) if word not in _SMALL]
    strong = {_stem(word) for word in content if word.startswith(_STRONG)}
    if not content or any(not strong <= known for known in stems):
        return False
    union = set().union(*stems)
    return sum(_stem(word) in union for word in content) >= ENOUGH * len(content)


def _negation_holds(bare: str, quotes: Iterable[str]) -> bool:
    """What a quote denies or hedges stays denied or hedged, and nothing else is."""
    said = set(_markers(bare))
    told = [set(_markers(quote)) for quote in quotes]
    return said <= set().union(*told) and all(quote <= said for quote in told)


def _markers(text: str) -> Iterator[str]:
    for word in _words(text):
        if word in _NEGATIONS or word.endswith(("n't", "n’t")):
            yield "not"
        elif word in _HEDGES:
            yield word


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _possessive(word: str) -> str:
    return word.removesuffix("'s").removesuffix("’s")


def _stem(word: str) -> str:
    """The first letters without an ending: enough to take "owns", "owned" and "owning" for one word."""
    bare = _possessive(word)
    for ending in ("ing", "ed", "es", "s"):
        if bare.endswith(ending) and len(bare) - len(ending) >= 3 and not bare.endswith("ss"):
            bare = bare.removesuffix(ending)
            break
    return bare[:5].removesuffix("e")
