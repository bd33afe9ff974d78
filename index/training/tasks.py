"""O*NET's task statements with the activities that its analysts linked to them, the held-out ones left out."""

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.training.hard import Bm25
from index.training.split import held_out, iwa, touches

MINED = 40  # BM25's best that are looked through for negatives


@dataclass(frozen=True, slots=True)
class Task:
    """A task statement of an occupation."""

    task_id: str
    role: str
    text: str
    dwas: frozenset[str]  # detailed work activities


@dataclass(slots=True)
class Tasks:
    """What may be trained on."""

    all: list[Task]
    of_activity: dict[str, list[Task]]
    activities: dict[str, str]  # DWA -> "study scripts to determine project requirements"
    titles: dict[str, tuple[str, ...]]  # role -> its alternate titles
    _of_role: dict[str, list[Task]] = field(default_factory=dict)
    _near: dict[str, list[Task]] = field(default_factory=dict)

    def negative(self, task: Task, rng: random.Random) -> Task:
        """A task of the same role, or one that BM25 takes for alike, of other intermediate activities."""
        same, near = self._of_role[task.role], self._near[task.task_id]
        if near and (len(same) < 4 or rng.random() < 0.5):
            return rng.choice(near)
        apart = [other for other in same if _apart(task, other)]
        return rng.choice(apart or near or self.all)

    def of_another_role(self, task: Task, rng: random.Random) -> Task:
        """A task of another role that BM25 takes for alike, of other intermediate activities."""
        return rng.choice(self._near[task.task_id] or [other for other in self.all if other.role != task.role])

    def mine(self, complete: frozenset[str]) -> None:
        """Finds each task's near misses among the tasks whose labels are all known."""
        pool = [task for task in self.all if task.task_id in complete]
        index = Bm25([task.text for task in pool])
        by_role: dict[str, list[Task]] = defaultdict(list)
        for task in pool:
            by_role[task.role].append(task)
        self._of_role = by_role
        for task in self.all:
            found = (pool[row] for row in index.top(task.text, MINED))
            self._near[task.task_id] = [other for other in found if other.role != task.role and _apart(task, other)]


def read_tasks(data: Path) -> Tasks:
    """The labelled tasks of which no activity is held out, with their negatives mined."""
    held = held_out()
    corpus = {str(row["task_id"]): row for row in read_jsonl(data / "onet" / "corpus.jsonl.gz")}
    tasks: list[Task] = []
    complete = set()
    of_activity: dict[str, list[Task]] = defaultdict(list)
    for row in read_jsonl(data / "onet" / "dwa_labels.dev.jsonl.gz"):
        dwas: list[str] = row["dwa_ids"]
        if touches(dwas, held):
            continue
        task_id = str(row["task_id"])
        task = Task(task_id, str(corpus[task_id]["role"]), str(corpus[task_id]["text"]), frozenset(dwas))
        tasks.append(task)
        complete |= {task_id} if row["complete"] else set()
        for dwa in dwas:
            of_activity[dwa].append(task)
    questions = read_jsonl(data / "onet" / "who_owns.dev.jsonl")
    activities = {
        str(row["query_id"]): str(row["query"]).removeprefix("which roles ").rstrip("?")
        for row in questions
        if row["query_id"] in of_activity
    }
    titles = {
        str(r["title"]): tuple(map(str, r["alternate_titles"])) for r in read_jsonl(data / "onet" / "roles.jsonl.gz")
    }
    found = Tasks(tasks, of_activity, activities, titles)
    found.mine(frozenset(complete))
    return found


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSONL file, gzipped or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _apart(one: Task, other: Task) -> bool:
    return not {iwa(dwa) for dwa in one.dwas} & {iwa(dwa) for dwa in other.dwas}
