"""LlamaIndex as its tutorials have it: sentence splitter (1,024 tokens, 20 shared) and the in-memory vector store."""

import sys
from typing import Any

from llama_index.core import Document as Page
from llama_index.core import VectorStoreIndex
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from protocol import Document, Hits, Way, serve


class LlamaIndex:
    def __init__(self, model: str) -> None:
        self.encoder = HuggingFaceEmbedding(model_name=model)
        self.index: VectorStoreIndex | None = None

    def build(self, documents: list[Document], split: bool) -> int:
        pages = [Page(text=document["text"], doc_id=document["id"]) for document in documents]
        self.index = VectorStoreIndex.from_documents(pages, embed_model=self.encoder)
        return len(self.index.docstore.docs)

    def ways(self) -> dict[str, Way]:
        return {"vectors": self.ask}

    def prepare(self, questions: list[str]) -> None:
        pass

    def model(self) -> tuple[Any, str]:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer, "encode"

    def ask(self, question: str, k: int) -> Hits:
        assert self.index is not None
        found = self.index.as_retriever(similarity_top_k=k).retrieve(question)
        return [(str(hit.node.ref_doc_id), hit.node.get_content()) for hit in found]


if __name__ == "__main__":
    serve(LlamaIndex(sys.argv[1]))
