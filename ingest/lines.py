"""Flattened text as lines that know their mark, their indent and the gaps around them."""

import re
from dataclasses import dataclass
from typing import Literal

Mark = Literal["", "bullet", "number", "dash", "pipe"]

_BULLET = re.compile(r"[•▪●◦‣·*+\-]\s+(?=\S)")
_LONE_BULLET = re.compile(r"[•▪●◦‣·*+\-]$")
_NUMBER = re.compile(r"(\d{1,3})\.\s+(?=\S)")
_DASH = re.compile(r"[–—]\s+(?=\S)")
_RULE = re.compile(r"([-*_=])(\s*\1){2,}$")
_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*|__(?=\S)(.+?)(?<=\S)__")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank."""

    text: str  # without its mark
    indent: int = 0  # columns before its mark
    mark: Mark = ""
    number: int | None = None
    gap: bool = False  # a blank line stands before it
    last: bool = False  # a blank line, or the end, stands after it

    @property
    def plain(self) -> bool:
        """Neither marked nor indented: a heading, a paragraph or a flattened row."""
        return not self.mark and self.indent == 0


def lines_of(text: str) -> list[Line]:
    """The lines of `text`, ruled lines and blank ones dropped, Markdown bold undone."""
    out: list[Line] = []
    gap = True
    raw = [_CONTROL.sub("", r).expandtabs(4).replace("\xa0", " ").rstrip() for r in text.splitlines()]
    for i, line in enumerate(raw):
        body = line.strip()
        if not body or (_RULE.match(body) and "|" not in body):
            gap = True
            continue
        last = i + 1 == len(raw) or not raw[i + 1].strip()
        out.append(
            _line(_BOLD.sub(lambda m: m.group(1) or m.group(2), body), len(line) - len(line.lstrip()), gap, last)
        )
        gap = False
    return out


def _line(body: str, indent: int, gap: bool, last: bool) -> Line:
    if body.startswith("|"):
        return Line(body, indent, "pipe", None, gap, last)
    if _LONE_BULLET.match(body):
        return Line("", indent, "bullet", None, gap, last)
    if m := _BULLET.match(body):
        return Line(body[m.end() :], indent, "bullet", None, gap, last)
    if m := _NUMBER.match(body):
        return Line(body[m.end() :], indent, "number", int(m.group(1)), gap, last)
    if m := _DASH.match(body):
        return Line(body[m.end() :], indent, "dash", None, gap, last)
    return Line(body, indent, "", None, gap, last)


def is_title_like(text: str, *, longest: int = 90) -> bool:
    """Whether a line could be a heading: short, begun like a name, not ended like a sentence."""
    return (
        0 < len(text) <= longest
        and len(text.split()) <= longest // 6
        and not re.search(r"[.:;,!…]$", text)
        and bool(re.match(r"[\"“'(%#]?[^\W_]", text))
        and not text[0].islower()
        and not re.search(r": [–—] ", text)
    )
