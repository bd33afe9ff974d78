"""YAML role files: keys become headings, lists items, short values fields; words stay as they are written."""

import re
from collections.abc import Iterator

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ingest.blueprint import Removed
from ingest.elements import Draft, Element
from ingest.errors import UnreadablePage

Value = str | list["Value"] | dict[str, "Value"] | None

DEEPEST = 60  # levels of nesting; a role file has six
_UNFOLDED = 10  # times a file's own length that its aliases may unfold to
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NAMES = ("title", "name", "role", "job_title")
_PROSE = ("summary", "description", "overview", "about", "text")
_SHORT = 200  # characters; a longer value stands under its key as a heading
_NOTHING = frozenset(("", "~", "null", "Null", "NULL"))
_MACHINE_KEY = re.compile(r"(?:.*[_a-z])?(?:[Ii]d|ID|uuid|sha\d*|hash)$")
_MACHINE_VALUE = re.compile(r"\S+$")


def read_yaml(text: str, source: str) -> Draft:
    """One draft: the file's own title or name heads it."""
    try:
        data = load(text)
    except (yaml.YAMLError, ValueError) as e:
        raise UnreadablePage(f"{source}: damaged YAML ({str(e).splitlines()[0]}). Mend or export it again.") from None
    title = _name(data)
    file = _File(data, len(text))
    elements = tuple(file.elements(data, 2, title))
    if file.left < 0:
        raise UnreadablePage(f"{source}: YAML whose aliases unfold without end. Write it out without them.")
    return Draft(title, elements, removed=tuple(file.removed))


def load(text: str) -> Value:
    """A YAML text as strings, lists and mappings; several documents are a list. Raises YAMLError or ValueError.

    Built from the parser's events, which neither recurse nor run code; an alias is the very value that it points to.
    """
    root: list[Value] = []
    stack: list[tuple[list[Value] | dict[str, Value], list[str | None]]] = [(root, [])]
    anchors: dict[str, Value] = {}
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, SequenceEndEvent | MappingEndEvent):
            stack.pop()
        elif isinstance(event, DocumentStartEvent):
            anchors.clear()
        elif isinstance(event, AliasEvent):
            _put(*stack[-1], anchors.get(event.anchor or ""))
        elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            value = _value(event)
            anchors[event.anchor or ""] = value
            _put(*stack[-1], value)
            if isinstance(value, list | dict):
                stack.append((value, []))
        if len(stack) > DEEPEST:
            raise ValueError(f"more than {DEEPEST} levels deep")
    return root[0] if len(root) == 1 else root


def _value(event: ScalarEvent | SequenceStartEvent | MappingStartEvent) -> Value:
    """A scalar's words or None, or an empty collection that is filled later."""
    if isinstance(event, SequenceStartEvent):
        return []
    if isinstance(event, MappingStartEvent):
        return {}
    plain = event.style is None or event.style == ""
    return None if plain and event.value in _NOTHING else str(event.value)


def _put(target: list[Value] | dict[str, Value], waiting: list[str | None], value: Value) -> None:
    """Adds an item, or a mapping's key and, next time, its value."""
    if isinstance(target, list):
        target.append(value)
    elif not waiting:
        waiting.append(value if isinstance(value, str) else None)
    elif (key := waiting.pop()) is not None:
        target[key] = value


def _name(data: Value) -> str | None:
    if not isinstance(data, dict):
        return None
    found = next((data[k] for k in _NAMES if isinstance(data.get(k), str)), None)
    return " ".join(found.split()) if isinstance(found, str) else None


class _File:
    """One walk over a file's values; `left` is what its aliases may still unfold to."""

    def __init__(self, data: Value, size: int) -> None:
        self.removed: list[Removed] = []
        self.left = _UNFOLDED * size + 10_000
        self._named = _references(data)
        self._group = 0

    def elements(self, data: Value, level: int, known: str | None) -> Iterator[Element]:
        """What stands under one key; `known` is a name that is a heading already."""
        if not self._spend(data) or level > DEEPEST:
            return
        if isinstance(data, dict):
            for key, value in data.items():
                if value and value != known and not self._is_machine(key, value, data):
                    yield from self._entry(key, value, level)
        elif isinstance(data, list):
            self._group += 1
            group = self._group
            for entry in data:
                yield from self._listed(entry, level, group)
        elif data:
            yield from self._prose(data)

    def _entry(self, key: str, value: Value, level: int) -> Iterator[Element]:
        if not self._spend(value):
            return
        label = _label(key)
        if isinstance(value, str) and key in _PROSE:
            yield from self._prose(value)
        elif isinstance(value, str) and len(value) <= _SHORT and "\n" not in value.strip():
            yield self._field(key, value, 1)
        elif value:
            yield Element("heading", label, level=min(level, 6))
            yield from self.elements(value, level + 1, None)

    def _listed(self, entry: Value, level: int, group: int) -> Iterator[Element]:
        """An entry of a list: a name with content is a heading, a statement an item with its details under it."""
        if not self._spend(entry):
            return
        if isinstance(entry, str):
            yield Element("item", entry, group=group)
            return
        name = _name(entry)
        if not isinstance(entry, dict):
            yield from self.elements(entry, level, None)
            return
        rest: dict[str, Value] = {
            k: v for k, v in entry.items() if v and v != name and not self._is_machine(k, v, entry)
        }
        if name and not rest:
            yield Element("item", name, group=group)
        elif name:
            yield Element("heading", name, level=min(level, 6))
            yield from self.elements(rest, level + 1, name)
        elif head := next((v for k in _PROSE if isinstance(v := rest.get(k), str)), None):
            yield Element("item", " ".join(head.split()), group=group)
            details: dict[str, Value] = {k: v for k, v in rest.items() if v is not head}
            yield from self._details(details, 2, group)
        else:
            yield from self.elements(rest, level + 1, None)

    def _details(self, data: Value, depth: int, group: int) -> Iterator[Element]:
        """What an item has under it: values as fields, lists as items under their key."""
        if not self._spend(data) or depth > DEEPEST:
            return
        if isinstance(data, str):
            yield Element("item", data, depth=depth, group=group)
        elif isinstance(data, list):
            for entry in data:
                yield from self._details(entry, depth, group)
        elif isinstance(data, dict):
            for key, value in data.items():
                if isinstance(value, str) and value:
                    yield self._field(key, value, depth, group)
                elif value:
                    yield Element("item", f"{_label(key)}:", depth=depth, group=group)
                    yield from self._details(value, depth + 1, group)

    def _field(self, key: str, value: str, depth: int, group: int = 0) -> Element:
        label = _label(key)
        words = " ".join(self._named.get((_singular(key), value), value).split())
        return Element("field", f"{label}: {words}", label=label, depth=depth, group=group)

    def _prose(self, value: str) -> Iterator[Element]:
        """Paragraphs parted by blank lines; lines that begin with "- " are items."""
        self._group += 1
        lines: list[str] = []
        for line in [*value.split("\n"), ""]:
            bare = line.strip()
            if lines and (not bare or bare.startswith(("- ", "* "))):
                yield Element("paragraph", " ".join(lines))
                lines = []
            if bare.startswith(("- ", "* ")):
                yield Element("item", bare[2:].strip(), group=self._group)
            elif bare:
                lines.append(bare)

    def _is_machine(self, key: str, value: Value, entry: dict[str, Value]) -> bool:
        """Whether a value is a handle for programs: an id beside a name or a statement, a switch, a checksum."""
        if not isinstance(value, str) or not _MACHINE_VALUE.match(value.strip()):
            return False
        told = any(entry.get(k) for k in (*_NAMES, *_PROSE))
        machine = told and (bool(_MACHINE_KEY.match(key)) or value in ("true", "false"))
        if machine:
            self.removed.append(Removed("identifier", f"{key}: {value}"))
        return machine

    def _spend(self, data: Value) -> bool:
        self.left -= 8 + (len(data) if isinstance(data, str) else 0)
        return self.left >= 0


def _references(data: Value) -> dict[tuple[str, str], str]:
    """The names of a file's listed entries by the list's key, singular, and their id: ("level", "senior-1")."""
    found = {}
    for key, entries in data.items() if isinstance(data, dict) else ():
        for entry in entries if isinstance(entries, list) else ():
            name = _name(entry)
            if name and isinstance(entry, dict) and isinstance(handle := entry.get("id"), str):
                found[_singular(key), handle] = name
    return found


def _singular(key: str) -> str:
    return key.lower().removesuffix("s")


def _label(key: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", key).replace("_", " ").replace("-", " ")
    words = " ".join(words.split())
    if words != key:
        words = " ".join(w.lower() if w[1:].islower() else w for w in words.split())
    return words[:1].upper() + words[1:]
