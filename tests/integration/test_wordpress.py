"""Following a real WordPress of 300 posts through a life: edits, deletions, drafts, passwords, renames, faults.

The tests run in the order of this file and share one site and one home, as days of one blog.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.build import build
from index.generation import Generation
from index.reports import SyncReport
from index.sync import sync
from ingest.errors import FetchError
from ingest.fetch import Limits
from ingest.site import Chosen
from tests.conftest import WordEncoder

TOOLS = Path(__file__).resolve().parents[3] / "shared" / "tools" / "wordpress"
PACKAGE = Path("/usr/share/wordpress/wp-load.php")  # where Debian puts it
SKIP = (
    "needs the start script ../shared/tools/wordpress/up.sh"
    if not (TOOLS / "up.sh").is_file()
    else "needs Debian's WordPress and root; ROLEBOOK_TEST_WORDPRESS=1 installs and runs it"
    if os.geteuid() != 0 or not (PACKAGE.is_file() or os.environ.get("ROLEBOOK_TEST_WORDPRESS") == "1")
    else ""
)
pytestmark = [pytest.mark.wordpress, pytest.mark.skipif(bool(SKIP), reason=SKIP)]

LEVELS = ("Junior", "Senior", "Staff", "Principal", "Lead", "Associate")
FIELDS = ("Data", "Platform", "Security", "Network", "Payments", "Search", "Mobile", "Cloud", "Quality", "Analytics")
CRAFTS = ("Engineer", "Architect", "Analyst", "Manager", "Consultant")
TITLES = [f"{level} {name} {craft}" for craft in CRAFTS for name in FIELDS for level in LEVELS]  # 300
VANISHED = ("senior-data-engineer", "junior-cloud-analyst", "senior-cloud-analyst", "staff-cloud-analyst")
FAULTS = """<?php
$uri = $_SERVER['REQUEST_URI'] ?? '';
if (is_file(__DIR__ . '/rest-off') && PHP_SAPI !== 'cli')
    add_filter('rest_authentication_errors', fn() => new WP_Error('rest_off', 'off', ['status' => 401]));
$fault = @file_get_contents(__DIR__ . '/fault');
if ($fault && strpos($uri, '/wp/v2/posts') !== false && strpos($uri, explode(' ', $fault)[1]) !== false) {
    [$kind, $where, $left] = explode(' ', $fault);
    if ($left > 0) {
        file_put_contents(__DIR__ . '/fault', "$kind $where " . ($left - 1));
        if ($kind === '500') { http_response_code(500); exit('critical error'); }
        if ($kind === 'cut') { header('Content-Length: 90000'); exit('[{"id":'); }
        if ($kind === 'slow') sleep(4);
    }
}
"""


@dataclass(frozen=True)
class WordPress:
    folder: Path
    url: str

    def php(self, code: str) -> str:
        script = [TOOLS / "post.sh", self.folder, code]
        return subprocess.run(script, check=True, capture_output=True, text=True, timeout=60).stdout

    def post(self, title: str) -> int:
        return int(self.php(f"echo get_page_by_title('{title}: Role Blueprint', OBJECT, 'post')->ID;"))

    def plugin_file(self, name: str) -> Path:
        return self.folder / "site" / "wp-content" / "mu-plugins" / name

    def plugin(self, name: str, content: str | None) -> None:
        path = self.plugin_file(name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(content) if content is not None else path.unlink(missing_ok=True)


def content(title: str) -> str:
    duties = "".join(
        f"<li>{verb} the {title.lower()} work of week {n}</li>" for n, verb in enumerate(["Plan", "Do"] * 8)
    )
    rows = "".join(f"<tr><td>{title} metric {n}</td><td>{n}0%</td><td>Weekly</td></tr>" for n in range(1, 9))
    return (
        f"<h2>1) Role Summary</h2><p>The {title} serves the company &amp; its customers.</p>"
        f"<h2>3) Core Responsibilities</h2><h3>Operational responsibilities</h3><ol>{duties}</ol>"
        f"<h2>7) KPIs</h2><table><tr><th>Metric</th><th>Target</th><th>Frequency</th></tr>{rows}</table>"
    )


def posts() -> Iterator[dict[str, str]]:
    for n, title in enumerate(TITLES):
        slug = f"{title.lower().replace(' ', '-')}-role-blueprint"
        category = "Data" if " Data " in title else "Engineering"
        date = f"2025-{n % 12 + 1:02}-{n % 28 + 1:02} 10:00:00"
        yield {
            "title": f"{title}: Role Blueprint",
            "slug": slug,
            "content": content(title),
            "category": category,
            "date": date,
        }
    for n in range(3):
        yield {
            "title": f"Draft {n}: Role Blueprint",
            "slug": f"draft-{n}",
            "content": content("Draft"),
            "status": "draft",
        }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    folder = tmp_path_factory.mktemp("wordpress")
    listed = folder / "posts.jsonl"
    listed.write_text("\n".join(json.dumps(post) for post in posts()))
    port = free_port()
    with (folder / "up.log").open("w") as log:
        script = [TOOLS / "up.sh", folder, str(port), listed]
        subprocess.run(script, check=True, stdout=log, stderr=log, timeout=900)
    try:
        made = WordPress(folder, f"http://127.0.0.1:{port}")
        made.plugin("faults.php", FAULTS)
        yield made
    finally:
        os.killpg(
            int((folder / "web.pid").read_text()), signal.SIGTERM
        )  # the script ends only the first of its workers
        subprocess.run([TOOLS / "down.sh", folder], check=True)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def run(site: WordPress, home: Path, limits: Limits | None = None, **options: object) -> SyncReport:
    start = time.perf_counter()
    report = sync(site.url, home, WordEncoder(), allow_private=True, limits=limits, **options)  # type: ignore[arg-type]
    print(f"{time.perf_counter() - start:.2f} s, {report.requests} requests, {report.fetched / 2**20:.2f} MB: {report}")
    return report


def counts(report: SyncReport) -> tuple[int, int, int, int, int]:
    """New, changed, unchanged, gone, failed."""
    return report.new, report.changed, report.unchanged, report.gone, len(report.failed)


def addresses(home: Path) -> set[str]:
    with closing(Generation.open(home)) as generation:
        return {str(entry.url) for entry in generation.catalogue()}


def test_a_first_sync_brings_all_published_posts(site, home):
    report = run(site, home)
    assert counts(report) == (300, 0, 0, 0, 0)
    assert (report.way, report.blueprints, report.requests) == ("rest", 300, 21)
    assert not any("draft" in url for url in addresses(home))


def test_a_second_sync_fetches_no_post(site, home):
    report = run(site, home)
    assert (counts(report), report.encoded, report.generation) == ((0, 0, 300, 0, 0), 0, 1)


def test_a_day_of_edits_deletions_drafts_passwords_and_renames(site, home):
    edited, renamed = site.post("Junior Data Engineer"), site.post("Senior Data Engineer")
    deleted, drafted, locked = (site.post(f"{level} Cloud Analyst") for level in ("Junior", "Senior", "Staff"))
    new = json.dumps(content("Chief Data Officer"))
    site.php(
        f"$p = get_post({edited}); wp_update_post(wp_slash(['ID' => {edited}, 'post_content' =>"
        " str_replace('</ol>', '<li>Retire old tables</li></ol>', $p->post_content)]));"
        f"wp_update_post(['ID' => {renamed}, 'post_name' => 'the-senior-data-engineer']);"
        f"wp_delete_post({deleted}, true); wp_update_post(['ID' => {drafted}, 'post_status' => 'draft']);"
        f"wp_update_post(['ID' => {locked}, 'post_password' => 'secret']);"
        "wp_insert_post(wp_slash(['post_title' => 'Chief Data Officer: Role Blueprint', 'post_status' => 'publish',"
        f" 'post_content' => {new}]));"
    )
    report = run(site, home)
    assert (counts(report), report.blueprints) == ((1, 2, 295, 3, 0), 298)
    assert report.encoded == 26  # the new post's 1 + 16 + 8 passages, and the edited one's new item
    here = addresses(home)
    assert f"{site.url}/blog/the-senior-data-engineer/" in here
    assert not {f"{site.url}/blog/{slug}-role-blueprint/" for slug in VANISHED} & here


def test_a_lifted_password_brings_a_post_back(site, home):
    number = site.post("Staff Cloud Analyst")
    site.php(f"wp_update_post(['ID' => {number}, 'post_password' => '']);")
    assert counts(run(site, home)) == (1, 0, 298, 0, 0)


@pytest.mark.parametrize("fault", ["500 title 2", "cut title 2", "slow title 1", "500 page=2 1", "cut page=2 1"])
def test_a_passing_fault_in_the_middle_is_overcome(site, home, fault):
    site.plugin("fault", fault)
    limits = Limits(backoff=0.05, step_seconds=2)
    assert counts(run(site, home, limits, full="title" in fault)) == (0, 0, 299, 0, 0)
    assert site.plugin_file("fault").read_text().endswith(" 0")  # it did happen


@pytest.mark.parametrize("fault", ["500 page=2 99", "cut page=2 99"])
def test_a_lasting_fault_leaves_the_last_good_state(site, home, fault):
    site.plugin("fault", fault)
    with pytest.raises(FetchError):
        run(site, home, Limits(backoff=0.05, attempts=2))
    site.plugin("fault", None)
    assert len(addresses(home)) == 299


def test_an_interrupted_first_sync_goes_on(site, tmp_path):
    site.plugin("fault", "500 include 99")
    with pytest.raises(FetchError):
        run(site, tmp_path, Limits(backoff=0.01, attempts=1))
    site.plugin("fault", None)
    report = run(site, tmp_path, Limits(requests=12))  # a budget of half of it
    assert (report.new + report.left, report.left > 100) == (299, True)
    assert counts(run(site, tmp_path)) == (report.left, 0, report.new, 0, 0)


def test_filters(site, tmp_path):
    assert run(site, tmp_path / "a", chosen=Chosen(category="data")).new == 30
    assert run(site, tmp_path / "b", chosen=Chosen(slug="principal-*-architect-*")).new == 10
    assert run(site, tmp_path / "c", chosen=Chosen(search="Retire old tables")).new == 1


def test_one_post_under_three_addresses_is_one_blueprint(site, home):
    number = site.post("Junior Data Engineer")
    permalink = site.php(f"echo get_permalink({number});")
    given = [permalink, f"{site.url}/?p={number}", f"{site.url}/wp-json/wp/v2/posts/{number}"]
    report = build(given, home, WordEncoder(), allow_private=True)
    assert (report.failed, report.blueprints, report.duplicates, report.encoded) == ((), 299, 2, 0)


def test_with_rest_switched_off_the_sitemap_and_html_are_read(site, tmp_path):
    site.plugin("rest-off", "")
    report = run(site, tmp_path)
    assert (report.way, counts(report)) == ("sitemap", (299, 0, 0, 0, 0))
    site.php(f"wp_delete_post({site.post('Junior Mobile Analyst')}, true);")
    report = run(site, tmp_path)
    assert (counts(report), report.encoded) == ((0, 0, 298, 1, 0), 0)
    site.plugin("rest-off", None)
