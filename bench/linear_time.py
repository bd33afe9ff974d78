"""Whether reading takes linear time: each hard page in three sizes, and how much longer four times the page takes.

    python bench/linear_time.py [--only NAME] [--small]

Each row is read in a process of its own. "growth" is the time for the full size over the time for a quarter of it,
divided by four: 1 is linear, 4 is quadratic. A row above 2 whose full size takes over a second fails the run.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 600  # seconds a row may take
WORTH = 1.0  # seconds below which a growth says nothing
TOO_MUCH = 2.0


def laughs(size: int) -> str:
    """The entity bomb in HTML: entities that name entities."""
    declared = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))
    return f'<!DOCTYPE html [<!ENTITY l0 "ha">{declared}]><html><body><h1>A role</h1><p>' + "&l9;&amp;" * size + "</p>"


def yaml_laughs(size: int) -> str:
    layers = "".join(f"l{i + 1}: &l{i + 1} [{', '.join([f'*l{i}'] * 9)}]\n" for i in range(9))
    return "title: Engineer\nl0: &l0 [ha, ha]\n" + layers + "k: v\n" * size


def record(size: int) -> str:
    tasks = [{"text": "a"}] * size
    return json.dumps({"rolebook_role": "onet", "title": "A", "tasks": tasks}, separators=(",", ":"))


def post(content: str) -> str:
    return json.dumps({"title": {"rendered": "A role"}, "content": {"rendered": content}})


HEAD = "<!doctype html><html><body><article><h1>A role</h1><h2>Duties</h2><p>They own drift monitoring.</p>"
PAGES: dict[str, tuple[int, Callable[[int], str]]] = {
    "html: nested divs": (100_000, lambda n: HEAD + "<div>" * n + "<p>x</p>"),
    "html: nested divs with text": (20_000, lambda n: HEAD + "<div>a " * n),
    "html: nested spans": (100_000, lambda n: HEAD + "<p>" + "<span>" * n + "x"),
    "html: nested bold": (50_000, lambda n: HEAD + "<b>a " * n),
    "html: nested lists": (20_000, lambda n: HEAD + "<ul><li>a" * n),
    "html: nested tables": (10_000, lambda n: HEAD + "<table><tr><td>a" * n),
    "html: nested quotes": (50_000, lambda n: HEAD + "<blockquote>a" * n),
    "html: list items": (1_000_000, lambda n: HEAD + "<ul>" + "<li>a b c</li>" * n + "</ul>"),
    "html: paragraphs": (200_000, lambda n: HEAD + "<p>They own drift.</p>" * n),
    "html: headings": (100_000, lambda n: HEAD + "<h2>a</h2><p>b</p>" * n),
    "html: rows": (100_000, lambda n: HEAD + "<table>" + "<tr><td>a</td><td>b</td></tr>" * n + "</table>"),
    "html: one line": (1_000_000, lambda n: HEAD + "<p>" + "word " * (n // 5) + "</p>"),
    "html: breaks": (200_000, lambda n: HEAD + "<p>" + "a<br>" * n),
    "html: links": (100_000, lambda n: HEAD + "<a href='#a'>b</a> " * n),
    "html: comments": (200_000, lambda n: HEAD + "<!-- a -->" * n),
    "html: open tags": (200_000, lambda n: HEAD + "<p <" * n),
    "html: dash lines": (100_000, lambda n: HEAD + "<p>" + "a\n– b " * n),
    "html: entity bomb": (100_000, laughs),
    "json: list items": (200_000, lambda n: post("<ul>" + "<li>a b c</li>" * n)),
    "json: nested divs": (100_000, lambda n: post("<div>" * n + "x")),
    "json: deep": (500_000, lambda n: "[" * n),
    "json: deep in a post": (100_000, lambda n: '{"content": {"rendered": "a"}, "x": ' + "[" * n + "]" * n + "}"),
    "json: role record": (200_000, record),
    "markdown: quotes": (500_000, lambda n: "# A role\n" + ">" * n + " a"),
    "markdown: brackets": (100_000, lambda n: "# A role\n" + "[" * n + "a" + "]" * n),
    "markdown: links": (50_000, lambda n: "# A role\n" + "[a](" * n),
    "markdown: emphasis": (50_000, lambda n: "# A role\n" + "*a_ **b " * n),
    "markdown: items": (100_000, lambda n: "# A role\n" + "- a b c\n" * n),
    "markdown: nested items": (300, lambda n: "# A role\n" + "".join("  " * i + "- a\n" for i in range(n))),
    "markdown: one line": (1_000_000, lambda n: "# A role\n" + "word " * (n // 5)),
    "markdown: one title": (1_000_000, lambda n: "# " + "Senior chief - manager " * (n // 23)),
    "markdown: liquid": (200_000, lambda n: "# A role\n" + "{{ {% {: " * n),
    "markdown: rules": (300_000, lambda n: "---\n" + "\n" * n + "# A role\na"),
    "markdown: table": (50_000, lambda n: "# A role\n|a|b|\n|-|-|\n" + "|x|y|\n" * n),
    "markdown: loose lines": (100_000, lambda n: "# A role\n" + "Own the drift of models\n" * n),
    "yaml: keys": (100_000, lambda n: "title: A\n" + "".join(f"k{i}: v\n" for i in range(n))),
    "yaml: items": (200_000, lambda n: "title: A\nb:\n" + "- x y\n" * n),
    "yaml: deep": (200_000, lambda n: "title: A\nb: c\nd: " + "[" * n),
    "yaml: alias bomb": (20_000, yaml_laughs),
    "text: one line": (1_000_000, lambda n: "word " * (n // 5)),
    "text: one line of spaces": (1_000_000, lambda n: "a" + " " * n + "b"),
    "text: lines": (200_000, lambda n: "They own drift monitoring.\n" * n),
    "text: titles": (100_000, lambda n: "Data Engineer\nOwns pipelines and more than that.\n" * n),
    "text: bullets": (200_000, lambda n: "A role\n\n" + "• own drift\n" * n),
    "text: deeper bullets": (1_500, lambda n: "A role\n" + "".join(" " * i + "- a\n" for i in range(n))),
    "text: pipes": (100_000, lambda n: "A role\n" + "| a | b |\n" * n),
    "text: brackets": (200_000, lambda n: "A role\n" + "[\n" * n),
    "text: dashes": (100_000, lambda n: "A role:\n\n" + "a – B " * n),
    "text: labels": (50_000, lambda n: "A role\n\n- a:\n" + "  Use: b\n" * n),
    "text: chief": (200_000, lambda n: "chief " * n + "\nA sentence is here to end it all.\n" * 8),
}  # fmt: skip


def one(name: str, size: int) -> None:
    """Reads one page and prints the seconds of processor time it took and what came of it."""
    sys.path.insert(0, str(ROOT))
    from ingest.blueprint import RawPage
    from ingest.errors import UnreadablePage
    from ingest.parse import parse
    from ingest.passages import passages

    content = PAGES[name][1](size).encode()
    parse(RawPage("warm", b"# A role\n\n- a\n"))
    start = time.process_time()
    try:
        reading = parse(RawPage("page", content))
        came = f"{sum(len(passages(b)) for b in reading.blueprints)} passages"
    except UnreadablePage as error:
        came = str(error)[:70]
    print(json.dumps([time.process_time() - start, came]))


def timed(name: str, size: int) -> tuple[float, str]:
    command = [sys.executable, __file__, "--one", name, str(size)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return float("inf"), f"over {LIMIT} s"
    if run.returncode:
        return float("inf"), (run.stderr.strip().splitlines() or [f"exit {run.returncode}"])[-1][:90]
    seconds, came = json.loads(run.stdout)
    return seconds, came


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    parser.add_argument("--small", action="store_true", help="a tenth of every size")
    parser.add_argument("--one", nargs=2, metavar=("NAME", "SIZE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        one(given.one[0], int(given.one[1]))
        return 0
    failed = 0
    print(f"{'page':30} {'size':>9} {'1/4 [s]':>8} {'1/1 [s]':>8} {'growth':>7}  result")
    for name, (full, _) in PAGES.items():
        if given.only not in name:
            continue
        size = max(40, full // 10) if given.small else full
        quarter, _ = timed(name, size // 4)
        whole, came = timed(name, size)
        growth = whole / quarter / 4
        bad = whole == float("inf") or (growth > TOO_MUCH and whole > WORTH)
        failed += bad
        print(
            f"{name:30} {size:>9,} {quarter:8.2f} {whole:8.2f} {growth:7.2f}  {'FAILED ' if bad else ''}{came}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
