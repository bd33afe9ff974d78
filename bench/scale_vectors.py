"""Vector indexes at a million passages: recall against exact search, latency, size and time to build.

    python bench/scale_vectors.py VECTORS.faiss [--size 1000000] [--only NAME...]

VECTORS.faiss is the file of an index's generation. Each vector is copied until there are enough, each copy with noise
of a random direction that leaves its cosine with the original between .80 and .95. The queries are vectors of the file
that were held out and have no copy. One thread, one query at a time; a query's best round counts, since other work on
the machine can only slow it.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]
Search = Callable[[Vectors], Ids]  # one query (1, dim) to the ids of the first K (1, K)

K = 10
QUERIES = 300
ROUNDS = 5
CLOSE = (0.80, 0.95)
LISTS = 2048  # of the inverted file, about twice the root of a million
TRAINED_ON = 80_000  # vectors that lists and codes are learned from
PROBES = (16, 32, 64, 128)  # lists that are read
BREADTHS = (32, 64, 128, 256)  # efSearch of the graph
REFINED = 10  # candidates scored again in half precision for each hit wanted
MAKES = {
    "flat": "Flat",
    "flat int8": "SQ8,Refine(SQfp16)",
    "inverted file": f"IVF{LISTS},SQ8,Refine(SQfp16)",
    "graph": "HNSW32_SQ8,Refine(SQfp16)",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="+", choices=MAKES, default=list(MAKES))
    options = parser.parse_args()
    faiss.omp_set_num_threads(1)
    vectors, queries = made(real(options.vectors), options.size)
    exact = faiss.IndexFlatIP(vectors.shape[1])
    exact.add(vectors)
    right = exact.search(queries, K)[1]
    del exact
    print(
        f"{len(vectors):,} vectors of {vectors.shape[1]} dimensions, {len(queries)} queries, FAISS {faiss.__version__}"
    )
    print("\n| index | setting | recall@10 | p50 ms | p99 ms | MB | build s |\n|" + " --- |" * 7)
    for name in options.only:
        for row in measured(name, vectors, queries, right):
            print("| " + " | ".join(row) + " |", flush=True)


def real(path: Path) -> Vectors:
    """The unit rows of a stored index, shuffled."""
    index = faiss.read_index(str(path))
    rows = faiss.downcast_index(index.index).reconstruct_n(0, index.ntotal)
    return np.random.default_rng(1).permutation(rows)


def made(rows: Vectors, size: int) -> tuple[Vectors, Vectors]:
    """`size` noisy copies of all rows but the held-out queries, and the queries."""
    generator = np.random.default_rng(2)
    queries, origins = rows[:QUERIES], rows[QUERIES:]
    vectors = np.empty((size, rows.shape[1]), dtype=np.float32)
    for start in range(0, size, len(origins)):
        part = origins[: size - start]
        noise = generator.standard_normal(part.shape, dtype=np.float32)
        noise -= np.einsum("ij,ij->i", noise, part)[:, None] * part
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        cosine = generator.uniform(*CLOSE, (len(part), 1)).astype(np.float32)
        vectors[start : start + len(part)] = cosine * part + np.sqrt(1 - cosine**2) * noise
    return vectors, np.ascontiguousarray(queries)


def measured(name: str, vectors: Vectors, queries: Vectors, right: Ids) -> Iterator[tuple[str, ...]]:
    """A row of the table for each setting of this index."""
    index = faiss.index_factory(vectors.shape[1], MAKES[name], faiss.METRIC_INNER_PRODUCT)
    begun = time.process_time()
    sample = np.random.default_rng(3).choice(len(vectors), min(TRAINED_ON, len(vectors)), replace=False)
    index.train(vectors[np.sort(sample)])
    index.add(vectors)
    built = time.process_time() - begun
    for setting, search in settings(name, index):
        plain = name == "flat" or "refined" not in setting
        size = stored(faiss.downcast_index(index.base_index) if plain and name != "flat" else index)
        found, times = asked(search, queries)
        recall = np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(found, right, strict=True)])
        p50, p99 = np.percentile(times, [50, 99])
        yield name, setting, f"{recall:.3f}", f"{p50:.1f}", f"{p99:.1f}", f"{size / 1e6:.0f}", f"{built:.0f}"


def settings(name: str, index: Any) -> Iterator[tuple[str, Search]]:
    """The ways to search an index: how wide, and with or without scoring the candidates again."""
    if name == "flat":
        yield "exact", lambda query: index.search(query, K)[1]
        return
    widths: dict[str, Any] = {"all": None}
    if name == "inverted file":
        widths = {f"{n} of {LISTS} lists": faiss.SearchParametersIVF(nprobe=n) for n in PROBES}
    if name == "graph":
        widths = {f"breadth {n}": faiss.SearchParametersHNSW(efSearch=n) for n in BREADTHS}
    base = faiss.downcast_index(index.base_index)
    for label, width in widths.items():
        yield label, partial(_search, base, width)
        refined = faiss.IndexRefineSearchParameters(k_factor=REFINED, base_index_params=width)
        yield f"{label}, refined", partial(_search, index, refined)


def _search(index: Any, parameters: Any, query: Vectors) -> Ids:
    found: Ids = index.search(query, K, params=parameters)[1]
    return found


def asked(search: Search, queries: Vectors) -> tuple[Ids, npt.NDArray[np.float64]]:
    """The hits of each query (queries, K) and its best time in ms."""
    times = np.empty((ROUNDS, len(queries)))
    found = np.concatenate([search(query[None]) for query in queries])
    for turn in range(ROUNDS):
        for place, query in enumerate(queries):
            begun = time.perf_counter()
            search(query[None])
            times[turn, place] = 1000 * (time.perf_counter() - begun)
    return found, times.min(axis=0)


def stored(index: Any) -> int:
    """The bytes of the index as a file; in memory it takes as much."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "index")
        faiss.write_index(index, path)
        return os.path.getsize(path)


if __name__ == "__main__":
    main()
