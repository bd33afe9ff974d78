"""Rolebook beside txtai, LangChain, LlamaIndex and Haystack: same machine, texts, questions and MiniLM weights.

    python -m bench.peers --work FOLDER [BEIR_FOLDER...] [--pages FOLDER --questions FILE] [--only NAME...]

BEIR folders that share a corpus share an index. Without any, the sample pages and their questions are taken; `--pages`
and `--questions` name others. Each peer runs in a virtual environment of its own under --work, made on first use from
bench/peers_workers/NAME.txt. Quality first, then latency in rounds that take turns among the systems; each question's
best round counts, since other work on the machine can only slow it. With --encode-once every system is given the
texts' vectors, made once with the same weights, after it has built an index of the first 300 with its own encoding.
Prints Markdown tables; FOLDER/results.json has all figures.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bench.peers_workers.pages import Page, judge, page_texts
from index.encoders import MINILM, load_encoder, minilm_folder
from search.beir import BeirSet, Query, read_beir
from search.evaluate import encoded
from search.metrics import mrr, ndcg, recall

ROOT = Path(__file__).resolve().parent.parent
WORKERS = ROOT / "bench" / "peers_workers"
PEERS = ("txtai", "langchain", "llamaindex", "haystack")
TORCH = "torch==2.13.0"  # first and alone, so that pip takes the build that the machine's index names
# One thread, since several wait for each other where other work holds a core.
SETTINGS = {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False"}
DEPTH = 100  # hits asked for where quality is judged: some belong to the query's own role, or to one role
K = 10
SOME = 300  # texts of a first build
TIMED = 40  # questions of a set that latency is measured on
COSTS = f"""
A query for {K} hits: ms on the clock, then on the processor. Processor seconds to build from the first {SOME} texts and
from all. Peak memory in MB.
"""
Record = dict[str, Any]


@dataclass(slots=True)
class System:
    """A worker process that answers one line for each line it is given."""

    name: str
    process: subprocess.Popen[str]

    @classmethod
    def start(cls, name: str, command: Sequence[str]) -> Self:
        pipe = subprocess.PIPE
        return cls(name, subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ | SETTINGS))

    def do(self, **job: Any) -> Record:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended at {job['do']!r} with {self.process.wait()}; the reason stands above.")
        return dict(json.loads(line))

    def ask(self, way: str, questions: Sequence[str], k: int, do: str = "ask") -> Record:
        return self.do(do=do, way=way, questions=list(questions), k=k)

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def start(name: str, work: Path, encoder: str) -> System:
    """Rolebook in this Python, a peer in its own."""
    script = str(WORKERS / f"with_{name}.py")
    if name == "rolebook":
        return System.start(name, [sys.executable, script, encoder, str(work / "rolebook")])
    return System.start(name, [str(environment(name, work)), script, str(minilm_folder())])


def environment(name: str, work: Path) -> Path:
    """The Python of the peer's virtual environment, made if it is not there."""
    folder = work / name
    python = folder / "bin" / "python"
    ready = folder / "ready"
    if not ready.is_file():
        venv.create(folder, with_pip=True)
        (work / "torch.txt").write_text(f"{TORCH}\n", encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "-q"]
        subprocess.run([*pip, TORCH], check=True)
        subprocess.run([*pip, "-c", str(work / "torch.txt"), "-r", str(WORKERS / f"{name}.txt")], check=True)
        ready.touch()
    return python


def ways_of(name: str, by_group: bool) -> tuple[str, ...]:
    """The ways that quality is judged by, the whole query first."""
    if name == "rolebook":
        return ("roles" if by_group else "search", "dense leg", "lexical leg")
    return {"txtai": ("hybrid",), "langchain": ("FAISS",), "llamaindex": ("vectors",)}.get(
        name, ("hybrid", "embeddings")
    )


def timed_ways(name: str, by_group: bool) -> tuple[str, ...]:
    first = ways_of(name, by_group)[0]
    return (first, f"{first}, encoded", "encoding") if name == "rolebook" else ways_of(name, by_group)


def corpora(folders: Iterable[Path], most: int) -> dict[str, list[BeirSet]]:
    """Sets by the hash of their corpus, each with at most so many queries, evenly spaced."""
    found: dict[str, list[BeirSet]] = {}
    for folder in folders:
        digest = hashlib.sha256((folder / "corpus.jsonl").read_bytes()).hexdigest()
        beir = read_beir(folder)
        queries = beir.queries[:: max(1, -(-len(beir.queries) // most))]
        found.setdefault(digest, []).append(replace(beir, queries=queries))
    return found


def beir_rows(sets: list[BeirSet], options: argparse.Namespace) -> list[Record]:
    """Quality, latency, build and memory of each system on sets that share their texts."""
    texts = options.work / "texts.jsonl"
    write_lines(texts, ({"id": t.text_id, "title": t.title, "text": t.text} for t in sets[0].texts))
    systems: dict[str, System] = {}
    built: dict[str, Record] = {}
    rows: list[Record] = []
    for name in options.only:
        system = systems[name] = start(name, options.work, options.encoder)
        built[name] = {"first": system.do(do="build", texts=str(texts), split=False, first=SOME)["seconds"]}
        files = known(sets[0], options.work) if options.encode_once else None
        built[name] |= system.do(do="build", texts=str(texts), split=False, known=files)
        for beir in sets:
            for way in ways_of(name, beir.judged_by == "group"):
                rows.append({"set": beir.name, "system": name, "way": way, **quality(system, way, beir)})
                note(rows[-1])
        built[name]["mb"] = system.do(do="peak")["mb"]
    for beir in sets:
        times = latency(systems, beir, options.rounds)
        for (name, way), figures in times.items():
            rows.append({"set": beir.name, "system": name, "way": way, **figures, **built[name]})
    for system in systems.values():
        system.stop()
    return rows


def known(beir: BeirSet, work: Path) -> list[str]:
    """The files of all texts alone and after their titles, as Rolebook encodes them, and of their vectors."""
    texts = [text.text for text in beir.texts] + [f"{text.title}: {text.text}" for text in beir.texts]
    write_lines(work / "known.jsonl", ({"text": text} for text in texts))
    vectors = encoded(texts, "minilm document", work / "cache", lambda: load_encoder(MINILM).encode_document(texts))
    np.save(work / "known.npy", vectors)
    return [str(work / "known.jsonl"), str(work / "known.npy")]


def quality(system: System, way: str, beir: BeirSet) -> Record:
    """Means over the set's queries, from the first DEPTH hits."""
    groups = {text.text_id: text.group or "" for text in beir.texts}
    answers = system.ask(way, [query.text for query in beir.queries], DEPTH)["rankings"]
    rankings = [ranking(found, query, groups, beir) for found, query in zip(answers, beir.queries, strict=True)]
    grades = [beir.qrels[query.query_id] for query in beir.queries]
    pairs = list(zip(rankings, grades, strict=True))
    return {
        "ndcg@10": mean(ndcg(found, right, 10) for found, right in pairs),
        "mrr@10": mean(mrr(found, right, 10) for found, right in pairs),
        "recall@50": mean(recall(found, right, 50) for found, right in pairs),
    }


def ranking(found: Sequence[str], query: Query, groups: dict[str, str], beir: BeirSet) -> list[str]:
    """What is judged: texts without those of the query's own group, or groups by their best text."""
    kept = [name for name in found if query.exclude_group is None or groups[name] != query.exclude_group]
    return list(dict.fromkeys(groups[name] for name in kept)) if beir.judged_by == "group" else kept


def latency(systems: dict[str, System], beir: BeirSet, rounds: int) -> dict[tuple[str, str], Record]:
    """p50 and p99 in ms of the first K hits, over each question's best round; the systems take turns."""
    questions = [query.text for query in beir.queries[:: max(1, len(beir.queries) // TIMED)]][:TIMED]
    ways = [(name, way) for name in systems for way in timed_ways(name, beir.judged_by == "group")]
    times: dict[tuple[str, str], list[list[list[float]]]] = {pair: [] for pair in ways}
    for turn in range(rounds + 1):
        for name, way in ways:
            found = systems[name].ask(way, questions, K)
            if turn:  # the first one warms up
                times[name, way].append([found["ms"], found["cpu ms"]])
    return {pair: percentiles(np.min(np.array(found), axis=0)) for pair, found in times.items()}


def percentiles(best: npt.NDArray[np.float64]) -> Record:
    """Of (2, questions): time on the clock and time on the processor."""
    (p50, cpu50), (p99, cpu99) = np.percentile(best, [50, 99], axis=1)
    return {"p50": float(p50), "p99": float(p99), "cpu p50": float(cpu50), "cpu p99": float(cpu99)}


def page_rows(pages: list[Page], questions: list[Record], options: argparse.Namespace) -> list[Record]:
    """Evidence and roles found in the first hits for questions over whole pages."""
    texts = options.work / "pages.jsonl"
    write_lines(texts, ({"id": p.name, "title": "", "text": p.text, "path": p.path} for p in pages))
    asked = [question for question in questions if question["answerable"]]
    rows = []
    for name in options.only:
        system = start(name, options.work, options.encoder)
        built = system.do(do="build", texts=str(texts), split=True)
        for way in ways_of(name, by_group=False):
            hits = system.ask(way, [question["question"] for question in asked], K, do="show")["hits"]
            rows.append({"system": name, "way": way, **judge(asked, hits, pages, name == "rolebook"), **built})
            note(rows[-1])
        system.stop()
    return rows


def write_lines(path: Path, records: Iterable[Record]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def note(row: Record) -> None:
    print(json.dumps(row), file=sys.stderr, flush=True)


def table(rows: Sequence[Record], columns: dict[str, str]) -> str:
    """A Markdown table; figures by their column's format, those that are not there left out."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for row in rows:
        cells = (format(row[name], form) if name in row else "" for name, form in columns.items())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def report(sets: Sequence[BeirSet], rows: Sequence[Record]) -> str:
    """Two tables a set: quality and cost."""
    parts = []
    for beir in sets:
        mine = [row for row in rows if row["set"] == beir.name]
        head = f"### {beir.name}: {len(beir.texts):,} texts, {len(beir.queries)} queries, judged by {beir.judged_by}\n"
        scores = {"system": "", "way": "", "ndcg@10": ".3f", "mrr@10": ".3f", "recall@50": ".3f"}
        costs = {"p50": ".1f", "p99": ".1f", "cpu p50": ".1f", "first": ".1f", "seconds": ".0f", "mb": ".0f"}
        good = table([row for row in mine if "ndcg@10" in row], scores)
        dear = table([row for row in mine if "p50" in row], {"system": "", "way": ""} | costs)
        parts += [head, good, COSTS, dear, ""]
    return "\n".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path, metavar="BEIR_FOLDER")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--only", nargs="+", choices=("rolebook", *PEERS), default=("rolebook", *PEERS))
    parser.add_argument("--encoder", default=MINILM, help="Rolebook's; the peers always have MiniLM")
    parser.add_argument("--encode-once", action="store_true", help="encode the texts of BEIR sets for all, with MiniLM")
    parser.add_argument("--queries", type=int, default=10_000, help="at most, of each set")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    results: Record = {}
    for sets in corpora(options.sets, options.queries).values():
        rows = beir_rows(sets, options)
        results |= {beir.name: [row for row in rows if row["set"] == beir.name] for beir in sets}
        print(report(sets, rows))
    if options.pages or not options.sets:
        options.pages = options.pages or ROOT / "corpus" / "pages"
        questions = options.questions or ROOT / "corpus" / "questions.jsonl"
        asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
        rows = results["pages"] = page_rows(page_texts(options.pages), asked, options)
        print(f"### {len(asked)} questions over whole pages\n")
        columns = {"system": "", "way": "", "evidence@5": ".3f", "evidence@10": ".3f", "role@5": ".3f"}
        print(table(rows, columns | {"passages": "", "letters a hit": ".0f"}))
    (options.work / "results.json").write_text(json.dumps(results, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
