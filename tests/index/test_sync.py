"""Following a live site: the index has what the site has, nothing is lost to a failure, and a run goes on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.build import build
from index.followed import followed_sites
from index.generation import Generation
from index.reports import SyncReport
from index.sync import sync
from ingest.errors import FetchError, ForbiddenAddress, ModelMismatch, NoIndex, StoreError, Unreachable
from ingest.fetch import Limits
from ingest.site import Chosen
from tests.blog import Blog
from tests.conftest import WordEncoder
from tests.index.conftest import write_json
from tests.webserver import Answer, serving

QUICK = Limits(backoff=0.01, attempts=2)


@pytest.fixture
def blog() -> Iterator[Blog]:
    with serving(Blog()) as made:
        assert isinstance(made, Blog)
        yield made


def run(blog: Blog, home: Path, **options: object) -> SyncReport:
    given = {"allow_private": True, "limits": QUICK} | options
    return sync(blog.url, home, WordEncoder(), **given)  # type: ignore[arg-type]


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, gone, failed."""
    return report.new, report.changed, report.unchanged, report.gone, len(report.failed)


def urls(home: Path) -> list[str]:
    with closing(Generation.open(home)) as generation:
        return sorted(entry.url.rpartition("/blog/")[2].strip("/") for entry in generation.catalogue() if entry.url)


def texts(home: Path) -> set[str]:
    with closing(Generation.open(home)) as generation:
        rows = range(1, generation.manifest.passages + 1)
        return {passage.text for passage in generation.passages(rows)}


def test_every_post_of_a_site_comes_in_once(blog, home):
    report = run(blog, home)
    assert counts(report) == (5, 0, 0, 0, 0)
    assert (report.way, report.left, report.blueprints, report.passages, report.encoded) == ("rest", 0, 5, 10, 10)
    assert urls(home) == ["data-engineer", "finops-lead", "mlops-manager", "release-manager", "sre-director"]


def test_nothing_changed_fetches_no_contents_and_makes_no_generation(blog, home):
    run(blog, home)
    before = blog.contents_asked()
    report = run(blog, home)
    assert (counts(report), report.generation, report.encoded) == ((0, 0, 5, 0, 0), 1, 0)
    assert blog.contents_asked() == before


def test_an_edit_fetches_and_encodes_only_what_is_new(blog, home):
    run(blog, home)
    blog.edit(2, "Retire old tables")
    blog.seen.clear()
    report = run(blog, home)
    assert (counts(report), report.encoded) == ((0, 1, 4, 0, 0), 1)
    assert sum("modified_after" in target for target in blog.seen) == blog.contents_asked() == 1
    assert "Retire old tables" in texts(home)


def test_a_new_post_with_an_old_date_is_found(blog, home):
    """A scheduled post keeps the date on which it was last edited; modified_after never shows it."""
    run(blog, home)
    blog.write(9, "Chief Data Officer").modified = "2020-01-01T00:00:00"
    assert counts(run(blog, home)) == (1, 0, 5, 0, 0)
    assert "chief-data-officer" in urls(home)


def test_a_vanished_post_leaves_the_index_and_comes_back(blog, home):
    run(blog, home)
    post = blog.posts.pop(3)
    assert counts(run(blog, home)) == (0, 0, 4, 1, 0)
    assert "sre-director" not in urls(home)
    blog.posts[3] = post
    assert counts(run(blog, home)) == (1, 0, 4, 0, 0)


@pytest.mark.parametrize("change", ["protected", "draft", "another category"])
def test_a_post_that_is_no_longer_for_this_reader_leaves(blog, home, change):
    run(blog, home, chosen=Chosen(category="engineering"))
    post = blog.posts[3]
    post.modified = "2026-03-01T00:00:00"
    if change == "protected":
        post.protected = True
    elif change == "draft":
        post.status = "draft"
    else:
        post.category = 2
    assert counts(run(blog, home, chosen=Chosen(category="engineering"))) == (0, 0, 4, 1, 0)
    assert "sre-director" not in urls(home)


def test_a_renamed_slug_is_one_change(blog, home):
    run(blog, home)
    blog.posts[1].slug, blog.posts[1].modified = "head-of-mlops", "2026-02-01T00:00:00"
    report = run(blog, home)
    assert (counts(report), report.encoded, report.blueprints) == ((0, 1, 4, 0, 0), 0, 5)
    assert "head-of-mlops" in urls(home)
    assert "mlops-manager" not in urls(home)
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)


def test_two_posts_that_swap_their_slugs_are_two_changes(blog, home):
    run(blog, home)
    one, two = blog.posts[1], blog.posts[2]
    one.slug, two.slug = two.slug, one.slug
    one.modified = two.modified = "2026-02-01T00:00:00"
    assert counts(run(blog, home)) == (0, 2, 3, 0, 0)
    assert len(urls(home)) == 5


def test_one_post_under_three_addresses_is_one_blueprint(blog, home):
    run(blog, home)
    rest = f"{blog.url}/wp-json/wp/v2/posts/1"
    blog.routes["/wp-json/wp/v2/posts/1"] = Answer(blog._posts({"include": "1", "_fields": "title"}).content)
    report = build(
        [rest, f"{blog.url}/blog/mlops-manager/", f"{blog.url}/?p=1"], home, WordEncoder(), allow_private=True
    )
    assert (report.failed, report.new, report.changed) == ((), 2, 1)
    assert (report.blueprints, report.duplicates, report.passages) == (5, 2, 10)


def test_a_broken_post_fails_alone_and_keeps_its_last_reading(blog, home):
    run(blog, home)
    blog.edit(2, "Retire old tables")
    blog.edit(4, "Cut the bill")
    blog.faults.broken = {2}
    assert counts(run(blog, home)) == (0, 1, 3, 0, 1)
    assert {"Cut the bill", "Own matter 2 of the platform"} <= texts(home)
    blog.faults.broken = set()
    assert counts(run(blog, home)) == (0, 1, 4, 0, 0)
    assert "Retire old tables" in texts(home)


def test_an_unreadable_post_is_reported_without_being_fetched_again(blog, home):
    blog.posts[2].duties, blog.posts[2].role = [""], ""
    assert counts(run(blog, home)) == (4, 0, 0, 0, 1)
    before = blog.contents_asked()
    report = run(blog, home)
    assert (counts(report), blog.contents_asked()) == ((0, 0, 4, 0, 1), before)
    assert "--full" in str(report.failed[0])


@pytest.mark.parametrize(
    "fault", [Answer(status=500), Answer("[" + " " * 500, cut=9), Answer("[{"), Answer("{}", 404), Answer(status=503)]
)
def test_half_a_listing_never_counts_posts_as_gone(blog, home, fault):
    run(blog, home)
    blog.per_page, blog.faults.listing, blog.faults.listing_page = 2, fault, 2
    del blog.posts[1]
    with pytest.raises(FetchError):
        run(blog, home)
    assert len(urls(home)) == 5
    blog.faults.listing = None
    assert counts(run(blog, home)) == (0, 0, 4, 1, 0)


def test_an_emptied_listing_is_not_believed(blog, home):
    run(blog, home)
    blog.posts.clear()
    with pytest.raises(FetchError, match="lists no post"):
        run(blog, home)
    assert len(urls(home)) == 5


def test_a_listing_that_skips_posts_does_not_lose_them(blog, home):
    """Posts that are deleted while a listing is paged shift the others; those are asked for by number."""
    run(blog, home)
    whole = blog._posts
    blog.routes["/wp-json/wp/v2/posts"] = lambda query: (
        whole({**query, "include": "1,2,3"})
        if query.get("orderby") == "id" and "include" not in query
        else whole(query)
    )
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)
    assert len(urls(home)) == 5


def test_a_sync_that_is_broken_off_goes_on_where_it_was(blog, home):
    for number in range(6, 51):
        blog.write(number)
    blog.faults.contents_left = 1  # twenty of fifty posts, then the line is dead
    with pytest.raises(FetchError):
        run(blog, home)
    with pytest.raises(NoIndex):
        Generation.open(home)
    blog.faults.contents_left = None
    blog.seen.clear()
    assert counts(run(blog, home)) == (50, 0, 0, 0, 0)
    assert blog.contents_asked() == 2  # the thirty that were missing


def test_a_post_that_was_renamed_between_two_halves_of_a_sync_is_there_once(blog, home):
    for number in range(6, 51):
        blog.write(number)
    run(blog, home, max_pages=20)
    blog.edit(1, "A later duty", "2026-02-01T00:00:00")
    blog.posts[1].slug = "later"
    blog.faults.contents_left = 1
    with pytest.raises(FetchError):
        run(blog, home)
    blog.faults.contents_left = None
    report = run(blog, home)
    assert (counts(report), report.blueprints) == ((30, 1, 19, 0, 0), 50)
    assert "mlops-manager" not in urls(home)


def test_a_budget_takes_so_many_and_the_next_run_the_others(blog, home):
    report = run(blog, home, max_pages=2)
    assert (counts(report), report.left) == ((2, 0, 0, 0, 0), 3)
    report = run(blog, home, max_pages=2)
    assert (counts(report), report.left) == ((2, 0, 2, 0, 0), 1)
    assert counts(run(blog, home)) == (1, 0, 4, 0, 0)


def test_a_spent_byte_budget_keeps_what_came(blog, home):
    for number in range(6, 51):
        blog.write(number)
    report = run(blog, home, limits=Limits(backoff=0.01, total_bytes=30_000))
    assert 0 < report.left < 50
    assert (report.new, len(report.failed)) == (50 - report.left, 0)
    assert counts(run(blog, home)) == (report.left, 0, report.new, 0, 0)


def test_full_fetches_everything_again(blog, home):
    run(blog, home)
    blog.posts[2].duties = ["Edited behind the site's back"]
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)
    assert counts(run(blog, home, full=True)) == (0, 1, 4, 0, 0)


def test_other_sources_are_not_touched(blog, home, folder):
    build([str(folder)], home, WordEncoder())
    assert run(blog, home).blueprints == 8
    del blog.posts[4]
    assert run(blog, home).blueprints == 7


def test_a_removed_post_comes_back_with_the_next_sync(blog, home):
    from index.remove import remove

    run(blog, home)
    remove(f"{blog.url}/blog/mlops-manager/", home, WordEncoder())
    assert counts(run(blog, home)) == (1, 0, 4, 0, 0)


def test_two_choices_of_one_site_are_followed_side_by_side(blog, home):
    blog.posts[2].category = 2
    run(blog, home, chosen=Chosen(category="data"))
    assert counts(run(blog, home, chosen=Chosen(slug="data-*"))) == (0, 0, 1, 0, 0)
    blog.posts[2].category = 1
    with pytest.raises(FetchError, match="lists no post"):
        run(blog, home, chosen=Chosen(category="data"))
    blog.write(7, "Data Steward").category = 2
    assert counts(run(blog, home, chosen=Chosen(category="data"))) == (1, 0, 0, 1, 0)
    assert urls(home) == ["data-engineer", "data-steward"]  # the other sync still follows the first
    assert [(site.chosen.category, site.posts) for site in followed_sites(home)] == [("data", 1), (None, 1)]


def test_a_site_without_rest_is_followed_by_its_sitemap(blog, home):
    blog.rest = False
    report = run(blog, home)
    assert (report.way, counts(report)) == ("sitemap", (5, 0, 0, 0, 0))
    before = len(blog.seen)
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)
    assert not [target for target in blog.seen[before:] if target.startswith("/blog/")]
    blog.edit(2, "Retire old tables")
    del blog.posts[3]
    report = run(blog, home)
    assert (counts(report), report.encoded) == ((0, 1, 3, 1, 0), 1)


def test_a_page_that_only_the_sitemap_lost_stays(blog, home):
    blog.rest = False
    run(blog, home)
    blog.routes["/sitemap.xml"] = Answer(blog._sitemap().content.replace(b"/blog/sre-director/", b"/blog/finops-lead/"))
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)
    assert "sre-director" in urls(home)


def test_a_site_that_switches_rest_off_keeps_its_blueprints(blog, home):
    run(blog, home)
    blog.rest = False
    report = run(blog, home)
    assert (report.way, report.blueprints, report.encoded, report.gone) == ("sitemap", 5, 0, 0)
    blog.rest = True
    report = run(blog, home)
    assert (report.way, report.blueprints, report.encoded, report.gone) == ("rest", 5, 0, 0)


def test_an_undated_sitemap_reads_every_page_and_encodes_nothing_twice(blog, home):
    blog.rest = blog.dated = False
    run(blog, home)
    report = run(blog, home)
    assert (counts(report), report.encoded, report.generation) == ((0, 0, 5, 0, 0), 0, 1)


def test_a_protected_page_is_not_taken_from_its_html(blog, home):
    blog.rest = False
    blog.posts[2].protected = True
    run(blog, home)
    assert "data-engineer" not in urls(home)


def test_private_addresses_are_refused_by_default(blog, home):
    with pytest.raises(ForbiddenAddress, match="--allow-private"):
        run(blog, home, allow_private=False)
    with pytest.raises(ForbiddenAddress):
        build([f"{blog.url}/blog/mlops-manager/"], home, WordEncoder())
    assert blog.seen == []


def test_a_dead_site_leaves_the_index(blog, home):
    run(blog, home)
    gone = Blog()
    gone.url = "http://127.0.0.1:9"
    with pytest.raises(Unreachable):
        run(gone, home)
    assert len(urls(home)) == 5


def test_another_encoder_is_refused_before_anything_is_fetched(blog, home, folder):
    build([str(folder)], home, WordEncoder(name="wider", dimension=1024))
    with pytest.raises(ModelMismatch):
        run(blog, home)
    assert blog.seen == []


def test_a_damaged_state_says_what_to_do(blog, home):
    run(blog, home)
    (state,) = (home / "syncs").glob("*/state.sqlite")
    state.write_bytes(b"not a database" * 99)
    with pytest.raises(StoreError, match="rolebook sync"):
        run(blog, home)
    state.unlink()
    assert counts(run(blog, home)) == (0, 0, 5, 0, 0)


def test_a_built_page_of_a_followed_site_is_fetched_by_its_address(blog, home, tmp_path):
    write_json(tmp_path, "Data Engineer")
    report = build([f"{blog.url}/blog/sre-director/", f"{blog.url}/missing"], home, WordEncoder(), allow_private=True)
    assert (report.new, [str(error) for error in report.failed]) == (
        1, [f"{blog.url}/missing: the site answered 404. Check the address."],
    )  # fmt: skip
