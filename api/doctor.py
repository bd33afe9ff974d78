"""Checks of an index, a model and the settings, each with what to do."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from api.keys import KeyRing
from api.settings import Settings
from index.encoders import DEFAULT, load_encoder
from index.generation import Generation
from index.library import open_generation
from index.manifest import built_with
from index.repair import repair
from ingest.errors import BadInput, DamagedIndex, NoIndex, RolebookError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` says what was found, or what is wrong and how to mend it."""

    name: str
    ok: bool
    detail: str


def examine(settings: Settings, *, mend: bool = False) -> tuple[Check, ...]:
    """Looks at everything that a search needs; raises nothing that a check can say.

    With `mend` a damaged index goes back to its last good generation first, and a first check says what was done.
    """
    home = settings.home
    return (
        *((_check("repair", lambda: _repair(home)),) if mend else ()),
        *(_served(settings.database) if settings.database else _at_home(home)),
        _check("access", lambda: _access(settings)),
        _check("settings", lambda: _settings(settings)),
    )


def _at_home(home: Path) -> tuple[Check, ...]:
    return _check("index", lambda: _index(home)), _check("encoder", lambda: _encoder(home))


def _served(store: str) -> tuple[Check, ...]:
    """What a process that reads from a database needs; its home may hold no index."""
    return _check("store", lambda: _store(store)), _check("encoder", lambda: _encoder_of(store))


def _store(store: str) -> str:
    with closing(open_generation(Path(), store)) as generation:
        manifest, vectors, texts = generation.manifest, len(generation.vectors), len(generation.lexical)
        if not manifest.passages == vectors == texts:
            raise DamagedIndex(
                f"{generation.place} holds {vectors:,} vectors and {texts:,} texts of {manifest.passages:,} passages. "
                "Run 'rolebook build --rebuild' where the index's home is."
            )
        return f"{generation.place}: {manifest.blueprints:,} blueprints, {manifest.passages:,} passages"


def _encoder_of(store: str) -> str:
    with closing(open_generation(Path(), store)) as generation:
        encoder = load_encoder(generation.manifest.encoder)
        generation.check(encoder)
    encoder.encode_query(["test"])
    return f"{encoder.name}: {encoder.dimension} dimensions, works offline"


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (RolebookError, OSError) as error:
        return Check(name, False, str(error))


def _index(home: Path) -> str:
    generation = Generation.open(home)
    try:
        manifest = generation.manifest
        counts = f"{manifest.blueprints:,} blueprints, {manifest.passages:,} passages"
        return f"{home}: generation {manifest.generation}, {counts}, every file as built"
    finally:
        generation.close()


def _repair(home: Path) -> str:
    """Goes back to the last good generation if the current one is damaged."""
    done = repair(home)
    if not done.damage:
        return f"{home}: nothing is damaged, nothing was changed"
    return (
        f"{home}: went back to generation {done.generation} of {done.created}, the newest that is whole. What was read "
        f"later is not in it: run 'rolebook build' or 'rolebook sync' again. Why: {done.damage.partition(' Run ')[0]}"
    )


def _encoder(home: Path) -> str:
    """Loads the encoder of the index, or the default where there is no index, and encodes a word."""
    try:
        generation = Generation.open(home)
    except NoIndex:
        encoder = load_encoder(DEFAULT)
    except RolebookError:
        encoder = load_encoder(built_with(home) or DEFAULT)
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
        f"{_variable(name)}={','.join(value) if isinstance(value, tuple) else value}"
        for name, value in settings
        if value not in (None, ())
    )


def _variable(name: str) -> str:
    """What a setting is called in the environment."""
    return str(Settings.model_fields[name].validation_alias or f"ROLEBOOK_{name.upper()}")
