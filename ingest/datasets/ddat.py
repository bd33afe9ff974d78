"""The UK Government Digital and Data Profession Capability Framework as JSON lines."""

import re
from pathlib import Path

from ingest.datasets.role_record import Record, Release, Sheet, records, role_page, text
from ingest.datasets.tables import beside, json_lines
from ingest.elements import Draft, Element
from ingest.errors import UnreadablePage

_SITE = "https://ddat-capability-framework.service.gov.uk/role/"
_CREDIT = "Contains public sector information licensed under the Open Government Licence v3.0."


def read_ddat(path: Path) -> Release:
    """Every role of `roles.jsonl` (or .gz, or its folder), with the words of `skills.jsonl` where it lies beside it."""
    roles = list(json_lines(path, "roles.jsonl", ("id", "title", "description")))
    if not roles:
        raise UnreadablePage(f"{path}: no role in it. Download it again.")
    if len({str(role["id"]) for role in roles}) != len(roles):
        raise UnreadablePage(f"{path}: names a role twice. Download it again.")
    file = beside(path, "skills.jsonl")
    words = {str(s["skill"]): text(s, "description") for s in json_lines(file, file.name, ("skill",))} if file else {}
    pages = []
    for role in roles:
        needed = dict.fromkeys(text(s, "skill") for level in records(role, "levels") for s in records(level, "skills"))
        meanings = [{"skill": name, "description": words[name]} for name in needed if words.get(name)]
        pages.append(role_page("ddat", str(role["id"]), {**role, "skills": meanings}, path))
    levels = [level for role in roles for level in records(role, "levels")]
    skills = {text(skill, "skill") for level in levels for skill in records(level, "skills")}
    counts = {"roles": len(pages), "role levels": len(levels), "skills": len(skills)}
    return Release("UK Digital and Data", tuple(pages), counts)


def ddat_draft(record: Record) -> Draft:
    """A role laid out as a page: what each of its levels does and which skills it needs."""
    sheet = Sheet()
    levels = records(record, "levels")
    summary, duties = _parted(sheet.prose(text(record, "description")))
    senior = "yes" if record.get("senior_civil_service") is True else ""
    sheet.section("Summary", summary, sheet.fields(Role_family=text(record, "family"), Senior_civil_service=senior))
    sheet.section(
        "Responsibilities",
        duties,
        *(sheet.subsection(text(level, "level"), sheet.prose(text(level, "description"))) for level in levels),
    )
    sheet.section(
        "Skills",
        *(
            sheet.subsection(text(level, "level"), sheet.items(map(_skill, records(level, "skills"))))
            for level in levels
        ),
    )
    sheet.section("What the skills mean", sheet.items(map(_meaning, records(record, "skills"))))
    sheet.section(
        "Source and licence",
        sheet.fields(
            Source="UK Government Digital and Data Profession Capability Framework",
            Licence=f"{_CREDIT} Modified: laid out as a page.",
        ),
    )
    name = text(record, "id")
    url = _SITE + name if re.fullmatch(r"[a-z0-9-]{2,100}", name) else None
    return Draft(text(record, "title") or None, tuple(sheet.elements), url=url)


def _parted(elements: list[Element]) -> tuple[list[Element], list[Element]]:
    """The role's summary, and its duties from the line that introduces them on."""
    first = next((i for i, e in enumerate(elements) if e.kind == "item"), len(elements))
    at = first - 1 if 0 < first < len(elements) else first
    return elements[:at], elements[at:]


def _skill(record: Record) -> str:
    return ": ".join(filter(None, (text(record, "skill"), text(record, "skill_level"))))


def _meaning(record: Record) -> str:
    return f"{text(record, 'skill')}: {' '.join(text(record, 'description').split())}"
