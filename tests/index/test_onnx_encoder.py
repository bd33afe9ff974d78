"""The encoder that comes with Rolebook: int8 on ONNX Runtime."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders import MODEL, ROLEBOOK_SHA256, Encoder, load_encoder
from index.onnx_encoder import GRAPH, TOKENIZER, OnnxEncoder, fingerprint
from ingest.errors import ModelError

LONG = " ".join(f"clause {number} of the agreement with the supplier" for number in range(120))


@pytest.fixture(scope="module")
def rolebook() -> Encoder:
    return load_encoder("rolebook")


def test_it_is_the_default_and_the_one_that_was_measured(rolebook: Encoder) -> None:
    assert load_encoder().name == rolebook.name == "rolebook"
    assert (rolebook.dimension, rolebook.fingerprint) == (384, ROLEBOOK_SHA256)


def test_rows_are_unit_float32_in_the_order_of_the_texts(rolebook: Encoder) -> None:
    texts = ["Own drift monitoring", LONG, "Réseau 🚀", "", "Own"]
    rows = rolebook.encode_document(texts)
    assert (rows.shape, rows.dtype) == ((5, 384), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(rolebook.encode_document(texts[::-1])[::-1], rows)
    assert rolebook.encode_query([]).shape == (0, 384)


def test_a_row_does_not_hang_on_its_neighbours(rolebook: Encoder) -> None:
    texts = [
        f"Review the {noun} of the {other}" for noun in ("budget", "roadmap", "risk") for other in ("team", "site")
    ]
    alone = np.concatenate([rolebook.encode_document([text]) for text in texts])
    assert np.array_equal(
        rolebook.encode_document([*texts, LONG]), np.vstack([alone, rolebook.encode_document([LONG])])
    )


def test_it_agrees_with_plain_mean_pooling_of_the_graph(rolebook: Encoder) -> None:
    onnxruntime, tokenizers = pytest.importorskip("onnxruntime"), pytest.importorskip("tokenizers")
    texts = ["Own drift monitoring", "Negotiate contracts with cloud suppliers every year"]
    tokenizer = tokenizers.Tokenizer.from_file(str(MODEL / TOKENIZER))
    tokenizer.enable_padding()
    found = tokenizer.encode_batch(texts)
    feed = {
        "input_ids": np.array([one.ids for one in found]),
        "attention_mask": np.array([one.attention_mask for one in found]),
        "token_type_ids": np.array([one.type_ids for one in found]),
    }
    session = onnxruntime.InferenceSession(str(MODEL / GRAPH), providers=["CPUExecutionProvider"])
    mask = feed["attention_mask"][:, :, None]
    pooled = (session.run(None, feed)[0] * mask).sum(axis=1) / mask.sum(axis=1)
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    assert rolebook.encode_document(texts) == pytest.approx(pooled, abs=1e-3)


def test_the_end_of_a_long_text_counts(rolebook: Encoder) -> None:
    end = " Rotate the encryption keys of the payment system."
    plain, keys = rolebook.encode_document([LONG, LONG + end * 10])
    asked = rolebook.encode_query(["who rotates encryption keys?"])[0]
    assert asked @ keys > asked @ plain + 0.1


def test_a_paraphrase_ranks_first_in_384_and_in_128_dimensions(rolebook: Encoder) -> None:
    answers = ["Hire engineers", "Detect when a model's input data shifts", "Negotiate cloud contracts"]
    question, rows = rolebook.encode_query(["Who watches for drift?"])[0], rolebook.encode_document(answers)
    for dimension in (384, 128):
        cut = rows[:, :dimension] / np.linalg.norm(rows[:, :dimension], axis=1, keepdims=True)
        assert int((cut @ question[:dimension]).argmax()) == 1


def test_other_weights_under_its_name_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    assert fingerprint(folder) == ROLEBOOK_SHA256
    with (folder / GRAPH).open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\0\1\2\3")
    with pytest.raises(ModelError, match="not the model that came with Rolebook"):
        OnnxEncoder("rolebook", folder, ROLEBOOK_SHA256)
    (folder / TOKENIZER).unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json.*Reinstall"):
        OnnxEncoder("rolebook", folder, ROLEBOOK_SHA256)


def test_it_needs_neither_torch_nor_transformers() -> None:
    code = (
        "import sys; from index.encoders import load_encoder; load_encoder().encode_query(['drift']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=MODEL.parent.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_it_has_the_layout_of_sentence_transformers_and_fits_in_25_megabytes() -> None:
    names = {path.relative_to(MODEL).as_posix() for path in MODEL.rglob("*") if path.is_file()}
    assert {
        "modules.json",
        "config.json",
        "1_Pooling/config.json",
        "tokenizer.json",
        GRAPH,
        "README.md",
        "NOTICE",
    } <= names
    assert sum((MODEL / name).stat().st_size for name in names) <= 25_000_000
