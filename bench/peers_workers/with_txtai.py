"""txtai as its documentation has it: hybrid search (dense and BM25, half and half) with the texts stored."""

import re
import sys
from typing import Any

from protocol import Document, Hits, Way, serve
from txtai import Embeddings


class Txtai:
    def __init__(self, model: str) -> None:
        self.index = Embeddings(path=model, hybrid=True, content=True)
        self.names: list[str] = []

    def build(self, documents: list[Document], split: bool) -> int:
        rows = [(document["id"], part) for document in documents for part in parts(document["text"], split)]
        self.names = [name for name, _ in rows]
        self.index.index((number, {"text": text}, None) for number, (_, text) in enumerate(rows))
        return len(rows)

    def ways(self) -> dict[str, Way]:
        return {"hybrid": self.ask}

    def prepare(self, questions: list[str]) -> None:
        pass

    def model(self) -> tuple[Any, str]:
        from txtai.vectors import HFVectors

        return HFVectors, "encode"

    def ask(self, question: str, k: int) -> Hits:
        return [(self.names[int(hit["id"])], hit["text"]) for hit in self.index.search(question, k)]


def parts(text: str, split: bool) -> list[str]:
    """Paragraphs, as its Textractor gives them with `paragraphs=True`."""
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()] if split else [text]


if __name__ == "__main__":
    serve(Txtai(sys.argv[1]))
