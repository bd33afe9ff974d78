"""Addresses that point a browser at the very words of a page (WICG scroll-to-text-fragment)."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote as percent_encode
from urllib.parse import urldefrag

_LONG = 12  # words; a longer quote is linked by its first and last words
_EDGE = 5  # words at either end
_AROUND = (3, 6, 12, 40)  # words of prefix or suffix to try
_RULE = re.compile(r"\s*\|[\s|:-]+")  # between a table's head and its rows, which no browser shows
_MARKER = re.compile(r"^\s*(?:[-*•]|\d+[.)]|#+|>)\s+")


def deep_link(url: str | None, quote: str, page: str = "", start: int = 0) -> str | None:
    """The address with a text fragment for `quote`, which stands at `start` of the blueprint's text `page`.

    A browser shows the first match, so that words which come earlier on the page get their surroundings as prefix and
    suffix. Without `page` the words are linked as they are.
    """
    if url is None:
        return None
    blocks = [words for line in quote.splitlines() for words in cells(line)]
    if not blocks:
        return url
    if len(blocks) == 1 and len(blocks[0]) <= _LONG:
        directive = _whole(blocks[0], _rendered(page), start) if page else _encode(blocks[0])
    else:
        directive = _range(blocks, _rendered(page) if page else None, start)
    address, fragment = urldefrag(url)
    return f"{address}#{fragment}:~:text={directive}"


def cells(line: str, *, marked: bool = True) -> list[list[str]]:
    """The words of a line, without the mark that it may begin with, or of each cell of a table row: a fragment's parts
    may not cross a block's border."""
    if " | " in line:
        return [cell.split() for cell in line.split("|") if cell.strip()]
    words = (_MARKER.sub("", line) if marked else line).split()
    return [words] if words else []


@dataclass(frozen=True, slots=True)
class _Page:
    """A blueprint's text as a browser has it: blocks on lines of their own, without marks, folded."""

    flat: str
    offsets: tuple[int, ...]  # of each line in the blueprint's text
    places: tuple[int, ...]  # of each line in `flat`

    def place_of(self, offset: int) -> int:
        return self.places[max(0, bisect_right(self.offsets, offset) - 1)]

    def find(self, words: list[str], begin: int = 0) -> int:
        """The first match from `begin` on that begins and ends with a word; -1 if there is none."""
        wanted = _folded(words)
        place = self.flat.find(wanted, begin)
        while place >= 0 and not self._whole_words(place, place + len(wanted)):
            place = self.flat.find(wanted, place + 1)
        return place

    def _whole_words(self, start: int, end: int) -> bool:
        inner = start > 0 and self.flat[start - 1].isalnum() and self.flat[start].isalnum()
        return not inner and not (end < len(self.flat) and self.flat[end].isalnum() and self.flat[end - 1].isalnum())


@lru_cache(maxsize=64)
def _rendered(page: str) -> _Page:
    blocks, offsets, places, at, size = [], [], [], 0, 0
    for line in page.splitlines(keepends=True):
        offsets.append(at)
        places.append(size)
        for words in () if _RULE.fullmatch(line) else cells(line):
            blocks.append(_folded(words))
            size += len(blocks[-1]) + 1
        at += len(line)
    return _Page("\n".join(blocks), tuple(offsets), tuple(places))


def _whole(words: list[str], page: _Page, start: int) -> str:
    """The words, with as much of their surroundings as sets them apart from the same words before."""
    here = page.find(words, page.place_of(start))
    if here < 0 or page.find(words) == here:
        return _encode(words)
    before, after = _block_before(page.flat, here), _block_after(page.flat, here + len(_folded(words)))
    for size in _AROUND:
        if before and _first(page, words, before[-size:], []) == here:
            return f"{_encode(before[-size:])}-,{_encode(words)}"
        if after and _first(page, words, [], after[:size]) == here:
            return f"{_encode(words)},-{_encode(after[:size])}"
    for size in _AROUND:
        if before and after and _first(page, words, before[-size:], after[:size]) == here:
            return f"{_encode(before[-size:])}-,{_encode(words)},-{_encode(after[:size])}"
    return _encode(words)


def _range(blocks: list[list[str]], page: _Page | None, start: int) -> str:
    """The first and last words; more of them where fewer are met before."""
    first, last = blocks[0], blocks[-1]
    room = len(first) - 1 if len(blocks) == 1 else len(first)
    head = min(_EDGE, room)
    tail = min(_EDGE, len(last) - (head if len(blocks) == 1 else 0))
    if page is None:
        return f"{_encode(first[:head])},{_encode(last[-tail:])}"
    if len(blocks) > 1 and (opening := _opening(blocks[:-1], page, start)):
        return f"{opening},{_encode(last[-tail:])}"
    here = page.find(first[:head], page.place_of(start))
    while head < room and tail and page.find(first[:head]) < here:
        head += 1
    if len(blocks) == 1:
        tail = max(1, min(tail, len(first) - head))
    opening = _whole(first[:head], page, start).split(",-")[0]
    return f"{opening},{_encode(last[-tail:])}"


def _opening(blocks: list[list[str]], page: _Page, start: int) -> str | None:
    """The first words of the first block that a browser tells from the same words before, by a prefix if need be."""
    here = page.place_of(start)
    for block in blocks:
        here = page.find(block, here)
        if here < 0:
            return None
        before = _block_before(page.flat, here)
        for words in (block[:_EDGE], block):
            if page.find(words) == here:
                return _encode(words)
            for size in _AROUND:
                if before and _first(page, words, before[-size:], []) == here:
                    return f"{_encode(before[-size:])}-,{_encode(words)}"
        here += len(_folded(block))
    return None


def _first(page: _Page, words: list[str], prefix: list[str], suffix: list[str]) -> int:
    """Where a browser finds the words between this prefix and this suffix first."""
    place, size = page.find(words), len(_folded(words))
    while place >= 0:
        before = page.flat[:place].rstrip()[-400:]
        after = page.flat[place + size :][:400].lstrip()
        if before.endswith(_folded(prefix)) and after.startswith(_folded(suffix)):
            return place
        place = page.find(words, place + 1)
    return -1


def _block_before(flat: str, place: int) -> list[str]:
    """The words right before, of one block only."""
    lead = flat[:place].rstrip()
    return lead[lead.rfind("\n") + 1 :].split()


def _block_after(flat: str, place: int) -> list[str]:
    return flat[place:].lstrip().split("\n", maxsplit=1)[0].split()


def _folded(words: list[str]) -> str:
    return " ".join(words).casefold()


def _encode(words: list[str]) -> str:
    return percent_encode(" ".join(words), safe="").replace("-", "%2D")
