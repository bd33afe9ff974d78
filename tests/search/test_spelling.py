"""Slips in a question are mended by the words of the texts; names and right words stay as they are."""

import numpy as np
import pytest

from index.lexical import Bm25Index
from search.spelling import mended

WORDS = {
    "drift": 9,
    "monitoring": 7,
    "rollback": 3,
    "report": 5,
    "press": 4,
    "manager": 8,
    "kubernetes": 2,
    "openapi": 3,
}


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("who owns drfit monitoring", "who owns drift monitoring"),
        ("Moniotring of drift", "monitoring of drift"),
        ("who may rolback", "who may rollback"),
        ("who reprots to whom", "who reprots to whom"),  # two slips from the nearest word
        ("the reprot", "the report"),
    ],
)
def test_one_slip_is_mended(slip, meant):
    assert mended(slip, WORDS) == meant


@pytest.mark.parametrize(
    "right",
    [
        "the dress code",  # "press" is near, but dress is a word
        "a Manger of Kubernets",  # names
        "Who is the CEO of OpenAI?",
        "a drfit-like thing, http://drfit, x/drfit",
        "drft",  # too short
        "",
        "日本語 ???",
    ],
)
def test_right_words_names_and_short_words_stay(right):
    assert mended(right, WORDS) == right


def test_of_two_words_as_near_the_more_frequent_is_meant():
    assert mended("modek", {"model": 5, "modem": 1}) == "model"
    assert mended("modek", {"model": 1, "modem": 5}) == "modem"


def test_the_vocabulary_has_words_as_written_and_outlives_the_disk(tmp_path):
    index = Bm25Index.build(np.arange(2), ["Monitors on-call drift", "monitoring drift, the drift"])
    expected = {"monitors": 1, "monitoring": 1, "call": 1, "oncall": 1, "drift": 3}
    assert index.vocabulary() == expected
    index.save(tmp_path / "lexical")
    assert Bm25Index.load(tmp_path / "lexical").vocabulary() == expected
