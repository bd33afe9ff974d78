"""One page rendered in every form that Rolebook reads, with the noise that such pages carry."""

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

SUFFIX = ": Role Blueprint, Responsibilities, Skills, KPIs, and Career Path"


@dataclass(frozen=True)
class Item:
    text: str
    children: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Items:
    items: tuple[Item, ...]
    start: int | None = None  # None: unordered


@dataclass(frozen=True)
class Dashes:
    """A paragraph that ends in a colon, and its dash-led lines."""

    lead: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, ...], ...]  # the header first


Part = str | Items | Dashes | Table  # a str is a paragraph


@dataclass(frozen=True)
class Part_of_page:
    title: str
    parts: tuple[Part, ...] = ()
    subsections: tuple["Part_of_page", ...] = ()


@dataclass(frozen=True)
class Page:
    title: str
    sections: tuple[Part_of_page, ...]
    slug: str = field(default="a-role")


def read_master(text: str, slug: str) -> Page:
    """A page written in the dialect of the sample corpus."""
    title, _, body = text.partition("\n")
    sections = []
    for chunk in re.split(r"(?m)^## ", body)[1:]:
        own, *subs = re.split(r"(?m)^### ", chunk)
        name, _, rest = own.partition("\n")
        below = tuple(Part_of_page(s.partition("\n")[0].strip(), tuple(_parts(s.partition("\n")[2]))) for s in subs)
        sections.append(Part_of_page(name.strip(), tuple(_parts(rest)), below))
    return Page(title.removeprefix("# ").strip(), tuple(sections), slug)


def _parts(text: str):
    lines = [ln for ln in text.splitlines() if ln.strip()]
    i = 0
    while i < len(lines):
        j = i + 1
        if lines[i].startswith("|"):
            while j < len(lines) and lines[j].startswith("|"):
                j += 1
            rows = [tuple(c.strip() for c in ln.strip().strip("|").split("|")) for ln in lines[i:j]]
            yield Table(tuple(r for k, r in enumerate(rows) if k != 1))
        elif re.match(r"(- |\d+\. )", lines[i]):
            while j < len(lines) and re.match(r"\s*(- |\d+\. )", lines[j]):
                j += 1
            yield from _lists(lines[i:j])
        else:
            while j < len(lines) and lines[j].startswith("– "):
                j += 1
            dashes = tuple(ln[2:].strip() for ln in lines[i + 1 : j])
            yield Dashes(lines[i].strip(), dashes) if dashes else lines[i].strip()
        i = j


def _lists(lines: list[str]):
    runs: list[list[str]] = []
    for ln in lines:
        ordered = bool(re.match(r"\d", ln.strip()))
        if not ln.startswith(" ") and (not runs or bool(re.match(r"\d", runs[-1][0])) != ordered):
            runs.append([])
        runs[-1].append(ln)
    for run in runs:
        items: list[list[str]] = []
        for ln in run:
            if ln.startswith(" "):
                items[-1].append(re.sub(r"^\s*- ", "", ln).strip())
            else:
                items.append([re.sub(r"^(- |\d+\. )", "", ln).strip()])
        start = int(m.group(1)) if (m := re.match(r"(\d+)\. ", run[0])) else None
        yield Items(tuple(_item(head, below, start) for head, *below in items), start)


def _item(head: str, below: list[str], start: int | None) -> Item:
    labelled = [re.match(r"([^:]{2,40}): (.+)$", b) for b in below]
    if start is not None and below and all(labelled) and not head.endswith(":"):
        return Item(head, fields=tuple((m.group(1), m.group(2)) for m in labelled if m))
    return Item(head, tuple(below))


# ---------------------------------------------------------------- WordPress HTML


def escaped(text: str) -> str:
    return html.escape(text, quote=False).replace("–", "&#8211;")


def wordpress_content(page: Page) -> str:
    """`content.rendered` as the block editor prints it; lists have lost their nesting."""
    out = []
    for i, section in enumerate(page.sections):
        out += ['<hr class="wp-block-separator" />'] if i else []
        out.append(f'<h2 class="wp-block-heading">{escaped(section.title)}</h2>')
        out += [_wp_part(p) for p in section.parts]
        for sub in section.subsections:
            out.append(f'<h3 class="wp-block-heading">{escaped(sub.title)}</h3>')
            out += [_wp_part(p) for p in sub.parts]
    return "\n" + "\n\n\n\n".join(out) + "\n"


def _wp_part(part: Part) -> str:
    if isinstance(part, str):
        return f"<p>{escaped(part)}</p>"
    if isinstance(part, Dashes):
        return (
            f"<p><strong>{escaped(part.lead)}</strong>\n"
            + "\n".join(f"&#8211; {escaped(x)}" for x in part.lines)
            + "</p>"
        )
    if isinstance(part, Table):
        head, *body = part.rows
        rows = "\n".join("<tr>\n" + "\n".join(f"<td>{escaped(c)}</td>" for c in r) + "\n</tr>" for r in body)
        heads = "\n".join(f"<th>{escaped(c)}</th>" for c in head)
        return (
            f'<figure class="wp-block-table"><table>\n<thead>\n<tr>\n{heads}\n</tr>\n</thead>\n'
            f"<tbody>\n{rows}\n</tbody>\n</table></figure>"
        )
    tag = "ul" if part.start is None else "ol"
    start = f' start="{part.start}"' if part.start not in (None, 1) else ""
    lines = [li for item in part.items for li in _wp_item(item)]
    return f'<{tag} class="wp-block-list"{start}>\n' + "\n".join(lines) + f"\n</{tag}>"


def _wp_item(item: Item) -> list[str]:
    if item.fields:
        fields = "<br/>\n".join(f"   &#8211; <strong>{escaped(k)}:</strong> {escaped(v)}" for k, v in item.fields)
        return [f"<li>\n<p><strong>{escaped(item.text)}</strong><br/>\n{fields}</p>\n</li>"]
    return [f"<li>{escaped(t)}</li>" for t in (item.text, *item.children)]


def wordpress_post(page: Page, number: int, host: str = "blueprints.example") -> dict[str, object]:
    """One post as the REST API gives it."""
    link = f"https://{host}/{page.slug}-role-blueprint/"
    first = next((p for s in page.sections for p in s.parts if isinstance(p, str)), "")
    return {
        "id": number,
        "date": "2026-02-03T09:30:00",
        "date_gmt": "2026-02-03T08:30:00",
        "guid": {"rendered": f"https://{host}/?p={number}"},
        "modified": "2026-05-11T16:05:00",
        "modified_gmt": "2026-05-11T14:05:00",
        "slug": f"{page.slug}-role-blueprint",
        "status": "publish",
        "type": "post",
        "link": link,
        "title": {"rendered": escaped(page.title)},
        "content": {"rendered": wordpress_content(page), "protected": False},
        "excerpt": {"rendered": f"<p>{escaped(first)} [&hellip;]</p>\n", "protected": False},
        "author": 3,
        "comment_status": "open",
        "categories": [12, 40],
        "tags": [],
        "_links": {"self": [{"href": f"https://{host}/wp-json/wp/v2/posts/{number}"}]},
    }


def as_json(page: Page, number: int = 101) -> str:
    return json.dumps(wordpress_post(page, number)).replace("/", "\\/")


# ---------------------------------------------------------------- Markdown


def as_markdown(page: Page) -> str:
    """Markdown with headings, nested lists and pipe tables."""
    out = [f"# {page.title}"]
    for section in page.sections:
        out.append(f"## {section.title}")
        out += [_md_part(p) for p in section.parts]
        for sub in section.subsections:
            out.append(f"### {sub.title}")
            out += [_md_part(p) for p in sub.parts]
    return "\n\n".join(out) + "\n"


def _md_part(part: Part) -> str:
    if isinstance(part, str):
        return _md(part)
    if isinstance(part, Dashes):
        return "\n".join([_md(part.lead), *(f"– {_md(x)}" for x in part.lines)])
    if isinstance(part, Table):
        return "\n".join(_md_rows(part))
    out = []
    for i, item in enumerate(part.items):
        mark = "- " if part.start is None else f"{part.start + i}. "
        pad = " " * len(mark)
        out.append(mark + _md(item.text))
        out += [f"{pad}- {_md(c)}" for c in item.children]
        out += [f"{pad}- {_md(k)}: {_md(v)}" for k, v in item.fields]
    return "\n".join(out)


def _md(text: str) -> str:
    return re.sub(r"([*_<>&`\[\]\\~])", r"\\\1", text)


def _md_rows(table: Table) -> list[str]:
    rows = ["| " + " | ".join(r) + " |" for r in table.rows]
    return [rows[0], "|" + "---|" * len(table.rows[0]), *rows[1:]]


def as_broken_markdown(page: Page) -> str:
    """An extraction without title, heading marks and blank lines; loose items are broken, dashes glued on."""
    out: list[str] = []
    for section in page.sections:
        out.append(section.title)
        out += [ln for p in section.parts for ln in _broken(p)]
        for sub in section.subsections:
            out.append(sub.title)
            out += [ln for p in sub.parts for ln in _broken(p)]
    return "\n".join(out) + "\n"


def _broken(part: Part) -> list[str]:
    if isinstance(part, str):
        return [part]
    if isinstance(part, Dashes):
        return [part.lead + "".join(f" – {x}" for x in part.lines)]
    if isinstance(part, Table):
        return _md_rows(part)
    if not any(i.fields for i in part.items):
        return [f"- {t}" for i in part.items for t in (i.text, *i.children)]
    out = ["-"]
    for n, item in enumerate(part.items):
        out += [item.text, *(f"– {k}: {v}" for k, v in item.fields)]
        out[-1] += " -" if n + 1 < len(part.items) else ""
    return out


# ---------------------------------------------------------------- text


def as_text(page: Page) -> str:
    """A text rendering: bullets, indented fields, flattened tables, dash lists run into their paragraph."""
    out = [page.title]
    for section in page.sections:
        out.append(section.title)
        out += [_text_part(p) for p in section.parts]
        for sub in section.subsections:
            out.append(sub.title)
            out += [_text_part(p) for p in sub.parts]
    return "\n\n".join(out) + "\n"


def _text_part(part: Part) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Dashes):
        return part.lead + "".join(f" – {x}" for x in part.lines)
    if isinstance(part, Table):
        return "\n".join(" ".join(r) for r in part.rows)
    blocks = []
    for i, item in enumerate(part.items):
        mark = "  • " if part.start is None else f"  {part.start + i}. "
        lines = [mark + item.text, *(f"  • {c}" for c in item.children), *(f"    {k}: {v}" for k, v in item.fields)]
        blocks.append("\n".join(lines))
    return ("\n\n" if any(i.fields for i in part.items) else "\n").join(blocks)


def as_other_layout(page: Page) -> str:
    """A site without numbers or marks: a section is a heading and a paragraph, a subsection a heading and a list."""
    out = ["logoRolesite", page.title, "first image"]
    for section in page.sections:
        out += [section.title, *(_text_part(p) for p in section.parts)]
        for sub in section.subsections:
            out += [sub.title, *(_text_part(p) for p in sub.parts)]
    cards = ("Harbour Pilot", "Museum Registrar", "Sound Engineer")
    out.append("More Careers")
    for card in cards:
        out += [
            card,
            card,
            f"A {card} works to a schedule. ### Overview - Plans the day - Keeps records **Skills** Patience.",
        ]
    return "\n\n".join(out) + "\n"


def as_listing(roles: list[dict[str, str]]) -> str:
    return "".join(f"{r['role']}{SUFFIX}\n{r['summary']}\n" for r in roles)


def load_master(path: Path) -> Page:
    return read_master(path.read_text(encoding="utf-8"), path.stem)


def with_text_noise(text: str) -> str:
    """A text rendering as scraped: advertising before the title, comment form and promotion after the end."""
    before = [
        "Weekend Rail Passes at Half Price",
        "See the coast by train, any Saturday until June.",
        "Get Your Rail Pass",
    ]
    after = [
        "Find a Riding School Near You",
        "Compare stables by distance and lesson price.",
        "Explore Stables\nSubscribe\nNotify of\nguest\n0 Comments\nNewest\nOldest Most Voted\nInline Feedbacks\nView all comments",
        "Evening Courses",
        "Our evening courses cover pottery, bookbinding and harbour navigation for beginners. Explore the programme today.",
        "0\nWould love your thoughts, please comment.x\n()\nx",
    ]
    return "\n\n".join([*before, text.strip(), *after]) + "\n"
