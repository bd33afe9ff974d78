"""Pages that the browser tests read: four roles that share a matter, and some that mean harm."""

from collections.abc import Mapping
from pathlib import Path

from index.build import build
from tests.conftest import WordEncoder

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
3. Keep the on-call rota of the model platform staffed.
   - one engineer a week
   - a second one in release weeks

### Technical responsibilities

4. Review designs of new training pipelines before they are built.

## 7) KPIs and Productivity Metrics

| Metric | Target | Frequency |
| --- | --- | --- |
| Models with drift alerts | 95% | Weekly |
| Median hours to detect drift | 4 | Monthly |

## 13) Decision Rights and Scope of Authority

- Thresholds of drift alerts
- Order of incidents in the weekly review
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
3. Keep the on-call rota of the warehouse staffed.

## 7) KPIs and Productivity Metrics

| Metric | Target | Frequency |
| --- | --- | --- |
| Loads on time | 99% | Daily |
""",
    "head-of-ml-platform.md": """---
url: https://example.org/head-of-ml-platform/
---
# Head of ML Platform: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path

## 3) Core Responsibilities

1. Own the budget of the model platform and its yearly plan.
2. Share drift monitoring with the MLOps Manager: the platform pays, the manager runs it.
3. Run the monthly review of model incidents with the board.

## 13) Decision Rights and Scope of Authority

- Budget of the model platform
- Thresholds of spend alerts
""",
    "site-reliability-lead.md": """---
url: https://example.org/site-reliability-lead/
---
# Site Reliability Lead: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path

## 3) Core Responsibilities

1. Own incident command for every production service.
2. Keep the on-call rota of all services staffed.
3. Review designs of new services before they are built.
""",
}

_LONG = "W" * 4_000
_HOSTILE = {
    "script": "<script>window.ran = 1</script> &lt;script&gt;window.ran = 1&lt;/script&gt;",
    "handler": '<img src=x onerror="window.ran = 1"> &lt;img src=x onerror=window.ran=1&gt;',
    "drawing": "<svg onload='window.ran=1'><script>window.ran=1</script></svg> &lt;svg onload=window.ran=1&gt;",
    "data-url": "[go](data:text/html,<script>window.ran=1</script>) <iframe src='data:text/html,hi'></iframe>",
    "markdown-link": "[press](javascript:window.ran=1) and [again](JaVaScRiPt:window.ran=1) **[1]** [99] `code`",
    "template": "{{constructor.constructor('window.ran=1')()}} ${window.ran=1} <%= 1 %> \" onfocus=\"window.ran=1",
    "long-word": f"{_LONG} {_LONG}",
    "right-to-left": "مدير المنصة يملك مراقبة الانحراف \u202egnirotinom tfird\u202c והמנהל אחראי על הניטור",
    "control": "Bells \u0007 and \u001b[31mcolours\u001b[0m, \u200b\u200b, \ufeff and \u2028 lines \u0085 of \u009b control",
    "name-of-more-words-than-any-card-can-hold-on-one-line": "Of no harm but for its length.",
    "style": "<style>*{display:none!important}</style> </textarea></title><base href='https://evil.example/'> &#x3C;b",
}


def _hostile(kind: str, text: str) -> str:
    url = "javascript:window.ran=1" if kind == "markdown-link" else f"https://example.org/{kind}/"
    return f"""---
url: "{url}"
---
# Hostile {kind.replace("-", " ").title()} Manager

## 1) Role Summary

The manager of {kind} writes: {text}

## 3) Core Responsibilities

1. Own hostile monitoring of the {kind} page. {text}
2. {text}

## 7) KPIs and Productivity Metrics

| Metric | Target |
| --- | --- |
| Hostile {kind} | {text.replace("|", "/")} |
"""


HOSTILE = {f"hostile-{kind}.md": _hostile(kind, text) for kind, text in _HOSTILE.items()}


def shelve(pages: Mapping[str, str], folder: Path) -> Path:
    """The home of an index of these pages, under the folder."""
    sources = folder / "pages"
    sources.mkdir()
    for name, text in pages.items():
        (sources / name).write_text(text, encoding="utf-8")
    build([str(sources)], folder / "home", WordEncoder())
    return folder / "home"


def many(count: int) -> dict[str, str]:
    """Pages of so many roles that have a few words in common with their neighbours."""
    matters = [
        "budget",
        "hiring",
        "audits",
        "releases",
        "training",
        "backups",
        "contracts",
        "reviews",
        "stock",
        "safety",
    ]
    return {
        f"role-{n}.md": f"# Planner {n}\n\n## 3) Core Responsibilities\n\n1. Own {matters[n % 10]} of area {n % 37}.\n"
        f"2. Support {matters[n // 10 % 10]} of area {n % 37} and {matters[n // 100 % 10]} of site {n % 11}.\n"
        for n in range(count)
    }
