"""Small pages on disk, as WordPress and as Markdown give them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

DUTIES = {
    "MLOps Manager": ["Own drift monitoring of all models", "Run incident reviews", "Plan the training platform"],
    "Data Engineer": ["Build ingestion pipelines", "Guard the quality of raw data", "Document every dataset"],
    "SRE Director": ["Set reliability targets", "Lead the on-call programme", "Report outages to the board"],
}


def write_json(folder: Path, role: str, duties: Sequence[str] | None = None, *, slug: str = "", name: str = "") -> Path:
    """One post as the REST API gives it."""
    slug = slug or role.lower().replace(" ", "-")
    items = "".join(f"<li>{duty}</li>" for duty in duties or DUTIES[role])
    post = {
        "id": 7,
        "date": "2026-01-01T00:00:00",
        "modified": "2026-01-02T00:00:00",
        "slug": slug,
        "type": "post",
        "link": f"https://example.org/{slug}/",
        "title": {"rendered": f"{role}: Role Blueprint"},
        "content": {"rendered": f"<h2>3) Core Responsibilities</h2>\n<ul>{items}</ul>"},
    }
    path = folder / f"{name or slug}.json"
    path.write_text(json.dumps(post), encoding="utf-8")
    return path


def write_markdown(folder: Path, role: str, duties: Sequence[str] | None = None, *, name: str = "") -> Path:
    """The same post as Markdown that has lost its address."""
    items = "\n".join(f"- {duty}" for duty in duties or DUTIES[role])
    path = folder / f"{name or role.lower().replace(' ', '-')}.md"
    path.write_text(f"# {role}: Role Blueprint\n\n## 3) Core Responsibilities\n\n{items}\n", encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds three roles."""
    made = tmp_path / "pages"
    made.mkdir()
    for role in DUTIES:
        write_json(made, role)
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
