"""Encoders, vector stores and the generation on disk; `index.build` and `index.remove`, which change it, load more."""

import os

# Threads of FAISS that wait for more work would keep a core busy, which doubled the processor time of a question.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when its library is loaded

from index.encoders import Encoder, Vectors, load_encoder
from index.generation import Entry, Generation
from index.library import Library
from index.manifest import Manifest
from index.reports import BuildReport, RemoveReport, SourceEntry
from index.sources import sources
from index.texts import context_text
from index.vectors import FaissStore, VectorStore

__all__ = [
    "BuildReport",
    "Encoder",
    "Entry",
    "FaissStore",
    "Generation",
    "Library",
    "Manifest",
    "RemoveReport",
    "SourceEntry",
    "VectorStore",
    "Vectors",
    "context_text",
    "load_encoder",
    "sources",
]
