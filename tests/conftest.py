"""A deterministic encoder and small blueprints for every test."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from index.build import build
from index.encoders import Vectors, load_encoder
from ingest.blueprint import Block, Blueprint, Section, Topic
from tests import postgres_server

# No deadline: the first example of a test may have to import a large library.
settings.register_profile("rolebook", deadline=None)
settings.load_profile("rolebook")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--postgres", metavar="ADDRESS", help="a running database, or a Citus coordinator, for the tests of PostgreSQL"
    )


def pytest_configure(config: pytest.Config) -> None:
    postgres_server.given = config.getoption("--postgres")


@dataclass(frozen=True)
class WordEncoder:
    """Hashed bag of words: words in common mean near, no download, no randomness."""

    name: str = "words"
    dimension: int = 512
    fingerprint: str = ""

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                row[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4]) % self.dimension] += 1
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def make_blueprint(
    role: str = "MLOps Manager",
    sections: dict[str, Sequence[str]] | None = None,
    *,
    topic: Topic = "responsibilities",
    host: str | None = "example.org",
    modified: str | None = "2026-01-02T03:04:05",
) -> Blueprint:
    """A blueprint whose sections hold plain items; offsets are right."""
    slug = re.sub(r"\W+", "-", role.lower())
    text = f"# {role}\n"
    made: list[Section] = []
    items = sections or {"3) Core Responsibilities": ["Own drift monitoring", "Run incident reviews"]}
    for number, (title, lines) in enumerate(items.items(), 1):
        text += f"\n## {title}\n\n"
        blocks = []
        for line in lines:
            blocks.append(Block("item", line, len(text) + 2, len(text) + 2 + len(line)))
            text += f"- {line}\n"
        made.append(Section(str(number), title, topic, tuple(blocks)))
    mark = f"@{host}" if host else f"~{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    url = f"https://{host}/{slug}/" if host else None
    return Blueprint(
        f"{slug}{mark}", f"{role} Blueprint", role, "manager", None, url, None, modified, text, tuple(made)
    )


@pytest.fixture(scope="session")
def corpus_home(tmp_path_factory) -> Path:
    """The sample pages' index, made by the shipped encoder; it takes seconds, so it is made once."""
    home = tmp_path_factory.mktemp("corpus")
    build([str(Path(__file__).parents[1] / "corpus" / "pages")], home, load_encoder())
    return home


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()
