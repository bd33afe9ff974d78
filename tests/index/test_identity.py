"""Which pages are one post, which of them is kept, and what it is called."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.identity import Candidate, Standing, address, resolve


def candidate(number: int, form: str = "html", ids: str = "abcdefghij", **fields: str | None) -> Candidate:
    """A page of one role; each letter of `ids` is a passage."""
    known = {"blueprint_id": "sre@example.org", "url": "https://example.org/sre/", "modified": "2026-01-01T00:00:00"}
    known |= fields  # type: ignore[arg-type]
    return Candidate(
        number, f"/pages/{number}.{form}", form, known["blueprint_id"], "SRE", known["url"],
        None, known["modified"], frozenset(ids),
    )  # fmt: skip


def kept(standings: dict[int, Standing]) -> dict[int, str]:
    return {number: standing.blueprint_id for number, standing in standings.items() if not standing.duplicate}


def test_the_same_post_in_four_forms_is_kept_as_its_json() -> None:
    loose: dict[str, str | None] = {"blueprint_id": "sre~12345678", "url": None, "modified": None}
    pages = [
        candidate(1, "text", **loose),
        candidate(2, "markdown", **loose),
        candidate(3, "html"),
        candidate(4, "wordpress-json"),
    ]
    standings = dict(resolve(pages))
    assert kept(standings) == {4: "sre@example.org"}
    assert {standing.blueprint_id for standing in standings.values()} == {"sre@example.org"}


def test_a_dated_page_with_an_address_goes_before_a_better_form_without() -> None:
    pages = [candidate(1, "wordpress-json", url=None, modified=None), candidate(2, "html")]
    assert kept(dict(resolve(pages))) == {2: "sre@example.org"}


def test_an_excerpt_never_stands_for_the_whole_post() -> None:
    pages = [candidate(1, "wordpress-json", ids="abc"), candidate(2, "html")]
    assert kept(dict(resolve(pages))) == {2: "sre@example.org"}


def test_the_newer_state_of_an_edited_post_is_kept() -> None:
    pages = [
        candidate(1, "wordpress-json"),
        candidate(2, "html", ids="abcdefghijklmnopqrst", modified="2026-03-01T00:00:00"),
    ]
    assert kept(dict(resolve(pages))) == {2: "sre@example.org"}


def test_two_posts_of_one_role_on_one_host_stay_two() -> None:
    pages = [candidate(1), candidate(2, url="https://example.org/sre-in-banking/", ids="klmnopqrst")]
    assert kept(dict(resolve(pages))) == {1: "sre@example.org", 2: "sre@example.org/sre-in-banking"}


def test_two_roles_of_like_content_stay_two() -> None:
    other = replace(
        candidate(2), role="Site Reliability Engineer", blueprint_id="site-reliability-engineer@example.org"
    )
    assert len(kept(dict(resolve([candidate(1), other])))) == 2


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/?p=12",
        "http://www.example.org/wp-json/wp/v2/posts/12",
        "https://EXAMPLE.org/index.php?rest_route=/wp/v2/posts/12",
        "https://example.org/?utm_source=x&p=12#top",
    ],
)
def test_a_post_has_one_address_in_all_its_spellings(url: str) -> None:
    assert address(url) == "example.org?p=12"


def test_a_front_page_is_no_post() -> None:
    assert address("https://example.org/") is None
    assert address("https://example.org/sre/") == address("http://www.example.org/sre") == "example.org/sre"


@st.composite
def pages(draw: st.DrawFn) -> list[Candidate]:
    slugs = st.sampled_from([None, "https://example.org/a/", "https://example.org/b/", "https://example.com/a/"])
    forms = st.sampled_from(["wordpress-json", "html", "markdown", "text"])
    dates = st.sampled_from([None, "2026-01-01", "2026-02-01"])
    texts = st.sampled_from(["abcdefghij", "abcdefghik", "abcdefghijk", "klmnop", "abc", ""])
    count = draw(st.integers(0, 7))
    return [candidate(n, draw(forms), draw(texts), url=draw(slugs), modified=draw(dates)) for n in range(count)]


@given(found=pages(), data=st.data())
def test_standings_do_not_hang_on_the_order_of_pages(found: list[Candidate], data: st.DataObject) -> None:
    assert resolve(data.draw(st.permutations(found))) == resolve(found)


@given(found=pages())
def test_every_duplicate_points_at_one_kept_blueprint(found: list[Candidate]) -> None:
    standings = dict(resolve(found))
    names = list(kept(standings).values())
    assert len(names) == len(set(names))
    assert standings.keys() == {page.number for page in found}
    assert {standing.blueprint_id for standing in standings.values()} == set(names)


@given(found=pages())
def test_removing_the_kept_page_brings_another_of_its_post_back(found: list[Candidate]) -> None:
    standings = dict(resolve(found))
    for number, standing in standings.items():
        others = [n for n, other in standings.items() if other == Standing(standing.blueprint_id, duplicate=True)]
        if not standing.duplicate and others:
            after = dict(resolve(page for page in found if page.number != number))
            assert any(n in kept(after) for n in others)
