"""`rolebook sync` and the followed sites of `rolebook sources`."""

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.blog import Blog
from tests.webserver import serving


@pytest.fixture(scope="module")
def blog():
    with serving(Blog(3)) as made:
        yield made


@pytest.fixture(scope="module")
def rolebook(tmp_path_factory):
    home = str(tmp_path_factory.mktemp("home"))
    environment = {"HF_HUB_OFFLINE": "1", "NO_COLOR": "1", "ROLEBOOK_HOME": home}
    return lambda *arguments: CliRunner().invoke(app, list(arguments), env=environment)


def test_sync_ends_with_its_counts(blog, rolebook):
    refused = rolebook("sync", blog.url)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "--allow-private" in refused.stderr
    first = rolebook("sync", blog.url, "--allow-private", "--slug", "*-*")
    assert first.exit_code == 0, first.stderr
    assert first.stdout.splitlines()[-1] == f"{blog.url}: 3 new, 0 changed, 0 unchanged, 0 gone, 0 failed"
    again = json.loads(rolebook("sync", blog.url, "--allow-private", "--slug", "*-*", "--json").stdout)
    assert (again["new"], again["unchanged"], again["failed"], again["encoded"]) == (0, 3, [], 0)


def test_sources_shows_followed_sites(blog, rolebook):
    (site,) = json.loads(rolebook("sources", "--json").stdout)["sites"]
    assert (site["site"], site["chosen"]["slug"], site["posts"]) == (blog.url, "*-*", 3)
    assert f"Followed: {blog.url} (slug *-*): 3 posts" in rolebook("sources").stdout


def test_bad_input_is_said_in_one_line(rolebook):
    for arguments in (["sync", "example.org"], ["sync", "https://example.org", "--max-pages", "0"]):
        result = rolebook(*arguments)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
