"""Checks of an index, a model and the settings, each with what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.encoders import DEFAULT, load_encoder
from index.generation import Generation
from ingest.errors import RolebookError


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `detail` says what was found, or what is wrong and how to mend it."""

    name: str
    ok: bool
    detail: str


def examine(home: Path) -> tuple[Check, ...]:
    """Looks at everything that a search needs; raises nothing that a check can say."""
    return (_check("index", lambda: _index(home)), _check("encoder", lambda: _encoder(home)))


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
