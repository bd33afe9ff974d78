"""One role of a public data release as a raw page of its own, and what its reader lays out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.blueprint import RawPage
from ingest.elements import Element

MARK = '{"rolebook_role":'
MEDIA_TYPE = "application/x-rolebook-role+json"

Record = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Release:
    """A public data set as it was read: one page a role."""

    name: str  # "O*NET 30.1"
    pages: tuple[RawPage, ...]
    counts: dict[str, int]  # "roles", "tasks", ...: how many of each the pages hold


def role_page(dataset: str, code: str, record: Record, path: Path) -> RawPage:
    """The role's own part of the release; its source is "onet://15-1252.00"."""
    content = json.dumps({"rolebook_role": dataset, **record}, ensure_ascii=False, separators=(",", ":"))
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return RawPage(f"{dataset}://{code}", content.encode(), MEDIA_TYPE, modified)


def text(record: Record, name: str) -> str:
    """A text of the record, "" where there is none."""
    value = record.get(name)
    return value.strip() if isinstance(value, str) else ""


def texts(record: Record, name: str) -> list[str]:
    """A list of texts, what is none left out."""
    value = record.get(name)
    return [v.strip() for v in value if isinstance(v, str) and v.strip()] if isinstance(value, list) else []


def records(record: Record, name: str) -> list[Record]:
    """A list of records, what is none left out."""
    value = record.get(name)
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


@dataclass(slots=True)
class Sheet:
    """A role's elements while they are laid out; a heading with nothing under it is not written."""

    elements: list[Element] = field(default_factory=list)
    _group: int = 0

    def section(self, title: str, *parts: Iterable[Element], level: int = 2) -> None:
        inner = [element for part in parts for element in part]
        if inner:
            self.elements += [Element("heading", title, level=level), *inner]

    def subsection(self, title: str, *parts: Iterable[Element]) -> list[Element]:
        inner = [element for part in parts for element in part]
        return [Element("heading", title, level=3), *inner] if inner else []

    def items(self, lines: Iterable[str]) -> list[Element]:
        self._group += 1
        return [Element("item", line, group=self._group) for line in lines if line]

    def fields(self, **values: str) -> list[Element]:
        """Fields by label; an underscore stands for a space."""
        labels = ((label.replace("_", " "), value) for label, value in values.items() if value)
        return [Element("field", f"{label}: {value}", label=label) for label, value in labels]

    def prose(self, value: str) -> list[Element]:
        """Text with line breaks: lines that begin with "- " are items, others paragraphs."""
        out: list[Element] = []
        for line in value.split("\n"):
            line = line.strip()
            if line.startswith(("- ", "* ", "• ")):
                if not (out and out[-1].kind == "item"):
                    self._group += 1
                out.append(Element("item", line[2:].strip(), group=self._group))
            elif line:
                out.append(Element("paragraph", line))
        return out

    def series(self, names: Iterable[str]) -> list[Element]:
        """Many short names as one paragraph: "a; b; c"."""
        line = "; ".join(dict.fromkeys(names))
        return [Element("paragraph", line)] if line else []
