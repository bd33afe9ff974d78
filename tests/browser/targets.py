"""Rendered copies of pages, and which words a deep link highlights on them in a real browser."""

import base64
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.blueprint import Blueprint
from ingest.parse import parse
from ingest.passages import passages
from ingest.read import read_pages
from search.citations import Citation, cite
from search.fragments import cells

CLEAR = 0.9  # share of the quote's area that must be highlighted
OTHER = 0.1  # share of the highlight that may lie beside it

_SHOWN = "<style>::target-text{background:#f0f;color:#f0f}body{max-width:800px;font:16px/1.5 sans-serif}</style>"
# Where the quote's letters stand on the page, as boxes: its n-th occurrence from the end.
_BOXES = """([letters, fromEnd]) => {
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let flat = '';
    const places = [];
    while (walk.nextNode()) {
        const node = walk.currentNode;
        if (node.parentElement.closest('script, style, noscript, template')) continue;
        for (let i = 0; i < node.data.length; i += 1)
            if (/[\\p{L}\\p{N}]/u.test(node.data[i])) { flat += node.data[i]; places.push([node, i]); }
    }
    const found = [];
    for (let at = flat.indexOf(letters); at >= 0; at = flat.indexOf(letters, at + 1)) found.push(at);
    if (!found.length) return null;
    const at = found[Math.max(0, found.length - 1 - fromEnd)];
    const boxes = [];
    for (let i = at; i < at + letters.length; i += 1) {
        const range = document.createRange();
        range.setStart(...places[i]);
        range.setEnd(places[i][0], places[i][1] + 1);
        const box = range.getBoundingClientRect();
        if (box.width) boxes.push([box.left, box.top, box.width, box.height]);
    }
    return boxes;
}"""
# How much of the boxes is painted in the highlight's colour, and how much of that colour lies outside of them.
_PAINTED = """async ([picture, boxes]) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext('2d');
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const painted = (x, y) => {
        const at = 4 * (y * image.width + x);
        return data[at] > 200 && data[at + 1] < 60 && data[at + 2] > 200;
    };
    let all = 0;
    for (let y = 0; y < image.height; y += 1) for (let x = 0; x < image.width; x += 1) all += painted(x, y);
    const mine = new Uint8Array(image.width * image.height);
    let inside = 0, seen = 0, boxed = 0;
    for (const [left, top, width, height] of boxes) {
        const [x, y] = [Math.round(left + width / 2), Math.round(top + height / 2)];
        if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue;
        seen += 1;
        boxed += painted(x, y);
        for (let v = Math.floor(top) - 3; v < top + height + 3; v += 1)
            for (let u = Math.floor(left) - 6; u < left + width + 6; u += 1)
                if (u >= 0 && v >= 0 && u < image.width && v < image.height && !mine[v * image.width + u]) {
                    mine[v * image.width + u] = 1;
                    inside += painted(u, v);
                }
    }
    return { letters: boxes.length ? boxed / boxes.length : 0, beside: all ? 1 - inside / all : 0 };
}"""


@dataclass(frozen=True, slots=True)
class Target:
    """A citation with a link, the page that it leads to, and where among the same words it stands."""

    citation: Citation
    kind: str
    html: str
    letters: str
    from_end: int


def targets(paths: Sequence[Path]) -> Iterator[Target]:
    """Every passage with an address of these pages as a citation."""
    for path in paths:
        for raw in read_pages(path):
            copies = _copies(raw.content.decode("utf-8"), path)
            for blueprint in parse(raw).blueprints:
                html = copies.get(blueprint.url or "") or copies.get("")
                for passage in passages(blueprint):
                    citation = cite(1, passage, blueprint)
                    if html and citation and citation.deep_link:
                        yield Target(citation, passage.kind, html, _letters(passage.text), _after(blueprint, citation))


def sampled(found: Sequence[Target], count: int) -> list[Target]:
    """So many of them, every kind of passage as often as may be; the same at every call."""
    kinds: dict[str, list[Target]] = {}
    for target in found:
        kinds.setdefault(target.kind, []).append(target)
    chance = random.Random(7)
    piles = [chance.sample(pile, len(pile)) for _, pile in sorted(kinds.items())]
    turns = [pile[n] for n in range(max(map(len, piles))) for pile in piles if n < len(pile)]
    return turns[:count]


def highlights(page, scale, target: Target) -> tuple[bool, str]:
    """Whether the link highlights the quote and nothing else, and what was measured."""
    address = target.citation.deep_link or ""
    page.route("**/*", lambda route: _serve(route, target))
    page.goto("about:blank")
    page.goto(address)
    boxes = page.evaluate(_BOXES, [target.letters, target.from_end])
    if boxes is None:
        return False, "the quote does not stand on the page"
    picture = base64.b64encode(page.screenshot()).decode()
    seen = scale.evaluate(_PAINTED, [picture, boxes])
    return seen["letters"] >= CLEAR and seen["beside"] <= OTHER, json.dumps(seen)


def _serve(route, target: Target) -> None:
    if route.request.is_navigation_request():
        route.fulfill(body=target.html, content_type="text/html; charset=utf-8")
    else:
        route.abort()


def _copies(text: str, path: Path) -> dict[str, str]:
    """The pages of a file as a browser gets them, by address; "" for one that is a page itself."""
    if not text.lstrip().startswith(("[", "{")):
        return {"": text.replace("</head>", f"{_SHOWN}</head>", 1)}
    posts = json.loads(text)
    posts = posts if isinstance(posts, list) else [posts]
    return {
        post["link"]: f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8>{_SHOWN}</head><body><article>"
        f"<h1>{post['title']['rendered']}</h1>{post['content']['rendered']}</article></body></html>"
        for post in posts
    }


def _letters(text: str) -> str:
    """The letters and digits of a quote, which a page has in this order, whatever marks stand between them."""
    words = "".join(word for line in text.splitlines() for words in cells(line) for word in words)
    return "".join(letter for letter in words if letter.isalnum())


def _after(blueprint: Blueprint, citation: Citation) -> int:
    """How often the same words come later on the page."""
    words = _letters(citation.quote)
    return _letters(blueprint.text[citation.end :]).count(words)
