"""Public data sets of roles: a release in, one raw page a role out, each read like any other page."""

from collections.abc import Callable
from pathlib import Path

from ingest.characters import load_json
from ingest.datasets.ddat import ddat_draft, read_ddat
from ingest.datasets.esco import esco_draft, read_esco
from ingest.datasets.onet import onet_draft, read_onet
from ingest.datasets.role_record import MARK, MEDIA_TYPE, Record, Release
from ingest.elements import Draft
from ingest.errors import UnreadablePage

__all__ = ["DATASETS", "MARK", "MEDIA_TYPE", "Release", "read_release", "read_role"]

_READERS: dict[str, Callable[[Path], Release]] = {"onet": read_onet, "esco": read_esco, "ddat": read_ddat}
_DRAFTS: dict[str, Callable[[Record], Draft]] = {"onet": onet_draft, "esco": esco_draft, "ddat": ddat_draft}
DATASETS = tuple(_READERS)


def read_release(dataset: str, path: str | Path) -> Release:
    """One page for every role of a release; raises BadInput or UnreadablePage with what is missing or damaged."""
    return _READERS[dataset](Path(path))


def read_role(text: str, source: str) -> Draft:
    """The draft of one role's page of a release."""
    try:
        record = load_json(text)
    except (ValueError, RecursionError) as e:
        raise UnreadablePage(f"{source}: the role's record is damaged ({e}). Import its release again.") from None
    dataset = record.get("rolebook_role") if isinstance(record, dict) else None
    if not isinstance(dataset, str) or dataset not in _DRAFTS:
        raise UnreadablePage(f"{source}: a role of an unknown data set. Import its release again.")
    return _DRAFTS[dataset](record)
