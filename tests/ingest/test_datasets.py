"""Public data releases: every role one page, every task one item, every damage named."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from index.build import build, update
from index.generation import Generation
from index.remove import remove
from index.sources import sources
from ingest.blueprint import Block, Blueprint, walk
from ingest.datasets import Release, read_release
from ingest.datasets.tables import MAX_TABLE
from ingest.errors import BadInput, UnreadablePage
from ingest.parse import parse
from tests.conftest import WordEncoder

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_release = pytest.mark.skipif(not SHARED.is_dir(), reason="the public releases in ../shared/data are not here")

TABLES = {
    "Occupation Data": "O*NET-SOC Code\tTitle\tDescription\n11-1011.00\tChief Executives\tLead a company.\n"
    "15-1252.00\tSoftware Developers\tDesign software.\n",
    "Task Statements": "O*NET-SOC Code\tTask ID\tTask\tTask Type\n15-1252.00\t1\tAnalyze user needs.\tCore\n"
    "15-1252.00\t2\tStore data.\tSupplemental\n11-1011.00\t3\tDirect budgets.\tn/a\n",
    "Alternate Titles": "O*NET-SOC Code\tAlternate Title\n15-1252.00\tProgrammer\n",
    "Sample of Reported Titles": "O*NET-SOC Code\tReported Job Title\n15-1252.00\tDeveloper\n",
    "Technology Skills": "O*NET-SOC Code\tExample\tCommodity Title\tHot Technology\tIn Demand\n"
    "15-1252.00\tGit\tFile versioning software\tY\tN\n15-1252.00\tSubversion\tFile versioning software\tN\tN\n",
    "Job Zones": "O*NET-SOC Code\tJob Zone\n15-1252.00\t4\n",
    "Skills": "O*NET-SOC Code\tElement Name\tScale ID\tData Value\n15-1252.00\tProgramming\tIM\t4.5\n"
    "15-1252.00\tProgramming\tLV\t5.0\n15-1252.00\tRepairing\tIM\t1.2\n15-1252.00\tWriting\tIM\t3.1\n",
    "Read Me": "O*NET 99.1 Database\nDecember 2099 Release\n",
}


@pytest.fixture
def onet(tmp_path: Path) -> Path:
    folder = tmp_path / "db_99_1_text"
    folder.mkdir()
    for name, text in TABLES.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


def packed(folder: Path) -> Path:
    path = folder.parent / "db.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for file in folder.iterdir():
            out.write(file, f"db_99_1_text/{file.name}")
    return path


def role(release: Release, place: int) -> Blueprint:
    (blueprint,) = parse(release.pages[place]).blueprints
    return blueprint


def texts(blueprint: Blueprint, *path: str) -> list[str]:
    return [block.text for here, section in walk(blueprint.sections) if here == path for block in section.blocks]


def blocks(blueprint: Blueprint) -> list[Block]:
    return [block for _, section in walk(blueprint.sections) for block in section.blocks]


def test_an_occupation_becomes_a_page(onet: Path) -> None:
    release = read_release("onet", onet)
    assert (release.name, release.counts["roles"], release.counts["tasks"]) == ("O*NET 99.1", 2, 3)
    developers = role(release, 1)
    assert release.pages[1].source == "onet://15-1252.00"
    assert developers.role == "Software Developers"
    assert developers.url == "https://www.onetonline.org/link/summary/15-1252.00"
    assert texts(developers, "Summary") == ["Design software."]
    assert texts(developers, "Responsibilities", "Core tasks") == ["Analyze user needs."]
    assert texts(developers, "Responsibilities", "Supplemental tasks") == ["Store data."]
    assert texts(developers, "Skills and knowledge", "Skills") == [
        "Programming (importance 4.5 of 5)",
        "Writing (importance 3.1 of 5)",
    ]
    assert texts(developers, "Tools and technology") == ["File versioning software: Git (hot technology); Subversion"]
    assert texts(developers, "Qualifications") == ["Job Zone: 4 of 5 (considerable preparation needed)"]
    assert texts(developers, "Titles", "Alternate titles") == ["Programmer"]
    assert "Includes information from the O*NET 99.1 Database" in texts(developers, "Source and licence")[-1]
    assert texts(role(release, 0), "Responsibilities") == ["Direct budgets."]


def test_a_zip_reads_like_its_folder(onet: Path) -> None:
    assert [p.content for p in read_release("onet", packed(onet)).pages] == [
        p.content for p in read_release("onet", onet).pages
    ]


@pytest.mark.parametrize("name", [name for name in TABLES if name not in ("Skills", "Read Me")])
def test_a_missing_table_is_named(onet: Path, name: str) -> None:
    (onet / f"{name}.txt").unlink()
    with pytest.raises(UnreadablePage, match=name):
        read_release("onet", onet)
    with pytest.raises(UnreadablePage, match=name):
        read_release("onet", packed(onet))


def test_a_broken_line_is_named(onet: Path) -> None:
    table = onet / "Task Statements.txt"
    table.write_text(table.read_text() + "15-1252.00\t4\tBroken o", encoding="utf-8")
    with pytest.raises(UnreadablePage, match=r"'Task Statements.txt' is broken in line 5"):
        read_release("onet", onet)


def test_tables_of_two_releases_do_not_mix(onet: Path) -> None:
    table = onet / "Job Zones.txt"
    table.write_text(table.read_text() + "99-9999.00\t1\n", encoding="utf-8")
    with pytest.raises(UnreadablePage, match=r"99-9999.00.*one release"):
        read_release("onet", onet)


def test_a_damaged_zip_is_refused(onet: Path) -> None:
    path = packed(onet)
    whole = path.read_bytes()
    for damaged in (b"", b"PK\x03\x04", whole[: len(whole) // 2], whole.replace(b"Occupation", b"Occupatiom")):
        path.write_bytes(damaged)
        with pytest.raises(UnreadablePage):
            read_release("onet", path)


def test_a_zip_bomb_is_refused(onet: Path) -> None:
    path = packed(onet)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out, out.open("Occupation Data.txt", "w") as member:
        for _ in range(MAX_TABLE // 2**20 + 2):
            member.write(b"a" * 2**20)
    assert path.stat().st_size < 2**20
    with pytest.raises(UnreadablePage, match="longer than"):
        read_release("onet", path)


@pytest.mark.parametrize("dataset", ["onet", "esco", "ddat"])
def test_a_path_that_is_not_there(dataset: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_release(dataset, tmp_path / "nothing")


def test_json_lines_read_gzipped_and_name_the_damaged_line(tmp_path: Path) -> None:
    record = {
        "code": "1.1",
        "uri": "http://data.europa.eu/esco/occupation/x",
        "title": "clerk",
        "description": "Files.",
    }
    line = json.dumps(record | {"alternate_titles": ["filer"], "isco": "41", "isco_title": "Clerks"})
    (tmp_path / "occupations.jsonl.gz").write_bytes(gzip.compress(line.encode()))
    clerk = role(read_release("esco", tmp_path), 0)
    assert (clerk.role, clerk.url) == ("clerk", record["uri"])
    assert texts(clerk, "Titles", "Alternate titles") == ["filer"]
    assert "This service uses the ESCO classification" in clerk.text
    (tmp_path / "bad.jsonl").write_text(line + "\n{", encoding="utf-8")
    with pytest.raises(UnreadablePage, match="line 2"):
        read_release("esco", tmp_path / "bad.jsonl")
    with pytest.raises(UnreadablePage, match=r"roles\.jsonl"):
        read_release("ddat", tmp_path)


def test_levels_keep_their_own_duties_and_skills(tmp_path: Path) -> None:
    level = {
        "level": "Lead analyst",
        "description": "Leads.\n\nYou will:\n- plan\n- decide",
        "skills": [{"skill": "SQL", "skill_level": "Expert"}],
    }
    record = {
        "id": "analyst",
        "title": "Analyst",
        "family": "Data",
        "description": "Analyses.\n\nYou will:\n- count",
        "levels": [level],
    }
    (tmp_path / "roles.jsonl").write_text(json.dumps(record), encoding="utf-8")
    (tmp_path / "skills.jsonl").write_text(
        json.dumps({"skill": "SQL", "description": "Asking tables."}), encoding="utf-8"
    )
    analyst = role(read_release("ddat", tmp_path), 0)
    assert texts(analyst, "Summary") == ["Analyses.", "Role family: Data"]
    assert texts(analyst, "Responsibilities") == ["You will:", "count"]
    assert texts(analyst, "Responsibilities", "Lead analyst") == ["Leads.", "You will:", "plan", "decide"]
    assert texts(analyst, "Skills", "Lead analyst") == ["SQL: Expert"]
    assert texts(analyst, "What the skills mean") == ["SQL: Asking tables."]
    assert "Open Government Licence v3.0" in analyst.text


def test_an_imported_role_is_rebuilt_listed_and_removed_like_any_page(onet: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    pages = read_release("onet", onet).pages
    update(pages, home, WordEncoder(), lambda page: False)
    assert build([], home, WordEncoder(), rebuild=True).blueprints == 2
    assert [entry.source for entry in sources(home)] == ["onet://11-1011.00", "onet://15-1252.00"]
    report = update(pages[1:], home, WordEncoder(), lambda page: page.key.startswith("onet://"))
    assert (report.unchanged, report.dropped, report.blueprints) == (1, 1, 1)
    assert remove("onet://", home, WordEncoder()).sources == ("onet://15-1252.00",)
    assert Generation.open(home).catalogue() == ()


@needs_release
def test_the_real_release_of_onet() -> None:
    release = read_release("onet", SHARED / "onet" / "db_30_1_text.zip")
    assert release.name == "O*NET 30.1"
    assert (len(release.pages), release.counts["tasks"]) == (1016, 18796)
    parsed = [role(release, place) for place in range(len(release.pages))]
    assert sum(s.topic == "responsibilities" and len(s.blocks) for b in parsed for _, s in walk(b.sections)) == 18796
    assert [parsed[place].role for place in (0, 9, -1)] == [
        "Chief Executives",
        "Administrative Services Managers",
        "Military Enlisted Tactical Operations and Air/Weapons Specialists and Crew Members, All Other",
    ]
    with gzip.open(SHARED / "onet" / "roles.jsonl.gz", "rt", encoding="utf-8") as lines:
        for blueprint, line in zip(parsed, lines, strict=True):
            record = json.loads(line)
            held = {block.text for block in blocks(blueprint)}
            assert blueprint.role == record["title"]
            assert {task["text"] for task in record["tasks"]} <= held


@needs_release
@pytest.mark.parametrize(
    ("dataset", "count", "named"),
    [
        ("esco", 3039, ("air force officer", "brigadier", "usher")),
        ("ddat", 52, ("Business architect", "Chief information security officer", "User researcher")),
    ],
)
def test_the_real_json_lines(dataset: str, count: int, named: tuple[str, str, str]) -> None:
    release = read_release(dataset, SHARED / dataset)
    assert release.counts["roles"] == len(release.pages) == count
    found = [role(release, place).role for place in (0, 9, -1)]
    assert found == list(named)
