"""O*NET, the text release: occupations with their tasks, titles, technology and job zone."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.datasets.role_record import Record, Release, Sheet, records, role_page, text, texts
from ingest.datasets.tables import Tables, open_tables
from ingest.elements import Draft
from ingest.errors import UnreadablePage

_CODE = "O*NET-SOC Code"
_ROLES = "Occupation Data"
_TABLES = ("Task Statements", "Alternate Titles", "Sample of Reported Titles", "Technology Skills", "Job Zones")
_VERSION = re.compile(r"O\*NET (\d[\d.]*) Database\s+(\w+ \d{4}) Release")
_ZONES = {"1": "little or no", "2": "some", "3": "medium", "4": "considerable", "5": "extensive"}
_IMPORTANT = 3.0  # of 5 on O*NET's importance scale: "important"

Rows = dict[str, list[tuple[str, ...]]]


def read_onet(path: Path) -> Release:
    """Every occupation of a release (zip or folder); UnreadablePage names the table that is missing or damaged."""
    tables = open_tables(path)
    roles = list(tables.rows(_ROLES, (_CODE, "Title", "Description")))
    codes = {code for code, _, _ in roles}
    if len(codes) != len(roles) or not roles:
        raise UnreadablePage(
            f"{path}: '{_ROLES}.txt' is empty or names an occupation twice. Download the release again."
        )
    by_code: Callable[[str, Sequence[str]], Rows] = lambda name, columns: _by_code(tables, name, columns, codes)  # noqa: E731
    tasks = by_code("Task Statements", ("Task ID", "Task", "Task Type"))
    alternates = by_code("Alternate Titles", ("Alternate Title",))
    reported = by_code("Sample of Reported Titles", ("Reported Job Title",))
    technology = by_code("Technology Skills", ("Example", "Commodity Title", "Hot Technology", "In Demand"))
    zones = by_code("Job Zones", ("Job Zone",))
    ratings = {name: _ratings(tables, name, codes) for name in ("Skills", "Knowledge") if tables.has(name)}
    version, date = _version(tables)
    pages = []
    for code, title, description in roles:
        record = {
            "code": code,
            "title": title,
            "description": description,
            "release": " ".join(filter(None, (version, date and f"({date} release)"))),
            "tasks": [{"id": i, "text": t, "type": kind} for i, t, kind in tasks[code]],
            "alternate_titles": [t for (t,) in alternates[code]],
            "reported_titles": [t for (t,) in reported[code]],
            "technology": [
                {"name": n, "category": c, "hot": hot == "Y", "in_demand": wanted == "Y"}
                for n, c, hot, wanted in technology[code]
            ],
            "job_zone": zones[code][0][0] if zones[code] else "",
            **{name.lower(): found[code] for name, found in ratings.items()},
        }
        pages.append(role_page("onet", code, record, path))
    counts = {
        "roles": len(pages),
        "tasks": _count(tasks),
        "alternate titles": _count(alternates),
        "reported titles": _count(reported),
        "technologies": _count(technology),
    }
    return Release(version, tuple(pages), counts)


def onet_draft(record: Record) -> Draft:
    """An occupation laid out as a role's page."""
    sheet = Sheet()
    kinds = {"Core": "Core tasks", "Supplemental": "Supplemental tasks"}
    tasks = defaultdict(list)
    for task in records(record, "tasks"):
        tasks[kinds.get(text(task, "type"), "")].append(text(task, "text"))
    tools = defaultdict(list)
    for tool in records(record, "technology"):
        tools[text(tool, "category")].append(text(tool, "name") + _marks(tool))
    zone = text(record, "job_zone")
    preparation = f"{zone} of 5 ({_ZONES[zone]} preparation needed)" if zone in _ZONES else zone
    code = text(record, "code")
    sheet.section("Summary", sheet.prose(text(record, "description")))
    sheet.section(
        "Responsibilities",
        sheet.items(tasks[""]),
        *(sheet.subsection(name, sheet.items(tasks[name])) for name in kinds.values()),
    )
    sheet.section(
        "Skills and knowledge",
        *(sheet.subsection(name, sheet.items(texts(record, name.lower()))) for name in ("Skills", "Knowledge")),
    )
    sheet.section("Tools and technology", sheet.items(_listed(category, names) for category, names in tools.items()))
    sheet.section("Qualifications", sheet.fields(Job_Zone=preparation))
    sheet.section(
        "Titles",
        sheet.subsection("Reported titles", sheet.series(texts(record, "reported_titles"))),
        sheet.subsection("Alternate titles", sheet.series(texts(record, "alternate_titles"))),
    )
    sheet.section(
        "Source and licence",
        sheet.fields(Source=text(record, "release"), Code=code, Licence=_credit(text(record, "release"))),
    )
    url = f"https://www.onetonline.org/link/summary/{code}" if re.fullmatch(r"[\d.-]{5,12}", code) else None
    return Draft(text(record, "title") or None, tuple(sheet.elements), url=url)


def _by_code(tables: Tables, name: str, columns: Sequence[str], codes: set[str]) -> Rows:
    found: Rows = defaultdict(list)
    for code, *rest in tables.rows(name, (_CODE, *columns)):
        if code not in codes:
            raise UnreadablePage(
                f"{tables.source}: '{name}.txt' names {code!r}, which '{_ROLES}.txt' has not. "
                "Give the tables of one release."
            )
        found[code].append(tuple(rest))
    return found


def _ratings(tables: Tables, name: str, codes: set[str]) -> dict[str, list[str]]:
    """The important skills or fields of knowledge of each occupation, the most important first."""
    rows = _by_code(tables, name, ("Element Name", "Scale ID", "Data Value"), codes)
    out: dict[str, list[str]] = defaultdict(list)
    for code, ratings in rows.items():
        rated = [(_number(value), element) for element, scale, value in ratings if scale == "IM"]
        for value, element in sorted(rated, key=lambda r: (-r[0], r[1])):
            if value >= _IMPORTANT:
                out[code].append(f"{element} (importance {value:.1f} of 5)")
    return out


def _number(value: str) -> float:
    return float(value) if re.fullmatch(r"\d{1,3}(?:\.\d{1,6})?", value) else 0.0


def _version(tables: Tables) -> tuple[str, str]:
    """The release's own name and date, "O*NET" and "" where its Read Me is not there."""
    found = _VERSION.search(tables.text("Read Me")) if tables.has("Read Me") else None
    return (f"O*NET {found.group(1)}", found.group(2)) if found else ("O*NET", "")


def _marks(tool: Record) -> str:
    marks = [name for key, name in (("hot", "hot technology"), ("in_demand", "in demand")) if tool.get(key) is True]
    return f" ({', '.join(marks)})" if marks else ""


def _listed(category: str, names: Sequence[str]) -> str:
    line = "; ".join(dict.fromkeys(names))
    return f"{category}: {line}" if category else line


def _credit(release: str) -> str:
    name = release.split(" (")[0] or "O*NET"
    return (
        f"Includes information from the {name} Database by the U.S. Department of Labor, Employment and Training "
        "Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET is a trademark of USDOL/ETA. "
        "Modified: joined and laid out as a page. USDOL/ETA has not approved, endorsed, or tested these modifications."
    )


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))
