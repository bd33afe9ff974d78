"""LangChain as its tutorials have it: recursive splitter (1,000 characters, 200 shared) and FAISS."""

import sys
from typing import Any

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document as Page
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from protocol import Document, Hits, Way, serve


class LangChain:
    def __init__(self, model: str) -> None:
        self.encoder = HuggingFaceEmbeddings(model_name=model)
        self.store: FAISS | None = None

    def build(self, documents: list[Document], split: bool) -> int:
        pages = [Page(page_content=document["text"], metadata={"id": document["id"]}) for document in documents]
        pages = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(pages)
        self.store = FAISS.from_documents(pages, self.encoder)
        return len(pages)

    def ways(self) -> dict[str, Way]:
        return {"FAISS": self.ask}

    def prepare(self, questions: list[str]) -> None:
        pass

    def model(self) -> tuple[Any, str]:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer, "encode"

    def ask(self, question: str, k: int) -> Hits:
        assert self.store is not None
        return [(hit.metadata["id"], hit.page_content) for hit in self.store.similarity_search(question, k=k)]


if __name__ == "__main__":
    serve(LangChain(sys.argv[1]))
