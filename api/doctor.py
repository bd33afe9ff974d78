"""Checks of an index, a model and the settings, each with what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.keys import KeyRing
from api.settings import Settings
from index.encoders import DEFAULT, load_encoder
from index.generation import Generation
from ingest.errors import BadInput, RolebookError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` says what was found, or what is wrong and how to mend it."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings) -> tuple[Check, ...]:
    """Looks at everything that a search needs; raises nothing that a check can say."""
    home = settings.home
    return (
        _check("index", lambda: _index(home)),
        _check("encoder", lambda: _encoder(home)),
        _check("access", lambda: _access(settings)),
        _check("settings", lambda: _settings(settings)),
    )


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (RolebookError, OSError) as error:
        return Check(name, False, str(error))


def _index(home: Path) -> str:
    generation = Generation.open(home, verify=True)
    try:
        manifest = generation.manifest
        counts = f"{manifest.blueprints:,} blueprints, {manifest.passages:,} passages"
        return f"{home}: generation {manifest.generation}, {counts}, every file as built"
    finally:
        generation.close()


def _encoder(home: Path) -> str:
    """Loads the encoder of the index, or the default where there is no readable index, and encodes a word."""
    try:
        generation = Generation.open(home, verify=False)
    except RolebookError:
        encoder = load_encoder(DEFAULT)
    else:
        try:
            encoder = load_encoder(generation.manifest.encoder)
            generation.check(encoder)
        finally:
            generation.close()
    encoder.encode_query(["test"])
    return f"{encoder.name}: {encoder.dimension} dimensions, works offline"


def _access(settings: Settings) -> str:
    """Who may read, as `serve` would have it."""
    living = sum(not key.revoked for key in KeyRing(settings.home).keys().values())
    if not living and not settings.reads_anonymously:
        raise BadInput(
            f"{settings.host} is not loopback and there is no key, so nobody can read. "
            "Run 'rolebook keys add NAME', or set ROLEBOOK_ANONYMOUS=true."
        )
    return f"{living} keys; without a key: {'may read' if settings.reads_anonymously else 'refused'}"


def _settings(settings: Settings) -> str:
    """Every setting as it stands; secrets are masked by their type."""
    return " ".join(
        f"ROLEBOOK_{name.upper()}={','.join(value) if isinstance(value, tuple) else value}"
        for name, value in settings
        if value not in (None, ())
    )
