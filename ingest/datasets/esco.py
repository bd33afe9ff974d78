"""ESCO occupations as JSON lines."""

from pathlib import Path

from ingest.datasets.role_record import Record, Release, Sheet, role_page, text, texts
from ingest.datasets.tables import json_lines
from ingest.elements import Draft
from ingest.errors import UnreadablePage

_NOTICE = "This service uses the ESCO classification of the European Commission."


def read_esco(path: Path) -> Release:
    """Every occupation of `occupations.jsonl` (or .gz, or the folder that holds it); UnreadablePage if damaged."""
    found = list(json_lines(path, "occupations.jsonl", ("code", "uri", "title", "description")))
    if not found:
        raise UnreadablePage(f"{path}: no occupation in it. Download it again.")
    if len({str(record["code"]) for record in found}) != len(found):
        raise UnreadablePage(f"{path}: names an occupation twice. Download it again.")
    pages = tuple(role_page("esco", str(record["code"]), record, path) for record in found)
    titles = sum(len(texts(record, "alternate_titles")) for record in found)
    return Release("ESCO", pages, {"roles": len(pages), "alternate titles": titles})


def esco_draft(record: Record) -> Draft:
    """An occupation laid out as a role's page."""
    sheet = Sheet()
    uri = text(record, "uri")
    group = " ".join(filter(None, (text(record, "isco"), text(record, "isco_title"))))
    sheet.section("Summary", sheet.prose(text(record, "description")), sheet.prose(text(record, "definition")))
    sheet.section("Scope", sheet.prose(text(record, "scopeNote")))
    sheet.section(
        "Titles",
        sheet.subsection("Alternate titles", sheet.series(texts(record, "alternate_titles"))),
        sheet.subsection("Hidden titles", sheet.series(texts(record, "hidden_titles"))),
    )
    sheet.section("Classification", sheet.fields(ISCO_group=group, Code=text(record, "code"), URI=uri))
    sheet.section("Source and licence", sheet.fields(Source="ESCO", Licence=f"{_NOTICE} Modified: laid out as a page."))
    return Draft(text(record, "title") or None, tuple(sheet.elements), url=uri if uri.startswith("http") else None)
