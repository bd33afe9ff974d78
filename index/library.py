"""An open index together with the encoder that its vectors need."""

from pathlib import Path
from typing import Self

from index.encoders import Encoder, load_encoder
from index.generation import Generation


class Library:
    """What a search works on: an open generation and its encoder."""

    def __init__(self, home: Path, generation: Generation, encoder: Encoder, store: str = "") -> None:
        self.home = home
        self.generation = generation
        self.encoder = encoder
        self.store = store

    @classmethod
    def open(cls, home: Path, encoder: Encoder | None = None, store: str = "") -> Self:
        """The current generation of `home`, or of the database `store` if one is given.

        Without `encoder`, the one that its manifest names is loaded.
        """
        generation = open_generation(home, store)
        encoder = encoder or load_encoder(generation.manifest.encoder)
        generation.check(encoder)
        return cls(home, generation, encoder, store)

    def refresh(self) -> bool:
        """Switches to the current generation; True if it is another one than before.

        The old one is left to those who still read it. ModelMismatch if the new one needs another encoder.
        """
        if self.generation.newest() == self.generation.manifest.generation:
            return False
        generation = open_generation(self.home, self.store)
        generation.check(self.encoder)
        self.generation = generation
        return True

    def close(self) -> None:
        self.generation.close()


def open_generation(home: Path, store: str = "") -> Generation:
    """The current generation of `home`, or, with `store`, the one that this PostgreSQL database serves."""
    if not store:
        return Generation.open(home)
    from index.postgres_generation import PostgresGeneration

    return PostgresGeneration.serve(store)
