"""Text renderings of pages: headings, lists and tables told from position, marks and gaps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.blueprint import Removed
from ingest.elements import Draft, Element
from ingest.flat_tables import flat_rows
from ingest.lines import Line, is_title_like, lines_of
from ingest.noise import cut_images, cut_within, page_end
from ingest.titles import level_of, names_blueprint

_NUMBERED = re.compile(r"(\d{1,2})[).] (?=\S)")
_ROW_RULE = re.compile(r"\|?[\s:|-]+\|?$")
_LABEL_LINE = re.compile(r"[^\W\d_][^:.!?;]{0,40}:\s")
_SENTENCE_END = re.compile(r"[.!?:…][\"”’')]?$")
_NEW_SENTENCE = re.compile(
    r"(?<=[\w)%\"”’.;]) (?=(?:By (?:\w+ly )?\w+ing|In (?:summary|conclusion|short)|Overall|Ultimately|As (?:the|this)|"
    r"With (?:the|these)|The|These|This|Those|Such|For|To)[ ,])"
)
_CLOSING = 80  # characters; a shorter tail is the item's own second sentence


def read_text(text: str) -> tuple[Draft, ...]:
    """One draft a page, or one a role where the page is a listing of titles with a summary each."""
    lines, removed = cut_images(lines_of(text))
    if listing := _listing(lines):
        return listing
    title, lines, head = _title_and_body(lines)
    end, tail = page_end(lines)
    lines = lines[:end]
    lines, within = cut_within(lines)
    elements = _Reader(lines).elements()
    return (Draft(title, tuple(elements), removed=(*head, *removed, *within, *tail)),)


def _listing(lines: Sequence[Line]) -> tuple[Draft, ...]:
    """Titles and summaries in turn, nothing else, at least three of them."""
    if len(lines) < 6 or len(lines) % 2 or not all(ln.plain for ln in lines):
        return ()
    titles, summaries = lines[::2], lines[1::2]
    if not all(names_blueprint(t.text) or level_of(t.text) != "none" for t in titles):
        return ()
    if not all(
        s.text.endswith((".", "!", "?", "…")) and len(s.text) > len(t.text) / 2
        for t, s in zip(titles, summaries, strict=True)
    ):
        return ()
    return tuple(Draft(t.text, (Element("paragraph", s.text),)) for t, s in zip(titles, summaries, strict=True))


def _title_and_body(lines: list[Line]) -> tuple[str | None, list[Line], list[Removed]]:
    """The title and what follows it; what stands before it is the site's."""
    first = next((i for i, ln in enumerate(lines) if _is_section(ln) and _NUMBERED.match(ln.text)), None)
    head = lines[:first] if first is not None and _numbers(lines) else lines[:12]
    numbered = first is not None and _numbers(lines)
    if numbered and not head:
        return None, lines, []
    plain = [i for i, ln in enumerate(head) if ln.plain]
    named = [i for i in plain if names_blueprint(head[i].text) and is_title_like(head[i].text, longest=160)]
    ranked = [i for i in plain if is_title_like(head[i].text) and level_of(head[i].text) != "none"]
    short = [i for i in plain if is_title_like(head[i].text)]
    at = next(iter(named or ranked or (short[-1:] if numbered else short[:1])), None)
    if at is None:
        return None, lines, []
    before = [ln.text for ln in lines[:at]]
    return lines[at].text, lines[at + 1 :], [Removed("before the title", "\n".join(before))] if before else []


def _numbers(lines: Sequence[Line]) -> list[int]:
    """The numbers of the page's sections, if it counts them: 1, 2, 3, …, each once and rising."""
    found = [int(m.group(1)) for ln in lines if _is_section(ln) and (m := _NUMBERED.match(ln.text))]
    rising = all(a < b for a, b in pairwise(found))
    return found if len(found) >= 3 and rising and found[0] <= 2 else []


def _is_section(line: Line) -> bool:
    return line.plain and bool(re.match(r"\d{1,2}\) \S", line.text)) and is_title_like(line.text, longest=110)


@dataclass(slots=True)
class _Reader:
    """One pass over the lines of a page."""

    lines: Sequence[Line]
    group: int = 0
    out: list[Element] = field(default_factory=list)
    _indents: list[int] = field(default_factory=list)  # of the open list, outermost first
    _loose: bool = False  # the next plain line is the title of an item whose dash stands alone
    _counted: bool = False  # sections are numbered
    _spaced: bool = False  # blank lines part the blocks

    def elements(self) -> list[Element]:
        self._counted = bool(_numbers(self.lines))
        gaps = sum(ln.gap for ln in self.lines)
        self._spaced = gaps * 5 > len(self.lines)
        i = 0
        while i < len(self.lines):
            i = self._read(i)
        out = self.out if self._counted else _levels(self.out)
        return list(_without_swallowed(out))

    def _read(self, i: int) -> int:
        """Reads the block that begins at line `i`; returns the line after it."""
        line = self.lines[i]
        if line.mark == "pipe":
            return self._pipes(i)
        if line.mark in ("bullet", "number"):
            self._item(line)
        elif line.mark == "dash":
            self._continue(line)
        elif self._loose and line.indent == 0:
            self._loose = False
            self._item(replace(line, mark="bullet"))
        elif line.indent and self._in_list():
            self._continue(line)
        else:
            return self._plain(i)
        return i + 1

    def _in_list(self) -> bool:
        return bool(self._indents) and bool(self.out) and self.out[-1].kind == "item"

    def _item(self, line: Line) -> None:
        if not self._in_list():
            self.group += 1
            self._indents = []
        text, self._loose = _without_glued_dash(line)
        if not text:
            return
        while self._indents and line.indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or line.indent > self._indents[-1]:
            self._indents.append(line.indent)
        self.out.append(Element("item", text, depth=len(self._indents), number=line.number, group=self.group))

    def _continue(self, line: Line) -> None:
        """A line that goes on with the element before it: a dash-led or labelled one stands on its own later."""
        text, loose = _without_glued_dash(line)
        self._loose = self._loose or loose
        listed = line.mark == "dash" or (
            self._in_list() and not self.out[-1].text.endswith(":") and _LABEL_LINE.match(line.text)
        )
        if not self.out or self.out[-1].kind not in ("item", "paragraph"):
            self.out.append(Element("paragraph", f"– {text}" if listed else text))
            return
        joint = "\n– " if listed else "\n"
        self.out[-1] = replace(self.out[-1], text=self.out[-1].text + joint + text)

    def _pipes(self, i: int) -> int:
        self._indents = []
        self.group += 1
        first = i
        while i < len(self.lines) and self.lines[i].mark == "pipe":
            text = self.lines[i].text
            if not (_ROW_RULE.match(text) and "-" in text):
                cells = tuple(c.strip() for c in re.split(r"(?<!\\)\|", text.strip().strip("|")))
                ruled = i == first and i + 1 < len(self.lines) and bool(_ROW_RULE.match(self.lines[i + 1].text))
                self.out.append(Element("row", " | ".join(cells), cells=cells, header=ruled, group=self.group))
            i += 1
        return i

    def _plain(self, i: int) -> int:
        """A heading, a paragraph or a run of flattened rows."""
        line = self.lines[i]
        self._indents = []
        if self._counted and _is_section(line):
            self.out.append(Element("heading", line.text, level=2))
            return i + 1
        if not self._spaced:
            return self._single(i)
        end = i + 1
        while end < len(self.lines) and self.lines[end].plain and not self.lines[end].gap and not self._starts(end):
            end += 1
        run = self.lines[i:end]
        if len(run) >= 3 and not _wrapped(run):
            self.group += 1
            self.out += flat_rows([ln.text for ln in run], self.group)
            return end
        if len(run) > 1:
            self.out.append(Element("paragraph", " ".join(ln.text for ln in run)))
            return end
        return self._single(i)

    def _starts(self, i: int) -> bool:
        return self._counted and _is_section(self.lines[i])

    def _single(self, i: int) -> int:
        line = self.lines[i]
        following = self.lines[i + 1] if i + 1 < len(self.lines) else None
        if is_title_like(line.text) and following is not None and following.mark != "dash":
            self.out.append(Element("heading", line.text, level=3))
            return i + 1
        text, i = line.text, i + 1
        glued = following is not None and following.plain and not following.gap and not is_title_like(following.text)
        if line.text.endswith(":") and len(line.text) < 60 and glued and following is not None:
            text, i = f"{text} {following.text}", i + 1
        self.out.append(Element("paragraph", text))
        return i


def _without_glued_dash(line: Line) -> tuple[str, bool]:
    """An item's text without the dash of the next item that was glued to its end, and whether there was one."""
    if not line.text:
        return "", True
    cut = re.sub(r"\s+-$", "", line.text)
    return cut, cut != line.text


def _wrapped(run: Sequence[Line]) -> bool:
    """Prose broken at a right margin, not rows: full lines that run on, the last one ends a sentence."""
    longest = max(len(ln.text) for ln in run)
    full = all(len(ln.text) >= 0.6 * longest for ln in run[:-1])
    runs_on = sum(ln.text[0].islower() for ln in run[1:]) * 2 >= len(run) - 1
    return full and longest <= 120 and runs_on and bool(_SENTENCE_END.search(run[-1].text))


def _levels(elements: Sequence[Element]) -> list[Element]:
    """Headings without numbers: one before a paragraph is a section, one before a list a subsection.

    Where both kinds occur, a paragraph right after a list, before a subsection, begins a section whose heading is lost.
    """
    kinds = [e.kind for e in elements]
    after = [kinds[i + 1] if i + 1 < len(kinds) else "paragraph" for i in range(len(kinds))]
    headings = [i for i, k in enumerate(kinds) if k == "heading"]
    mixed = {after[i] == "paragraph" for i in headings} == {True, False}
    out: list[Element] = []
    for i, e in enumerate(elements):
        if e.kind == "heading":
            e = replace(e, level=2 if after[i] == "paragraph" or not mixed else 3)
        elif mixed and e.kind == "paragraph" and i and kinds[i - 1] == "item" and after[i] == "heading":
            out.append(Element("heading", "", level=2))
        out.append(e)
    return out


def _without_swallowed(elements: Sequence[Element]) -> Iterator[Element]:
    """List items that swallowed the paragraph after them, parted from it."""
    for i, e in enumerate(elements):
        if e.kind != "item":
            yield e
            continue
        ends_list = i + 1 == len(elements) or elements[i + 1].kind != "item" or elements[i + 1].group != e.group
        opens_next = (
            not ends_list and i >= 2 and all(x.group == e.group and x.text.endswith(".") for x in elements[i - 2 : i])
        )
        at = _closing_at(e.text, elements, i) if ends_list else _lead_in_at(e.text) if opens_next else None
        if at is None:
            yield e
        else:
            yield replace(e, text=e.text[:at].rstrip())
            yield Element("paragraph", e.text[at:].strip())


def _lead_in_at(text: str) -> int | None:
    """Where, within a list, an item's last sentence introduces the items after it ("… typically include:")."""
    if not text.endswith(":") or "\n" in text:
        return None
    starts = [m.end() for m in re.finditer(r"[.!?] (?=[A-Z])", text)]
    return starts[-1] if starts and len(text[: starts[-1]].split()) >= 4 else None


def _closing_at(text: str, elements: Sequence[Element], i: int) -> int | None:
    """Where the closing paragraph begins that a list's last item swallowed: its siblings have no full stop, it has."""
    group = [e for e in elements[max(0, i - 30) : i] if e.kind == "item" and e.group == elements[i].group]
    if "\n" in text or not text.endswith(".") or (group and 2 * sum(e.text.endswith(".") for e in group) > len(group)):
        return None
    for m in _NEW_SENTENCE.finditer(text):
        if len(text) - m.end() >= _CLOSING and m.start() >= 3:
            return m.end()
    return None
