"""A sentence-transformers folder with an ONNX graph, on ONNX Runtime and tokenizers alone: no torch."""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ingest.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession  # type: ignore[import-untyped]
    from tokenizers import Tokenizer

GRAPH = "onnx/model.onnx"
TOKENIZER = "tokenizer.json"
CONFIG = "config.json"
LIMITS = "sentence_bert_config.json"
FILES = (GRAPH, TOKENIZER, CONFIG, LIMITS)  # what the vectors hang on
RUN_PIECES = 512  # word pieces that one run takes; more is no faster
TEXTS_AT_ONCE = 8192  # what is tokenized at a time, so that memory does not grow with the number of texts

Rows = npt.NDArray[np.float32]
Window = tuple[int, list[int]]  # a text's place and some of its word pieces, with [CLS] and [SEP]


class OnnxEncoder:
    """Mean-pooled rows of unit length; a text over the model's limit is the mean over its windows, nothing is cut."""

    def __init__(self, name: str, folder: Path, sha256: str | None = None) -> None:
        """ModelError if a file is missing or, with `sha256` given, differs; the first text waits for the loading."""
        self.name = name
        self.prompts: dict[str, str] = {}
        self.threads = cores()  # counts until the first text
        try:
            self.fingerprint = fingerprint(folder)
            self.dimension = int(json.loads((folder / CONFIG).read_text(encoding="utf-8"))["hidden_size"])
            self._limit = int(json.loads((folder / LIMITS).read_text(encoding="utf-8"))["max_seq_length"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"The encoder in {folder} cannot be read ({error}). Reinstall Rolebook.") from error
        if sha256 and self.fingerprint != sha256:
            found = self.fingerprint[:12]
            raise ModelError(f"{folder} is not the model that came with Rolebook ({found}…). Reinstall Rolebook.")
        loader = ThreadPoolExecutor(1, thread_name_prefix="load")  # a tenth of a second that others work in
        self._model: Future[tuple[Tokenizer, InferenceSession]] = loader.submit(_load, folder)
        loader.shutdown(wait=False)

    def encode_query(self, texts: Sequence[str]) -> Rows:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Rows:
        """One row a text, in their order; it does not hang on the other texts."""
        parts = [self._encode(texts[at : at + TEXTS_AT_ONCE]) for at in range(0, len(texts), TEXTS_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimension), dtype=np.float32)

    def _encode(self, texts: Sequence[str]) -> Rows:
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        tokenizer, _ = self._model.result()
        encodings = tokenizer.encode_batch_fast(list(texts))
        windows = [(place, ids) for place, found in enumerate(encodings) for ids in self._windows(found.ids)]
        places, ids = zip(*_runs(windows), strict=True)
        rows = self._pool.map(self._run, ids) if len(ids) > 1 else map(self._run, ids)
        for at, found in zip(places, rows, strict=True):
            np.add.at(sums, at, found)
        return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)

    def _windows(self, ids: list[int]) -> list[list[int]]:
        """All word pieces in windows of like length, each between the text's own [CLS] and [SEP]."""
        if len(ids) <= self._limit:
            return [ids]
        first, inner, last = ids[0], ids[1:-1], ids[-1]
        count = -(-len(inner) // (self._limit - 2))
        edges = [len(inner) * number // count for number in range(count + 1)]
        return [[first, *inner[start:end], last] for start, end in pairwise(edges)]

    def _run(self, ids: npt.NDArray[np.int64]) -> Rows:
        """The sum of the word pieces' vectors for each row; the rows are of one length."""
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        _, session = self._model.result()
        hidden = session.run(None, feed)[0]
        return np.asarray(hidden.sum(axis=1), dtype=np.float32)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, thread_name_prefix="encode")


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def fingerprint(folder: Path) -> str:
    """SHA-256 over the files that the vectors hang on; OSError if one is missing."""
    digest = hashlib.sha256()
    for name in FILES:
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _runs(windows: list[Window]) -> Iterator[tuple[list[int], npt.NDArray[np.int64]]]:
    """Windows of one length together: no padding, and so nothing of one text reaches another's numbers."""
    windows.sort(key=lambda window: len(window[1]))
    for length, group in groupby(windows, key=lambda window: len(window[1])):
        alike = list(group)
        size = max(1, RUN_PIECES // length)
        for at in range(0, len(alike), size):
            run = alike[at : at + size]
            yield [place for place, _ in run], np.array([ids for _, ids in run], dtype=np.int64)


def _load(folder: Path) -> "tuple[Tokenizer, InferenceSession]":
    os.putenv("ORT_DISABLE_TELEMETRY", "1")  # it reports to its maker, unless told not to before it is loaded
    import onnxruntime
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the cores share runs, which spares the waiting within one
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors
    return tokenizer, onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
