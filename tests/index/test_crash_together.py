"""Many processes on one home: readers see one generation at a time, writers one after the other."""

import threading
from pathlib import Path

from index.disk import writing
from tests.index.crashing import End, Job, nursery
from tests.index.reading import together
from tests.index.scenes import edit, pages, snapshot, strays


def test_readers_see_whole_generations_while_a_writer_writes(tmp_path: Path) -> None:
    writer, *readers = together(tmp_path, readers=2, editions=6)  # `python -m bench.crash` has eight for ten minutes
    assert [reader["last"] for reader in readers] == [writer["last"]] * 2 == [6] * 2
    assert strays(tmp_path / "home") == []


def test_a_second_writer_is_refused_and_the_index_stays_right(tmp_path: Path) -> None:
    job = Job("build", str(tmp_path / "home"), str(pages(tmp_path / "pages")))
    with nursery() as one, nursery() as other:
        with writing(tmp_path / "home"):
            refused = one.run(job)
        assert refused.how == "StoreError"
        assert "Another process is writing" in refused.message
        assert "Run this again" in refused.message
        assert one.run(job).how == "done"
        edit(tmp_path / "pages")
        ends: list[End] = []
        racing = [threading.Thread(target=lambda kind=kind: ends.append(kind.run(job))) for kind in (one, other)]
        for thread in racing:
            thread.start()
        for thread in racing:
            thread.join()
        assert {end.how for end in ends} <= {"done", "StoreError"}
        assert "done" in {end.how for end in ends}
        after = snapshot(tmp_path / "home")
        assert (one.run(job).message, snapshot(tmp_path / "home")) == ("0", after)
    assert strays(tmp_path / "home") == []
