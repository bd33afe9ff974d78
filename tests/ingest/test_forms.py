"""Same page, same passages: one blueprint rendered in every form, with noise, reads the same."""

from hypothesis import HealthCheck, given, settings

from ingest.blueprint import Blueprint, RawPage, walk
from ingest.parse import parse
from ingest.passages import passages
from tests.pages import pages
from tests.render import Page, as_broken_markdown, as_json, as_markdown, as_other_layout, as_text, with_text_noise
from tests.webpages import ALL_NOISE, THEMES, as_html

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read(text: str) -> Blueprint:
    (blueprint,) = parse(RawPage("page", text.encode())).blueprints
    return blueprint


def ids(text: str) -> list[str]:
    return [p.passage_id for p in passages(read(text))]


@SLOW
@given(page=pages())
def test_markdown_gives_the_passages_of_the_rest_reply(page: Page) -> None:
    assert ids(as_markdown(page)) == ids(as_json(page))


@SLOW
@given(page=pages(least=12))
def test_html_gives_the_passages_of_the_rest_reply_in_every_theme(page: Page) -> None:
    expected = ids(as_json(page))
    for theme in THEMES:
        assert ids(as_html(page, theme, advert=False)) == expected


@SLOW
@given(page=pages(tables=False))
def test_text_gives_the_passages_of_the_rest_reply(page: Page) -> None:
    assert ids(with_text_noise(as_text(page))) == ids(as_json(page))


@SLOW
@given(page=pages(tables=False))
def test_an_extraction_without_title_gives_the_same_texts_under_the_same_paths(page: Page) -> None:
    def content(text: str) -> list[tuple[tuple[str, ...], str]]:
        return [(p.path, p.text) for p in passages(read(text))]

    assert content(as_broken_markdown(page)) == content(as_json(page))


@SLOW
@given(page=pages())
def test_every_block_and_passage_stands_at_its_offsets(page: Page) -> None:
    for text in (
        as_json(page),
        as_html(page),
        as_markdown(page),
        as_text(page),
        as_broken_markdown(page),
        as_other_layout(page),
    ):
        blueprint = read(text)
        for _, section in walk(blueprint.sections):
            for block in section.blocks:
                assert blueprint.text[block.start : block.end] == block.text
        for passage in passages(blueprint):
            assert blueprint.text[passage.start : passage.end] == passage.text


@SLOW
@given(page=pages(tables=False))
def test_passage_ids_are_unique_on_a_page(page: Page) -> None:
    found = ids(as_json(page))
    assert len(found) == len(set(found))


@SLOW
@given(page=pages(least=12))
def test_no_noise_of_any_theme_is_left(page: Page) -> None:
    for theme in THEMES:
        text = read(as_html(page, theme)).text
        assert [n for n in ALL_NOISE if n in text] == []
