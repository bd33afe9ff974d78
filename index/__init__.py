"""Encoders, vector stores and the generation on disk: built, updated and read here."""

from index.build import build
from index.encoders import Encoder, Vectors, load_encoder
from index.generation import Entry, Generation
from index.library import Library
from index.manifest import Manifest
from index.remove import remove
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
    "build",
    "context_text",
    "load_encoder",
    "remove",
    "sources",
]
