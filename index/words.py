"""Text to the words that the lexical index knows: folded, without stop words, each by its stem."""

import re
import unicodedata
from functools import lru_cache

# A number keeps its point, a word its pluses and sharps ("C++"); a hyphen, slash or ampersand binds ("CI/CD", "R&D").
_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)?[+#]*(?:[-–‑/&][^\W_]+[+#]*)*")
_PART = re.compile(r"[^\W_]+[+#]*")
_SHORT = 3  # letters; parts bound by a slash are one name up to this length ("CI/CD"), alternatives beyond it
_STOP = (
    "a about all also am an and any are as at be been being both but by can could did do does doing done for from had "
    "has have having how i if in into is it its just let may me might more most must my no nor not of on or our ours "
    "per shall should so some such than that the their them then there these they this those to too us very was we "
    "were what when where whether which while who whom whose why will with would you your yours"
)
STOP = frozenset(_STOP.split())
_NAMES = frozenset({"IT", "US"})  # in capitals no stop words


def words(text: str) -> list[str]:
    """The stems in the order of the text; a compound gives its parts and the whole: "on-call" is "call" and "oncall".

    "IT" and "US" in capitals are words, "it" and "us" stop words.
    """
    return [stem for stem, _ in forms(text)]


def forms(text: str) -> list[tuple[str, str]]:
    """Each of `words` with the word as it was written, in lower case."""
    return [pair for token in _TOKEN.findall(unicodedata.normalize("NFKC", text)) for pair in _forms(token)]


@lru_cache(maxsize=1 << 17)
def _forms(token: str) -> tuple[tuple[str, str], ...]:
    if token[0].isdigit() and not token.isalnum() and re.fullmatch(r"[\d.,]+", token):
        number = token.replace(",", "")
        return ((number, number),)
    token = re.sub(r"['’](?:[^\W_]+)", "", token)
    pieces = _PART.findall(token)
    found = [piece.casefold() for piece in pieces if not _is_stop(piece)]
    alternatives = "/" in token and any(len(piece) > _SHORT for piece in pieces)
    if len(pieces) in (2, 3) and not alternatives:
        found.append("".join(pieces).casefold())
    return tuple((_stem(form), form) for form in found)


def _is_stop(word: str) -> bool:
    return word.casefold() in STOP and word not in _NAMES


def _stem(word: str) -> str:
    """Snowball's English stem (Porter 2); a stemmer serves one thread at a time, and a new one costs a microsecond."""
    from Stemmer import Stemmer  # type: ignore[import-not-found]

    return str(Stemmer("english", 0).stemWord(word))
