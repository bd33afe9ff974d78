"""Of 100 sampled citations, how many links highlight their words in Chromium: python -m bench.deep_links PAGE..."""

import shutil
import sys
from collections import Counter
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.targets import highlights, sampled, targets

COUNT = 100
TALL = {"width": 1000, "height": 2400}  # room for a whole quote: only what is seen can be measured


def main(paths: list[str]) -> None:
    chosen = sampled(list(targets([Path(path) for path in paths])), COUNT)
    held: Counter[str] = Counter()
    asked = Counter(target.kind for target in chosen)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        scale = browser.new_page()
        for target in chosen:
            page = browser.new_page(viewport=TALL)
            good, seen = highlights(page, scale, target)
            page.close()
            held[target.kind] += good
            if not good:
                print(f"{target.kind}: {seen}\n  {target.citation.quote[:120]!r}\n  {target.citation.deep_link}")
        browser.close()
    for kind, count in sorted(asked.items()):
        print(f"{kind:10} {held[kind]:3} of {count}")
    print(f"{'all':10} {held.total():3} of {asked.total()}")


if __name__ == "__main__":
    main(sys.argv[1:])
