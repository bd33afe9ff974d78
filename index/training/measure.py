"""Dense figures of encoders on sets that training did not see, against the first one given."""

import argparse
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log2
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.encoders import Encoder, load_encoder
from index.onnx_encoder import GRAPH, OnnxEncoder
from index.texts import context_text
from index.training.pairs import in_context, role_lines
from index.training.split import held_out, is_held_out
from index.training.tasks import read_jsonl
from ingest.blueprint import Blueprint, Passage
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.passages import passages
from ingest.read import read_pages

K = 10
RESAMPLES = 2000
TITLED = 2000  # characters of a page that its title has to find

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Query:
    """A question, the keys of what answers it, and the key of what is left out of its ranking."""

    text: str
    relevant: frozenset[str]
    without: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """Texts with their keys (a key ranks once, by its best text) and groups, and queries over them."""

    name: str
    texts: list[str]
    keys: list[str]
    groups: list[str]
    queries: list[Query]
    value: Callable[[list[str], frozenset[str]], float]


def ndcg(ranking: list[str], relevant: frozenset[str]) -> float:
    """nDCG@10 with one grade (Järvelin and Kekäläinen 2002)."""
    found = sum(1 / log2(rank + 1) for rank, key in enumerate(ranking, 1) if key in relevant)
    return found / sum(1 / log2(rank + 1) for rank in range(1, min(K, len(relevant)) + 1))


def recall(ranking: list[str], relevant: frozenset[str]) -> float:
    """Recall@10."""
    return len(relevant.intersection(ranking)) / min(K, len(relevant))


def onet_trial(data: Path, name: str) -> Trial:
    """O*NET's queries of which all activities were held out."""
    folder, held = data / "beir" / name, held_out()
    tasks = {
        row["query_id"]: row["dwa_ids"] for row in read_jsonl(data / "onet/similar_responsibilities.dev.queries.jsonl")
    }
    rows = list(read_jsonl(folder / "corpus.jsonl"))
    by_group = json.loads((folder / "set.json").read_text())["judged_by"] == "group"
    qrels: dict[str, set[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, key, _ = line.split("\t")
        qrels.setdefault(query, set()).add(key)
    queries = [
        Query(row["text"], frozenset(qrels[row["_id"]]), row["metadata"].get("exclude_group"))
        for row in read_jsonl(folder / "queries.jsonl")
        if is_held_out(tasks.get(row["_id"], [row["_id"]]), held)
    ]
    groups = [row["metadata"]["group"] for row in rows]
    keys = groups if by_group else [row["_id"] for row in rows]
    return Trial(name, [f"{row['title']}: {row['text']}" for row in rows], keys, groups, queries, ndcg)


def ddat_trial(data: Path) -> Trial:
    """UK skills: roles by their best line; the skills that may not be trained on."""
    texts: list[str] = []
    keys: list[str] = []
    for role in read_jsonl(data / "ddat" / "roles.jsonl"):
        for line in dict.fromkeys(role_lines(role)):
            texts.append(in_context(role["title"], line))
            keys.append(role["id"])
    queries = [
        Query(row["query"], frozenset(relevant["role_id"] for relevant in row["relevant"]))
        for row in read_jsonl(data / "ddat" / "who_needs.dev.jsonl")
    ]
    return Trial("ddat", texts, keys, keys, queries, ndcg)


def question_trial(name: str, pages: Sequence[Path], questions: Path) -> Trial:
    """Labelled questions: the passages that hold an evidence quote, among all passages of the pages."""
    found = [passage for blueprint in _blueprints(pages) for passage in passages(blueprint)]
    queries = []
    for row in read_jsonl(questions):
        relevant = {key for evidence in row["evidence"] for key in _holding(found, evidence["role"], evidence["quote"])}
        if relevant:
            queries.append(Query(row["question"], frozenset(relevant)))
    keys = [str(number) for number in range(len(found))]
    return Trial(name, [context_text(passage) for passage in found], keys, keys, queries, recall)


def title_trial(data: Path) -> Trial:
    """Role pages: a title should find its page's text, from which the title was taken."""
    texts: list[str] = []
    queries: list[Query] = []
    for row in read_jsonl(data / "role_docs" / "manifest.jsonl"):
        if not row["title"]:
            continue
        read = " ".join(blueprint.text for blueprint in _blueprints([data / "role_docs" / row["file"]]))
        text = re.sub(re.escape(row["title"]), " ", read, flags=re.IGNORECASE)[:TITLED]
        if text.strip():
            queries.append(Query(row["title"], frozenset({str(len(texts))})))
            texts.append(text)
    keys = [str(number) for number in range(len(texts))]
    return Trial("role_docs", texts, keys, keys, queries, ndcg)


def score(trial: Trial, encode: Callable[[list[str]], Values], dimension: int | None = None) -> Values:
    """One value a query."""
    documents, questions = (_cut(encode(t), dimension) for t in (trial.texts, [q.text for q in trial.queries]))
    keys, groups = np.array(trial.keys), np.array(trial.groups)
    values = []
    for query, row in zip(trial.queries, questions @ documents.T, strict=True):
        ranked: dict[str, None] = {}
        for place in np.argsort(-row, kind="stable"):
            if groups[place] != query.without:
                ranked[keys[place]] = None
                if len(ranked) == K:
                    break
        values.append(trial.value(list(ranked), query.relevant))
    return np.array(values)


def interval(values: Values, base: Values) -> tuple[float, float]:
    """95 % interval of the mean difference, by resampling the queries (Efron and Tibshirani 1993)."""
    difference = values - base
    picks = np.random.default_rng(1).integers(len(difference), size=(RESAMPLES, len(difference)))
    low, high = np.percentile(difference[picks].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def cached(encoder: Encoder, cache: Path) -> Callable[[list[str]], Values]:
    """Vectors, kept on disk by the model's fingerprint and the texts."""

    def encode(texts: list[str]) -> Values:
        digest = hashlib.sha256("\x1e".join((encoder.fingerprint, *texts)).encode()).hexdigest()[:24]
        path = cache / f"{digest}.npy"
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            np.save(path, encoder.encode_document(texts))
        return np.asarray(np.load(path), dtype=np.float64)

    return encode


def open_encoder(name: str) -> Encoder:
    """A folder with an ONNX graph, or whatever the index takes by name."""
    folder = Path(name)
    return OnnxEncoder(name, folder) if (folder / GRAPH).is_file() else load_encoder(name)


def _cut(rows: Values, dimension: int | None) -> Values:
    rows = rows[:, :dimension]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float64)


def _blueprints(pages: Iterable[Path]) -> Iterator[Blueprint]:
    for path in pages:
        for page in read_pages(path):
            with suppress(UnreadablePage):
                if isinstance(page, UnreadablePage):
                    raise page
                yield from parse(page).blueprints


def _holding(found: Sequence[Passage], role: str, quote: str) -> set[str]:
    """The passages that hold the quote: of that role where one does, else any."""
    plain = [re.sub(r"\W+", " ", text).lower().strip() for text in (quote, *(passage.text for passage in found))]
    holding = [place for place, text in enumerate(plain[1:]) if plain[0] in text]
    own = [place for place in holding if found[place].role.lower() == role.lower()]
    return {str(place) for place in own or holding}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoders", nargs="+", help="folders or names; the first is what the others are compared with")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"), help="folder with pages/ and questions.jsonl")
    parser.add_argument("--cache", type=Path, required=True, help="folder for vectors")
    parser.add_argument("--sets", nargs="*", help="only these")
    parser.add_argument("--dimension", type=int, help="only the first so many dimensions of all but the first encoder")
    args = parser.parse_args()
    seeds = args.data / "seeds"
    made: dict[str, Callable[[], Trial]] = {
        "onet-similar": lambda: onet_trial(args.data, "onet-similar"),
        "onet-who-owns": lambda: onet_trial(args.data, "onet-who-owns"),
        "ddat": lambda: ddat_trial(args.data),
        "seeds": lambda: question_trial("seeds", sorted(seeds.glob("*.txt")), seeds / "questions.jsonl"),
        "corpus": lambda: question_trial("corpus", [args.corpus / "pages"], args.corpus / "questions.jsonl"),
        "role_docs": lambda: title_trial(args.data),
    }
    encoders = {name: cached(open_encoder(name), args.cache) for name in args.encoders}
    for name in args.sets or made:
        trial = made[name]()
        print(f"{name}: {len(trial.queries)} queries, {len(trial.texts)} texts", flush=True)
        base = None
        for encoder, encode in encoders.items():
            values = score(trial, encode, args.dimension if base is not None else None)
            line = f"  {encoder}: {values.mean():.4f}"
            if base is None:
                base = values
            else:
                low, high = interval(values, base)
                change = values.mean() - base.mean()
                line += f"  x{values.mean() / base.mean():.3f}  {change:+.4f} [{low:+.4f}, {high:+.4f}]"
            print(line, flush=True)


if __name__ == "__main__":
    main()
