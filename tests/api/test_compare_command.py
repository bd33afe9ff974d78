import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.compare_command import print_comparison, print_similar
from api.render import console
from index.build import build
from tests.conftest import WordEncoder

MATCH = ("role", "passage_id", "text", "topic", "score", "start", "end", "url")


@pytest.fixture
def run(pages, tmp_path, monkeypatch):
    monkeypatch.setenv("ROLEBOOK_HOME", str(tmp_path))
    monkeypatch.setattr("index.library.load_encoder", lambda name: WordEncoder())
    build([str(pages)], tmp_path, WordEncoder())
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_similar_gives_passages_of_other_roles_in_the_documented_shape(run):
    body = json.loads(run("similar", "Own drift monitoring for all production models", "-k", 2, "--json").stdout)
    assert body["text"] == "Own drift monitoring for all production models"
    assert len(body["matches"]) == 2
    assert all(set(MATCH) <= set(match) for match in body["matches"])
    first = body["matches"][0]
    assert (first["role"], first["topic"]) == ("MLOps Manager", "responsibilities")
    again = json.loads(run("similar", first["passage_id"], "--json").stdout)
    assert again["text"] == first["text"]
    assert {match["role"] for match in again["matches"]} == {"Data Engineer"}


def test_compare_gives_rows_in_the_documented_shape(run):
    body = json.loads(run("compare", "MLOps Manager", "data-engineer", "--topic", "kpis", "--json").stdout)
    assert list(body) == ["roles", "topic", "rows"]
    assert (body["roles"], body["topic"]) == (["MLOps Manager", "Data Engineer"], "kpis")
    assert all(list(row) == ["passages", "score"] for row in body["rows"])
    assert all(list(row["passages"]) == body["roles"] for row in body["rows"])
    assert sum(row["passages"]["MLOps Manager"] is not None for row in body["rows"]) == 2


def test_people_read_what_is_alike_and_what_only_one_has(run):
    out = run("compare", "MLOps Manager", "Data Engineer").stdout
    assert out.splitlines()[0] == "MLOps Manager / Data Engineer: responsibilities"
    assert "Only Data Engineer (" in out
    assert "Load the warehouse tables every night" in out
    assert run("similar", "drift monitoring").stdout.startswith("1. ")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("compare", "MLOps Manager"), 2, "two to four"),
        (("compare", "MLOps Manager", "Nobody at all"), 2, "No role"),
        (("similar", "?"), 2, "empty"),
        (("similar", "mlops-manager#0123456789"), 2, "No passage"),
    ],
)
def test_a_mistake_is_told_in_one_line(run, arguments, code, says):
    result = run(*arguments)
    assert result.exit_code == code
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_terminal_shows_roles_beside_each_other(run, tmp_path):
    import io

    from rich.console import Console

    from index.library import Library
    from search.compare import compare
    from search.similar import similar

    library = Library.open(tmp_path, WordEncoder())
    wide = Console(file=io.StringIO(), force_terminal=True, width=160, color_system=None)
    print_comparison(wide, compare(library, ("MLOps Manager", "Data Engineer"), floor=0.1))
    shown = wide.file.getvalue()
    line = next(line for line in shown.splitlines() if "Own drift monitoring" in line)
    assert "Support drift monitoring" in line
    print_similar(console(), similar(library, "zebra \x07 quantum"))
    library.close()
