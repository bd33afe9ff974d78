"""The page for those who use no mouse, see little, or want things still."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.conftest import PHONE, WIDE, opened

OWNERS = "Which roles own drift monitoring?"
PAIR = "role=data-engineer@example.org&role=site-reliability-lead@example.org"
SOURCE = "read=mlops-manager@example.org&at=307-377"
VIEWS = {
    "start": "/",
    "answer and source": f"/?q={OWNERS}&{SOURCE}",
    "table": "/?q=What are the KPIs of the MLOps Manager?",
    "no answer": "/?q=What is the price of bread in Paris?",
    "search": "/search?q=drift&explain=1&topic=kpis",
    "search by role": "/search?q=drift&group=role",
    "nothing to search": "/search",
    "roles": "/roles",
    "no role": "/roles?q=zebra",
    "role": "/role?id=mlops-manager@example.org",
    "unknown role": "/role?id=nobody",
    "compare": f"/compare?{PAIR}",
    "compare nothing": "/compare",
    "map": "/overview",
    "overlap": "/overview?tab=overlap",
    "ownership": "/overview?tab=ownership&matter=drift monitoring&matter=incident command",
    "status": "/status",
}
LOOKS = [("light", WIDE), ("dark", WIDE), ("light", PHONE)]


@pytest.mark.parametrize(("theme", "size"), LOOKS, ids=["light-1440", "dark-1440", "light-390"])
def test_axe_finds_nothing_serious_on_any_view(chromium, site, theme, size):
    found = {}
    with opened(chromium, site, color_scheme=theme, reduced_motion="reduce", bypass_csp=True, **size) as page:
        page.watch.forgiven += ["401", "404"]
        for name, address in VIEWS.items():
            page.goto(address)
            expect(page.locator(".loading")).to_have_count(0)
            rules = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            for rule in rules:
                if rule["impact"] in ("serious", "critical"):
                    found[name, rule["id"]] = [node["html"][:160] for node in rule["nodes"][:3]]
    assert found == {}


def tab_to(page, name, most=40):
    """Presses Tab until an element of this name has the focus; how it then looks is looked at."""
    for _ in range(most):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(e => (e.getAttribute('aria-label') ?? e.placeholder ?? e.textContent ?? '').trim())(document.activeElement)"
        )
        if name in label:
            seen = page.evaluate(
                """(e => {
                    const outlined = (one) => getComputedStyle(one).outlineStyle !== 'none';
                    return outlined(e) || outlined(e.closest('.box') ?? e) || e.matches('.cell, .dot');
                })(document.activeElement)"""
            )
            assert seen, f"{name}: its focus cannot be seen"
            return
    raise AssertionError(f"Tab does not lead to {name}")


def test_asking_and_reading_with_the_keyboard_alone(page):
    page.goto("/")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(OWNERS)
    page.keyboard.press("Enter")
    expect(page.locator(".foot")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "Source 1: MLOps Manager")
    page.keyboard.press("Enter")
    expect(page.locator("#reader mark.quoted").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.get_by_role("button", name="Source 1: MLOps Manager")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("textarea")).to_be_focused()


def test_the_source_keeps_the_focus_while_it_covers_a_phone(chromium, site):
    with opened(chromium, site, **PHONE) as page:
        page.goto(f"/?q={OWNERS}")
        page.locator(".mark").first.click()
        expect(page.get_by_role("button", name="Close the source")).to_be_focused()
        expect(page.locator("#reader mark.quoted").first).to_be_visible()
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.closest('#reader') !== null")


def test_filtering_with_the_keyboard_alone(wide):
    wide.goto("/search?q=drift monitoring")
    expect(wide.locator(".found").first).to_be_visible()
    everything = wide.locator(".found").count()
    wide.locator(".facet input").first.focus()
    wide.keyboard.press("Space")
    expect(wide.locator(".clear")).to_be_visible()
    assert 0 < wide.locator(".found").count() < everything
    assert wide.evaluate("document.activeElement.matches('.facet input:checked')")
    tab_to(wide, "Passages")


def test_walking_over_a_drawing_with_arrow_keys(wide):
    wide.goto("/overview?tab=overlap")
    expect(wide.locator(".cell")).to_have_count(16)
    wide.locator(".cell[tabindex='0']").focus()
    wide.keyboard.press("ArrowRight")
    label = wide.evaluate("document.activeElement.getAttribute('aria-label')")
    left, right = label.rpartition(":")[0].split(" and ")
    wide.keyboard.press("Enter")
    expect(wide.locator(".detail h2")).to_have_text(f"{left} and {right}")
    assert wide.evaluate("document.activeElement.getAttribute('aria-label')") == label


def test_walking_over_the_map_with_arrow_keys(wide):
    wide.goto("/overview")
    wide.locator(".dot[tabindex='0']").focus()
    first = wide.evaluate("document.activeElement.getAttribute('aria-label')")
    seen = set()
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        wide.keyboard.press(key)
        seen.add(wide.evaluate("document.activeElement.getAttribute('aria-label')"))
    now = wide.evaluate("document.activeElement.getAttribute('aria-label')")
    wide.keyboard.press("Enter")
    expect(wide.get_by_role("heading", level=1)).to_have_text(now.split(",")[0])
    assert seen - {first}


def test_comparing_with_the_keyboard_alone(wide):
    wide.goto("/compare")
    tab_to(wide, "Add a role")
    wide.keyboard.type("Data Engineer")
    expect(wide.locator(".picked")).to_have_count(1)
    expect(wide.get_by_role("combobox", name="Add a role")).to_be_focused()
    wide.keyboard.type("Site Reliability Lead")
    expect(wide.locator(".aligned-row").first).to_be_visible()


def test_a_new_view_takes_the_focus_and_says_its_name(wide):
    wide.goto("/")
    wide.get_by_role("link", name="Roles", exact=True).focus()
    wide.keyboard.press("Enter")
    expect(wide.locator("#main")).to_be_focused()
    expect(wide).to_have_title("Roles · Rolebook")
    expect(wide.locator("#live")).to_have_text("Roles view")


def test_a_view_that_comes_late_leaves_the_focus_where_it_was_put(chromium, site):
    held = []
    with opened(chromium, site, **WIDE) as page:
        page.route("**/ask.js", lambda route: held.append(route))
        with page.expect_request("**/ask.js"):
            page.goto("/", wait_until="commit")
        link = page.get_by_role("link", name="Roles", exact=True)
        link.focus()
        expect(link).to_be_focused()
        held.pop().continue_()
        expect(page.locator("[data-box]")).to_be_visible()
        expect(link).to_be_focused()


def test_nothing_moves_for_who_wants_it_still(chromium, site):
    with opened(chromium, site, reduced_motion="reduce", **WIDE) as page:
        page.route("**/v1/examples", lambda route: None)  # it goes on loading
        page.goto("/")
        expect(page.locator(".loading")).to_be_visible()
        assert page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0
        page.unroute("**/v1/examples", None)
