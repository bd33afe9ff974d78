"""Full web pages around a blueprint: four themes, each with the noise that such sites carry."""

import json

from tests.render import Page, escaped, wordpress_content

HOST = "https://blueprints.example"

# Every string here must be gone after cleaning.
NAVIGATION = [
    "Skip to content",
    "Start here",
    "All certifications",
    "Mentoring circles",
    "Write for us",
    "Log in to your account",
]
COOKIES = ["This site uses cookies to remember your visit and to count readers.", "Accept everything", "Manage choices"]
ADVERT = [
    "Advertisement",
    "Autumn sale on garden furniture",
    "Solid oak benches with ten years of guarantee",
    "Free delivery within the island",
    "Order a bench today",
]
SECOND_ADVERT = ["Find a Dentist You Can Trust", "Compare dental clinics by price and waiting time.", "Explore Clinics"]
ALSO_READ = ["Also read: Forty questions to ask a recruiter before you sign"]
SHARE = ["Share this:", "Click to share on Mastodon (Opens in new window)", "Click to email a link to a friend"]
RELATED = [
    "Related Posts",
    "Warehouse Robotics Supervisor: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path",
    "The Warehouse Robotics Supervisor keeps a fleet of picking robots moving and their human colleagues safe.",
    "Localization Producer: Role Blueprint, Responsibilities, Skills, KPIs, and Career Path",
    "The Localization Producer ships every release in eleven languages without delaying any of them.",
]
AUTHOR = [
    "About the author: Mira Castellane",
    "Mira writes about careers, keeps bees and has never broken a build on a Friday.",
]
NEWSLETTER = ["Subscribe to our newsletter", "One letter a week about careers, never more.", "Your email address"]
COMMENTS = [
    "3 Comments",
    "Oldest Most Voted",
    "Tomasz W.",
    "5 months ago",
    "Great write-up, I sent it to my whole team. Do you plan one about release managers as well?",
    "Nadia",
    "2 months ago",
    "In our firm this post does not exist, two colleagues share the work between them since last spring.",
    "Leave a Reply",
    "Your email address will not be published. Required fields are marked *",
]
SIDEBAR = [
    "Recent Posts",
    "Payroll Systems Analyst: Role Blueprint",
    "Archives",
    "January 2026",
    "Categories",
    "Career letters (31)",
]
META = [
    "Posted on February 3, 2026 by Mira Castellane",
    "Filed under Engineering Leadership",
    "Tagged org design, hiring",
]
POST_NAVIGATION = ["Previous: How to read an org chart", "Next: The quiet art of handover"]
FOOTER = ["About this project", "Imprint and privacy", "Copyright 2026 The Blueprint Collective. All rights reserved."]
CHAT = ["Questions? We usually answer within an hour.", "Open chat"]

ALL_NOISE = [
    *NAVIGATION, *COOKIES, *ADVERT, *SECOND_ADVERT, *ALSO_READ, *SHARE, *RELATED, *AUTHOR, *NEWSLETTER, *COMMENTS,
    *SIDEBAR, *META, *POST_NAVIGATION, *FOOTER, *CHAT,
]  # fmt: skip
THEMES = ("classic", "builder", "magazine", "docs")


def as_html(page: Page, theme: str = "classic", advert: bool = True) -> str:
    """The page inside a whole site, as its theme prints it."""
    content = wordpress_content(page)
    if advert:
        content = _with_adverts(content, theme)
    body = {"classic": _classic, "builder": _builder, "magazine": _magazine, "docs": _docs}[theme](page, content)
    graph = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": page.title,
        "dateModified": "2026-05-11T14:05:00Z",
    }
    url = f"{HOST}/{page.slug}-role-blueprint/"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escaped(page.title)} | The Blueprint Collective</title>\n"
        f'<link rel="canonical" href="{url}">\n'
        f'<meta property="og:title" content="{escaped(page.title)}">\n'
        '<meta property="article:published_time" content="2026-02-03T08:30:00+00:00">\n'
        '<meta property="article:modified_time" content="2026-05-11T14:05:00+00:00">\n'
        f'<script type="application/ld+json">{json.dumps(graph)}</script>\n'
        "<style>.x{color:#333}</style>\n</head>\n"
        f"<body>\n{body}\n<script>window.dataLayer=[];</script>\n</body>\n</html>\n"
    )


def _with_adverts(content: str, theme: str) -> str:
    """An advertisement and an "also read" line between two sections each."""
    head, *rest = content.split('<hr class="wp-block-separator" />')
    box = {"classic": "code-block code-block-2", "builder": "e-7f2a", "magazine": "inline-promo", "docs": "banner"}[
        theme
    ]
    items = "".join(f"<li>{x}</li>" for x in ADVERT[2:4])
    advert = (
        f'<div class="{box}"><span>{ADVERT[0]}</span><h4>{ADVERT[1]}</h4><ul>{items}</ul>'
        f'<a href="https://ads.example/b">{ADVERT[4]}</a></div>'
    )
    also = f'<p><strong><a href="{HOST}/forty-questions/">{ALSO_READ[0]}</a></strong></p>'
    for place, noise in ((3, advert), (7, also)):
        if place < len(rest):
            rest[place] += noise
    return '<hr class="wp-block-separator" />'.join([head, *rest])


def _links(texts: list[str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{HOST}/{i}">{escaped(t)}</a></li>' for i, t in enumerate(texts)) + "</ul>"


def _comments() -> str:
    names = ((COMMENTS[2], COMMENTS[3], COMMENTS[4]), (COMMENTS[5], COMMENTS[6], COMMENTS[7]))
    one = "".join(
        f'<li class="comment"><div><b>{n}</b> <a href="#c">{when}</a></div><p>{text}</p></li>'
        for n, when, text in names
    )
    return (
        f'<div id="comments" class="comments-area"><h2>{COMMENTS[0]}</h2><span>{COMMENTS[1]}</span><ol>{one}</ol>'
        f'<h3>{COMMENTS[8]}</h3><form><p>{COMMENTS[9]}</p><textarea></textarea><input type="submit"></form></div>'
    )


def _related() -> str:
    cards = "".join(
        f'<div class="card"><h4><a href="{HOST}/r">{RELATED[i]}</a></h4><p>{RELATED[i + 1]}</p></div>' for i in (1, 3)
    )
    return f'<div class="related"><h3>{RELATED[0]}</h3>{cards}</div>'


def _promotion() -> str:
    return f"<div><h3>{SECOND_ADVERT[0]}</h3><p>{SECOND_ADVERT[1]}</p><a href='https://ads.example/c'>{SECOND_ADVERT[2]}</a></div>"


def _newsletter() -> str:
    return f"<section><h3>{NEWSLETTER[0]}</h3><p>{NEWSLETTER[1]}</p><label>{NEWSLETTER[2]}</label><input></section>"


def _author() -> str:
    return f'<div class="author-box"><h4>{AUTHOR[0]}</h4><p>{AUTHOR[1]}</p></div>'


def _share() -> str:
    return f'<div class="sharing"><h3>{SHARE[0]}</h3>{_links(SHARE[1:])}</div>'


def _footer() -> str:
    return f"<footer>{_links(FOOTER[:2])}<p>{FOOTER[2]}</p></footer>"


def _cookies() -> str:
    return f'<div role="dialog"><p>{COOKIES[0]}</p><button>{COOKIES[1]}</button><button>{COOKIES[2]}</button></div>'


def _classic(page: Page, content: str) -> str:
    return (
        f'<a class="skip-link" href="#c">{NAVIGATION[0]}</a><header><nav>{_links(NAVIGATION[1:])}</nav></header>'
        f'<div class="site"><main><article class="post"><header class="entry-header"><h1>{escaped(page.title)}</h1>'
        f'<div class="entry-meta">{META[0]}</div></header><div class="entry-content">{content}{_promotion()}{_share()}</div>'
        f'<footer class="entry-footer"><span>{META[1]}</span> <span>{META[2]}</span></footer></article>'
        f'<nav class="post-navigation">{_links(POST_NAVIGATION)}</nav>{_author()}{_related()}{_comments()}</main>'
        f"<aside><h2>{SIDEBAR[0]}</h2>{_links(SIDEBAR[1:2])}<h2>{SIDEBAR[2]}</h2>{_links(SIDEBAR[3:4])}"
        f"<h2>{SIDEBAR[4]}</h2>{_links(SIDEBAR[5:])}{_newsletter()}</aside></div>{_footer()}{_cookies()}"
        f'<div class="chat"><p>{CHAT[0]}</p><button>{CHAT[1]}</button></div>'
    )


def _builder(page: Page, content: str) -> str:
    return (
        f'<div class="e-0"><div class="e-1">{_links(NAVIGATION)}</div></div><div class="e-2"><div class="e-3">'
        f'<div class="e-4"><h1 class="e-5">{escaped(page.title)}</h1><div class="e-6">{META[0]}</div></div>'
        f'<div class="e-7"><div class="e-8">{content}</div></div><div class="e-9">{_promotion()}</div>{_share()}'
        f'<div class="e-10">{_author()}</div><div class="e-11">{_related()}</div><div class="e-12">{_comments()}</div></div></div>'
        f'<div class="e-13">{_newsletter()}{_footer()}</div>{_cookies()}'
    )


def _magazine(page: Page, content: str) -> str:
    return (
        f"<header>{_links(NAVIGATION)}</header>{_cookies()}<main><div class='grid'><div class='col'>"
        f"<h1>{escaped(page.title)}</h1><p class='by'>{META[0]}</p>{_share()}<div itemprop='articleBody'>{content}</div>"
        f"<p>{META[1]}</p>{_newsletter()}{_author()}{_comments()}</div><div class='col side'>"
        f"<h4>{SIDEBAR[0]}</h4>{_links(SIDEBAR[1:])}{_promotion()}{_related()}</div></div></main>{_footer()}"
    )


def _docs(page: Page, content: str) -> str:
    contents = _links([s.title for s in page.sections])
    return (
        f"<div class='top'><nav>{_links(NAVIGATION)}</nav></div><div class='layout'><div class='toc'><p>On this page</p>{contents}</div>"
        f"<section class='body'><h1>{escaped(page.title)}</h1>{content}<div class='pager'>{_links(POST_NAVIGATION)}</div>"
        f"</section></div>{_promotion()}{_footer()}<div class='chat'>{CHAT[0]} <button>{CHAT[1]}</button></div>"
    )
