import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from api.batching import BatchingEncoder
from tests.conftest import WordEncoder

TEXTS = [f"question {number}" for number in range(8)]


class Noting(WordEncoder):
    """Notes what it is called with; the first call waits to be let go."""

    def __init__(self):
        super().__init__()
        self.calls = []
        self.begun, self.go = Event(), Event()

    def encode_query(self, texts):
        self.calls.append(list(texts))
        self.begun.set()
        assert self.go.wait(60)
        if "broken" in texts:
            raise ValueError("broken")
        return super().encode_query(texts)


@pytest.fixture
def noting():
    return Noting()


def test_what_comes_while_the_encoder_is_at_work_goes_into_its_next_call(noting):
    shared = BatchingEncoder(noting)
    with ThreadPoolExecutor(len(TEXTS)) as pool:
        rows = [pool.submit(shared.encode_query, TEXTS[:1])]
        assert noting.begun.wait(60)
        rows += [pool.submit(shared.encode_query, [text]) for text in TEXTS[1:]]
        for _ in range(6_000):
            if len(shared._queue) == len(TEXTS) - 1:
                break
            time.sleep(0.01)
        noting.go.set()
    assert [len(call) for call in noting.calls] == [1, len(TEXTS) - 1]
    assert np.array_equal(np.concatenate([row.result() for row in rows]), WordEncoder().encode_query(TEXTS))


def test_a_question_that_comes_again_is_not_encoded_again(noting):
    noting.go.set()
    shared = BatchingEncoder(noting)
    rows = shared.encode_query(["one", "two", "one"])
    rows[0] = 0  # the caller's own copy
    assert np.array_equal(shared.encode_query(["one"]), WordEncoder().encode_query(["one"]))
    assert noting.calls == [["one"], ["two"]]


def test_a_failure_is_raised_and_not_kept(noting):
    noting.go.set()
    shared = BatchingEncoder(noting)
    for _ in range(2):
        with pytest.raises(ValueError, match="broken"):
            shared.encode_query(["broken"])
    assert len(noting.calls) == 2
    assert shared.encode_query(["whole"]).shape == (1, noting.dimension)


def test_no_question_is_no_row(noting):
    assert BatchingEncoder(noting).encode_query([]).shape == (0, noting.dimension)
