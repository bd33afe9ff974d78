"""Pages in an object store or on any other file system that fsspec knows: s3://, gs://, file://, memory://."""

from typing import Any

from ingest.blueprint import RawPage
from ingest.errors import BadInput, FetchError, UnreadablePage
from ingest.read import is_page, unpacked

WEB = ("http", "https")  # addresses, which are crawled


def is_object(name: str) -> bool:
    """Whether this names something in a store, and neither an address nor a path."""
    scheme, mark, _ = name.partition("://")
    return bool(mark) and scheme.lower() not in WEB


def is_shared(name: str) -> bool:
    """Whether other processes see the same store."""
    return not name.lower().startswith("memory://")


def root_of(name: str) -> str:
    """The name as the names of the objects under it begin."""
    files, path = _opened(name)
    return str(files.unstrip_protocol(path))


def listed(name: str) -> list[str]:
    """The pages at or under a name, sorted; BadInput if there is nothing, FetchError if the store does not answer."""
    files, path = _opened(name)
    try:
        if files.isfile(path):
            return [str(files.unstrip_protocol(path))]
        if not files.isdir(path):
            raise BadInput(f"{name}: no such file or folder. Check the name.")
        found = [file for file in files.find(path) if is_page(str(file)[len(path) :])]
    except BadInput:
        raise
    except Exception as error:  # each store has errors of its own
        raise FetchError(f"{name}: the store cannot be listed ({_reason(error)}). Check its rights.") from error
    return sorted(str(files.unstrip_protocol(file)) for file in found)


def read_object(name: str) -> RawPage | UnreadablePage:
    """One page, unpacked if gzipped, or the error that says why it cannot be read."""
    try:
        files, path = _opened(name)
        with files.open(path, "rb") as raw:
            content = unpacked(raw)
        return RawPage(source=name, content=content, fetched_at=_modified(files, path))
    except Exception as error:  # each store has errors of its own
        return UnreadablePage(f"{name}: cannot be read ({_reason(error)}). Check its rights and that it is whole.")


def _opened(name: str) -> tuple[Any, str]:
    """The file system and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise BadInput(f"{name} needs fsspec. Run 'pip install -e .[ray] -c constraints.txt'.") from error
    try:
        files, path = url_to_fs(name)
    except Exception as error:  # each scheme has errors of its own
        raise BadInput(f"{name} cannot be opened ({_reason(error)}). Check its scheme.") from error
    return files, str(path)


def _modified(files: Any, path: str) -> str | None:
    """When the object was last changed, if its store tells."""
    try:
        return str(files.modified(path).isoformat(timespec="seconds"))
    except NotImplementedError:
        return None


def _reason(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
