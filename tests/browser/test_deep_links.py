"""A citation's link makes Chromium highlight the quoted words on the page; bench/deep_links.py measures a hundred."""

from pathlib import Path

from tests.browser.targets import highlights, sampled, targets

PAGES = Path(__file__).parents[2] / "corpus" / "pages"
FILES = ("data-roles.json", "observability-platform-lead.html", "senior-site-reliability-engineer.html")


def test_links_highlight_their_words_in_the_original(chromium):
    chosen = sampled(list(targets([PAGES / name for name in FILES])), 8)
    assert {target.kind for target in chosen} == {"field", "item", "paragraph", "row"}
    context = chromium.new_context(viewport={"width": 1000, "height": 2400})
    scale, wrong = context.new_page(), {}
    for target in chosen:
        page = context.new_page()
        good, seen = highlights(page, scale, target)
        page.close()
        if not good:
            wrong[target.citation.quote] = seen
    context.close()
    assert wrong == {}
