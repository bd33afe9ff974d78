"""Web addresses: which ones are read, and how messages name them."""

import re

import httpx

from ingest.errors import BadInput


def address(url: str) -> httpx.URL:
    """The parsed address of a web page; BadInput for anything else."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError, ValueError):
        bare = re.sub(r"(?s)//.*@", "//", url)
        raise BadInput(f"{shown(bare)}: not an address. Give one that starts with https://.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise BadInput(f"{shown(url)}: not a web address. Give one that starts with https://.")
    if parsed.userinfo:
        raise BadInput(f"{shown(url)}: an address with a user name or password is not read. Leave them out.")
    return parsed.copy_with(fragment=None)


def shown(url: str) -> str:
    """An address as messages may name it: without user name, password and control characters."""
    bare = re.sub(r"(?<=//)[^/?#]*@", "", url)
    return "".join(c if c.isprintable() else "?" for c in bare)[:300]
