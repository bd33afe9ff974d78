"""Each view, used as a person would, on a phone and on a wide screen."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, unquote, urlsplit

from playwright.sync_api import expect

OWNERS = "Which roles own drift monitoring?"
OWNED = "Own drift monitoring for all production models and set its thresholds."


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def ask(page, question):
    page.get_by_role("textbox", name=re.compile("question", re.I)).fill(question)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    expect(page.locator(".turn").last.locator(".foot, .unanswered")).to_be_visible()


def quoted(page):
    """The words set apart in the source."""
    expect(page.locator("#reader mark.quoted").first).to_be_visible()
    return " ".join(page.locator("#reader mark.quoted").all_inner_texts())


def test_an_answer_names_roles_and_a_mark_opens_the_words_where_they_stand(page):
    page.goto("/")
    ask(page, OWNERS)
    first = page.locator(".standing").first
    expect(first.get_by_role("link", name="MLOps Manager")).to_be_visible()
    expect(first.locator(".badge")).to_have_text("Owns it")
    first.locator(".mark").first.click()
    assert quoted(page) == OWNED
    expect(page.locator("#reader mark.quoted").first).to_be_in_viewport()
    around = page.locator("#reader ol").filter(has_text="Own drift monitoring").locator("> li")
    assert around.nth(1).inner_text() == "Run the weekly review of model incidents with product teams."
    link = page.locator("#reader").get_by_role("link", name="Open the original").get_attribute("href")
    assert link.startswith("https://example.org/mlops-manager/#:~:text=Own%20drift")
    assert parameters(page)["read"] == ["mlops-manager@example.org"]
    page.keyboard.press("Escape")
    expect(page.locator("#reader")).to_be_hidden()
    expect(first.locator(".mark").first).to_be_focused()


def test_the_next_quote_is_a_step_away_and_back_closes_the_source(page):
    page.goto(f"/?q={OWNERS}")
    page.locator(".mark").first.click()
    before = quoted(page)
    page.get_by_role("button", name="Next quote").click()
    expect(page.locator("#reader mark.quoted").first).not_to_have_text(before)
    page.go_back()
    expect(page.locator("#reader")).to_be_hidden()
    assert parameters(page) == {"q": [OWNERS]}


def test_a_table_row_is_marked_in_its_cells(page):
    page.goto("/?q=What are the KPIs of the MLOps Manager?")
    table = page.locator(".answer table")
    expect(table.locator("th").first).to_have_text("Metric")
    page.locator(".answer tr", has_text="Median hours").locator(".mark").click()
    assert quoted(page) == "Median hours to detect drift 4 Monthly"
    assert page.locator("#reader td mark").count() == 3


def test_a_follow_up_stays_in_the_thread_and_back_takes_it_away(page):
    page.goto("/")
    ask(page, "What are the KPIs of the MLOps Manager?")
    ask(page, "And of the Data Engineer?")
    expect(page.locator(".turn").last).to_contain_text("Loads on time")
    assert parameters(page)["q"] == ["What are the KPIs of the MLOps Manager?", "And of the Data Engineer?"]
    page.go_back()
    expect(page.locator(".turn")).to_have_count(1)
    page.go_forward()
    expect(page.locator(".turn").last).to_contain_text("Loads on time")
    page.reload()
    expect(page.locator(".turn").last).to_contain_text("Loads on time")


def test_what_cannot_be_answered_says_why_and_what_is_near(page):
    page.goto("/")
    ask(page, "What is the price of bread in Paris?")
    expect(page.locator(".unanswered")).to_contain_text("say nothing about “price of bread in Paris”")
    expect(page.get_by_role("heading", name="Nearest passages, not an answer")).to_be_visible()
    page.locator(".near").first.click()
    assert quoted(page)


def test_every_example_has_an_answer(wide):
    wide.goto("/")
    expect(wide.locator(".examples a").first).to_be_visible()
    questions = wide.locator(".examples a").all_inner_texts()
    assert f"{OWNERS}" in questions
    for question in questions:
        wide.goto("/")
        wide.locator(".examples a", has_text=question).click()
        expect(wide.locator(".turn .foot")).to_be_visible()


def test_searching_as_one_types_and_narrowing(page):
    page.goto("/search")
    page.get_by_role("searchbox", name="Search").press_sequentially("drift monitoring", delay=15)
    expect(page.locator(".found").first).to_contain_text("drift monitoring")
    assert parameters(page)["q"] == ["drift monitoring"]
    if page.viewport_size["width"] < 800:
        page.locator(".drawer summary").click()
    facet = page.get_by_role("checkbox", name=re.compile("KPIs"))
    count = int(page.locator("label", has=facet).locator(".n").inner_text())
    facet.check()
    expect(page.locator(".found")).to_have_count(count)
    assert parameters(page)["topic"] == ["kpis"]
    expect(page.get_by_role("checkbox", name=re.compile("Responsibilities"))).to_be_visible()
    page.go_back()
    expect(page.get_by_role("checkbox", name=re.compile("KPIs"))).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_role("checkbox", name=re.compile("KPIs"))).to_be_checked()
    page.reload()
    expect(page.locator(".found")).to_have_count(count)
    page.locator(".found-text", has_text="Median hours").click()
    assert quoted(page) == "Median hours to detect drift 4 Monthly"


def test_a_search_by_role_and_explained(page):
    page.goto("/search?q=drift monitoring")
    page.get_by_role("link", name="By role").click()
    expect(page.locator(".grouped")).to_have_count(4)
    page.get_by_role("link", name="Explain").click()
    expect(page.locator(".scores").first).to_contain_text("Meaning")
    expect(page.locator(".read-as")).to_contain_text("drift monitoring")
    assert parameters(page) == {"q": ["drift monitoring"], "group": ["role"], "explain": ["1"]}


def test_the_catalogue_and_a_roles_page(page):
    page.goto("/roles")
    expect(page.locator(".card")).to_have_count(4)
    page.get_by_role("searchbox", name="Find a role").fill("ml")
    expect(page.locator(".card")).to_have_count(2)
    page.get_by_role("combobox", name="Level").select_option("head")
    expect(page.locator(".card")).to_have_count(1)
    page.go_back()
    page.get_by_role("link", name="MLOps Manager").click()
    expect(page.get_by_role("heading", name="MLOps Manager", level=1)).to_be_visible()
    assert page.locator(".page th").all_inner_texts() == ["Metric", "Target", "Frequency"]
    expect(page.locator(".page ol ul li").first).to_have_text("one engineer a week")
    expect(page.locator(".near-list li")).to_have_count(3)
    page.get_by_role("link", name="KPIs", exact=True).click()
    expect(page.get_by_role("heading", name="7) KPIs and Productivity Metrics")).to_be_in_viewport()
    page.locator(".near-list .role").first.click()
    expect(page.get_by_role("heading", name="MLOps Manager", level=1)).to_be_hidden()


def test_two_roles_side_by_side(page):
    page.goto("/compare")
    box = page.get_by_role("combobox", name="Add a role")
    box.fill("Data Engineer")
    expect(page.locator(".picked")).to_have_count(1)
    page.get_by_role("combobox", name="Add a role").fill("Site Reliability Lead")
    row = page.locator(".aligned-row").first
    expect(row).to_contain_text("Keep the on-call rota of the warehouse staffed.")
    expect(row).to_contain_text("Keep the on-call rota of all services staffed.")
    assert row.locator(".tie svg line").count() == 1
    expect(page.locator(".only").nth(1)).to_contain_text("Own incident command for every production service.")
    row.locator(".item").first.click()
    assert quoted(page) == "Keep the on-call rota of the warehouse staffed."
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove Data Engineer").click()
    expect(page.locator(".empty-title")).to_have_text("One more role is needed.")
    page.go_back()
    expect(page.locator(".aligned-row").first).to_be_visible()


def test_a_topic_that_no_chosen_page_has(wide):
    wide.watch.forgiven += ["404"]
    wide.goto("/compare?role=data-engineer@example.org&role=site-reliability-lead@example.org&topic=mission")
    expect(wide.locator(".empty-title")).to_have_text("Nothing on mission.")
    wide.get_by_role("combobox", name="Topic").select_option("responsibilities")
    expect(wide.locator(".aligned-row").first).to_be_visible()


def test_what_comes_late_does_not_overwrite_what_was_asked_since(page):
    held = []
    page.route("**/v1/near?*", lambda route: held.append(route))
    page.goto("/compare?role=data-engineer@example.org")
    page.get_by_role("combobox", name="Add a role").fill("Site Reliability Lead")
    expect(page.locator(".aligned-row").first).to_be_visible()
    with page.expect_response("**/v1/near?*"):
        held[0].continue_()
    page.evaluate("new Promise((done) => setTimeout(done, 50))")
    expect(page.locator(".aligned-row").first).to_be_visible()


def test_the_map_leads_to_a_role(page):
    page.goto("/overview")
    expect(page.locator(".dot")).to_have_count(4)
    page.locator(".dot[aria-label^='Data Engineer'] text").click()
    expect(page.get_by_role("heading", name="Data Engineer", level=1)).to_be_visible()


def test_an_overlap_cell_opens_what_overlaps(page):
    page.goto("/overview?tab=overlap")
    page.locator(".cell[aria-label^='Data Engineer and Site Reliability Lead']").click()
    expect(page.locator(".detail")).to_contain_text("Keep the on-call rota of the warehouse staffed.")
    page.locator(".detail .mark").first.click()
    assert "Keep the on-call rota" in quoted(page)


def test_an_ownership_cell_opens_its_quotes(page):
    page.goto("/overview?tab=ownership&matter=drift monitoring")
    page.get_by_role("textbox", name="Add a matter").fill("incident command")
    page.keyboard.press("Enter")
    page.locator(".cell[aria-label='Site Reliability Lead, incident command: Owns it']").click()
    expect(page.locator(".detail")).to_contain_text("Own incident command for every production service.")
    page.locator(".detail .mark").first.click()
    assert quoted(page) == "Own incident command for every production service."


def test_drawings_can_be_taken_along(wide):
    wide.goto("/overview?tab=overlap")
    kept = {}
    for form in ("SVG", "PNG", "CSV"):
        with wide.expect_download() as saved:
            wide.get_by_role("button", name=form).click()
        assert re.fullmatch(rf"rolebook-overlap-\d{{4}}-\d\d-\d\d\.{form.lower()}", saved.value.suggested_filename)
        kept[form] = saved.value.path().read_bytes()
    names = {text.text for text in ET.fromstring(kept["SVG"]).iter("{http://www.w3.org/2000/svg}text")}
    assert {"Data Engineer", "Site Reliability Lead"} <= names
    assert kept["PNG"].startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO(kept["CSV"].decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == rows[0][1:]
    assert [float(rows[n][n]) for n in range(1, 5)] == [1.0] * 4


def test_a_deep_link_shows_what_its_sender_saw(page):
    page.goto(f"/?q={OWNERS}")
    page.locator(".mark").first.click()
    words = quoted(page)
    page.goto(page.url)
    assert quoted(page) == words
    assert "at=" in unquote(page.url)


def test_the_theme_is_kept(wide):
    wide.goto("/")
    ground = "getComputedStyle(document.body.parentElement).backgroundColor"
    light = wide.evaluate(ground)
    for _ in range(2):
        wide.get_by_role("button", name=re.compile("Theme")).click()
    assert wide.evaluate(ground) != light
    wide.reload()
    assert wide.evaluate(ground) != light


def test_items_under_an_item_stand_under_it(wide):
    wide.goto("/")
    drawn = wide.evaluate(
        """async (text) => {
            const { markdown } = await import(new URL("words.js", document.querySelector("script[src]").src));
            return markdown(text, () => null).map((part) => part.outerHTML.replaceAll(' dir="auto"', "")).join("");
        }""",
        "- a\n  - b\n  - c\n- d\n\n- e",
    )
    assert drawn == (
        "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ul><ul><li>e</li></ul>"  # a blank line ends a list
    )


def test_a_verdict_is_no_heading(wide):
    wide.goto("/")
    drawn = wide.evaluate(
        """async (text) => {
            const { markdown } = await import(new URL("words.js", document.querySelector("script[src]").src));
            return markdown(text, () => null).map((part) => part.localName);
        }""",
        "**Data Lead** > 7) KPIs\n\n**Data contracts**\n\n**Not said outright.** The nearest on the page:",
    )
    assert drawn == ["h3", "h3", "p"]
