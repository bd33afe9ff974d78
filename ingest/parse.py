"""A raw page to what was understood of it: recognise, read, outline."""

from ingest.blueprint import RawPage, Reading, walk
from ingest.datasets import read_role
from ingest.elements import Draft
from ingest.errors import UnreadablePage
from ingest.keyed import read_yaml
from ingest.markdown import read_markdown
from ingest.outline import outline
from ingest.plaintext import read_text
from ingest.recognise import Recognised, recognise
from ingest.wordpress import read_wordpress


def parse(page: RawPage) -> Reading:
    """The blueprints of one page; raises UnreadablePage, with file and reason, where there is nothing to read."""
    found = recognise(page)
    drafts = _drafts(found, page.source)
    blueprints = tuple(outline(d) for d in drafts)
    if not any(section.blocks for b in blueprints for _, section in walk(b.sections)):
        raise UnreadablePage(f"{page.source}: no text to read in this {found.format} page. Give a page with content.")
    return Reading(
        source=page.source,
        format=found.format,
        blueprints=blueprints,
        removed=tuple(r for d in drafts for r in d.removed),
    )


def _drafts(found: Recognised, source: str) -> tuple[Draft, ...]:
    match found.format:
        case "wordpress-json":
            return read_wordpress(found.text, source)
        case "role-json":
            return (read_role(found.text, source),)
        case "html":
            from ingest.webpage import read_webpage

            return (read_webpage(found.text, source),)
        case "markdown" if _has_headings(found.text):
            return (read_markdown(found.text),)
        case "yaml":
            return (read_yaml(found.text, source),)
        case _:
            return read_text(found.text)


def _has_headings(text: str) -> bool:
    """Whether Markdown marks its headings; extractions that lost them are read by position instead."""
    return text.lstrip().startswith("---\n") or any(ln.startswith("#") for ln in text.splitlines())
