"""YAML role files: keys become headings, lists items, short values fields."""

from collections.abc import Iterator

import yaml

from ingest.elements import Draft, Element
from ingest.errors import UnreadablePage

_NAMES = ("title", "name", "role", "job_title", "summary", "id")
_DEEPEST = 12


def read_yaml(text: str, source: str) -> Draft:
    """One draft: the file's own name or title heads it."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as e:
        raise UnreadablePage(f"{source}: damaged YAML ({str(e).splitlines()[0]}). Mend or export it again.") from None
    title = _name(data)
    return Draft(title, tuple(_elements(data, 2, title)))


def _name(data: object) -> str | None:
    if not isinstance(data, dict):
        return None
    return next((str(data[k]) for k in _NAMES if isinstance(data.get(k), str)), None)


def _elements(data: object, level: int, known: str | None) -> Iterator[Element]:
    if level > _DEEPEST:
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if value != known and value not in (None, "", [], {}):
                yield from _entry(str(key), value, level)
    elif isinstance(data, list):
        for entry in data:
            if isinstance(entry, dict | list):
                name = _name(entry)
                if name:
                    yield Element("heading", name, level=min(level, 6))
                yield from _elements(entry, level + 1, name)
            elif entry is not None:
                yield Element("item", str(entry), group=level)
    else:
        yield Element("paragraph", str(data))


def _entry(key: str, value: object, level: int) -> Iterator[Element]:
    name = key.replace("_", " ").strip()
    if isinstance(value, dict | list):
        yield Element("heading", name[:1].upper() + name[1:], level=min(level, 6))
        yield from _elements(value, level + 1, None)
    elif key in _NAMES and isinstance(value, str) and len(value) > 60:
        yield Element("paragraph", value)
    else:
        label = name[:1].upper() + name[1:]
        yield Element("field", f"{label}: {value}", label=label)
