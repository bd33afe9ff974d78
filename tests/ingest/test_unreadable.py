"""Unreadable input: a typed error that names the file and the reason, and the other files go on."""

import gzip
import json
from pathlib import Path

import pytest

from ingest.blueprint import RawPage
from ingest.errors import BadInput, UnreadablePage
from ingest.parse import parse
from ingest.read import read_pages

POST = json.dumps({"id": 1, "title": {"rendered": "A"}, "content": {"rendered": "<p>Text of a post.</p>"}})


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "binary"),
        (b"Plain\x00text\x00with\x00zeros", "binary"),
        (POST[:60].encode(), "broken off"),
        (b'{"name": "a package", "version": 1}', "no WordPress post"),
        (b"[1, 2, 3]", "no WordPress post"),
        (b"[]", "no WordPress post"),
        (b'{"name": "a"}\n{"name": "b"}\n', "no WordPress post"),
        (f'{POST}\n{POST}\n{POST[:60]}'.encode(), "broken off .*line 3 "),
        (b'{"content": {"rendered": ""}}', "no WordPress post"),
        (b"<html><head><title>T</title></head><body><script>1</script></body></html>", "no text|without"),
        ("Größe der Übersicht über Maßnahmen".encode("latin-1"), "UTF-8"),
        (b"\xff\xfeodd", "UTF-16|utf-16"),
        (b"x" * (50 * 2**20), "MB"),
        (b'<html><meta charset="utf-32"><p>a</p>\xff</html>', "utf-32"),
    ],
    ids=["empty", "blank", "png", "zeros", "cut json", "no post", "numbers", "no posts", "lines without posts", "cut lines", "empty post", "no text", "latin1", "utf16", "50 MB", "lying"],
)  # fmt: skip
def test_it_says_which_file_and_why(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePage, match=rf"(?s)some/page\.txt: .*(?:{reason})"):
        parse(RawPage("some/page.txt", content))


def test_json_lines_are_posts_too() -> None:
    lines = f"{POST}\n\n{POST.replace('a post', 'another')}\n"
    first, second = parse(RawPage("posts.jsonl", lines.encode())).blueprints
    assert ("Text of a post." in first.text, "Text of another." in second.text) == (True, True)


def test_a_declared_encoding_is_believed() -> None:
    page = '<html><head><meta charset="iso-8859-1"><title>Rôle</title></head><body><p>Une équipe entière.</p></body></html>'
    (found,) = parse(RawPage("page", page.encode("latin-1"))).blueprints
    assert "Une équipe entière." in found.text


@pytest.mark.parametrize("page", [
    '{"id": 1, "title": {"rendered": "A \\ud83d"}, "link": "https://a.example/\\udc00/", "content": {"rendered": "<p>Text \\ud83d\\ude00 \\ud83d of it.</p>"}}',
    '<html><head><script type="application/ld+json">{"@type": "Article", "headline": "A \\ud83d"}</script></head><body><h1>A</h1><p>Text \U0001f600 &#xd83d; of it.</p></body></html>',
], ids=["json", "html"])  # fmt: skip
def test_half_a_surrogate_pair_is_a_replacement_character(page: str) -> None:
    (found,) = parse(RawPage("page", page.encode())).blueprints
    assert "Text \U0001f600 \ufffd of it." in found.text
    assert repr(found).encode()


def test_a_missing_path_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        list(read_pages(tmp_path / "absent"))


def test_a_folder_is_read_sorted_without_hidden_files_and_readme(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.html", ".git/x.txt", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    assert [Path(p.source).name for p in read_pages(tmp_path) if isinstance(p, RawPage)] == ["c.html", "b.txt"]


def test_a_gzipped_page_is_unpacked_and_a_broken_one_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"hello")[:-6])
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"hello"))
    first, second = read_pages(tmp_path)
    assert isinstance(first, UnreadablePage)
    assert isinstance(second, RawPage)
    assert second.content == b"hello"
