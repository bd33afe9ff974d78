"""Haystack as its tutorials have it: in-memory store, embedding retriever, and BM25 beside it joined by rank."""

import sys
from typing import Any

from haystack import Document as Page
from haystack import Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import Document, Hits, Way, serve


class Haystack:
    def __init__(self, model: str) -> None:
        self.folder = model
        self.store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self.embeddings = Pipeline()
        self.embeddings.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
        self.embeddings.add_component("dense", InMemoryEmbeddingRetriever(self.store))
        self.embeddings.connect("embedder.embedding", "dense.query_embedding")
        self.hybrid = Pipeline()
        self.hybrid.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
        self.hybrid.add_component("dense", InMemoryEmbeddingRetriever(self.store))
        self.hybrid.add_component("bm25", InMemoryBM25Retriever(self.store))
        self.hybrid.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
        self.hybrid.connect("embedder.embedding", "dense.query_embedding")
        self.hybrid.connect("dense", "joiner")
        self.hybrid.connect("bm25", "joiner")

    def build(self, documents: list[Document], split: bool) -> int:
        pages = [Page(content=document["text"], meta={"id": document["id"]}) for document in documents]
        if split:
            pages = DocumentSplitter(split_by="word", split_length=200, split_overlap=0).run(documents=pages)[
                "documents"
            ]
        self.store.delete_documents([page.id for page in self.store.filter_documents()])
        embedder = SentenceTransformersDocumentEmbedder(model=self.folder, progress_bar=False)
        embedder.warm_up()
        self.store.write_documents(embedder.run(documents=pages)["documents"])
        return self.store.count_documents()

    def ways(self) -> dict[str, Way]:
        return {"hybrid": self.ask, "embeddings": self.ask_embeddings}

    def prepare(self, questions: list[str]) -> None:
        pass

    def model(self) -> tuple[Any, str]:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer, "encode"

    def ask(self, question: str, k: int) -> Hits:
        inputs = {"embedder": {"text": question}, "dense": {"top_k": k}, "bm25": {"query": question, "top_k": k}}
        found = self.hybrid.run(inputs | {"joiner": {"top_k": k}})["joiner"]["documents"]
        return [(hit.meta["id"], hit.content) for hit in found]

    def ask_embeddings(self, question: str, k: int) -> Hits:
        found = self.embeddings.run({"embedder": {"text": question}, "dense": {"top_k": k}})["dense"]["documents"]
        return [(hit.meta["id"], hit.content) for hit in found]


if __name__ == "__main__":
    serve(Haystack(sys.argv[1]))
