"""How good retrieval is, leg by leg, on BEIR sets."""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from index.encoders import Encoder, Vectors
from index.lexical import Bm25Index
from index.texts import document_vectors
from index.vectors import FaissStore, Ids
from ingest.errors import BadInput
from search.beir import BeirSet, Query
from search.fusion import (
    EVIDENCE,
    ROLE_DEPTH,
    Fused,
    Leg,
    dense_leg,
    dense_share,
    fuse,
    lexical_leg,
    matter,
    soft_maximum,
)
from search.metrics import mrr, ndcg, recall
from search.question import analyse

DEPTH = 100  # of a run of texts
GROUPS = 50  # of a run of groups, at least, where there are so many
LEGS = ("dense", "lexical", "hybrid")
METRICS = {"ndcg@10": partial(ndcg, k=10), "mrr@10": partial(mrr, k=10), "recall@50": partial(recall, k=50)}

Run = dict[str, dict[str, float]]  # score by document, best first, by query


def runs(beir: BeirSet, encoder: Encoder, cache: Path) -> dict[str, Run]:
    """A run of every leg; the vectors are kept in `cache` by encoder and texts.

    Where groups are judged, a single leg ranks them by their best text, the hybrid by the soft maximum of their texts.
    """
    index = _Index(beir, encoder, cache)
    return {
        leg: {query.query_id: index.rank(leg, place, query) for place, query in enumerate(beir.queries)} for leg in LEGS
    }


def measure(
    run: Run, qrels: Mapping[str, Mapping[str, int]], queries: Iterable[str] | None = None
) -> dict[str, list[float]]:
    """Each metric's value for each query in order, 0 for one that the run lacks; without `queries`, for all judged."""
    names = list(qrels if queries is None else queries)
    return {
        metric: [value(list(run.get(name, {})), qrels.get(name, {})) for name in names]
        for metric, value in METRICS.items()
    }


class _Index:
    """A set's texts and queries, indexed as a build would."""

    def __init__(self, beir: BeirSet, encoder: Encoder, cache: Path) -> None:
        contexts = [f"{text.title}: {text.text}" if text.title else text.text for text in beir.texts]
        alone = [text.text for text in beir.texts]
        ids = np.arange(len(contexts), dtype=np.int64)
        self.names = [(text.group or "" if beir.judged_by == "group" else text.text_id) for text in beir.texts]
        self.groups = np.array([text.group or "" for text in beir.texts])
        self.by_group = beir.judged_by == "group"
        self.lexical = Bm25Index.build(ids, contexts)
        self.store = FaissStore(encoder.dimension)
        self.questions = [matter(query.text) for query in beir.queries]
        model = f"{encoder.name} {encoder.fingerprint}"
        made = encoded(contexts + alone, f"{model} document", cache, lambda: document_vectors(encoder, contexts, alone))
        self.store.add(ids, made)
        self.vectors = encoded(self.questions, f"{model} query", cache, lambda: encoder.encode_query(self.questions))

    def rank(self, leg: str, place: int, query: Query) -> dict[str, float]:
        """The best documents of one query with their scores."""
        allowed = self._allowed(query)
        share = dense_share(analyse(query.text, (), ()).kind)
        legs = {
            "dense": dense_leg(self.store, self.vectors[place], allowed, share),
            "lexical": lexical_leg(self.lexical, self.questions[place], allowed, 1 - share),
        }
        chosen = tuple(legs.values()) if leg == "hybrid" else (legs[leg],)
        if not self.by_group:
            return self._scores(fuse(chosen, DEPTH))
        return self._roles(chosen, len(self.names) if allowed is None else len(allowed), soft=leg == "hybrid")

    def _roles(self, legs: Sequence[Leg], texts: int, *, soft: bool) -> dict[str, float]:
        """Groups by their texts among the best, read deeper until there are enough groups."""
        depth = ROLE_DEPTH
        while True:
            fused = fuse(legs, depth)
            found: dict[str, list[float]] = {}
            for row, score in zip(fused.ids.tolist(), fused.scores.tolist(), strict=True):
                found.setdefault(self.names[row], []).append(score)
            if len(found) >= GROUPS or len(fused.ids) < depth or depth >= texts:
                break
            depth *= 4
        scores = {name: soft_maximum(best[:EVIDENCE]) if soft else best[0] for name, best in found.items()}
        return dict(sorted(scores.items(), key=lambda item: -item[1])[:DEPTH])

    def _scores(self, fused: Fused) -> dict[str, float]:
        return {self.names[row]: score for row, score in zip(fused.ids.tolist(), fused.scores.tolist(), strict=True)}

    def _allowed(self, query: Query) -> Ids | None:
        if query.exclude_group is None:
            return None
        return np.flatnonzero(self.groups != query.exclude_group).astype(np.int64)


def encoded(texts: Sequence[str], made_by: str, cache: Path, encode: Callable[[], Vectors]) -> Vectors:
    """The vectors from `cache` if these texts were encoded so before, else new ones, which are kept there."""
    digest = hashlib.sha256("\x1e".join((made_by, *texts)).encode()).hexdigest()
    path = cache / f"{digest}.npy"
    try:
        return np.asarray(np.load(path, allow_pickle=False), dtype=np.float32)
    except (OSError, ValueError, EOFError):
        vectors = encode()
    cache.mkdir(parents=True, exist_ok=True)
    draft = cache / f"{digest}.{os.getpid()}.tmp"
    with draft.open("wb") as file:
        np.save(file, vectors)
    os.replace(draft, path)
    return vectors


def write_run(run: Run, path: Path, tag: str) -> None:
    """The run in TREC form: query, Q0, document, rank, score, tag."""
    lines = (
        f"{query} Q0 {document} {rank} {score:.6f} {tag}\n"
        for query, ranking in run.items()
        for rank, (document, score) in enumerate(ranking.items(), 1)
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")


def read_run(path: Path) -> Run:
    """A run in TREC form, ranked by its scores, equal ones by rank; BadInput names the line that cannot be used."""
    found: dict[str, list[tuple[float, int, str]]] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read ({error}). Give a run in TREC form.") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                query, _, document, rank, score, _ = line.split()
                found.setdefault(query, []).append((-float(score), int(rank), document))
            except ValueError as error:
                raise BadInput(f"{path}, line {number}: not 'query Q0 document rank score tag'.") from error
    return {query: {document: -score for score, _, document in sorted(hits)} for query, hits in found.items()}
