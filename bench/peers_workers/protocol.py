"""How bench/peers.py talks to a system: one JSON object a line on stdin, one answer a line on stdout.

{"do": "build", "texts": FILE.jsonl, "split": BOOL, "first": N, "known": [FILE.jsonl, FILE.npy]}
    -> {"seconds", "passages"}; without "first" all texts, without "known" the system encodes them itself
{"do": "ask", "way": NAME, "questions": [...], "k": N} -> {"rankings": [[id, ...]], "ms": [...], "cpu ms": [...]}
{"do": "show", "way": NAME, "questions": [...], "k": N} -> {"hits": [[[id, text], ...]]}
{"do": "peak"} -> {"mb"}: the most memory that the process has held

A line of FILE.jsonl is {"id", "title", "text"}. With "split" a text is a whole page, which the system cuts in its usual
way; without, it is one passage. This file is read by every system's own Python.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol

Document = dict[str, str]  # id, title, text
Hits = list[tuple[str, str]]  # (document's id, text of the hit), best first
Way = Callable[[str, int], Hits]  # (question, k)


class System(Protocol):
    """A library in its usual configuration."""

    def build(self, documents: list[Document], split: bool) -> int:
        """Indexes the documents; gives the number of passages."""

    def ways(self) -> dict[str, Way]:
        """The ways to ask it, by name."""

    def prepare(self, questions: list[str]) -> None:
        """What a way that leaves out encoding needs beforehand."""

    def model(self) -> tuple[Any, str]:
        """The class that encodes, and the name of its method that takes a list of texts."""


def serve(system: System) -> None:
    """Answers until stdin ends; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(_answer(system, json.loads(line))), file=answers, flush=True)


def _answer(system: System, job: dict[str, Any]) -> dict[str, Any]:
    if job["do"] == "build":
        with open(str(job["texts"]), encoding="utf-8") as file:
            documents = [json.loads(line) for line in file]
        with known(*system.model(), *job["known"]) if job.get("known") else nullcontext():
            begun = time.process_time()
            passages = system.build(documents[: job.get("first")], job["split"])
            return {"seconds": time.process_time() - begun, "passages": passages}
    if job["do"] == "peak":
        return {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    questions, k = job["questions"], job["k"]
    ask = system.ways()[str(job["way"])]
    system.prepare(questions)
    if job["do"] == "show":
        return {"hits": [ask(question, k) for question in questions]}
    rankings, times, cpu = [], [], []
    for question in questions:
        begun, used = time.perf_counter(), time.process_time()
        hits = ask(question, k)
        times.append(1000 * (time.perf_counter() - begun))
        cpu.append(1000 * (time.process_time() - used))
        rankings.append(list(dict.fromkeys(name for name, _ in hits)))
    return {"rankings": rankings, "ms": times, "cpu ms": cpu}


@contextmanager
def known(model: Any, method: str, texts: str, vectors: str) -> Iterator[None]:
    """Lets the model give the stored vectors of these texts for a while; whatever else it is given it encodes."""
    import numpy as np

    with open(texts, encoding="utf-8") as file:
        stored = dict(zip((json.loads(line)["text"] for line in file), np.load(vectors), strict=True))
    encode = getattr(model, method)

    def look_up(self: Any, given: Any, *settings: Any, **named: Any) -> Any:
        if isinstance(given, list | tuple) and all(isinstance(text, str) and text in stored for text in given):
            return np.stack([stored[text] for text in given])
        return encode(self, given, *settings, **named)

    setattr(model, method, look_up)
    yield
    setattr(model, method, encode)
