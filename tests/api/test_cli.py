"""The command line over the packaged encoder."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from api.cli import app

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "NO_COLOR": "1"}


@pytest.fixture(scope="module")
def home(pages, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    built = rolebook(home, "build", str(pages), "--json")
    assert built.exit_code == 0, built.stderr
    assert json.loads(built.stdout)["blueprints"] == 2
    return home


def rolebook(home, *arguments):
    return CliRunner().invoke(app, list(arguments), env={**ENVIRONMENT, "ROLEBOOK_HOME": str(home)})


def data(result):
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_search_finds_what_is_meant_in_other_words(home):
    body = data(rolebook(home, "search", "who watches whether predictions degrade?", "-k", "3", "--json"))
    assert list(body) == ["query", "hits"]
    assert body["hits"][0]["role"] == "MLOps Manager"


def test_search_filters_and_groups(home):
    hits = data(rolebook(home, "search", "numbers", "--role", "data engineer", "--topic", "kpis", "--json"))["hits"]
    assert [hit["text"] for hit in hits] == ["Loads on time | 99% | Daily"]
    roles = data(rolebook(home, "search", "nightly loads", "--group-by", "role", "--json"))["roles"]
    assert [group["role"] for group in roles] == ["Data Engineer", "MLOps Manager"]


def test_search_reads_well(home):
    plain = rolebook(home, "search", "own drift monitoring", "-k", "1", "--role", "MLOps Manager").stdout
    assert plain.splitlines()[0].startswith("1. MLOps Manager  0.")
    assert "   Own drift monitoring for all production models and set its thresholds." in plain.splitlines()
    assert "dense" in rolebook(home, "search", "drift monitoring", "--explain").stdout


def test_ask_quotes_and_abstains(home):
    body = data(rolebook(home, "ask", "What are the KPIs of the MLOps Manager?", "--json"))
    assert body["kind"] == "section"
    assert [citation["quote"] for citation in body["citations"]] == [
        "Models with drift alerts | 95% | Weekly",
        "Median hours to detect drift | 4 | Monthly",
    ]
    none = data(rolebook(home, "ask", "What is the recipe of onion soup?", "--json"))
    assert (none["answerable"], none["citations"]) == (False, [])
    assert none["reason"]
    assert rolebook(home, "ask", "What is the recipe of onion soup?").stdout.startswith("No answer. ")


def test_ask_takes_earlier_turns(home, tmp_path):
    history = tmp_path / "history.json"
    history.write_text(json.dumps([{"role": "user", "content": "Tell me about the Data Engineer"}]))
    body = data(rolebook(home, "ask", "What are its KPIs?", "--history", str(history), "--json"))
    assert [citation["role"] for citation in body["citations"]] == ["Data Engineer"]


def test_roles_and_show(home):
    assert [entry["role"] for entry in data(rolebook(home, "roles", "--json"))["roles"]] == [
        "Data Engineer",
        "MLOps Manager",
    ]
    assert "MLOps Manager" in rolebook(home, "roles").stdout
    shown = data(rolebook(home, "show", "mlops-manager", "--topic", "KPIs", "--json"))
    assert [section["topic"] for section in shown["sections"]] == ["kpis"]
    assert "Models with drift alerts; 95%; Weekly" in rolebook(home, "show", "MLOps Manager").stdout


def test_parse_gives_one_line_a_file(home, pages):
    files = [str(pages / "mlops-manager.md"), str(pages / "data-engineer.md")]
    lines = [json.loads(line) for line in rolebook(home, "parse", *files, "--json").stdout.splitlines()]
    assert [line["file"] for line in lines] == files
    assert [list(line) for line in lines] == [["file", "format", "blueprints", "removed"]] * 2
    blueprint = lines[0]["blueprints"][0]
    assert list(blueprint) == [
        *("blueprint_id", "title", "role", "level", "function", "url", "published", "modified", "text", "sections")
    ]
    section = blueprint["sections"][1]
    assert list(section) == ["number", "title", "topic", "blocks", "sections"]
    block = section["sections"][0]["blocks"][0]
    assert list(block) == ["kind", "text", "start", "end", "depth", "number", "label", "cells", "header"]
    assert blueprint["text"][block["start"] : block["end"]] == block["text"]


def test_a_file_that_cannot_be_read_does_not_stop_the_others(home, pages, tmp_path):
    empty = tmp_path / "empty.html"
    empty.write_bytes(b"")
    some = rolebook(home, "parse", str(empty), str(pages / "data-engineer.md"), "--json")
    assert (some.exit_code, len(some.stdout.splitlines())) == (0, 1)
    assert one_line(some.stderr).startswith("rolebook: ")
    none = rolebook(home, "parse", str(empty))
    assert (none.exit_code, none.stdout) == (2, "")


def test_build_update_and_remove(pages, tmp_path):
    home, folder = tmp_path / "home", tmp_path / "some"
    folder.mkdir()
    (folder / "data-engineer.md").write_bytes((pages / "data-engineer.md").read_bytes())
    (folder / "empty.html").write_bytes(b"")
    first = rolebook(home, "build", str(folder))
    assert (first.exit_code, len(first.stderr.splitlines())) == (0, 1)
    assert "empty.html" in first.stderr
    assert "1 blueprints" in first.stdout
    again = data(rolebook(home, "build", str(pages), "--json"))
    assert (again["generation"], again["blueprints"]) == (2, 2)
    assert len(data(rolebook(home, "sources", "--json"))["sources"]) >= 2
    dry = data(rolebook(home, "remove", "MLOps Manager", "--dry-run", "--json"))
    assert (dry["dry_run"], len(dry["blueprints"])) == (True, 1)
    assert len(data(rolebook(home, "roles", "--json"))["roles"]) == 2
    data(rolebook(home, "remove", "MLOps Manager", "--json"))
    assert [entry["role"] for entry in data(rolebook(home, "roles", "--json"))["roles"]] == ["Data Engineer"]


def one_line(text):
    assert len(text.splitlines()) == 1, text
    return text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["search", ""], "empty"),
        (["search", "a", "-k", "0"], "k is 0"),
        (["search", "a", "-k", "x"], "-k"),
        (["search", "a", "--role", "MLOps Manger"], "Did you mean 'MLOps Manager'"),
        (["search", "a", "--group-by", "topic"], "--group-by"),
        (["search"], "query"),
        (["search", "a", "--colour"], "--colour"),
        (["serach", "a"], "search"),
        (["show", "Welder"], "Welder"),
        (["show", "Data Engineer", "--topic", "risks"], "It has:"),
        (["ask", "a", "--history", "nowhere.json"], "nowhere.json"),
        (["parse", "nowhere.md"], "nowhere.md"),
        (["build", "nowhere"], "nowhere"),
        (["keys", "revoke", "nobody"], "rolebook keys list"),
        (["keys", "add", " "], "empty"),
        (["serve", "--port", "99999"], "--port"),
        (["remove", "Welder"], "Welder"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(home, arguments, words):
    result = rolebook(home, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in one_line(result.stderr)


def test_without_an_index_every_command_says_what_to_do(tmp_path):
    for arguments in (["search", "a"], ["ask", "a"], ["roles"], ["show", "a"], ["sources"], ["remove", "a"]):
        result = rolebook(tmp_path / "none", *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "rolebook build" in one_line(result.stderr)


def test_the_doctor_says_what_is_wrong(home, tmp_path):
    good = data(rolebook(home, "doctor", "--json"))
    assert [(check["name"], check["ok"]) for check in good["checks"]] == [
        *(("index", True), ("encoder", True), ("access", True), ("settings", True)),
    ]
    bad = rolebook(tmp_path / "none", "doctor")
    assert bad.exit_code == 1
    assert "rolebook build" in bad.stdout


def test_the_doctor_says_who_may_read_and_hides_secrets(home, monkeypatch):
    monkeypatch.setenv("ROLEBOOK_HOST", "0.0.0.0")
    monkeypatch.setenv("ROLEBOOK_LLM_KEY", "sk-secret")
    told = rolebook(home, "doctor")
    assert told.exit_code == 1
    assert "rolebook keys add" in told.stdout
    assert "ROLEBOOK_HOST=0.0.0.0" in told.stdout
    assert "sk-secret" not in told.stdout


def test_a_key_is_shown_once(home):
    made = data(rolebook(home, "keys", "add", "chatbot", "--rate", "5", "--json"))
    assert made["key"].startswith("rb_")
    listed = rolebook(home, "keys", "list", "--json")
    (entry,) = [key for key in data(listed)["keys"] if key["id"] == made["id"]]
    assert (entry["name"], entry["rate"], entry["revoked"]) == ("chatbot", 5, None)
    assert made["key"] not in listed.stdout
    assert data(rolebook(home, "keys", "revoke", "chatbot", "--json")) == {"revoked": [made["id"]]}
    assert "revoked" in rolebook(home, "keys", "list").stdout


def test_help_names_every_command_without_loading_the_heavy_parts():
    code = (
        "import sys; from api.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "heavy = {'torch', 'faiss', 'numpy', 'fastapi', 'bs4', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    for command in [
        "parse",
        "build",
        "remove",
        "sources",
        "search",
        "ask",
        "roles",
        "show",
        "serve",
        "mcp",
        "keys",
        "doctor",
    ]:
        assert f"  {command} " in result.stdout


def test_a_real_process_pipes_json(home):
    environment = {**os.environ, **ENVIRONMENT, "ROLEBOOK_HOME": str(home), "LC_ALL": "C"}
    command = [sys.executable, "-c", "from api.cli import main; main()", "search", "Überwachung of drift", "--json"]
    result = subprocess.run(command, capture_output=True, env=environment)
    assert (result.returncode, result.stderr) == (0, b"")
    assert json.loads(result.stdout.decode("utf-8"))["query"] == "Überwachung of drift"


def test_eval_fits_the_threshold_and_keeps_it_with_the_index(home, tmp_path):
    asked = [("Which roles own drift monitoring?", True), ("Who owns payroll tax filing in Norway?", False)]
    lines = [{"kind": "ownership", "question": q, "roles": [], "answerable": a, "evidence": []} for q, a in asked]
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    fitted = data(rolebook(home, "eval", str(questions), "--fit", "--json"))["runs"]["fitted"]
    kept = json.loads((home / "threshold.json").read_text(encoding="utf-8"))
    (home / "threshold.json").unlink()
    assert fitted == {"threshold": kept["threshold"], "answered": 1.0, "false": 0.0}
    assert 0 < kept["threshold"] < 1
    refused = rolebook(home, "eval", str(tmp_path), "--fit")
    assert (refused.exit_code, "--fit" in refused.stderr) == (2, True)


def test_the_readme_lists_every_command_and_no_option_that_is_not_there():
    text = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Commands")[2].partition("\n## ")[0]
    commands = typer.main.get_command(app).commands
    rows = [row for line in text.splitlines() for row in re.findall(r"`rolebook (\w+)([^`]*)`", line.split(" | ")[0])]
    assert {name for name, _ in rows} == set(commands)
    for name, usage in rows:
        known = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"-{1,2}[a-z][\w-]*", usage)) <= known, name
