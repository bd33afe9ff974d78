"""Whole pages as plain text, as who has no reader of role blueprints would feed them, and the judging of hits."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from bs4 import BeautifulSoup

from ingest.blueprint import Blueprint, Section
from ingest.parse import parse
from ingest.read import read_pages

Record = dict[str, Any]
Hit = tuple[str, str]  # (page's name, or the role for Rolebook; text)
LINE = 20  # letters from which a line of a section tells that a hit comes from it


@dataclass(frozen=True, slots=True)
class Page:
    """A page with what Rolebook reads in it, which hits of every system are judged by."""

    name: str
    path: str
    text: str  # markup taken off, nothing else
    blueprints: tuple[Blueprint, ...]


def page_texts(folder: Path) -> list[Page]:
    """The pages of a folder; a JSON reply gives its posts' titles and contents."""
    return [
        Page(Path(raw.source).name, raw.source, plain(raw.content.decode("utf-8", "replace")), parse(raw).blueprints)
        for raw in read_pages(str(folder))
        if not isinstance(raw, Exception)
    ]


def plain(text: str) -> str:
    if text.lstrip()[:1] in ("{", "["):
        posts = json.loads(text)
        rendered = [
            (post["title"]["rendered"], post["content"]["rendered"])
            for post in (posts if isinstance(posts, list) else [posts])
        ]
        return "\n\n".join(f"{bare(title)}\n\n{bare(content)}" for title, content in rendered)
    return bare(text) if re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE) else text


def bare(markup: str) -> str:
    return BeautifulSoup(markup, "lxml").get_text("\n").strip()


def judge(questions: Sequence[Record], hits: Sequence[Sequence[Hit]], pages: Sequence[Page], by_role: bool) -> Record:
    """Shares of evidence in the first 5 and 10 hits, and of right roles in the first 5.

    A piece of evidence is found where a hit is of its role and holds its quote; for a question after a section, also
    where it holds a line of that section. A hit of a page with one role is that role's; of a page with several, those
    that it names.
    """
    known = {page.name: page for page in pages}
    five: list[bool] = []
    ten: list[bool] = []
    roles: list[bool] = []
    for question, found in zip(questions, hits, strict=True):
        made = [({key(name)} if by_role else roles_of(known[name], text), key(text)) for name, text in found]
        for evidence in question["evidence"]:
            wanted = [key(evidence["quote"])]
            if question["kind"] == "section" and evidence["section"] is not None:
                wanted += section_lines(pages, evidence["role"], evidence["section"])
            good = [key(evidence["role"]) in of and any(quote in text for quote in wanted) for of, text in made]
            five.append(any(good[:5]))
            ten.append(any(good))
        roles += [any(key(role) in of for of, _ in made[:5]) for role in question["roles"]]
    letters = [len(text) for found in hits for _, text in found]
    return {"evidence@5": mean(five), "evidence@10": mean(ten), "role@5": mean(roles), "letters a hit": mean(letters)}


def roles_of(page: Page, text: str) -> set[str]:
    roles = {key(blueprint.role) for blueprint in page.blueprints}
    return roles if len(roles) == 1 else {role for role in roles if role in key(text)}


def section_lines(pages: Sequence[Page], role: str, section: int | str) -> list[str]:
    """The lines of a role's section that are long enough to tell it."""
    found = []
    for blueprint in (blueprint for page in pages for blueprint in page.blueprints if key(blueprint.role) == key(role)):
        for part in (part for part in all_sections(blueprint.sections) if is_asked(part, section)):
            lines = (key(block.text) for inner in (part, *all_sections(part.sections)) for block in inner.blocks)
            found += [line for line in lines if len(line) >= LINE]
    return found


def is_asked(part: Section, section: int | str) -> bool:
    title = part.title or ""
    if isinstance(section, int):
        return re.match(rf"\s*{section}\s*[).]", title) is not None
    return key(section) in key(title)


def all_sections(sections: Sequence[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from all_sections(section.sections)


def key(text: str) -> str:
    """Letters and digits, case folded."""
    return re.sub(r"\W+", "", text.replace("**", "")).lower()
