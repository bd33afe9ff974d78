"""Who may see what, what a page of harm can do, and how much is sent."""

import json

import pytest
from playwright.sync_api import expect

from api import keys, runs
from ingest.errors import FetchError
from tests.browser.conftest import PHONE, WIDE, opened, served
from tests.browser.shelf import HOSTILE, PAGES, shelve

OWNERS = "Which roles own drift monitoring?"


@pytest.fixture
def home(tmp_path):
    return shelve(PAGES, tmp_path)


def use_key(page, key):
    page.get_by_label("API key").and_(page.locator("input")).fill(key)
    page.get_by_role("button", name="Use this key").click()


def test_without_a_key_the_page_asks_for_one_and_goes_on_where_it_was(chromium, home):
    _, key = keys.add(home, "reader")
    with served(home, anonymous=False) as address, opened(chromium, address, **WIDE) as page:
        page.watch.forgiven += ["401"]
        page.goto(f"/?q={OWNERS}")
        expect(page.locator(".turn .key")).to_contain_text("A key is needed")
        use_key(page, "rb_wrong")
        expect(page.locator(".turn .key")).to_contain_text("not known here")
        use_key(page, key)
        expect(page.locator(".standing").first).to_contain_text("MLOps Manager")
        page.goto("/roles")
        expect(page.locator(".card")).to_have_count(4)


def test_the_status_is_for_admin_keys(chromium, home):
    _, reader = keys.add(home, "reader")
    _, admin = keys.add(home, "operator", admin=True)
    with runs.recorded(home, "build", "pages") as report:
        report.update(new=4, passages=30, failed=["empty.md: nothing in it. Leave it out."])
    with pytest.raises(FetchError), runs.recorded(home, "sync", "https://blog.example"):
        raise FetchError("https://blog.example does not answer. Try again later.")
    with served(home) as address, opened(chromium, address, **WIDE) as page:
        page.watch.forgiven += ["401", "403"]
        page.goto("/status")
        expect(page.locator(".key")).to_contain_text("An admin key is needed")
        use_key(page, reader)
        expect(page.locator(".key")).to_contain_text("An admin key is needed")
        use_key(page, admin)
        expect(page.locator(".figures")).to_contain_text("markdown 4")
        sync, build = page.locator(".run").all()
        expect(sync).to_contain_text("does not answer")
        expect(sync.locator(".state")).to_have_text("Failed")
        expect(build).to_contain_text("4 new · 30 passages")
        build.locator("summary").click()
        expect(build.locator("li")).to_have_text("empty.md: nothing in it. Leave it out.")


def test_too_many_requests_are_told_and_can_be_tried_again(chromium, home):
    with served(home, rate=1) as address, opened(chromium, address, **WIDE) as page:
        page.watch.forgiven += ["429"]
        page.goto("/roles")
        expect(page.locator(".card")).to_have_count(4)
        page.goto("/compare")
        expect(page.locator(".failure")).to_contain_text("Too many requests")
        expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_server_that_is_gone_is_told(chromium, home):
    with opened(chromium, "http://127.0.0.1", **WIDE) as page:
        with served(home) as address:
            page.goto(f"{address}/search")
            page.watch.wrong.clear()  # another host than the one that the context was opened for
        page.get_by_role("searchbox", name="Search").fill("drift")
        expect(page.locator(".failure")).to_contain_text("does not answer")
        page.watch.wrong.clear()


def test_the_first_view_is_light(wide):
    # Bytes of the bodies as they come over the wire.
    wide.context.clear_cookies()
    session = wide.context.new_cdp_session(wide)
    session.send("Network.enable")
    sent = []
    session.on("Network.loadingFinished", lambda found: sent.append(found["encodedDataLength"]))
    wide.goto("/")
    expect(wide.locator(".examples a").first).to_be_visible()
    assert 0 < sum(sent) <= 150_000


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["390", "1440"])
def test_nothing_in_a_hostile_page_runs_and_the_layout_holds(chromium, hostile_site, size):
    with opened(chromium, hostile_site, **size) as page:
        page.goto("/roles")
        expect(page.locator(".card")).to_have_count(len(HOSTILE) + len(PAGES))
        ids = page.locator(".card .role", has_text="Hostile").evaluate_all(
            "links => links.map(link => new URL(link.href).searchParams.get('id'))"
        )
        assert len(ids) == len(HOSTILE)
        pair = "&".join(f"role={one}" for one in ids[:4])
        views = [f"/role?id={one}" for one in ids]
        views += ["/roles", "/search?q=hostile monitoring&explain=1", "/overview", "/overview?tab=overlap"]
        views += ["/overview?tab=ownership&matter=hostile monitoring", f"/compare?{pair}"]
        views += ["/?q=Which roles own hostile monitoring?", "/?q=<img src=x onerror=window.ran=1>"]
        for view in views:
            page.goto(view)
            expect(page.locator(".loading")).to_have_count(0)
            assert page.evaluate("window.ran") is None, view
            assert (
                page.evaluate("document.querySelectorAll('main script, main iframe, main img, main style').length") == 0
            )
            wide_by = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide_by <= 0, view
            cut = "[...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth).length"
            assert page.evaluate(cut) == 0, view
            links = page.locator("main a[href]").evaluate_all(
                "links => links.map(link => new URL(link.getAttribute('href'), location.href).protocol)"
            )
            assert set(links) <= {"http:", "https:"}, view
        page.locator(".turn").first.wait_for()


@pytest.mark.parametrize("kind", [name.removesuffix(".md") for name in HOSTILE])
def test_a_hostile_source_is_shown_as_text(chromium, hostile_site, kind):
    with opened(chromium, hostile_site, **WIDE) as page:
        page.goto(f"/search?q=hostile {kind} monitoring page")
        page.locator(".found-text", has_text="Own hostile monitoring").first.click()
        expect(page.locator("#reader mark.quoted").first).to_be_visible()
        assert page.evaluate("window.ran") is None
        assert page.evaluate("document.querySelectorAll('#reader script, #reader iframe, #reader img').length") == 0
        for link in page.locator("#reader a[target]").all():
            assert link.get_attribute("href").startswith("https://example.org/")


def test_a_thousand_roles_stay_in_hand(chromium, big_site):
    with opened(chromium, big_site, **WIDE) as page:
        page.goto("/roles")
        expect(page.locator(".catalogue")).to_contain_text("1,016 roles")
        assert page.locator(".card").count() < 1_016
        page.get_by_role("searchbox", name="Find a role").fill("planner 101")
        expect(page.locator(".catalogue")).to_contain_text("7 of 1,016 roles")
        page.goto("/overview")
        expect(page.locator(".dot")).to_have_count(1_016)
        assert page.locator(".dot text").count() <= 70
        page.get_by_role("button", name="Zoom in").click()
        page.goto("/overview?tab=overlap")
        expect(page.locator(".chart-place")).to_contain_text("The 60 roles with most responsibilities, of 1,016")
        page.get_by_role("combobox", name="Only around a role").fill("Planner 7")
        expect(page.locator(".cell")).to_have_count(25 * 25)


def test_a_broken_stream_is_told(chromium, site):
    with opened(chromium, site, **WIDE) as page:
        event = f"event: claim\ndata: {json.dumps({'text': 'Own drift', 'citations': [1]})}\n\n"
        page.route("**/v1/ask", lambda route: route.fulfill(body=event, content_type="text/event-stream"))
        page.goto(f"/?q={OWNERS}")
        expect(page.locator(".failure")).to_contain_text("The answer broke off")
        page.unroute("**/v1/ask")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator(".standing").first).to_contain_text("MLOps Manager")


def test_claims_are_shown_before_the_answer_is_whole(chromium, site):
    """The claims come at once; the whole answer may wait for a language model."""
    script = """() => {
        const plain = window.fetch;
        window.fetch = async (url, options) => {
            if (!String(url).endsWith('/v1/ask')) return plain(url, options);
            const reply = await plain(url, options);
            const [text] = [await reply.text()];
            const cut = text.indexOf('event: done');
            const body = new ReadableStream({
                start(out) {
                    const code = new TextEncoder();
                    out.enqueue(code.encode(text.slice(0, cut)));
                    window.finish = () => { out.enqueue(code.encode(text.slice(cut))); out.close(); };
                },
            });
            return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
        };
    }"""
    with opened(chromium, site, **WIDE) as page:
        page.add_init_script(f"({script})()")
        page.goto(f"/?q={OWNERS}")
        expect(page.locator(".coming")).to_contain_text("Own drift monitoring for all production models")
        assert page.locator(".standing").count() == 0
        page.evaluate("window.finish()")
        expect(page.locator(".standing").first).to_contain_text("MLOps Manager")
