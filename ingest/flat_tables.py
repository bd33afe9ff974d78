"""Tables flattened to one line a row: the columns that can be known; every other border stays null."""

import re
from collections.abc import Sequence

from ingest.elements import Element

# Closed vocabularies of last columns: how often a figure is read, how common a tool is.
_PERIOD = (
    r"(?:real[- ]time|continuous(?:ly)?|ongoing|hourly|daily|weekly|bi-?weekly|fortnightly|monthly|bi-?monthly|"
    r"quarterly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|half-yearly|annual(?:ly)?|yearly|ad[- ]hoc|on[- ]demand|"
    r"per (?:incident|release|quarter|month|week|sprint|event|cycle|audit|project|campaign))"
)
_COMMONNESS = r"(?:common|optional|context[- ]specific|required|preferred)"
_CLOSED = tuple(
    re.compile(rf"(?<= ){term}(?: \([^()]*\))?(?: ?/ ?{term}(?: \([^()]*\))?)*$", re.IGNORECASE)
    for term in (_PERIOD, _COMMONNESS)
)
_PERIOD_NAMES = re.compile(r"(?<= )(?:frequency|cadence|review cadence|reporting frequency)$", re.IGNORECASE)
# The first column of a role's scorecard: its labels are the template's own.
_SCORECARD = re.compile(
    r"(?:category(?= summary)|role (?:title|purpose|mission|name)|reports to(?: \([^()]*\))?|"
    r"(?:top|key|main|core|primary) (?:\d+ )?(?:technical skills|soft skills|responsibilities|tools ?/ ?platforms|"
    r"tools and platforms|tools|platforms|kpis|metrics|deliverables|goals|risks|stakeholders|skills)|"
    r"career progression options|career (?:path|progression)|"
    r"success (?:measures|metrics)|level|function|location) (?=\S)",
    re.IGNORECASE,
)
_MOST = 0.9  # share of rows that must end in the vocabulary before any border is taken from it


def flat_rows(lines: Sequence[str], group: int) -> list[Element]:
    """Rows, the first of them the header; `cells` holds what is known, None where a border is not."""
    if _share(_SCORECARD, lines) >= _MOST:
        return [_row(_halves(line, _SCORECARD), line, i == 0, group) for i, line in enumerate(lines)]
    for closed in _CLOSED:
        if _share(closed, lines[1:], search=True) >= _MOST:
            header_end = closed.search(lines[0]) or _PERIOD_NAMES.search(lines[0])
            ends = [header_end, *(closed.search(line) for line in lines[1:])]
            return [
                _row((None, line[m.start() :]) if m else (None,), line, i == 0, group)
                for i, (line, m) in enumerate(zip(lines, ends, strict=True))
            ]
    return [_row((None,), line, i == 0, group) for i, line in enumerate(lines)]


def _share(pattern: re.Pattern[str], lines: Sequence[str], *, search: bool = False) -> float:
    hits = sum(bool(pattern.search(line) if search else pattern.match(line)) for line in lines)
    return hits / len(lines) if lines else 0.0


def _halves(line: str, pattern: re.Pattern[str]) -> tuple[str | None, ...]:
    m = pattern.match(line)
    return (line[: m.end()].rstrip(), line[m.end() :]) if m else (None,)


def _row(cells: tuple[str | None, ...], line: str, header: bool, group: int) -> Element:
    text = " | ".join(c for c in cells if c) if None not in cells else line
    return Element("row", text, cells=cells, header=header, group=group)
