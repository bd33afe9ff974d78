"""An updated index is the one that a fresh build would give, and an update costs what has changed."""

import random
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.build import build
from index.generation import Generation
from index.library import Library
from index.remove import remove
from tests.conftest import WordEncoder
from tests.index.conftest import write_json, write_markdown
from tests.index.scenes import snapshot
from tests.index.test_build import CountingEncoder

DUTIES = ("Own drift monitoring", "Run incident reviews", "Plan the budget", "Hire the team", "Write runbooks")
Edit = tuple[str, int, tuple[int, ...]]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["json", "markdown", "delete", "build one", "build all", "remove"]),
        st.integers(0, 4),
        st.lists(st.integers(0, len(DUTIES) - 1), min_size=1, max_size=4, unique=True).map(tuple),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Three hundred posts of four passages each."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(300):
        write_json(folder, f"Role {number} Manager", [f"Own matter {number}-{n} of area {n}" for n in range(4)])
    return folder


def test_one_changed_post_of_three_hundred_encodes_its_changed_passages_only(posts: Path, home: Path) -> None:
    assert build([str(posts)], home, WordEncoder()).encoded == 1200
    duties = ["Own matter 7-0 of area 0", "Own something else", "Own matter 7-2 of area 2", "Own matter 7-3 of area 3"]
    write_json(posts, "Role 7 Manager", duties)
    encoder = CountingEncoder()
    report = build([str(posts)], home, encoder)
    assert (report.changed, report.unchanged, report.encoded, report.reused) == (1, 299, 1, 1199)
    assert {text.rsplit(": ", 1)[-1] for text in encoder.seen} == {"Own something else"}
    write_json(posts, "Role 7 Manager", duties[:1])
    report = build([str(posts)], home, encoder)
    assert (report.encoded, report.passages) == (0, 1197)
    with closing(Library.open(home, WordEncoder())) as library:  # no orphan in any of the three legs
        generation = library.generation
        assert len(generation.vectors) == len(generation.lexical) == 1197
        rows = generation.rows(roles=["Role 7 Manager"])
        assert rows is not None
        assert [passage.text for passage in generation.passages(rows)] == duties[:1]
        best = generation.passages(generation.vectors.search(encoder.encode_query([duties[1]]), 50)[1][0])
        assert duties[1] not in {passage.text for passage in best}
        assert generation.lexical.search("something", 5)[1].tolist() == []


def test_a_deleted_post_is_not_found_from_the_next_query_on(posts: Path, home: Path) -> None:
    for path in sorted(posts.iterdir())[5:]:
        path.unlink()
    build([str(posts)], home, WordEncoder())
    with closing(Library.open(home, WordEncoder())) as library:
        assert [entry.role.split()[1] for entry in library.generation.catalogue()] == ["0", "1", "10", "100", "101"]
        (posts / "role-0-manager.json").unlink()
        build([str(posts)], home, WordEncoder())
        assert library.refresh()
        assert library.generation.manifest.passages == 16
        remove("role 1 manager", home, WordEncoder())
        assert library.refresh()
        generation, question = library.generation, "Own matter 1-0 of area 0"
        near = generation.vectors.search(library.encoder.encode_query([question]), 99)[1][0]
        alike = generation.lexical.search(question, 99)[1]
        found = {passage.role for passage in generation.passages([*near.tolist(), *alike.tolist()])}
        assert found == {"Role 10 Manager", "Role 100 Manager", "Role 101 Manager"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(EDITS)
def test_after_any_edits_the_index_is_that_of_a_fresh_build(edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder, home = root / "pages", root / "home"
        folder.mkdir()
        write_json(folder, "Anchor Manager", ["Stay where it is"])
        build([str(folder)], home, WordEncoder())
        for number, edit in enumerate(edits):
            _do(folder, home, number, edit)
        build([str(folder)], home, WordEncoder())
        fresh = root / "fresh"
        build([str(folder)], fresh, WordEncoder())
        assert snapshot(home) == snapshot(fresh)


def _do(folder: Path, home: Path, number: int, edit: Edit) -> None:
    what, which, chosen = edit
    role, duties = f"Role {which} Manager", [DUTIES[n] for n in chosen]
    path = folder / f"role-{which}-manager.json"
    match what:
        case "json":
            write_json(folder, role, duties)
        case "markdown":
            write_markdown(folder, role, duties)
        case "delete":
            path.unlink(missing_ok=True)
        case "build one" if path.exists():
            build([str(path)], home, WordEncoder())
        case "build all":
            build([str(folder)], home, WordEncoder())
        case "remove":
            with closing(Generation.open(home)) as generation:
                sources = sorted(generation.pages())
            if len(sources) > 1:
                remove(random.Random(number).choice(sources), home, WordEncoder())
