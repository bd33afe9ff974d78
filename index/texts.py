"""The string that stands for a passage when it is encoded."""

import hashlib
import re

from ingest.blueprint import Passage

NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*|[IVX]+|[A-Za-z])\s*[.):]\s+")  # "3) ", "2.1. ", "IV. ", "b) "


def context_text(passage: Passage) -> str:
    """Role, headings without their numbers, parent item and text, one after the other."""
    headings = (NUMBER.sub("", part).strip() for part in passage.path)
    return ". ".join(part.rstrip(" .:") for part in (passage.role, *headings) if part.strip()) + ": " + passage.text


def context_hash(passage: Passage) -> str:
    """SHA-256 of the context text: passages that share it share a vector."""
    return hashlib.sha256(context_text(passage).encode()).hexdigest()
