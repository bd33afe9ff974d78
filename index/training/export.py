"""Averages trained weights with the original's, and writes the int8 graph in sentence-transformers' folder layout."""

import argparse
import json
import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime  # type: ignore[import-untyped]
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.encoders import minilm_folder
from index.onnx_encoder import CONFIG, GRAPH, LIMITS, TOKENIZER
from index.training.graph import Tensors, bert, watched
from index.training.pairs import in_context, read_positions
from index.training.tasks import read_jsonl

POOLING = "1_Pooling"
COPIED = ("modules.json", "special_tokens_map.json", "tokenizer_config.json", CONFIG, LIMITS)
CALIBRATION_TASKS = 400
CALIBRATION_PASSAGES = 200

Array = npt.NDArray[np.float32]


def average(base: Tensors, trained: Tensors, share: float) -> dict[str, Array]:
    """`share` of the trained weights, the rest of the original's (Wortsman et al. 2022, robust fine-tuning)."""
    return {name: ((1 - share) * base[name] + share * trained[name]).astype(np.float32) for name in base}


def read_weights(folder: Path) -> dict[str, Array]:
    """A BERT's tensors by their names in the original; the pooler is not used."""
    found = load_file(folder / "model.safetensors")
    return {name: value for name, value in found.items() if value.dtype == np.float32 and "pooler" not in name}


def calibration_texts(data: Path) -> list[str]:
    """Task statements and passages from all over what is trained on."""
    tasks = [(str(row["role"]), str(row["text"])) for row in read_jsonl(data / "onet" / "corpus.jsonl.gz")]
    pages = [(passage.role, passage.text) for passage in read_positions(data)]
    chosen = [*_spread(tasks, CALIBRATION_TASKS), *_spread(pages, CALIBRATION_PASSAGES)]
    return [in_context(role, text) for role, text in chosen]


def ranges(tensors: Tensors, layers: int, heads: int, tokenizer: Tokenizer, texts: Sequence[str]) -> dict[str, Array]:
    """For each linear layer the largest |x| of each channel that flows in."""
    graph = bert(tensors, layers, heads, watch=True).SerializeToString()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    largest: dict[str, Array] = {}
    for found in tokenizer.encode_batch(list(texts)):
        ids = np.array([found.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        for name, value in zip(names, session.run(None, feed), strict=True):
            high = np.abs(value).max(axis=(0, 1))
            largest[name] = np.maximum(largest[name], high) if name in largest else high
    return {layer: largest[name] for layer, name in watched(layers).items()}


def write(tensors: Tensors, out: Path, texts: Sequence[str] | None) -> None:
    """The model's folder; int8 by the ranges of `texts`, float32 without."""
    source = minilm_folder()
    (out / GRAPH).parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source / POOLING, out / POOLING, dirs_exist_ok=True)
    for name in COPIED:
        shutil.copyfile(source / name, out / name)
    words = json.loads((source / TOKENIZER).read_text(encoding="utf-8"))
    words |= {"truncation": None, "padding": None}
    (out / TOKENIZER).write_text(json.dumps(words, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    config = json.loads((source / CONFIG).read_text(encoding="utf-8"))
    layers, heads = config["num_hidden_layers"], config["num_attention_heads"]
    found = None
    if texts is not None:
        tokenizer = Tokenizer.from_file(str(out / TOKENIZER))
        found = ranges(tensors, layers, heads, tokenizer, texts)
    onnx.save(bert(tensors, layers, heads, found), str(out / GRAPH))


def _spread(items: Sequence[tuple[str, str]], count: int) -> Iterator[tuple[str, str]]:
    return islice(items, 0, None, max(1, len(items) // count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trained", type=Path, help="folder of the trained model; without it the original is exported")
    parser.add_argument("--share", type=float, default=0.5, help="of the trained weights in the average")
    parser.add_argument("--data", type=Path, required=True, help="folder with onet/ and tts_positions/, to calibrate")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", dest="exact", help="float32 instead of int8")
    args = parser.parse_args()
    base = read_weights(minilm_folder())
    tensors = average(base, read_weights(args.trained), args.share) if args.trained else base
    write(tensors, args.out, None if args.exact else calibration_texts(args.data))


if __name__ == "__main__":
    main()
