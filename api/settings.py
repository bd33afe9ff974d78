"""What two deployments set differently; the only place that reads the environment."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each is read from ROLEBOOK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="ROLEBOOK_")

    home: Path = Path(".rolebook")  # where the index lives
    host: str = "127.0.0.1"  # what `serve` listens on
    port: int = 8000
