"""What the tests of trust do in small, in full: kills, flipped bits, readers beside a writer.

    python -m bench.crash [--kills 200] [--flips 1000] [--minutes 10] [--readers 8] [--only kills|flips|together]

Prints one line of JSON for each kind; any index that is neither the old nor the new one, any wrong answer, any stray
file ends the run with an error.
"""

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.index.crashing import Nursery, nursery
from tests.index.harm import FILES, answers, file_of, flip, outcome, three_builds
from tests.index.reading import together
from tests.index.scenes import SCENES, strays


def kills(processes: Nursery, name: str, count: int, in_switch: bool) -> dict[str, object]:
    """So many kills at random moments of a piece of work, or of its switch to the new generation."""
    chance, ends, found = random.Random(7), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder, SCENES[name](processes, Path(folder)) as scene:
        longest = scene.switch_seconds if in_switch else scene.seconds
        for _ in range(count):
            ends[scene.broken_off(in_switch=in_switch, kill_after=chance.uniform(0, longest)).how] += 1
            found[scene.check()] += 1
    return {"work": f"{name}, switch" if in_switch else name, "runs": count, **ends, "index": dict(found)}


def touches(processes: Nursery, name: str) -> dict[str, object]:
    """One kill at each touch of a file, from the first to the last."""
    found = Counter[str]()
    with tempfile.TemporaryDirectory() as folder, SCENES[name](processes, Path(folder)) as scene:
        for event in range(1, scene.events + 1):
            scene.broken_off(kill_at_event=event)
            found[scene.check()] += 1
    return {"work": f"{name}, at each touch of a file", "runs": sum(found.values()), "index": dict(found)}


def flips(count: int) -> dict[str, object]:
    """So many flipped bits, spread over the files by turns."""
    chance, found = random.Random(7), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        home = three_builds(Path(folder))
        right = answers(home)
        for number in range(count):
            name = FILES[number % len(FILES)]
            path = file_of(home, name)
            good = path.read_bytes()
            flip(path, chance)
            found[outcome(home, name, right)] += 1
            path.write_bytes(good)
    return {"flips": count, **found}


def beside(readers: int, minutes: float) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        writer, *others = together(Path(folder), readers, 2, minutes * 60)
        left = strays(Path(folder) / "home")
    assert not left, left
    assert {one["last"] for one in others} == {writer["last"]}
    return {
        "readers": readers,
        "minutes": minutes,
        "generations": writer["last"],
        "reads": [o["reads"] for o in others],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flips", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--only", choices=["kills", "flips", "together"])
    given = parser.parse_args()

    def wanted(kind: str) -> bool:
        return given.only in (None, kind)

    started = time.monotonic()
    if wanted("flips"):
        _say(flips(given.flips), started)
    if wanted("kills"):
        with nursery() as processes:
            for name in SCENES:
                _say(kills(processes, name, given.kills, False), started)
                _say(touches(processes, name), started)
            _say(kills(processes, "update", given.kills, True), started)
    if wanted("together"):
        _say(beside(given.readers, given.minutes), started)


def _say(line: dict[str, object], started: float) -> None:
    print(json.dumps(line | {"after_s": round(time.monotonic() - started)}), flush=True)


if __name__ == "__main__":
    main()
