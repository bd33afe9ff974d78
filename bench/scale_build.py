"""Builds of growing size: time and memory by stage, and what opening and asking then cost.

    python -m bench.scale_build WORK_FOLDER ONET_ZIP ESCO_JSONL [--sizes 10000 100000 1000000] [--encoder rolebook]

The pages are O*NET's and ESCO's. Copies of them have other titles, and in each text one word in ten is another of the
same texts, so that no two passages are alike. Without --encoder, words' random vectors are added up, which costs little
and keeps like texts near. Each size is built in a process of its own, and the processor's time counts, since other
work on the machine slows the clock. Memory is what the process held at most while the stage ran (Linux).
"""

import argparse
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.build import update
from index.draft import Draft
from index.encoders import Encoder, Vectors, load_encoder
from index.library import Library
from index.nearest import NearestStore
from index.onnx_encoder import OnnxEncoder
from index.stages import read_page
from index.vectors import FaissStore
from ingest.blueprint import RawPage
from ingest.datasets import read_release
from search.retrieve import retrieve

QUESTIONS = 300
ROUNDS = 3
CHANGED = 0.1  # of a copy's words
WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class SumOfWords:
    """Each word has a random vector of its own; a text is their sum."""

    name: str = "sum-of-words"
    dimension: int = 384
    fingerprint: str = ""
    table: Vectors = field(
        default_factory=lambda: np.random.default_rng(1).standard_normal((1 << 14, 384), dtype=np.float32)
    )

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        for place, text in enumerate(texts):
            words = [zlib.crc32(word.encode()) % len(self.table) for word in text.lower().split()]
            self.table[words or [0]].sum(axis=0, out=rows[place])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@dataclass
class Clock:
    """What the stages took, the inner ones left out of the outer."""

    spent: dict[str, list[float]] = field(default_factory=dict)  # processor s, clock s, MB at most
    inner: list[list[float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        begun = (time.process_time(), time.perf_counter())
        forget_peak()
        self.inner.append([0.0, 0.0])
        try:
            yield
        finally:
            own = [time.process_time() - begun[0], time.perf_counter() - begun[1]]
            within = self.inner.pop()
            if self.inner:
                self.inner[-1] = [a + b for a, b in zip(self.inner[-1], own, strict=True)]
            total = self.spent.setdefault(name, [0.0, 0.0, 0.0])
            total[0] += own[0] - within[0]
            total[1] += own[1] - within[1]
            total[2] = max(total[2], peak())

    def time(self, owner: Any, function: str, name: str) -> None:
        """Counts each call of a function to a stage."""
        real: Callable[..., Any] = getattr(owner, function)

        def timed(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return real(*arguments, **named)

        setattr(owner, function, timed)


def forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak() -> float:
    """MB held at most since `forget_peak`."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else 0.0


def held() -> tuple[float, float]:
    """MB that are this process's own, and those with mapped files."""
    fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
    page = resource.getpagesize() / 2**20
    return (int(fields[1]) - int(fields[2])) * page, int(fields[1]) * page


def originals(onet: Path, esco: Path) -> list[RawPage]:
    """The real pages in an order without system, the same each time."""
    pages = [*read_release("onet", onet).pages, *read_release("esco", esco).pages]
    random.Random(1).shuffle(pages)
    return pages


def many(pages: Sequence[RawPage], size: int) -> Iterator[RawPage]:
    """Pages of about `size` passages: the real ones first, then copies with other words."""
    sample = [read_page(page) for page in pages[:200]]
    mean = np.mean([len(cut.passages) for read in sample for cut in getattr(read, "blueprints", ())])
    words = [word for page in pages[:200] for word in WORD.findall(page.content.decode())]
    chance = random.Random(2)
    for number in range(round(size / float(mean))):
        turn, page = number // len(pages), pages[number % len(pages)]
        yield page if not turn else copied(page, turn, words, chance)


def copied(page: RawPage, turn: int, words: Sequence[str], chance: random.Random) -> RawPage:
    record = {
        name: value if name in ("rolebook_role", "code", "release", "job_zone") else changed(value, words, chance)
        for name, value in json.loads(page.content).items()
    }
    record["title"] = f"{json.loads(page.content)['title']} {turn}"
    content = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return RawPage(f"{page.source}/{turn}", content, page.media_type, page.fetched_at)


def changed(value: Any, words: Sequence[str], chance: random.Random) -> Any:
    """The texts of a record, each with other words in places."""
    if isinstance(value, str) and " " in value:
        return " ".join(chance.choice(words) if chance.random() < CHANGED else word for word in value.split(" "))
    if isinstance(value, list):
        return [changed(item, words, chance) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name in ("id", "type", "hot", "in_demand") else changed(item, words, chance)
            for name, item in value.items()
        }
    return value


def measured(options: argparse.Namespace, size: int) -> dict[str, Any]:
    """One build in this process, and questions to it."""
    home = options.work / f"home-{size}"
    shutil.rmtree(home, ignore_errors=True)
    encoder: Encoder = load_encoder(options.encoder) if options.encoder else SumOfWords()
    encoder.encode_document(["warm"])
    pages = originals(options.onet, options.esco)
    clock, runs = Clock(), count_runs()
    clock.time(type(encoder), "encode_document", "encode")
    clock.time(Draft, "settle", "ids and rows")
    clock.time(Draft, "embed", "vectors")
    clock.time(Draft, "_write_lexical", "words")
    clock.time(NearestStore, "over", "lists")
    clock.time(Draft, "seal", "seal")
    made = list(many(pages, size)) if size <= 100_000 else many(pages, size)
    with clock.stage("pages"):
        report = update(timed_pages(made, clock), home, encoder, lambda page: False)
    files = {path.name: path.stat().st_size for path in (home / "generations" / "1").iterdir()}
    stages = {name: list(values) for name, values in clock.spent.items()}
    told = {"passages": report.passages, "stages": stages, "files": files, "runs": runs[0]}
    return told | asked(home, encoder, pages)


def timed_pages(pages: Sequence[RawPage] | Iterator[RawPage], clock: Clock) -> Iterator[RawPage]:
    """The pages, what making them takes counted apart."""
    stream = iter(pages)
    while True:
        with clock.stage("(making the copies)"):
            page = next(stream, None)
        if page is None:
            return
        yield page


def count_runs() -> list[float]:
    """Processor seconds that the encoder's graph takes from now on, in all threads."""
    spent = [0.0]
    real = OnnxEncoder._run

    def run(self: OnnxEncoder, ids: Any) -> Any:
        begun = time.thread_time()
        found = real(self, ids)
        spent[0] += time.thread_time() - begun
        return found

    OnnxEncoder._run = run  # type: ignore[method-assign]
    return spent


def asked(home: Path, encoder: Encoder, pages: Sequence[RawPage]) -> dict[str, Any]:
    begun = time.perf_counter()
    library = Library.open(home, encoder)
    opened = time.perf_counter() - begun
    with closing(library):
        vectors, questions = library.generation.vectors, questions_of(pages)
        begun = time.perf_counter()
        retrieve(library, questions[0])
        first = time.perf_counter() - begun
        whole = best_ms(lambda question: retrieve(library, question), questions)
        rows = encoder.encode_query(questions)
        dense = best_ms(lambda row: vectors.search(row, 10), list(rows))
        told = {"open": opened, "first": first, "query": whole, "dense": dense, "held": held()}
        if isinstance(vectors, NearestStore):
            exact = FaissStore.load(library.generation.folder / "vectors.faiss")
            told["recall@10"] = recall(vectors.search(rows, 10)[0], exact.search(rows, 10)[0])
        return told


def recall(found: Vectors, right: Vectors) -> float:
    """The share of hits that score as much as the exact tenth, whichever of equal ones they are."""
    return float(np.mean(found >= right[:, -1:]))


def questions_of(pages: Sequence[RawPage]) -> list[str]:
    """Sentences of real pages with every fourth word left out."""
    found = [cut.passages[len(cut.passages) // 2][6] for page in pages for cut in read_page(page).blueprints]  # type: ignore[union-attr]
    texts = [" ".join(w for n, w in enumerate(str(text)[:200].split()) if n % 4 != 3) for text in found]
    return [text for text in texts if text.count(" ") > 3][:: max(1, len(texts) // QUESTIONS)][:QUESTIONS]


def best_ms(ask: Callable[[Any], object], questions: Sequence[Any]) -> tuple[float, float]:
    """p50 and p99 of each question's best round."""
    times = np.empty((ROUNDS, len(questions)))
    for turn in range(ROUNDS):
        for place, question in enumerate(questions):
            begun = time.perf_counter()
            ask(question)
            times[turn, place] = 1000 * (time.perf_counter() - begun)
    p50, p99 = np.percentile(times.min(axis=0), [50, 99])
    return float(p50), float(p99)


def show(told: Mapping[str, Any]) -> None:
    passages, stages = told["passages"], told["stages"]
    ours = {name: values for name, values in stages.items() if name != "(making the copies)"}
    print(f"\n{passages:,} passages\n\n| stage | processor s | µs a passage | clock s | MB at most |\n|" + " --- |" * 5)
    for name, (cpu, clock, most) in stages.items():
        print(f"| {name} | {cpu:.1f} | {1e6 * cpu / passages:.0f} | {clock:.1f} | {most:.0f} |")
    encoding, all_cpu = stages["encode"], sum(cpu for cpu, _, _ in ours.values())
    all_clock = sum(clock for _, clock, _ in ours.values())
    print(f"\nwithout encoding: {1e6 * (all_cpu - encoding[0]) / passages:.0f} µs of processor a passage")
    shares = (encoding[0] / all_cpu, encoding[1] / all_clock, told["runs"] / all_cpu)
    print("encoding is {:.3f} of processor time, {:.3f} of clock time; its graph alone {:.3f}".format(*shares))
    print("files, MB: " + ", ".join(f"{name} {size / 1e6:.0f}" for name, size in told["files"].items()))
    own, mapped = told["held"]
    print(f"open {told['open']:.2f} s, first query {1000 * told['first']:.0f} ms, {own:.0f} MB, with maps {mapped:.0f}")
    print(f"query p50 / p99 ms: {told['query'][0]:.1f} / {told['query'][1]:.1f}, vectors alone", end=" ")
    print(f"{told['dense'][0]:.1f} / {told['dense'][1]:.1f}, recall@10 {told.get('recall@10', 1.0):.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("onet", type=Path)
    parser.add_argument("esco", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--encoder")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measured(options, options.sizes[0])))
        return
    for size in options.sizes:
        command = [sys.executable, "-m", "bench.scale_build", *sys.argv[1:4], "--sizes", str(size), "--here"]
        more = ["--encoder", options.encoder] if options.encoder else []
        ran = subprocess.run([*command, *more], stdout=subprocess.PIPE, check=True, text=True)
        show(json.loads(ran.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
