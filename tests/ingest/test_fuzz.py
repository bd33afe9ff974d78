"""No input raises anything but the typed errors, and offsets hold in whatever was understood."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.blueprint import Blueprint, RawPage, walk
from ingest.errors import UnreadablePage
from ingest.parse import parse
from ingest.passages import passages

thoroughly = settings(max_examples=150, deadline=None)

WORDS = (
    "Owns", "drift", "monitoring", "Mission:", "KPIs", "3)", "1.", "- ", "– ", "|", "a | b", "Importance: Critical", "&amp;",
    "&#0;", "&#xD800;", "\x00", "\x1b[0m", "\u2028", "\x85", "\ufeff", "\u200b", "\ud7ff", "é", "漢字", "👩‍💻", "İ", "ß",
    "https://example.org/a?b=c", "Role Blueprint", "Senior", ":", "…", ".", "*", "_", "`", "<", ">", "[", "]", "(", ")", "!",
    "{{", "}}", "{%", "%}", "{:toc}", "\\", "~~~", "#", "=====", "-----", "\t", "\u00a0", "\r",
)  # fmt: skip
TAGS = (
    "div", "p", "ul", "ol", "li", "table", "tr", "td", "th", "h1", "h2", "h3", "h6", "br", "b", "strong", "dl", "dt", "dd",
    "pre", "code", "blockquote", "a", "article", "main", "nav", "script", "style", "svg", "template", "span", "body", "html",
    "head", "title", "figure", "details", "summary", "select", "option", "textarea", "plaintext", "math", "caption", "hr",
)  # fmt: skip
KEYS = (
    "title",
    "name",
    "id",
    "summary",
    "levels",
    "role",
    "content",
    "rendered",
    "link",
    "date",
    "x",
    "tasks",
    "rolebook_role",
)


def pieces(*parts: st.SearchStrategy[str], most: int = 30, glue: str = " ") -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*parts), max_size=most).map(glue.join)


words = st.one_of(st.sampled_from(WORDS), st.text(max_size=8))
phrases = pieces(words, most=8)
attributes = st.sampled_from(
    (
        "",
        " class='entry-content'",
        " hidden",
        " start='99999999999'",
        " value=-3",
        " href='#a'",
        " rowspan=99",
        " style='display:none'",
        " =",
        ' "',
    )
)
tags = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), attributes),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(
        ("<!--", "-->", "<!doctype html>", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "<", "</", "&", "&lt;")
    ),
)
html = pieces(tags, tags, phrases, most=60, glue="")
line_starts = st.sampled_from(
    ("", "", "# ", "## ", "###### ", "- ", "  - ", "      * ", "1. ", "3) ", "> ", "> > ", "| ", "|---|---|", "```", "    ",
     "---", "===", "[a]: ", "![", "{% ", "<div>", "title: ", "– ", "  – ", "• ", "\t", ":::")
)  # fmt: skip
lines = st.lists(st.builds("{}{}".format, line_starts, phrases), max_size=30).map("\n".join)
scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), phrases, html)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)
yaml_lines = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(("", "", "  ", "    ", "- ", "  - ", "? ")),
        st.sampled_from((*(f"{key}: " for key in KEYS), "&a ", "*a", "<<: *a", "!!python/object:os.system ", "|\n", ">-\n", "[", "]", "{", "}", "'", '"', "---\n", "...\n", "%YAML 1.1\n")),
        phrases,
    ),
    max_size=20,
).map("\n".join)  # fmt: skip


def check(content: bytes | str, media_type: str | None = None) -> None:
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    try:
        reading = parse(RawPage("page", raw, media_type))
    except UnreadablePage as error:
        if not str(error).startswith("page:"):
            raise
        return
    for blueprint in reading.blueprints:
        check_offsets(blueprint)


def check_offsets(blueprint: Blueprint) -> None:
    for _, section in walk(blueprint.sections):
        for block in section.blocks:
            assert blueprint.text[block.start : block.end] == block.text
    cut = passages(blueprint)
    assert len({passage.passage_id for passage in cut}) == len(cut)
    for passage in cut:
        assert passage.text
        assert blueprint.text[passage.start : passage.end] == passage.text
    json.dumps(blueprint.text, ensure_ascii=False).encode()


@thoroughly
@given(
    st.binary(max_size=400),
    st.sampled_from((None, "text/html; charset=utf-7", "text/plain; charset=hex", "text/html; charset=koi8-r")),
)
def test_any_bytes(content: bytes, media_type: str | None) -> None:
    check(content, media_type)


@thoroughly
@given(st.one_of(st.text(), phrases, lines))
@example("\x1c".join(["# a", "- b"]))
@example("- \n- x\n\n– ")
def test_any_text(content: str) -> None:
    check(content)


@thoroughly
@given(html, st.sampled_from(("", "<!doctype html>", "<html><body><article>", "<div>")))
def test_any_html(content: str, start: str) -> None:
    check(start + content)


@thoroughly
@given(
    st.one_of(
        lines,
        st.builds("---\n{}\n---\n{}".format, yaml_lines, lines),
        st.builds("# {}\n{}\n{}".format, phrases, html, lines),
    )
)
def test_any_markdown(content: str) -> None:
    check(content)


@thoroughly
@given(
    yaml_lines,
    st.sampled_from(("title: Data Engineer\nlevels:\n- a\n- b\n- c\n- d\n", "a: &a [1, 2]\nb: *a\nc: d\n", "")),
)
def test_any_yaml(content: str, start: str) -> None:
    check(start + content)


@thoroughly
@given(values)
def test_any_json(value: object) -> None:
    check(json.dumps(value))


@thoroughly
@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("title", "content", "link", "date_gmt", "modified", "id"), values)
    ),
    html,
    phrases,
)
def test_any_rest_reply(post: dict[str, object], content: str, title: str) -> None:
    check(json.dumps([{**post, "title": {"rendered": title}, "content": {"rendered": content}}, post]))


@thoroughly
@given(
    st.sampled_from(("onet", "esco", "ddat", "other", None, [])),
    st.dictionaries(
        st.sampled_from(("title", "description", "code", "id", "uri", "tasks", "technology", "levels", "skills", "job_zone", "alternate_titles", "release")),
        st.one_of(values, st.lists(st.dictionaries(st.sampled_from(("text", "type", "name", "category", "level", "skill", "description", "skills", "hot")), values))),
    ),
)  # fmt: skip
def test_any_record_of_a_data_set(dataset: object, record: dict[str, object]) -> None:
    check(json.dumps({"rolebook_role": dataset, **record}, separators=(",", ":")))


SAMPLE = json.dumps(
    {
        "title": {"rendered": "MLOps Manager &#8211; Role Blueprint"},
        "link": "https://example.org/mlops-manager/",
        "content": {
            "rendered": "<h2>1) Mission</h2><p>Own drift.</p><ul><li>Plan:<ul><li>a</li></ul></li></ul><table><tr><td>a<td>b</table>"
        },
    }
).encode()


@thoroughly
@given(
    st.sampled_from((SAMPLE, b"---\ntitle: A\n---\n## Duties\n- b\n  - c\n\n| a | b |\n|---|---|\n| c | d |\n", b"name: A\nlevels:\n  - id: x\n    name: Y\n    summary: |\n      z\n")),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 3), st.binary(max_size=6)), max_size=4),
)  # fmt: skip
def test_any_mutation_of_a_good_page(content: bytes, edits: list[tuple[int, int, bytes]]) -> None:
    for at, cut, added in edits:
        content = content[:at] + added + content[at + cut :]
    check(content)
