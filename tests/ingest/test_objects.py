"""Pages of an object store, here one in memory, are those of a folder."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.blueprint import RawPage
from ingest.errors import BadInput, UnreadablePage
from ingest.objects import is_object, listed, read_object, root_of
from ingest.recognise import MAX_BYTES

fsspec = pytest.importorskip("fsspec", reason="needs fsspec: pip install -e '.[ray]' -c constraints.txt")
FILES = {
    "a.md": b"# A",
    "deep/b.html.gz": gzip.compress(b"<h1>B</h1>"),
    "README.md": b"about",
    ".git/x.md": b"hidden",
}


@pytest.fixture
def store() -> Iterator[str]:
    memory = fsspec.filesystem("memory")
    for name, content in FILES.items():
        memory.pipe(f"/pages/{name}", content)
    yield "memory://pages"
    memory.rm("/pages", recursive=True)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("s3://bucket/pages", True),
        ("file:///pages", True),
        ("https://example.org/", False),
        ("HTTP://example.org/", False),
        ("pages/a.md", False),
    ],
)
def test_what_is_neither_path_nor_web_address_is_an_object(name: str, is_one: bool) -> None:
    assert is_object(name) is is_one


def test_a_store_lists_what_a_folder_would(store: str) -> None:
    assert listed(store) == ["memory:///pages/a.md", "memory:///pages/deep/b.html.gz"]
    assert listed(f"{store}/deep/") == ["memory:///pages/deep/b.html.gz"]
    assert listed(f"{store}/a.md") == ["memory:///pages/a.md"]
    assert root_of(store) == "memory:///pages"


def test_an_object_is_a_page_unpacked(store: str) -> None:
    pages = [read_object(name) for name in listed(store)]
    assert [page.content for page in pages if isinstance(page, RawPage)] == [b"# A", b"<h1>B</h1>"]
    assert [page.source for page in pages if isinstance(page, RawPage)] == listed(store)


def test_a_packed_object_is_read_to_the_limit_only(store: str) -> None:
    fsspec.filesystem("memory").pipe("/pages/bomb.md.gz", gzip.compress(bytes(2 * MAX_BYTES)))
    page = read_object("memory://pages/bomb.md.gz")
    assert isinstance(page, RawPage)
    assert len(page.content) == MAX_BYTES + 1


def test_what_cannot_be_read_is_that_page_s_error(store: str, tmp_path: Path) -> None:
    fsspec.filesystem("memory").pipe("/pages/half.md.gz", FILES["deep/b.html.gz"][:20])
    for name in ("memory://pages/half.md.gz", "memory://pages/none.md", tmp_path.as_uri()):
        page = read_object(name)
        assert isinstance(page, UnreadablePage)
        assert str(page).startswith(f"{name}: cannot be read (")


@pytest.mark.parametrize("name", ["memory://nothing-here", "nosuch://bucket/pages"])
def test_a_store_that_is_not_there_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match=name):
        listed(name)


@pytest.mark.parametrize("name", ["github://a", "zip://a", "dir://x", "nothing://x"])
def test_what_no_store_can_open_is_bad_input(name: str) -> None:
    with pytest.raises(BadInput, match=f"{name} cannot be opened"):
        listed(name)
