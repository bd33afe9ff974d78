"""The texts that stand for a passage when it is encoded, and the one vector made of them."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from index.encoders import Encoder, Vectors
from ingest.blueprint import Passage

NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*|[IVX]+|[A-Za-z])\s*[.):]\s+")  # "3) ", "2.1. ", "IV. ", "b) "


def context_text(passage: Passage) -> str:
    """Role, headings without their numbers, parent item and text, one after the other."""
    return in_context(passage.role, passage.path, passage.text)


def in_context(role: str, path: Sequence[str], text: str) -> str:
    """`context_text` of a passage's parts."""
    headings = (NUMBER.sub("", part).strip() for part in path)
    return ". ".join(part.rstrip(" .:") for part in (role, *headings) if part.strip()) + ": " + text


def context_hash(passage: Passage) -> str:
    """SHA-256 of the context text: passages that share it share a vector."""
    return hashlib.sha256(context_text(passage).encode()).hexdigest()


def document_vectors(encoder: Encoder, contexts: Sequence[str], texts: Sequence[str]) -> Vectors:
    """One vector a passage: the direction between its text in its context and its text alone.

    The context says whose matter it is, the text alone is not drowned by it; docs/decisions.md has the study.
    """
    different = sorted(set(texts))
    place = {text: number for number, text in enumerate(different)}
    if not different:
        return encoder.encode_document([])
    alone = encoder.encode_document(different)[[place[text] for text in texts]]
    both = encoder.encode_document(contexts) + alone
    return np.asarray(both / np.linalg.norm(both, axis=1, keepdims=True), dtype=np.float32)
