"""The encoder on ONNX Runtime, on a small random model; needs the extra `train`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="needs the extra 'train'")
onnx = pytest.importorskip("onnx", reason="needs the extra 'train'")

# ruff: noqa: E402
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from index.encoders import Encoder
from index.onnx_encoder import CONFIG, GRAPH, LIMITS, TOKENIZER, OnnxEncoder
from index.training.export import ranges
from index.training.graph import Tensors, bert
from ingest.errors import ModelError

ROOT = Path(__file__).parent.parent.parent
WORDS = (
    "own", "review", "plan", "budget", "roadmap", "risk", "drift", "team",
    "site", "keys", "rotate", "hire", "the", "of", "a", "to",
)  # fmt: skip
LIMIT = 16  # word pieces, with [CLS] and [SEP]
LONG = " ".join(["review", "the", "budget", "of", "the", "team"] * 7)
WIDTH, LAYERS, HEADS = 32, 2, 2


def random_weights() -> Tensors:
    generator = np.random.default_rng(7)
    shapes = {
        "embeddings.word_embeddings.weight": (len(WORDS) + 3, WIDTH),
        "embeddings.position_embeddings.weight": (LIMIT, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for number in range(LAYERS):
        layer = f"encoder.layer.{number}"
        shapes |= {f"{layer}.attention.self.{part}.weight": (WIDTH, WIDTH) for part in ("query", "key", "value")}
        shapes[f"{layer}.attention.output.dense.weight"] = (WIDTH, WIDTH)
        shapes |= {f"{layer}.intermediate.dense.weight": (64, WIDTH), f"{layer}.output.dense.weight": (WIDTH, 64)}
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    shapes |= {name.replace(".weight", ".bias"): shape[:1] for name, shape in shapes.items() if "encoder" in name}
    made = {name: generator.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}
    made |= {f"{name}.weight": np.ones(WIDTH, np.float32) for name in norms}
    return made | {f"{name}.bias": np.zeros(WIDTH, np.float32) for name in norms}


def write_model(folder: Path, *, int8: bool) -> Path:
    (folder / "onnx").mkdir(parents=True)
    vocabulary = {word: place for place, word in enumerate(["[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    tokenizer.save(str(folder / TOKENIZER))
    (folder / CONFIG).write_text(json.dumps({"hidden_size": WIDTH}))
    (folder / LIMITS).write_text(json.dumps({"max_seq_length": LIMIT}))
    texts = [" ".join(WORDS[start : start + 6]) for start in range(10)]
    found = ranges(random_weights(), LAYERS, HEADS, tokenizer, texts) if int8 else None
    onnx.save(bert(random_weights(), LAYERS, HEADS, found), str(folder / GRAPH))
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("int8") / "model", int8=True)


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return OnnxEncoder("small", folder)


def test_rows_are_unit_float32_in_the_order_of_the_texts(encoder: Encoder) -> None:
    texts = ["own drift", LONG, "Réseau 🚀", "", "own"]
    rows = encoder.encode_document(texts)
    assert (rows.shape, rows.dtype) == ((5, WIDTH), np.float32)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(encoder.encode_document(texts[::-1])[::-1], rows)
    assert encoder.encode_query([]).shape == (0, WIDTH)


def test_a_row_does_not_hang_on_its_neighbours(encoder: Encoder) -> None:
    texts = [f"review the {noun} of the {other}" for noun in ("budget", "risk") for other in ("team", "site")]
    alone = np.concatenate([encoder.encode_document([text]) for text in [*texts, LONG, "own"]])
    assert np.array_equal(encoder.encode_document([*texts, LONG, "own"]), alone)


def test_the_graph_takes_padding_as_sentence_transformers_gives_it(folder: Path, encoder: Encoder) -> None:
    import onnxruntime

    texts = ["own drift", "review the risk of the roadmap"]
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.enable_padding()
    found = tokenizer.encode_batch(texts)
    names = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    feed = {name: np.array([getattr(one, part) for one in found]) for name, part in names.items()}
    session = onnxruntime.InferenceSession(str(folder / GRAPH), providers=["CPUExecutionProvider"])
    mask = feed["attention_mask"][:, :, None]
    pooled = (session.run(None, feed)[0] * mask).sum(axis=1)
    pooled /= np.linalg.norm(pooled, axis=1, keepdims=True)
    assert encoder.encode_document(texts) == pytest.approx(pooled, abs=1e-4)


def test_int8_stays_near_float32(encoder: Encoder, tmp_path: Path) -> None:
    exact = OnnxEncoder("exact", write_model(tmp_path / "model", int8=False))
    texts = ["own drift", "review the risk of the roadmap", "plan to hire a team", LONG]
    assert ((encoder.encode_document(texts) * exact.encode_document(texts)).sum(axis=1) > 0.98).all()


def test_the_end_of_a_text_over_the_limit_counts(encoder: Encoder) -> None:
    plain, keys, asked = encoder.encode_document([LONG, f"{LONG} {'rotate keys ' * 20}", "rotate keys"])
    assert asked @ keys > asked @ plain + 0.05


def test_other_files_than_the_expected_ones_are_refused(tmp_path: Path) -> None:
    folder = write_model(tmp_path / "model", int8=False)
    expected = OnnxEncoder("small", folder).fingerprint
    assert OnnxEncoder("small", folder, expected).fingerprint == expected
    with (folder / GRAPH).open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="not the model that came with Rolebook"):
        OnnxEncoder("small", folder, expected)
    (folder / TOKENIZER).unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        OnnxEncoder("small", folder, expected)


def test_it_needs_neither_torch_nor_transformers(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index.onnx_encoder import OnnxEncoder; "
        f"OnnxEncoder('small', Path({str(folder)!r})).encode_query(['drift']); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_runtime_reports_nothing_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    """Left alone it keeps a device's id under HOME and calls its maker, except where it sees a CI."""
    code = (
        "from pathlib import Path; from index.onnx_encoder import OnnxEncoder; "
        f"OnnxEncoder('small', Path({str(folder)!r})).encode_query(['drift'])"
    )
    alone = {"HOME": str(tmp_path), "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=alone, check=True)
    assert list(tmp_path.rglob("*")) == []
