"""What the page costs a browser: python -m bench.page_speed ADDRESS

ADDRESS is a served index (`rolebook serve`), a large one for its catalogue and drawings. Prints how much the first view
sends and when one can type, cold and warm, then the times between frames while it is used, in Chromium at 1440 px.
Chromium draws 60 frames a second at most; without a graphics card it draws on the processor that also serves the page.
"""

import shutil
import sys
import time
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

SIZE = {"width": 1440, "height": 900}
COUNT = """() => {
    window.frameTimes = [];
    let last = performance.now();
    const frame = (now) => {
        window.frameTimes.push(now - last);
        last = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


def first_view(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=SIZE)
    for name in ("first view, nothing kept", "again"):
        page, sent = context.new_page(), []
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", lambda done, sent=sent: sent.append(done["encodedDataLength"]))
        begun = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator("textarea:focus").wait_for()
        typed = time.perf_counter()
        page.locator(".examples a").first.wait_for()
        ended = time.perf_counter()
        print(f"{name}: {sum(sent) / 1000:.1f} KB, box {typed - begun:.3f} s, examples {ended - begun:.3f} s")
        page.close()
    context.close()


def scroll_catalogue(page: Page) -> None:
    page.mouse.move(720, 600)
    for _ in range(80):
        page.mouse.wheel(0, 300)
        page.wait_for_timeout(16)


def drag_map(page: Page) -> None:
    for _ in range(3):
        page.get_by_role("button", name="Zoom in").click()
    page.mouse.move(700, 600)
    page.mouse.down()
    for step in range(90):
        page.mouse.move(700 + 3 * (step % 45), 600 - step)
        page.wait_for_timeout(16)
    page.mouse.up()


def zoom_map(page: Page) -> None:
    page.mouse.move(700, 600)
    for step in range(40):
        page.mouse.wheel(0, -60 if step < 20 else 60)
        page.wait_for_timeout(16)


def walk_cells(page: Page) -> None:
    page.locator(".cell[tabindex='0']").focus()
    for step in range(60):
        page.keyboard.press("ArrowRight" if step % 2 else "ArrowDown")
        page.wait_for_timeout(16)


def type_search(page: Page) -> None:
    page.locator("input[type=search]").press_sequentially("train new employees in safety", delay=60)
    page.wait_for_timeout(500)


USES: dict[str, tuple[str, str, Callable[[Page], None]]] = {
    "scrolling the catalogue": ("/roles", ".card", scroll_catalogue),
    "dragging the map": ("/overview", ".dot", drag_map),
    "zooming the map": ("/overview", ".dot", zoom_map),
    "walking over the overlap": ("/overview?tab=overlap", ".cell", walk_cells),
    "typing a search": ("/search", "input[type=search]", type_search),
}


def main(address: str) -> None:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        first_view(browser, address)
        print("\n| what | frames | p50 ms | p95 ms | longest ms |\n| --- | --- | --- | --- | --- |")
        for name, (path, drawn, use) in USES.items():
            page = browser.new_page(viewport=SIZE)
            page.goto(address + path)
            page.locator(drawn).first.wait_for(timeout=120_000)
            page.wait_for_timeout(500)
            page.evaluate(COUNT)
            use(page)
            times = page.evaluate("window.frameTimes")[1:]
            p50, p95 = np.percentile(times, [50, 95])
            print(f"| {name} | {len(times)} | {p50:.0f} | {p95:.0f} | {max(times):.0f} |", flush=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
