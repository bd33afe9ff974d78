"""Coverage-guided fuzzing of every reader, where atheris can be installed (`pip install atheris`, CPython on Linux).

    python bench/fuzz_atheris.py [CORPUS_FOLDER] [-max_total_time=600]

Any exception but the typed errors, and any offset that does not hold, ends the run with the input that did it.
"""

import sys
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed: pip install atheris. tests/ingest/test_fuzz.py needs none.")

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
with atheris.instrument_imports(include=["ingest"]):
    from ingest.blueprint import RawPage, walk
    from ingest.errors import UnreadablePage
    from ingest.parse import parse
    from ingest.passages import passages

STARTS = (
    b"",
    b"<!doctype html><body>",
    b"# A role\n",
    b"---\ntitle: A\n---\n",
    b"title: A\nb: c\n",
    b'{"rolebook_role":"onet",',
)
WRAPPED = b'{"title": {"rendered": "A"}, "content": {"rendered": "<p>'


def one_input(data: bytes) -> None:
    """Reads `data` as the kind of page that its first byte chooses."""
    kind, rest = data[:1], data[1:]
    choice = (kind or b"\0")[0] % (len(STARTS) + 1)
    content = STARTS[choice] + rest if choice < len(STARTS) else WRAPPED + rest + b'"}}'
    try:
        reading = parse(RawPage("page", content))
    except UnreadablePage:
        return
    for blueprint in reading.blueprints:
        for _, section in walk(blueprint.sections):
            for block in section.blocks:
                assert blueprint.text[block.start : block.end] == block.text
        for passage in passages(blueprint):
            assert blueprint.text[passage.start : passage.end] == passage.text


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
