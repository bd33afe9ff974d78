"""Rolebook: pages through its own build, questions through its own search; legs and encoding can be left out."""

import hashlib
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from protocol import Document, Hits, Way, serve

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index.build import build
from index.encoders import Encoder, Vectors, load_encoder
from index.library import Library
from ingest.blueprint import Passage
from search.fusion import dense_leg, fuse, lexical_leg, matter
from search.retrieve import retrieve, retrieve_roles


class Remembered:
    """An encoder that has met the questions before: what is left is the search."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self.dimension, self.fingerprint = encoder.name, encoder.dimension, encoder.fingerprint
        self.encode_document = encoder.encode_document
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def learn(self, texts: Sequence[str]) -> None:
        new = [text for text in texts if text not in self._known]
        self._known |= dict(zip(new, self._encoder.encode_query(new), strict=True))

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._known[text] for text in texts])


class Rolebook:
    def __init__(self, encoder: str, folder: Path) -> None:
        self.encoder = load_encoder(encoder)
        self.folder = folder
        self.remembered = Remembered(self.encoder)
        self.names: dict[tuple[str, str], str] = {}  # a document's id by its role and text
        self.whole: Library | None = None  # encodes
        self.warm: Library | None = None  # does not

    def build(self, documents: list[Document], split: bool) -> int:
        """Whole pages as they are; passages as one page a role, with its passages as a list."""
        shutil.rmtree(self.folder, ignore_errors=True)
        home = self.folder / "home"
        self.names = {} if split else {(document["title"], document["text"]): document["id"] for document in documents}
        sources = [document["path"] for document in documents] if split else [str(write_pages(documents, self.folder))]
        report = build(sources, home, self.encoder)
        self.whole = Library.open(home, self.encoder)
        self.warm = Library(home, self.whole.generation, self.remembered)
        return report.passages

    def ways(self) -> dict[str, Way]:
        return {
            "search": lambda question, k: self.passages(self.whole, question, k),
            "search, encoded": lambda question, k: self.passages(self.warm, question, k),
            "roles": lambda question, k: self.roles(self.whole, question, k),
            "roles, encoded": lambda question, k: self.roles(self.warm, question, k),
            "dense leg": lambda question, k: self.leg("dense", question, k),
            "lexical leg": lambda question, k: self.leg("lexical", question, k),
            "encoding": self.encode,
        }

    def model(self) -> tuple[Any, str]:
        return type(self.encoder), "encode_document"

    def prepare(self, questions: list[str]) -> None:
        self.remembered.learn([matter(question) for question in questions])

    def passages(self, library: Library | None, question: str, k: int) -> Hits:
        assert library is not None
        return [self.hit(hit.passage) for hit in retrieve(library, question, k)]

    def roles(self, library: Library | None, question: str, k: int) -> Hits:
        """Each role's best passage."""
        assert library is not None
        return [self.hit(role.hits[0].passage) for role in retrieve_roles(library, question, k)]

    def leg(self, name: str, question: str, k: int) -> Hits:
        assert self.warm is not None
        generation, words = self.warm.generation, matter(question)
        if name == "dense":
            leg = dense_leg(generation.vectors, self.remembered.encode_query([words])[0], None)
        else:
            leg = lexical_leg(generation.lexical, words, None)
        return [self.hit(passage) for passage in generation.passages(fuse([leg], k).ids.tolist())]

    def encode(self, question: str, k: int) -> Hits:
        """Only what every way has to pay for the question's vector."""
        self.encoder.encode_query([question])
        return []

    def hit(self, passage: Passage) -> tuple[str, str]:
        if self.names:
            return self.names[passage.role, passage.text], passage.text
        return passage.role, " ".join((*passage.path, passage.text))


def write_pages(documents: list[Document], folder: Path) -> Path:
    roles: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        roles[document["title"]].append(document["text"])
    pages = folder / "pages"
    pages.mkdir(parents=True)
    for title, texts in roles.items():
        items = "".join(f"- {text}\n" for text in texts)
        name = hashlib.sha256(title.encode()).hexdigest()[:16]
        (pages / f"{name}.md").write_text(f"# {title}\n\n{items}", encoding="utf-8")
    return pages


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    serve(Rolebook(sys.argv[1], Path(sys.argv[2])))
