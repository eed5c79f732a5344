"""The settings, in one typed object: from arguments, then ``MNEMICON_*`` in the environment, then ``mnemicon.toml`` in
the current folder, then ``mnemicon.toml`` in the home.

Contract. ``load()`` reads them anew; a value of the wrong type raises ``SettingsError`` with one line that names it.
Nothing here opens a store or a model.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

FILE = "mnemicon.toml"


class SettingsError(ValueError):
    """A setting that cannot be read; for whoever wrote it."""


def default_home() -> Path:
    """``MNEMICON_HOME``, or the platform's user data directory."""
    given = os.environ.get("MNEMICON_HOME")
    if given:
        return Path(given).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("mnemicon", appauthor=False))


class Settings(BaseSettings):
    """home: where everything is kept. qdrant_url: a Qdrant server, None for the embedded store. embedder: "minilm" or
    the name of a sentence-transformers model. n, rounds, seconds: of one drawing. size: px of the delivered canvas."""

    model_config = SettingsConfigDict(env_prefix="MNEMICON_", extra="forbid", frozen=True)

    home: Path = Field(default_factory=default_home)
    user: str = "default"
    project: str | None = None
    qdrant_url: str | None = None
    embedder: str | None = None
    model: str = "library"
    n: int = Field(4, ge=1, le=16)
    rounds: int = Field(2, ge=1, le=8)
    seconds: float = Field(20.0, gt=0, le=600)
    size: int = Field(24, ge=8, le=1024)
    background: Literal["#ffffff", "#000000", "none"] = "#ffffff"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        files = [p for p in (Path(FILE), default_home() / FILE) if p.is_file()]
        return (init_settings, env_settings, *(TomlConfigSettingsSource(settings_cls, p) for p in files))


def load(**given: Any) -> Settings:
    """The settings now in force; ``given`` goes before all else (None counts as not given)."""
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"setting {'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error
    except ValueError as error:  # a toml file that is not toml
        raise SettingsError(f"{FILE}: {error}") from error


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load()
