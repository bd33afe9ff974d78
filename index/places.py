"""Sources by name: files and folders by their absolute path, addresses as they are."""

import os
from pathlib import Path

from index.tables import Page


def is_address(name: str) -> bool:
    return "://" in name


def key_of(source: str) -> str:
    """What a source is known by, however it was spelled."""
    return source if is_address(source) else os.path.abspath(source)


def stands_under(page: Page, name: str) -> bool:
    """Whether `name` is this page's source or a folder (or address) that holds it."""
    key = key_of(name).rstrip("/") or "/"
    return name == page.source or page.key.rstrip("/") == key or page.key.startswith(key.rstrip("/") + "/")


def is_gone(page: Page) -> bool:
    """Whether the page was a file that is no longer there."""
    return not is_address(page.key) and not Path(page.key).exists()
