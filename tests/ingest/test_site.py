"""What a live site lists: over REST with filters and paging, by its sitemap where REST is off."""

import gzip
import json
from collections.abc import Iterator

import pytest

from ingest.errors import BadInput, FetchError, UnknownName
from ingest.fetch import Fetcher, Limits
from ingest.rest import Api
from ingest.site import Chosen, open_site
from tests.blog import Blog
from tests.webserver import Answer, serving

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


@pytest.fixture
def blog() -> Iterator[Blog]:
    with serving(Blog()) as made:
        assert isinstance(made, Blog)
        yield made


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(allow_private=True, limits=Limits(backoff=0.01, attempts=2)) as made:
        yield made


def numbers(blog, fetcher, at="/", **chosen):
    return [item.number for item in open_site(blog.url + at, fetcher, Chosen(**chosen)).listing()]


def slugs(blog, fetcher, at="/", **chosen):
    site = open_site(blog.url + at, fetcher, Chosen(**chosen))
    assert site.way == "sitemap"
    return [item.source.removeprefix(f"{blog.url}/blog/").rstrip("/") for item in site.listing()]


@pytest.mark.parametrize("where", ["named in the page", "named in the header", "usual", "plain", "given"])
def test_the_api_is_found(blog, fetcher, where):
    at = "/"
    if where == "named in the header":
        link = f'<{blog.url}/wp-json/>; rel="https://api.w.org/"'
        blog.routes["/"] = Answer("<p>no link here</p>", headers={"Link": link})
    elif where == "usual":
        blog.routes["/"] = Answer("<p>no link here</p>")
    elif where == "plain":
        posts = blog.routes.pop("/wp-json/wp/v2/posts")
        front = Answer("<p>no link here</p>")
        blog.routes["/"] = lambda query: posts(query) if query.get("rest_route") == "/wp/v2/posts" else front
    elif where == "given":
        at = "/wp-json/wp/v2/posts?per_page=5"
    assert numbers(blog, fetcher, at) == [1, 2, 3, 4, 5]


def test_every_page_of_a_listing_is_read(blog, fetcher):
    blog.per_page = 2
    assert numbers(blog, fetcher) == [1, 2, 3, 4, 5]
    assert sum("page=" in target and "orderby=id" in target for target in blog.seen) == 3


def test_a_listing_whose_posts_vanish_while_it_is_read_ends(blog, fetcher):
    """The second page of two is gone when it is asked for."""
    blog.per_page = 4
    first = blog.answer("/wp-json/wp/v2/posts?per_page=4&page=1&orderby=id&order=asc")
    del blog.posts[5]
    blog.routes["/wp-json/wp/v2/posts"] = lambda query: first if query.get("page") == "1" else blog._posts(query)
    assert numbers(blog, fetcher, "/wp-json/") == [1, 2, 3, 4]


def test_filters_by_category_search_and_slug(blog, fetcher):
    blog.posts[2].category = blog.posts[5].category = 2
    assert numbers(blog, fetcher, category="data") == [2, 5]
    assert numbers(blog, fetcher, category="2") == [2, 5]
    assert numbers(blog, fetcher, category="data & ai") == [2, 5]
    assert numbers(blog, fetcher, category="data", search="release") == [5]
    assert numbers(blog, fetcher, slug="*-manager") == [1, 5]
    assert numbers(blog, fetcher, slug="*-MANAGER", search="mlops") == [1]


def test_an_unknown_category_proposes_a_near_one(blog, fetcher):
    with pytest.raises(UnknownName, match="'engineering'"):
        open_site(blog.url, fetcher, Chosen(category="enginering"))


def test_a_category_s_page_chooses_that_category(blog, fetcher):
    blog.posts[2].category = 2
    links = (
        f"<link rel='https://api.w.org/' href='{blog.url}/wp-json/' />"
        f"<link rel='alternate' type='application/json' href='{blog.url}/wp-json/wp/v2/categories/2' />"
    )
    blog.routes["/category/data/"] = Answer(f"<html><head>{links}</head></html>")
    assert numbers(blog, fetcher, "/category/data/") == [2]


def test_pages_have_no_category(blog, fetcher):
    with pytest.raises(BadInput, match="--pages"):
        open_site(blog.url, fetcher, Chosen(category="data", pages=True))


def test_protected_posts_and_drafts_are_not_listed(blog, fetcher):
    blog.posts[2].protected = True
    blog.posts[3].status = "draft"
    assert numbers(blog, fetcher) == [1, 4, 5]


def test_a_post_is_a_page_of_its_own(blog, fetcher):
    site = open_site(blog.url, fetcher, Chosen())
    fetched = list(site.fetch(site.listing(), None))
    assert [page.source for _, page in fetched] == [f"{blog.url}/blog/{post.slug}/" for post in blog.posts.values()]
    assert json.loads(fetched[0][1].content)["title"] == {"rendered": "MLOps Manager: Role Blueprint"}
    assert blog.contents_asked() == 1


def test_one_broken_post_costs_only_itself(blog, fetcher):
    blog.faults.broken = {3}
    site = open_site(blog.url, fetcher, Chosen())
    fetched = {item.number: page for item, page in site.fetch(site.listing(), None)}
    assert isinstance(fetched.pop(3), FetchError)
    assert {number: type(page).__name__ for number, page in fetched.items()} == dict.fromkeys((1, 2, 4, 5), "RawPage")


def test_a_site_whose_posts_all_fail_is_given_up(blog, fetcher):
    for number in range(6, 41):
        blog.write(number)
    blog.faults.broken = set(blog.posts)
    site = open_site(blog.url, fetcher, Chosen())
    with pytest.raises(FetchError, match="500"):
        list(site.fetch(site.listing(), None))
    assert blog.contents_asked() == 2 * (1 + 5)  # a batch and five posts, each tried twice


@pytest.mark.parametrize(
    "fault",
    [Answer(status=500), Answer("[{", cut=1), Answer('[{"id": 1', 200), Answer("<p>Oops</p>"), Answer("{}", 403)],
)
def test_a_listing_that_is_not_whole_is_an_error(blog, fetcher, fault):
    blog.per_page, blog.faults.listing, blog.faults.listing_page = 2, fault, 2
    with pytest.raises(FetchError):
        open_site(blog.url, fetcher, Chosen()).listing()


def test_only_what_the_site_does_not_have_when_asked_for_it_is_gone(blog, fetcher):
    site = open_site(blog.url, fetcher, Chosen())
    listed = site.listing()
    del blog.posts[1]
    blog.posts[2].protected = True
    blog.posts[3].status = "draft"
    assert [item.number for item in site.gone(listed)] == [1, 2, 3]


def test_a_link_to_another_site_is_not_believed(blog, fetcher):
    post = dict(blog._json(blog.posts[1], False), link="https://example.org/other/")
    blog.routes["/wp-json/wp/v2/posts"] = Answer(json.dumps([post]), headers={"X-WP-TotalPages": "1"})
    (item,) = open_site(blog.url, fetcher, Chosen()).listing()
    assert item.source == f"{blog.url}/wp-json/wp/v2/posts/1"


def test_routes_are_written_the_way_the_site_does():
    plain = Api(Fetcher(), "https://example.org/index.php?rest_route=/")
    assert plain.address("posts/7") == "https://example.org/index.php?rest_route=%2Fwp%2Fv2%2Fposts%2F7"
    assert Api(Fetcher(), "https://example.org/a/wp-json/").address("posts", {"page": "2"}) == (
        "https://example.org/a/wp-json/wp/v2/posts?page=2"
    )


def test_where_rest_is_off_the_sitemap_is_read(blog, fetcher):
    blog.rest = False
    assert slugs(blog, fetcher)[:2] == ["mlops-manager", "data-engineer"]
    assert slugs(blog, fetcher, slug="*-manager") == ["mlops-manager", "release-manager"]


def test_where_robots_txt_forbids_the_api_the_sitemap_is_read(blog, fetcher):
    blog.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /wp-json/\n")
    assert len(slugs(blog, fetcher)) == 5
    assert blog.asked("/wp-json/wp/v2/posts") == 0


def test_a_passing_failure_of_the_api_is_not_taken_for_its_absence(blog, fetcher):
    blog.routes["/wp-json/wp/v2/posts"] = Answer(status=500)
    with pytest.raises(FetchError, match="500"):
        open_site(blog.url, fetcher, Chosen())


def test_a_sitemap_cannot_be_filtered_by_category(blog, fetcher):
    blog.rest = False
    with pytest.raises(BadInput, match="--slug"):
        open_site(blog.url, fetcher, Chosen(category="data"))


def test_a_sitemap_index_leads_to_its_gzipped_parts_but_not_to_taxonomies(blog, fetcher):
    blog.rest = False
    parts = ("wp-sitemap-posts-post-1.xml.gz", "wp-sitemap-posts-page-1.xml", "wp-sitemap-taxonomies-category-1.xml")
    blog.routes["/robots.txt"] = Answer(f"Sitemap: {blog.url}/map.xml\n")
    blog.routes["/map.xml"] = Answer(
        INDEX.format("".join(f"<sitemap><loc>{blog.url}/{n}</loc></sitemap>" for n in parts))
    )
    for name, slug in zip(parts, ("a-role", "about", "news"), strict=True):
        xml = SITEMAP.format(f"<url><loc>{blog.url}/blog/{slug}/</loc><lastmod>2026-01-01</lastmod></url>").encode()
        blog.routes[f"/{name}"] = Answer(gzip.compress(xml) if name.endswith("gz") else xml)
    assert slugs(blog, fetcher) == ["a-role"]
    assert slugs(blog, fetcher, pages=True) == ["a-role", "about"]


def test_other_hosts_and_the_front_page_are_left_out_of_a_sitemap(blog, fetcher):
    blog.rest = False
    places = ("https://example.org/blog/x/", f"{blog.url}/", f"{blog.url}/blog/mine/", "javascript:alert(1)")
    blog.routes["/sitemap.xml"] = Answer(SITEMAP.format("".join(f"<url><loc>{place}</loc></url>" for place in places)))
    assert slugs(blog, fetcher) == ["mine"]


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("sitemap", [SITEMAP.format("<url>"), BOMB + SITEMAP.format("<url><loc>&b;</loc></url>")])
def test_a_damaged_or_hostile_sitemap_is_an_error(blog, fetcher, sitemap):
    blog.rest = False
    blog.routes["/sitemap.xml"] = Answer(sitemap)
    with pytest.raises(FetchError, match="sitemap"):
        slugs(blog, fetcher)


def test_a_sitemap_index_in_a_circle_ends(blog, fetcher):
    blog.rest = False
    blog.routes["/sitemap.xml"] = Answer(INDEX.format(f"<sitemap><loc>{blog.url}/sitemap.xml</loc></sitemap>"))
    assert slugs(blog, fetcher) == []


def test_a_site_with_neither_is_said(blog, fetcher):
    blog.rest = False
    blog.routes["/sitemap.xml"] = Answer("<p>a page for everything</p>")
    with pytest.raises(FetchError, match="neither"):
        slugs(blog, fetcher)
