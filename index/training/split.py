"""The activities that training never sees: whole intermediate activities (IWAs), so that no sibling is seen."""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

HELD_OUT = Path(__file__).with_name("heldout_iwas.txt")
FIFTH = 5


def iwa(dwa: str) -> str:
    """The intermediate activity above a detailed one: "4.A.1.a.1.I14.D04" -> "4.A.1.a.1.I14"."""
    return dwa.rpartition(".")[0]


def held_out() -> frozenset[str]:
    """The IWAs of the committed split file."""
    return frozenset(HELD_OUT.read_text(encoding="ascii").split())


def is_held_out(dwas: Iterable[str], held: frozenset[str]) -> bool:
    """Whether there are activities and all of them lie in held-out IWAs: what may be measured on."""
    iwas = {iwa(dwa) for dwa in dwas}
    return bool(iwas) and iwas <= held


def touches(dwas: Iterable[str], held: frozenset[str]) -> bool:
    """Whether any of them lies in a held-out IWA: what may not be trained on."""
    return any(iwa(dwa) in held for dwa in dwas)


def choose(iwas: Iterable[str]) -> list[str]:
    """A fifth of the IWAs, by the order of their hashes."""
    ordered = sorted(set(iwas), key=lambda name: hashlib.sha256(name.encode()).hexdigest())
    return sorted(ordered[: len(ordered) // FIFTH])


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the split file.")
    parser.add_argument("--data", type=Path, required=True, help="folder with onet/dwa_labels.dev.jsonl.gz")
    labels = parser.parse_args().data / "onet" / "dwa_labels.dev.jsonl.gz"
    with gzip.open(labels, "rt", encoding="utf-8") as lines:
        iwas = {iwa(dwa) for line in lines for dwa in json.loads(line)["dwa_ids"]}
    HELD_OUT.write_text("\n".join(choose(iwas)) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
