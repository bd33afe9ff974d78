"""API keys: 256 random bits each, kept as SHA-256, so that a stolen file opens nothing."""

import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.errors import BadInput, StoreError, UnknownName

_FORM = re.compile(r"rb_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
_NOBODY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key; `sha256` is of the whole key as shown once to its owner."""

    id: str
    name: str
    sha256: str
    created: str  # ISO 8601, UTC
    admin: bool = False
    rate: int | None = None  # requests a minute; None = as the server says, 0 = no limit
    revoked: str | None = None  # ISO 8601, UTC


class KeyRing:
    """The keys of a home; read again when the file has changed."""

    def __init__(self, home: Path) -> None:
        self.path = home / "keys.json"
        self._seen: tuple[int, int] | None = None
        self._keys: dict[str, Key] = {}

    def check(self, given: str) -> Key | None:
        """The key's record if it is one of ours and not revoked; as slow for a wrong key as for a right one."""
        form = _FORM.fullmatch(given)
        record = self.keys().get(form[1]) if form else None
        digest = hashlib.sha256(given.encode("utf-8", "replace")).hexdigest()
        same = hmac.compare_digest(digest, record.sha256 if record else _NOBODY)
        return record if same and record and not record.revoked else None

    def keys(self) -> dict[str, Key]:
        try:
            state = self.path.stat()
        except FileNotFoundError:
            return {}
        if (seen := (state.st_mtime_ns, state.st_ino)) != self._seen:
            self._keys, self._seen = {key.id: key for key in read(self.path)}, seen
        return self._keys


def looks_like_ours(given: str) -> bool:
    return given.startswith("rb_")


def add(home: Path, name: str, *, admin: bool = False, rate: int | None = None) -> tuple[Key, str]:
    """A new key's record and the key itself, which is kept nowhere."""
    if not name.strip():
        raise BadInput("The key's name is empty. Say who or what will use it.")
    identity = secrets.token_hex(6)
    shown = f"rb_{identity}_{secrets.token_urlsafe(32)}"
    key = Key(identity, name.strip(), hashlib.sha256(shown.encode()).hexdigest(), _now(), admin, rate)
    with _writing(home) as path:
        _write(path, (*read(path), key))
    return key, shown


def revoke(home: Path, name_or_id: str) -> tuple[Key, ...]:
    """Revokes every living key of this name or id; UnknownName if there is none."""
    with _writing(home) as path:
        keys = read(path)
        meant = [key for key in keys if name_or_id in (key.id, key.name) and not key.revoked]
        if not meant:
            raise UnknownName(f"No living key {name_or_id!r}. 'rolebook keys list' shows them.")
        gone = {key.id: replace(key, revoked=_now()) for key in meant}
        _write(path, tuple(gone.get(key.id, key) for key in keys))
    return tuple(gone.values())


def read(path: Path) -> tuple[Key, ...]:
    """Every key of the file, oldest first; StoreError if it is damaged."""
    try:
        return tuple(Key(**record) for record in json.loads(path.read_text(encoding="utf-8"))["keys"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreError(f"{path} cannot be read ({error}). Mend it, or delete it and add the keys again.") from error


@contextmanager
def _writing(home: Path) -> Iterator[Path]:
    home.mkdir(parents=True, exist_ok=True)
    with (home / "keys.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield home / "keys.json"


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    """Replaces the file at once; only its owner may read it."""
    draft = path.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"keys": [asdict(key) for key in keys]}, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
