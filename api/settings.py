"""What two deployments set differently; the only place that reads the environment."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.onnx_encoder import cores

LOOPBACK = ("127.0.0.1", "localhost", "::1")
Names = Annotated[tuple[str, ...], NoDecode]  # comma-separated in the environment


class Settings(BaseSettings):
    """Each is read from ROLEBOOK_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="ROLEBOOK_", frozen=True)

    home: Path = Field(default=Path(".rolebook"), description="Where the index and the keys live.")
    store: SecretStr | None = Field(
        default=None, description="A PostgreSQL database (postgresql://…) that is published to and read from."
    )
    host: str = Field(default="127.0.0.1", description="What `serve` listens on.")
    port: int = Field(default=8000, ge=0, le=65535)
    anonymous: bool | None = Field(
        default=None, description="Read without a key; unset: only when listening on loopback."
    )
    allowed_hosts: Names = Field(
        default=(), description="Host names served; unset: loopback names, or all if not on loopback."
    )
    cors_origins: Names = Field(default=(), description="Origins whose pages may call; unset: none.")
    rate: int = Field(
        default=0, ge=0, description="Requests a minute for each key, or address without one; 0 = no limit."
    )
    max_body: int = Field(default=1_000_000, ge=1_000, description="Largest request body, bytes.")
    timeout: float = Field(default=30.0, gt=0, description="Seconds that a request may take.")
    concurrency: int = Field(default=64, ge=1, description="Requests worked on or waiting; more are told to come back.")
    workers: int = Field(
        default_factory=lambda: max(2, cores()), ge=1, le=256, description="Threads that search; unset: one a core."
    )
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    log_questions: bool = Field(default=False, description="Write question texts to the log.")
    metrics: bool = Field(default=True, description="Serve /metrics.")
    llm_url: AnyHttpUrl | None = Field(
        default=None, description="An OpenAI-compatible server that may rephrase answers."
    )
    llm_model: str = Field(default="default", description="The model to ask for there.")
    llm_key: SecretStr | None = Field(default=None, description="Its API key.")
    ray_address: str | None = Field(
        default=None, validation_alias="RAY_ADDRESS", description="The cluster of `build --ray`; unset: this machine."
    )
    llm_timeout: float = Field(default=15.0, gt=0, description="Seconds after which the plain answer is given.")

    @field_validator("allowed_hosts", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("store")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.match("postgres(ql)?://|$", value.get_secret_value()):
            raise ValueError("not an address that begins with postgresql://")
        return value

    @property
    def database(self) -> str:
        """The store's address with its password, "" where the index is read from `home`."""
        return self.store.get_secret_value() if self.store else ""

    @property
    def on_loopback(self) -> bool:
        return self.host in LOOPBACK

    @property
    def reads_anonymously(self) -> bool:
        return self.on_loopback if self.anonymous is None else self.anonymous

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that are served, without port; none = all."""
        return self.allowed_hosts or (("127.0.0.1", "localhost", "[::1]") if self.on_loopback else ())
