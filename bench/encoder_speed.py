"""The shipped encoder against SentenceTransformer on the weights that it was made from, in interleaved rounds.

    python -m bench.encoder_speed [--rounds 5] [--pages corpus/pages]

Prints the medians and ratios of one query and of passages in bulk; both on all cores, each in its usual way.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from index.encoders import Encoder, load_encoder
from index.texts import context_text
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.passages import passages
from ingest.read import read_pages

QUESTIONS = ("Which roles own drift monitoring?", "What are the KPIs of the Head of ML?", "who approves budgets")
QUERIES = 40  # of a round
BULK = 1024  # passages of a round


def texts_of(pages: Path) -> list[str]:
    """Passages as the index encodes them, spread over all pages."""
    read = [page for page in read_pages(pages) if not isinstance(page, UnreadablePage)]
    found = [context_text(p) for page in read for blueprint in parse(page).blueprints for p in passages(blueprint)]
    return found[:: max(1, len(found) // BULK)][:BULK]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def query_time(encoder: Encoder) -> float:
    """Median seconds of one query."""
    return median(seconds(lambda n=n: encoder.encode_query([QUESTIONS[n % 3]])) for n in range(QUERIES))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=Path, default=Path("corpus/pages"))
    args = parser.parse_args()
    texts = texts_of(args.pages)
    encoders = {name: load_encoder(name) for name in ("minilm", "rolebook")}
    queries: dict[str, list[float]] = {name: [] for name in encoders}
    bulk: dict[str, list[float]] = {name: [] for name in encoders}
    for encoder in encoders.values():
        encoder.encode_document(texts[:32])
    for _ in range(args.rounds):
        for name, encoder in encoders.items():
            queries[name].append(query_time(encoder))
            bulk[name].append(seconds(lambda encoder=encoder: encoder.encode_document(texts)))
    for name in encoders:
        speed = len(texts) / median(bulk[name])
        print(f"{name}: query {1000 * median(queries[name]):.2f} ms, bulk {speed:.0f} passages/s")
    for what, found in (("query", queries), ("bulk", bulk)):
        ratios = [old / new for old, new in zip(found["minilm"], found["rolebook"], strict=True)]
        print(f"{what}: {median(ratios):.1f} times as fast (rounds {min(ratios):.1f} to {max(ratios):.1f})")


if __name__ == "__main__":
    main()
