"""Names as people write them, matched to the names that the index holds."""

import re
from collections.abc import Sequence
from typing import NoReturn, get_args

from rapidfuzz import fuzz, process

from index.generation import Entry
from ingest.blueprint import Level, Topic
from ingest.errors import UnknownName

TOPICS: tuple[str, ...] = get_args(Topic)
LEVELS: tuple[str, ...] = get_args(Level)
_NEAR = 60.0  # rapidfuzz ratio (0 to 100) from which a name is worth proposing


def key(name: str) -> str:
    """A name by its letters and digits, case folded: "Decision-rights" and "decision_rights" are the same."""
    return " ".join(re.findall(r"[^\W_]+", name.casefold()))


def resolve(what: str, given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The known names that were meant; raises UnknownName with the nearest ones."""
    if not given:
        return ()
    by_key = {key(name): name for name in known}
    return tuple(by_key[key(name)] if key(name) in by_key else unknown(what, name, known) for name in given)


def resolve_roles(given: Sequence[str], catalogue: Sequence[Entry]) -> tuple[str, ...]:
    """Role names for role names and slugs, blueprint ids as they are; raises UnknownName."""
    if not given:
        return ()
    by_key = {key(slug_of(entry.blueprint_id)): entry.role for entry in catalogue}
    by_key |= {key(entry.role): entry.role for entry in catalogue}
    ids = {entry.blueprint_id for entry in catalogue}
    roles = sorted(set(by_key.values()))
    return tuple(name if name in ids else by_key.get(key(name)) or unknown("role", name, roles) for name in given)


def one_blueprint(name: str, catalogue: Sequence[Entry]) -> Entry:
    """The entry of a blueprint id, or of a role's name or slug if only one page has it; raises UnknownName."""
    meant = resolve_roles((name,), catalogue)[0]
    entries = [entry for entry in catalogue if meant in (entry.blueprint_id, entry.role)]
    if len(entries) > 1:
        ids = ", ".join(entry.blueprint_id for entry in entries)
        raise UnknownName(f"{name!r} stands on {len(entries)} pages. Name one of them: {ids}.")
    return entries[0]


def slug_of(blueprint_id: str) -> str:
    """ "mlops-manager" of "mlops-manager@example.org" or "mlops-manager~1f2e"."""
    return re.split(r"[@~]", blueprint_id, maxsplit=1)[0]


def unknown(what: str, name: str, known: Sequence[str]) -> NoReturn:
    """Raises UnknownName with the nearest known names, or where to find them."""
    near = process.extract(name, known, scorer=fuzz.WRatio, processor=key, limit=3, score_cutoff=_NEAR)
    if near:
        raise UnknownName(f"No {what} {name!r}. Did you mean {', '.join(repr(match) for match, _, _ in near)}?")
    lists = {"role": "Run 'rolebook roles' for the list.", "source": "Run 'rolebook sources' for the list."}
    listing = lists.get(what) or f"Known: {', '.join(known) or 'none'}."
    raise UnknownName(f"No {what} {name!r} in the index. {listing}")
