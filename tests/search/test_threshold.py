from dataclasses import replace

import pytest

from ingest.errors import BadInput
from search.answer import ask
from search.confidence import THRESHOLD
from search.threshold import FILE, Fitted, fit, keep, threshold_of

QUESTION = "Which roles own drift monitoring?"


def test_it_tells_answerable_from_unanswerable_half_way_between_them():
    assert fit([0.9, 0.8, 0.7], [0.2, 0.1]) == Fitted(pytest.approx(0.45), 1.0, 0.0)


def test_no_more_than_one_in_twenty_is_answered_falsely():
    fitted = fit([0.9] * 50 + [0.3] * 50, [0.4] * 10 + [0.1] * 10)
    assert fitted.false == 0.0
    assert (fitted.threshold, fitted.answered) == (pytest.approx(0.65), 0.5)


def test_both_kinds_of_question_are_needed():
    with pytest.raises(BadInput, match="unanswerable"):
        fit([0.9], [])


def test_an_index_without_one_takes_the_built_in_threshold(library, tmp_path):
    assert threshold_of(replace(library, home=tmp_path)) == THRESHOLD


def test_the_threshold_beside_an_index_decides_what_is_answered(library, tmp_path):
    kept = replace(library, home=tmp_path)
    sure = ask(kept, QUESTION).confidence
    assert ask(kept, QUESTION).answerable
    keep(tmp_path, Fitted((sure + 1) / 2, 1.0, 0.0))
    assert threshold_of(kept) == pytest.approx((sure + 1) / 2, abs=1e-4)
    assert not ask(kept, QUESTION).answerable
    assert ask(kept, QUESTION).confidence == sure


@pytest.mark.parametrize("written", ["", "{}", '{"threshold": 7}', '{"threshold": "high"}'])
def test_a_threshold_that_cannot_be_read_is_an_error_that_names_the_file(library, tmp_path, written):
    (tmp_path / FILE).write_text(written, encoding="utf-8")
    with pytest.raises(BadInput, match=FILE):
        threshold_of(replace(library, home=tmp_path))
