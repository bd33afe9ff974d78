"""Two small pages on disk, and what each edge needs of them."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.http import create_app
from api.settings import Settings
from index.build import build
from index.library import Library
from tests.conftest import WordEncoder
from tests.serving import serving

PAGES = {
    "mlops-manager.md": """---
url: https://example.org/mlops-manager/
modified: 2026-01-02T03:04:05
---
# MLOps Manager: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path

## 1) Role Summary

The MLOps Manager leads the people who keep models in production healthy.

## 3) Core Responsibilities

### Operational responsibilities

1. Own drift monitoring for all production models and set its thresholds.
2. Run the weekly review of model incidents with product teams.

## 7) KPIs and Productivity Metrics

| Metric | Target | Frequency |
| --- | --- | --- |
| Models with drift alerts | 95% | Weekly |
| Median hours to detect drift | 4 | Monthly |
""",
    "data-engineer.md": """---
url: https://example.org/data-engineer/
---
# Data Engineer: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path

## 1) Role Summary

The Data Engineer builds the tables that analysts and models read.

## 3) Core Responsibilities

### Operational responsibilities

1. Load the warehouse tables every night and mend failed loads before nine.
2. Support drift monitoring with clean feature tables.

## 7) KPIs and Productivity Metrics

| Metric | Target | Frequency |
| --- | --- | --- |
| Loads on time | 99% | Daily |
""",
}


@pytest.fixture(scope="session")
def pages(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def word_home(pages, tmp_path_factory) -> Path:
    """The pages' index, made by the encoder of words."""
    home = tmp_path_factory.mktemp("home")
    build([str(pages)], home, WordEncoder())
    return home


@pytest.fixture(scope="module")
def client(word_home):
    """The service without a network, as a program on this machine sees it."""
    app = create_app(Library.open(word_home, WordEncoder()), Settings(home=word_home))
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def server(word_home):
    """The address of the service on loopback."""
    with serving(create_app(Library.open(word_home, WordEncoder()), Settings(home=word_home))) as address:
        yield address
