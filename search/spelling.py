"""Slips of the keyboard in a question, mended by the words of the indexed texts."""

import re
from collections.abc import Mapping
from functools import lru_cache

from index.words import STOP
from search.matter import FRAME

# Words in lower case, or one that opens the text: names are left alone, and so are short words, which are near to many.
_WORD = re.compile(r"(?<![\w'’./+#&-])(?:[a-z]{5,}|(?<!.)[A-Z][a-z]{4,})(?![\w/+#&-])", re.DOTALL)


def mended(text: str, vocabulary: Mapping[str, int]) -> str:
    """The text, each word that neither the vocabulary nor English has replaced by the vocabulary's nearest.

    Near is one letter more, less or other, or two swapped (optimal string alignment); of several the most frequent.
    """
    return _WORD.sub(lambda found: _nearest(found[0], vocabulary) or found[0], text)


def _nearest(word: str, vocabulary: Mapping[str, int]) -> str | None:
    """The word that this one was meant for, None for one that is right or like none."""
    if (lower := word.lower()) in vocabulary or lower in FRAME or lower in STOP:
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    near = process.extract(lower, vocabulary.keys(), scorer=OSA.distance, score_cutoff=1, limit=None)
    if not near or lower in _english():
        return None
    return max((form for form, _, _ in near), key=lambda form: (vocabulary[form], form))


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """English words, so that one that the texts merely lack is not taken for a slip."""
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="en").word_frequency.dictionary)
