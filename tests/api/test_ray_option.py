"""The value of --ray may be left out, also before sources."""

import pytest

from api.ray_option import with_address


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["pages/"], ["pages/"]),
        (["pages/", "--ray"], ["pages/", "--ray", ""]),
        (["--ray", "pages/"], ["--ray", "", "pages/"]),
        (["--ray", "s3://bucket/pages"], ["--ray", "", "s3://bucket/pages"]),
        (["--ray", "--json", "pages/"], ["--ray", "", "--json", "pages/"]),
        (["--ray", "10.0.0.7:6379", "pages/"], ["--ray", "10.0.0.7:6379", "pages/"]),
        (["--ray", "head-1.example.org:6379"], ["--ray", "head-1.example.org:6379"]),
        (["--ray", "[fd00::7]:6379"], ["--ray", "[fd00::7]:6379"]),
        (["--ray", "auto", "pages/"], ["--ray", "auto", "pages/"]),
        (["--ray", "ray://head:10001"], ["--ray", "ray://head:10001"]),
        (["--ray=head:6379", "pages/"], ["--ray=head:6379", "pages/"]),
        (["--ray", "--", "auto"], ["--ray", "", "--", "auto"]),
        (["--", "--ray"], ["--", "--ray"]),
    ],
)
def test_what_looks_like_an_address_is_one_and_all_else_is_a_source(given: list[str], read: list[str]) -> None:
    assert with_address(given) == read
