"""What a page is, told from its content, never from its name; bytes to text."""

import json
import re
from dataclasses import dataclass
from typing import Literal

from ingest.blueprint import RawPage
from ingest.characters import whole
from ingest.datasets.role_record import MARK
from ingest.errors import UnreadablePage
from ingest.wordpress import is_post

Format = Literal["wordpress-json", "role-json", "html", "markdown", "text", "yaml"]

MAX_BYTES = 32 * 2**20  # the longest page that is read; a role's page has 0.1 MB
MAX_LINE = 8 * 2**20  # characters
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset=[\"']?\s*([\w-]{3,20})|encoding=[\"']([\w-]{3,20})[\"']", re.IGNORECASE
)
_HTML = re.compile(
    r"<(?:!doctype html|html|head|body|article|main|section|div|p|h[1-6]|ul|ol|table|span|br)\b[^<>]*>", re.IGNORECASE
)
_ATX = re.compile(r"^#{1,6}[ \t]+\S", re.MULTILINE)
_MARKDOWN = re.compile(r"^(?:[-*+] +\S|\|.*\|[ \t]*$|```|\[[^\]\n]{1,200}\]:|={3,}[ \t]*$|-{3,}[ \t]*$)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n){0,400}?---[ \t]*(?:\n|\Z)")
_HTML_START = re.compile(r"<(?:!doctype|html|\?xml|body|article|div)\b", re.IGNORECASE)
_YAML_KEY = re.compile(r"^(?:- )?[\w ./-]{1,60}:(?: |$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page as text, and what kind of text it is."""

    format: Format
    text: str


def recognise(page: RawPage) -> Recognised:
    """The page's format and text; a page that holds none raises UnreadablePage with the reason."""
    text = decode(page)
    start = text.lstrip()
    if start.startswith(MARK):
        return Recognised("role-json", start)
    if start[:1] in "[{" and _looks_like_json(start):
        return Recognised("wordpress-json", _checked_json(start, page.source))
    if _FRONT_MATTER.match(start) or _opens_with_heading(start):
        return Recognised("markdown", text)
    if len(_HTML.findall(start[:20_000])) >= 3 or _HTML_START.match(start):
        return Recognised("html", text)
    if _ATX.search(start):
        return Recognised("markdown", text)
    if _is_yaml(start, page.source):
        return Recognised("yaml", text)
    return Recognised("markdown" if _MARKDOWN.search(start) else "text", text)


def _opens_with_heading(text: str) -> bool:
    """Whether a Markdown heading stands before the first block of HTML: its tables may be HTML, the page is not."""
    heading = _ATX.search(text)
    if heading is None:
        return False
    tag = _HTML.search(text, 0, heading.start())
    return tag is None


def decode(page: RawPage) -> str:
    """The page's characters: by byte order mark, UTF-8 or declared charset; anything else is an error, not a guess."""
    raw = page.content
    if not raw.strip():
        raise UnreadablePage(f"{page.source}: the file is empty. Fetch or export it again.")
    if len(raw) > MAX_BYTES:
        raise UnreadablePage(
            f"{page.source}: {len(raw) >> 20} MB is more than a page has (limit {MAX_BYTES >> 20} MB)."
        )
    text = _decoded(raw, page)
    if "\x00" in text or sum(c < " " and c not in "\t\n\r\f\x1b" for c in text[:4096]) > 8:
        raise UnreadablePage(f"{page.source}: binary content, not text. Give HTML, JSON, Markdown or text.")
    text = re.sub(r"\r\n?", "\n", whole(text)).removeprefix("\ufeff")
    longest = max(map(len, text.split("\n")))
    if longest > MAX_LINE:
        raise UnreadablePage(f"{page.source}: a line of {longest >> 20} MB is no page (limit {MAX_LINE >> 20} MB).")
    return text


def _decoded(raw: bytes, page: RawPage) -> str:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return _as(raw, name, page)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    served = re.search(r"charset=([\w-]+)", page.media_type or "")
    declared = _CHARSET.search(raw[:4096])
    name = served.group(1) if served else (declared.group(1) or declared.group(2)).decode() if declared else ""
    if not name or name.lower().replace("-", "") == "utf8":
        if raw[:4] in (b"\x89PNG", b"%PDF", b"PK\x03\x04", b"GIF8") or b"\x00" in raw[:4096]:
            raise UnreadablePage(f"{page.source}: binary content, not text. Give HTML, JSON, Markdown or text.")
        raise UnreadablePage(f"{page.source}: not UTF-8, and no other encoding is declared. Convert it to UTF-8.")
    return _as(raw, name, page)


def _as(raw: bytes, name: str, page: RawPage) -> str:
    try:
        return raw.decode(name)
    except (LookupError, UnicodeDecodeError):
        raise UnreadablePage(f"{page.source}: declared as {name}, but it is not. Convert it to UTF-8.") from None


def _looks_like_json(start: str) -> bool:
    return bool(re.match(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]]|[-\d., ]+\]|$)", start))


def _checked_json(text: str, source: str) -> str:
    text = _as_array(text)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise UnreadablePage(f"{source}: the JSON is broken off or damaged ({e}). Fetch it again.") from None
    if not (is_post(data) or (isinstance(data, list) and any(map(is_post, data)))):
        raise UnreadablePage(
            f"{source}: JSON, but no WordPress post in it (no content.rendered). Give a REST reply of posts."
        )
    return text


def _as_array(text: str) -> str:
    """JSON Lines as one array, other JSON as it is; the numbers of the lines stay."""
    first, _, rest = text.partition("\n")
    if not rest.strip():
        return text
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return text
    return "[" + ",\n".join(line or "null" for line in text.rstrip().split("\n")) + "]"


def _is_yaml(text: str, source: str) -> bool:
    lines = [ln for ln in text.splitlines() if ln.strip() and not ln.lstrip().startswith("#")]
    keys = len(_YAML_KEY.findall(text)) + sum(ln.lstrip().startswith("- ") for ln in lines)
    return len(lines) >= 3 and bool(_YAML_KEY.match(lines[0])) and keys >= 0.6 * len(lines) and not text.startswith("#")
