"""The installed encoder, and what a text looks like to it."""

from dataclasses import replace

import numpy as np
import pytest

from index.encoders import MINILM_SHA256, Encoder, load_encoder
from index.texts import context_hash, context_text
from ingest.blueprint import Passage
from ingest.errors import ModelError
from tests.conftest import WordEncoder

PASSAGE = Passage(
    "mlops-manager#1", "mlops-manager@example.org", "MLOps Manager", "responsibilities",
    ("3) Core Responsibilities", "Operational responsibilities:"), "item", "Own drift monitoring", 0, 20,
)  # fmt: skip


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    return load_encoder()


def test_the_context_is_role_headings_parent_and_text() -> None:
    expected = "MLOps Manager. Core Responsibilities. Operational responsibilities: Own drift monitoring"
    assert context_text(PASSAGE) == expected


def test_passages_that_read_alike_share_a_hash() -> None:
    assert context_hash(PASSAGE) == context_hash(replace(PASSAGE, blueprint_id="x", path=PASSAGE.path, start=9))
    assert context_hash(PASSAGE) != context_hash(replace(PASSAGE, role="Data Engineer"))


def test_the_default_encoder_is_the_published_model(minilm: Encoder) -> None:
    assert (minilm.name, minilm.dimension, minilm.fingerprint) == ("minilm", 384, MINILM_SHA256)


def test_rows_are_unit_float32_and_do_not_hang_on_their_neighbours(minilm: Encoder) -> None:
    texts = ["Own drift monitoring", "word " * 300, "Réseau 🚀", ""]
    rows = minilm.encode_document(texts)
    assert (rows.shape, rows.dtype) == ((4, 384), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert minilm.encode_document(texts[:1])[0] == pytest.approx(rows[0], abs=1e-5)
    assert minilm.encode_query([]).shape == (0, 384)


def test_the_default_encoder_ranks_a_paraphrase_first(minilm: Encoder) -> None:
    answers = ["Hire engineers", "Detect when a model's input data shifts", "Negotiate cloud contracts"]
    scores = minilm.encode_query(["Who watches for drift?"]) @ minilm.encode_document(answers).T
    assert int(scores.argmax()) == 1


def test_an_unknown_encoder_is_a_clear_error() -> None:
    with pytest.raises(ModelError, match=r"no-such/model.*hf download"):
        load_encoder("no-such/model")


def test_the_word_encoder_keeps_the_contract() -> None:
    encoder: Encoder = WordEncoder()
    rows = encoder.encode_document(["drift monitoring", ""])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
