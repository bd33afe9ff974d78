"""The tables of an index in PostgreSQL: one partition a generation, filled in binary blocks."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.encoders import Vectors
from index.lexical import MAKE
from index.postgres import table
from index.vectors import Ids, Scores
from ingest.errors import StoreError

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

VERSION = f"1, {MAKE['index']} {MAKE['version']}"  # of these tables and of how words are cut
BLOCK = 1 << 14  # rows written at once
LISTED = 10_000  # allowed rows sent as a list; more are sent as a bitmap
# A column of texts compares by its bytes, as SQLite does.
TABLES = {
    "sources": "key text, source text, sha256 text, media_type text, fetched_at text, format text, without text",
    "blueprints": """number int, key text, parsed_id text, blueprint_id text COLLATE "C", duplicate int,
        role text COLLATE "C", level text, function text, url text, published text, modified text, passage_ids text,
        record text, source text, passages int""",
    "passages": """row int, passage_id text, blueprint_id text, role text, topic text, path text, kind text, text text,
        start int, stop int, hash text, level text, function text""",
    "vectors": "row int, vector vector",
    "terms": "number int, term text, idf real, texts int",
    "forms": "form text, count bigint",
    "postings": "number int, row int, weight real",
}
_FIXED = """
CREATE TABLE IF NOT EXISTS rolebook_generations (
    generation int PRIMARY KEY, version text NOT NULL, manifest text NOT NULL, nearest bool NOT NULL);
CREATE TABLE IF NOT EXISTS rolebook_current (one bool PRIMARY KEY CHECK (one), generation int NOT NULL);
INSERT INTO rolebook_current VALUES (true, 0) ON CONFLICT DO NOTHING;
"""
_BESIDE = "ALTER TABLE rolebook_vectors ALTER COLUMN vector SET STORAGE PLAIN;"  # a vector beside its row's number
_SHARDED_BY = {  # on Citus: what reads look rows up by, or group them by
    "sources": "key",
    "blueprints": "blueprint_id",
    "passages": "row",
    "vectors": "row",
    "terms": "term",
    "forms": "form",
    "postings": "row",
}
_INDEXES = {
    "blueprints": ("(blueprint_id) WHERE duplicate = 0", "(key)"),
    "passages": ("(row)", "(blueprint_id, passage_id)", "(role)", "(topic)"),
    "vectors": ("(row)",),
    "terms": ("(term)",),
    "postings": ("(number, row) INCLUDE (weight)",),
}
Db: TypeAlias = "Connection[tuple[Any, ...]]"


def prepare(db: Db) -> None:
    """Makes what is missing of the extension and the tables; StoreError if that is not allowed."""
    from psycopg.errors import InsufficientPrivilege, UndefinedFile

    made = [_FIXED, *(_parent(name, columns) for name, columns in TABLES.items()), _BESIDE]
    try:
        with db.transaction():
            db.execute("SELECT pg_advisory_xact_lock(7265)")  # two that make tables at once would meet an error
            if not db.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchall():
                db.execute("CREATE EXTENSION vector")
            if not db.execute("SELECT to_regclass('rolebook_postings')").fetchall()[0][0]:
                db.execute("".join(made).encode())
                _distribute(db)
    except (InsufficientPrivilege, UndefinedFile) as error:
        raise StoreError(
            f"The database lacks pgvector or the right to make tables ({' '.join(str(error).split())}). "
            "Install pgvector, have an administrator run 'CREATE EXTENSION vector', and grant CREATE on the schema."
        ) from error


def _distribute(db: Db) -> None:
    """Spreads the new tables over the workers of a Citus cluster; elsewhere nothing."""
    if db.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'").fetchall():
        for name, column in _SHARDED_BY.items():
            db.execute("SELECT create_distributed_table(%s, %s)", (f"rolebook_{name}", column))


def begin(db: Db, generation: int, names: Iterable[str] = TABLES) -> None:
    """Makes a generation's empty partitions."""
    for name in names:
        one = table(name, generation)
        db.execute(f"CREATE TABLE {one} PARTITION OF rolebook_{name} FOR VALUES IN ({generation:d})".encode())


def index(db: Db, generation: int) -> None:
    """Indexes a filled generation."""
    for name, indexes in _INDEXES.items():
        for columns in indexes:
            db.execute(f"CREATE INDEX ON {table(name, generation)} {columns}".encode())
    for name in TABLES:
        db.execute(f"ANALYZE {table(name, generation)}".encode())


def index_nearest(db: Db, generation: int, dimension: int) -> None:
    """HNSW over the vectors at half precision: half the memory, and the hits are ranked by the whole ones."""
    half = f"((vector::halfvec({dimension:d})) halfvec_ip_ops)"
    db.execute(f"CREATE INDEX ON {table('vectors', generation)} USING hnsw {half}".encode())


def drop(db: Db, generation: int) -> None:
    for name in TABLES:
        db.execute(f"DROP TABLE IF EXISTS {table(name, generation)}".encode())
    db.execute("DELETE FROM rolebook_generations WHERE generation = %s", (generation,))


def copy_rows(db: Db, name: str, generation: int, rows: Iterable[Sequence[object]]) -> None:
    """Fills a partition row by row."""
    with db.cursor() as cursor, _copying(cursor, name, generation, "") as copy:
        for row in rows:
            copy.write_row((generation, *row))


def copy_vectors(db: Db, generation: int, rows: Ids, vectors: Vectors) -> None:
    """Adds vectors by row, as pgvector's binary form has them."""
    dimension = vectors.shape[1]
    form = np.dtype([*_HEAD, ("size", ">i4"), ("dim", ">i2"), ("zero", ">i2"), ("vector", ">f4", (dimension,))])
    for start in range(0, len(rows), BLOCK):
        block = _block(form, 3, generation, rows[start : start + BLOCK])
        block["size"], block["dim"], block["zero"] = 4 + 4 * dimension, dimension, 0
        block["vector"] = vectors[start : start + BLOCK]
        _copy_block(db, "vectors", generation, block)


def copy_postings(db: Db, generation: int, numbers: npt.NDArray[Any], rows: npt.NDArray[Any], weights: Scores) -> None:
    """Adds postings: term's number, text's row, weight."""
    form = np.dtype([*_HEAD, ("size_row", ">i4"), ("row", ">i4"), ("size", ">i4"), ("weight", ">f4")])
    for start in range(0, len(rows), 8 * BLOCK):
        part = slice(start, start + 8 * BLOCK)
        block = _block(form, 4, generation, numbers[part])
        block["size_row"], block["row"], block["size"], block["weight"] = 4, rows[part], 4, weights[part]
        _copy_block(db, "postings", generation, block)


def only(allowed: Ids | None) -> tuple[str, dict[str, object]]:
    """The condition that leaves the allowed rows, with its parameters."""
    if allowed is None:
        return "true", {}
    if len(allowed) <= LISTED:
        return "row = ANY(%(rows)s::int[])", {"rows": allowed.tolist()}
    bits = np.zeros(int(allowed.max()) + 1, dtype=bool)
    bits[allowed] = True
    given = {"size": len(bits), "bits": np.packbits(bits, bitorder="little").tobytes()}
    return "CASE WHEN row < %(size)s THEN get_bit(%(bits)s::bytea, row) = 1 ELSE false END", given


# PostgreSQL's binary COPY: how many fields, then for each its size in bytes and its big-endian value.
_HEAD = [("fields", ">i2"), ("size_generation", ">i4"), ("generation", ">i4"), ("size_first", ">i4"), ("first", ">i4")]
_START, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


def _block(form: np.dtype[Any], fields: int, generation: int, first: npt.NDArray[Any]) -> npt.NDArray[Any]:
    block = np.zeros(len(first), dtype=form)
    block["fields"], block["size_generation"], block["size_first"] = fields, 4, 4
    block["generation"], block["first"] = generation, first
    return block


def _copy_block(db: Db, name: str, generation: int, block: npt.NDArray[Any]) -> None:
    with db.cursor() as cursor, _copying(cursor, name, generation, " (FORMAT binary)") as copy:
        copy.write(_START + block.tobytes() + _END)


def _copying(cursor: "Cursor[tuple[Any, ...]]", name: str, generation: int, how: str) -> Any:
    return cursor.copy(f"COPY {table(name, generation)} FROM STDIN{how}".encode())


def _parent(name: str, columns: str) -> str:
    return f"CREATE TABLE rolebook_{name} (generation int NOT NULL, {columns}) PARTITION BY LIST (generation);"
