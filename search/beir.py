"""Retrieval sets in BEIR form: texts, queries and grades, with groups where whole roles are judged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.errors import BadInput

JudgedBy = Literal["text", "group"]


@dataclass(frozen=True, slots=True)
class Text:
    """A document of the set: one passage."""

    text_id: str
    title: str  # the role's name, "" where there is none
    text: str
    group: str | None  # the role it belongs to


@dataclass(frozen=True, slots=True)
class Query:
    """A query; what belongs to `exclude_group` is left out of its ranking."""

    query_id: str
    text: str
    exclude_group: str | None


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A set with the queries that have grades."""

    name: str
    texts: tuple[Text, ...]
    queries: tuple[Query, ...]
    qrels: dict[str, dict[str, int]]  # grade by text id, or by group, by query id
    judged_by: JudgedBy  # "group": rank groups, each once


def is_beir(path: Path) -> bool:
    """Whether this is a folder that holds a BEIR set."""
    return (path / "corpus.jsonl").is_file()


def read_beir(folder: Path) -> BeirSet:
    """The set in `folder`; BadInput names the file and line that cannot be used."""
    texts = tuple(_text(record, place) for record, place in _records(folder / "corpus.jsonl"))
    queries = tuple(_query(record, place) for record, place in _records(folder / "queries.jsonl"))
    qrels = _qrels(folder / "qrels" / "test.tsv")
    judged_by = _judged_by(folder / "set.json")
    known = {text.group if judged_by == "group" else text.text_id for text in texts}
    for query_id, grades in qrels.items():
        if stranger := next((document for document in grades if document not in known), None):
            raise BadInput(f"{folder}: the qrels of query {query_id!r} name {stranger!r}, which the corpus lacks.")
    judged = tuple(query for query in queries if any(grade > 0 for grade in qrels.get(query.query_id, {}).values()))
    if not texts or not judged:
        raise BadInput(f"{folder} holds {len(texts)} texts and {len(judged)} judged queries. Give a whole BEIR folder.")
    return BeirSet(folder.resolve().name, texts, judged, qrels, judged_by)


def _records(path: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each line's object with its place."""
    for number, line in enumerate(_read(path).split("\n"), 1):
        place = f"{path}, line {number}"
        if line.strip():
            try:
                record = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{place}: not JSON ({error}). Mend the file.") from error
            if not isinstance(record, dict) or not isinstance(record.get("metadata") or {}, dict):
                raise BadInput(f"{place}: not a BEIR record. Mend the file.")
            yield record, place


def _text(record: dict[str, Any], place: str) -> Text:
    group = (record.get("metadata") or {}).get("group")
    return Text(_field(record, "_id", place), str(record.get("title") or ""), _field(record, "text", place), group)


def _query(record: dict[str, Any], place: str) -> Query:
    exclude = (record.get("metadata") or {}).get("exclude_group")
    return Query(_field(record, "_id", place), _field(record, "text", place), exclude)


def _field(record: dict[str, Any], name: str, place: str) -> str:
    if not isinstance(record.get(name), str):
        raise BadInput(f"{place}: {name!r} is missing or no text. Mend the file.")
    return str(record[name])


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_read(path).split("\n")[1:], 2):
        if not line.strip():
            continue
        try:
            query_id, document, grade = line.split("\t")
            qrels.setdefault(query_id, {})[document] = int(grade)
        except ValueError as error:
            raise BadInput(f"{path}, line {number}: not query, document and grade with tabs between.") from error
    return qrels


def _judged_by(path: Path) -> JudgedBy:
    if not path.is_file():
        return "text"
    try:
        record = json.loads(_read(path))
    except ValueError as error:
        raise BadInput(f"{path}: not JSON ({error}). Mend the file.") from error
    judged_by = record.get("judged_by", "text") if isinstance(record, dict) else None
    if judged_by not in ("text", "group"):
        raise BadInput(f"{path}: judged_by is {judged_by!r}; it must be 'text' or 'group'.")
    return "group" if judged_by == "group" else "text"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}). Give a whole BEIR folder.") from error
