"""Lexical indexes side by side: quality, latency, size and time to build of ours, SQLite FTS5, bm25s and tantivy.

    python -m bench.scale_lexical BEIR_FOLDER... [--size 1000000] [--only NAME...]

bm25s and tantivy need `pip install bm25s==0.3.16 PyStemmer==3.1.0 tantivy==0.27.0`. The texts are the first set's, each
as "title: text". With --size they are made of the first half of one text and the second half of another, and only cost
is measured. A query's best round counts, since other work on the machine can only slow it.
"""

import argparse
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Protocol

import numpy as np

from index.lexical import Bm25Index
from index.words import STOP
from search.beir import BeirSet, Text, read_beir
from search.fusion import matter
from search.metrics import ndcg

K = 100
QUERIES = 300  # that latency is measured on
ROUNDS = 5


class Index(Protocol):
    """Texts by their position."""

    def build(self, texts: Sequence[str], folder: Path) -> None:
        """Indexes the texts; what is stored lies in `folder`."""

    def ask(self, query: str) -> Sequence[int]:
        """The first K positions."""


class Ours:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        Bm25Index.build(np.arange(len(texts), dtype=np.int64), texts).save(folder / "index")
        self.index = Bm25Index.load(folder / "index")

    def ask(self, query: str) -> Sequence[int]:
        return self.index.search(query, K)[1].tolist()


class Fts5:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        self.db = sqlite3.connect(folder / "index")
        self.db.execute("CREATE VIRTUAL TABLE texts USING fts5 (text, content='', tokenize='porter unicode61')")
        self.db.executemany("INSERT INTO texts (rowid, text) VALUES (?, ?)", enumerate(texts))
        self.db.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        self.db.commit()

    def ask(self, query: str) -> Sequence[int]:
        words = " OR ".join(f'"{word}"' for word in plain_words(query))
        found = self.db.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (words, K))
        return [row for (row,) in found]


class Bm25s:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        import bm25s
        import Stemmer

        self.stemmer = Stemmer.Stemmer("english")
        self.index = bm25s.BM25(k1=1.2, b=0.75)
        self.index.index(self.cut(texts), show_progress=False)
        self.index.save(folder)

    def cut(self, texts: Sequence[str]) -> object:
        import bm25s

        return bm25s.tokenize(list(texts), stopwords="en", stemmer=self.stemmer, show_progress=False)

    def ask(self, query: str) -> Sequence[int]:
        return self.index.retrieve(self.cut([query]), k=K, show_progress=False)[0][0].tolist()


class Tantivy:
    def build(self, texts: Sequence[str], folder: Path) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem")
        schema.add_unsigned_field("place", stored=True)
        self.index = tantivy.Index(schema.build(), path=str(folder))
        writer = self.index.writer(256_000_000, num_threads=1)
        for place, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=text, place=place))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def ask(self, query: str) -> Sequence[int]:
        parsed = self.index.parse_query(" ".join(plain_words(query)), ["text"])
        return [self.searcher.doc(place)["place"][0] for _, place in self.searcher.search(parsed, K).hits]


KINDS: dict[str, Callable[[], Index]] = {"ours": Ours, "fts5": Fts5, "bm25s": Bm25s, "tantivy": Tantivy}


def plain_words(query: str) -> list[str]:
    """A query without syntax and stop words, for those that keep none."""
    words = re.findall(r"\w+", query.lower())
    return [word for word in words if word not in STOP] or words


def halves(texts: Sequence[str], size: int) -> list[str]:
    """Texts of the words, lengths and frequencies of real ones."""
    generator = np.random.default_rng(1)
    words = [text.split() for text in texts]
    pairs = generator.integers(0, len(words), (size, 2)).tolist()
    return [" ".join((*words[a][: len(words[a]) // 2], *words[b][len(words[b]) // 2 :])) for a, b in pairs]


def quality(index: Index, beir: BeirSet) -> float:
    """nDCG@10; a group ranks by its best text."""
    values = []
    for query in beir.queries:
        found = [beir.texts[place] for place in index.ask(matter(query.text))]
        kept = [text for text in found if query.exclude_group is None or text.group != query.exclude_group]
        names = [text.group or "" if beir.judged_by == "group" else text.text_id for text in kept]
        values.append(ndcg(list(dict.fromkeys(names)), beir.qrels[query.query_id], 10))
    return mean(values)


def latency(index: Index, queries: Sequence[str]) -> tuple[float, float]:
    """p50 and p99 in ms."""
    times = np.empty((ROUNDS, len(queries)))
    for turn in range(ROUNDS):
        for place, query in enumerate(queries):
            begun = time.perf_counter()
            index.ask(query)
            times[turn, place] = 1000 * (time.perf_counter() - begun)
    p50, p99 = np.percentile(times.min(axis=0), [50, 99])
    return float(p50), float(p99)


def measured(name: str, texts: Sequence[str], sets: Sequence[BeirSet], judged: bool) -> list[str]:
    """A row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        index = KINDS[name]()
        begun = time.process_time()
        index.build(texts, Path(folder))
        built = time.process_time() - begun
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        scores = [f"{quality(index, beir):.3f}" for beir in sets] if judged else []
        queries = [matter(query.text) for beir in sets for query in beir.queries[:: max(1, len(sets))]]
        p50, p99 = latency(index, queries[:: max(1, len(queries) // QUERIES)][:QUERIES])
        return [name, *scores, f"{p50:.2f}", f"{p99:.2f}", f"{built:.1f}", f"{size / 1e6:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", type=Path, metavar="BEIR_FOLDER")
    parser.add_argument("--size", type=int)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    options = parser.parse_args()
    sets = [read_beir(folder) for folder in options.sets]
    texts = [in_context(text) for text in sets[0].texts]
    texts = halves(texts, options.size) if options.size else texts
    scores = [] if options.size else [f"{beir.name} nDCG@10" for beir in sets]
    columns = ["index", *scores, "p50 ms", "p99 ms", "build CPU s", "MB"]
    print(f"{len(texts):,} texts, the best {K}\n\n| {' | '.join(columns)} |\n|" + " --- |" * len(columns))
    for name in options.only:
        row = measured(name, texts, sets, judged=not options.size)
        print("| " + " | ".join(row) + " |", flush=True)


def in_context(text: Text) -> str:
    return f"{text.title}: {text.text}" if text.title else text.text


if __name__ == "__main__":
    main()
