"""An open index together with the encoder that its vectors need."""

from pathlib import Path
from typing import Self

from index.encoders import Encoder, load_encoder
from index.generation import Generation
from index.manifest import current


class Library:
    """What a search works on: an open generation and its encoder."""

    def __init__(self, home: Path, generation: Generation, encoder: Encoder) -> None:
        self.home = home
        self.generation = generation
        self.encoder = encoder

    @classmethod
    def open(cls, home: Path, encoder: Encoder | None = None) -> Self:
        """The current generation of `home`; without `encoder`, the one that its manifest names is loaded."""
        generation = Generation.open(home)
        encoder = encoder or load_encoder(generation.manifest.encoder)
        generation.check(encoder)
        return cls(home, generation, encoder)

    def refresh(self) -> bool:
        """Switches to the current generation; True if it is another one than before.

        The old one is left to those who still read it. ModelMismatch if the new one needs another encoder.
        """
        if current(self.home) == self.generation.manifest.generation:
            return False
        generation = Generation.open(self.home)
        generation.check(self.encoder)
        self.generation = generation
        return True

    def close(self) -> None:
        self.generation.close()
