"""Two small pages on disk, and what each edge needs of them."""

from pathlib import Path

import pytest

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
