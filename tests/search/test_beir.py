"""BEIR folders are read as they are, judged by text or by group, and run into TREC files and back."""

import json

import pytest

from ingest.errors import BadInput
from search.beir import read_beir
from search.evaluate import measure, read_run, runs, write_run
from tests.conftest import WordEncoder

TEXTS = [
    ("1", "MLOps Manager", "Own drift monitoring of models", "ml"),
    ("2", "MLOps Manager", "Plan the release calendar", "ml"),
    ("3", "Data Engineer", "Load tables every night", "de"),
    ("4", "Data Scientist", "Watch drift of features", "ds"),
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "tiny"
    (made / "qrels").mkdir(parents=True)
    records = [{"_id": i, "title": role, "text": text, "metadata": {"group": g}} for i, role, text, g in TEXTS]
    write(made / "corpus.jsonl", *records)
    drift = {"_id": "q1", "text": "drift of models", "metadata": {"exclude_group": "ml"}}
    write(made / "queries.jsonl", drift, {"_id": "q2", "text": "which roles load tables?"}, {"_id": "q3", "text": "no"})
    (made / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t4\t1\nq2\t3\t1\n", encoding="utf-8")
    return made


def write(path, *records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def test_a_set_holds_its_texts_and_the_judged_queries(folder):
    beir = read_beir(folder)
    assert (beir.name, beir.judged_by, len(beir.texts)) == ("tiny", "text", 4)
    assert [(query.query_id, query.exclude_group) for query in beir.queries] == [("q1", "ml"), ("q2", None)]
    assert beir.texts[3].group == "ds"


def test_an_excluded_group_is_not_ranked(folder, tmp_path):
    made = runs(read_beir(folder), WordEncoder(), tmp_path / "cache")
    for leg in ("dense", "lexical", "hybrid"):
        assert next(iter(made[leg]["q1"])) == "4"
        assert not {"1", "2"} & set(made[leg]["q1"])
        assert next(iter(made[leg]["q2"])) == "3"


def test_groups_are_ranked_each_once(folder, tmp_path):
    write(folder / "set.json", {"judged_by": "group"})
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq2\tde\t1\n", encoding="utf-8")
    beir = read_beir(folder)
    made = runs(beir, WordEncoder(), tmp_path / "cache")
    assert next(iter(made["hybrid"]["q2"])) == "de"
    assert sorted(made["dense"]["q2"]) == ["de", "ds", "ml"]
    assert measure(made["hybrid"], beir.qrels) == {"ndcg@10": [1.0], "mrr@10": [1.0], "recall@50": [1.0]}


def test_a_second_evaluation_encodes_nothing(folder, tmp_path):
    class Spent(WordEncoder):
        def encode_document(self, texts):
            raise AssertionError("encoded again")

    beir = read_beir(folder)
    assert runs(beir, WordEncoder(), tmp_path / "cache") == runs(beir, Spent(), tmp_path / "cache")


def test_a_run_survives_its_file(folder, tmp_path):
    run = runs(read_beir(folder), WordEncoder(), tmp_path / "cache")["hybrid"]
    write_run(run, tmp_path / "out" / "tiny.run", "hybrid")
    again = read_run(tmp_path / "out" / "tiny.run")
    assert {query: list(found) for query, found in again.items()} == {
        query: list(found) for query, found in run.items()
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", "{", r"corpus.jsonl, line 1: not JSON"),
        ("corpus.jsonl", '{"_id": "1"}', r"corpus.jsonl, line 1: 'text' is missing"),
        ("qrels/test.tsv", "h\nq1 4 1\n", r"test.tsv, line 2: not query, document and grade"),
        ("qrels/test.tsv", "h\nq1\t99\t1\n", r"'99', which the corpus lacks"),
        ("set.json", '{"judged_by": "role"}', r"judged_by is 'role'"),
    ],
)
def test_what_cannot_be_used_is_named(folder, name, content, message):
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        read_beir(folder)


def test_a_missing_folder_is_bad_input(tmp_path):
    with pytest.raises(BadInput, match=r"corpus\.jsonl cannot be read"):
        read_beir(tmp_path)
