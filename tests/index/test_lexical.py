"""The lexical leg: words as people write them, and BM25 that equals its formula and brute force."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import K1, B, Bm25Index, LexicalIndex
from index.vectors import Ids
from index.words import words
from ingest.errors import DamagedIndex
from tests.postgres_server import lexical_index

VOCABULARY = ("drift", "model", "data", "incident", "review", "budget")
BUILDS: list[Callable[[Ids, Sequence[str]], LexicalIndex]] = [Bm25Index.build, lexical_index]
TEXTS = st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join), max_size=12)


def textbook(texts: list[str], query: str) -> list[float]:
    """BM25 word by word, as a share of the sum of the idfs of the question's known words."""
    cut = [Counter(words(text)) for text in texts]
    mean = sum(sum(counts.values()) for counts in cut) / len(cut)
    scores, most = [0.0] * len(cut), 0.0
    for word in sorted(set(words(query))):
        df = sum(word in counts for counts in cut)
        if df:
            idf = math.log(1 + (len(cut) - df + 0.5) / (df + 0.5))
            most += idf
            for place, counts in enumerate(cut):
                norm = K1 * (1 - B + B * sum(counts.values()) / mean)
                scores[place] += idf * counts[word] / (counts[word] + norm)
    return [score / most if most else 0.0 for score in scores]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Monitors drift", ["monitor", "drift"]),
        ("the CI/CD pipeline", ["ci", "cd", "cicd", "pipelin"]),
        ("on-call rota", ["call", "oncal", "rota"]),
        ("SRE/Operations", ["sre", "oper"]),
        ("99.9% of 1,000 hosts", ["99.9", "1000", "host"]),
        ("IT runs it", ["it", "run"]),
        ("C++ and R&D", ["c++", "r", "d", "rd"]),
        ("the team's review", ["team", "review"]),
        ("who is it for?", []),
        ('🙂 "AND" OR * \' --', []),
    ],
)
def test_words_are_cut_as_people_write_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize("build", BUILDS)
@given(texts=TEXTS.filter(bool), query=st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join))
def test_scores_are_those_of_the_textbook(
    build: Callable[[Ids, Sequence[str]], LexicalIndex], texts: list[str], query: str
) -> None:
    index = build(np.arange(len(texts)), texts)
    assert index.scores(query, np.arange(len(texts))).tolist() == pytest.approx(textbook(texts, query), abs=1e-5)


@pytest.mark.parametrize("build", BUILDS)
@given(
    texts=TEXTS,
    query=st.lists(st.sampled_from(VOCABULARY), max_size=3).map(" ".join),
    k=st.integers(0, 15),
    allowed=st.none() | st.lists(st.integers(0, 60)),
)
def test_a_filtered_search_equals_brute_force(
    build: Callable[[Ids, Sequence[str]], LexicalIndex],
    texts: list[str],
    query: str,
    k: int,
    allowed: list[int] | None,
) -> None:
    ids = np.arange(len(texts), dtype=np.int64)[::-1] * 3 + 1
    index = build(ids, texts)
    scores, found = index.search(query, k, None if allowed is None else np.array(allowed, dtype=np.int64))
    every = zip(index.scores(query, ids).tolist(), ids.tolist(), strict=True)
    assert index.count(query) == sum(score > 0 for score in index.scores(query, ids).tolist())
    left = [(score, row) for score, row in every if score > 0 and (allowed is None or row in allowed)]
    expected = sorted(left, key=lambda pair: (-pair[0], pair[1]))[:k]
    assert list(zip(scores.tolist(), found.tolist(), strict=True)) == expected


@pytest.mark.parametrize("k", [1, 5, 60, 2000])
def test_among_many_texts_the_best_are_found(k: int) -> None:
    chance = np.random.default_rng(4)
    texts = [" ".join(chance.choice(VOCABULARY, chance.integers(0, 9)).tolist()) for _ in range(5000)]
    index = Bm25Index.build(np.arange(5000), texts)
    every = index.scores("drift of data", np.arange(5000))
    best = np.lexsort((np.arange(5000), -every))[:k]
    scores, found = index.search("drift of data", k)
    assert (found.tolist(), scores.tolist()) == (best.tolist(), every[best].tolist())


@pytest.mark.parametrize("build", BUILDS)
def test_the_text_with_the_rare_word_is_first(build: Callable[[Ids, Sequence[str]], LexicalIndex]) -> None:
    texts = ["Own the data platform", "Own drift monitoring of data", "Own data quality"]
    index = build(np.array([5, 6, 7]), texts)
    scores, ids = index.search("Who monitors drift in data?", 3)
    assert ids[0] == 6
    assert 1 > scores[0] > scores[1] > 0


@pytest.mark.parametrize("build", BUILDS)
def test_ids_are_checked_at_the_door(build: Callable[[Ids, Sequence[str]], LexicalIndex]) -> None:
    with pytest.raises(ValueError, match="distinct"):
        build(np.array([1, 1]), ["a", "b"])
    with pytest.raises(ValueError, match="not in the index"):
        build(np.array([1, 2]), ["drift", "data"]).scores("drift", np.array([3]))


@pytest.mark.parametrize("texts", [[], ["the of"], ["drift", "data drift"]])
def test_a_saved_index_ranks_as_before(texts: list[str], tmp_path: Path) -> None:
    index = Bm25Index.build(np.arange(len(texts)) * 2, texts)
    index.save(tmp_path / "lexical")
    loaded = Bm25Index.load(tmp_path / "lexical")
    assert len(loaded) == len(texts)
    assert [part.tolist() for part in loaded.search("drift", 5)] == [part.tolist() for part in index.search("drift", 5)]


def test_a_truncated_file_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "lexical"
    Bm25Index.build(np.arange(2), ["drift", "data"]).save(path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DamagedIndex, match="rolebook build --rebuild"):
        Bm25Index.load(path)
