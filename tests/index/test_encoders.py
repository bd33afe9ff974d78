"""The installed encoder, and what a text looks like to it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders import MINILM_SHA256, MODEL, ROLEBOOK_SHA256, Encoder, load_encoder
from index.texts import context_hash, context_text
from ingest.blueprint import Passage
from ingest.errors import ModelError
from tests.conftest import WordEncoder

ROOT = Path(__file__).parents[2]
PASSAGE = Passage(
    "mlops-manager#1", "mlops-manager@example.org", "MLOps Manager", "responsibilities",
    ("3) Core Responsibilities", "Operational responsibilities:"), "item", "Own drift monitoring", 0, 20,
)  # fmt: skip


@pytest.fixture(scope="module", params=["rolebook", "minilm"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    return load_encoder(request.param)


def test_the_context_is_role_headings_parent_and_text() -> None:
    expected = "MLOps Manager. Core Responsibilities. Operational responsibilities: Own drift monitoring"
    assert context_text(PASSAGE) == expected


def test_passages_that_read_alike_share_a_hash() -> None:
    assert context_hash(PASSAGE) == context_hash(replace(PASSAGE, blueprint_id="x", path=PASSAGE.path, start=9))
    assert context_hash(PASSAGE) != context_hash(replace(PASSAGE, role="Data Engineer"))


def test_the_default_encoder_is_the_shipped_model() -> None:
    default = load_encoder()
    assert (default.name, default.dimension, default.fingerprint) == ("rolebook", 384, ROLEBOOK_SHA256)


def test_the_original_is_the_published_model() -> None:
    minilm = load_encoder("minilm")
    assert (minilm.name, minilm.dimension, minilm.fingerprint) == ("minilm", 384, MINILM_SHA256)


def test_the_shipped_model_is_small_and_says_what_it_is_made_of() -> None:
    files = [path for path in MODEL.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 25_000_000
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    for credit in ("Apache-2.0", "all-MiniLM-L6-v2", "O*NET 30.1", "CC BY 4.0", "ESCO", ROLEBOOK_SHA256):
        assert credit in card


def test_it_is_near_the_original_and_not_the_same() -> None:
    texts = ["Own drift monitoring", "Hire engineers", "Negotiate cloud contracts"]
    near = (load_encoder("rolebook").encode_document(texts) * load_encoder("minilm").encode_document(texts)).sum(axis=1)
    assert ((near > 0.6) & (near < 0.9999)).all()


def test_without_sentence_transformers_the_error_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['sentence_transformers'] = None\n"
        "from index.encoders import load_encoder\n"
        "load_encoder('some/model')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "leaves out. Run 'pip install torch" in done.stderr.splitlines()[-1]


def test_rows_are_unit_float32_and_do_not_hang_on_their_neighbours(encoder: Encoder) -> None:
    texts = ["Own drift monitoring", "word " * 300, "Réseau 🚀", ""]
    rows = encoder.encode_document(texts)
    assert (rows.shape, rows.dtype) == ((4, 384), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode_document(texts[:1])[0] == pytest.approx(rows[0], abs=1e-5)
    assert encoder.encode_query([]).shape == (0, 384)


def test_it_ranks_a_paraphrase_first(encoder: Encoder) -> None:
    answers = ["Hire engineers", "Detect when a model's input data shifts", "Negotiate cloud contracts"]
    scores = encoder.encode_query(["Who watches for drift?"]) @ encoder.encode_document(answers).T
    assert int(scores.argmax()) == 1


def test_an_unknown_encoder_is_a_clear_error() -> None:
    with pytest.raises(ModelError, match=r"no-such/model.*hf download"):
        load_encoder("no-such/model")


def test_the_word_encoder_keeps_the_contract() -> None:
    encoder: Encoder = WordEncoder()
    rows = encoder.encode_document(["drift monitoring", ""])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0)
