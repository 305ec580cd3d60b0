"""Settings: defaults, then ``disposisi.toml`` (this folder or a parent), then the environment.

``DISPOSISI_STORE`` names the folder of the MLflow store, ``DISPOSISI_MLFLOW_DATABASE`` its database's URL,
``DISPOSISI_DATABASE`` the URL of the triage store, ``DISPOSISI_CONFIG`` the settings file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.errors import OptionError

CONFIG_NAME = "disposisi.toml"
RECIPES = ("unit.toml", "urgency.toml", "retrain.toml", "drift.toml", "gates.toml")
PACKAGE_DIR = Path(__file__).resolve().parent

_Model = TypeVar("_Model", bound=BaseModel)


class ColumnNames(BaseModel):
    """Names of the columns in the user's files; ``None`` means: find it out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str | None = None
    id: str | None = None
    date: str | None = None
    unit: str | None = None
    urgency: str | None = None

    def overridden_by(self, **options: str | None) -> ColumnNames:
        """Return a copy in which the options that are not ``None`` win."""
        return self.model_copy(update={key: value for key, value in options.items() if value is not None})


class TrackingSettings(BaseModel):
    """Where MLflow keeps runs and models: a folder, and a database URL (none: a SQLite file in the folder)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: Path | None = None
    database: str | None = None


class ScoringSettings(BaseModel):
    """How batches are scored: default model, rows a chunk, processes (0: by the size of the input)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = "starter"
    chunk_rows: int = Field(default=5000, ge=1, le=1_000_000)
    workers: int = Field(default=0, ge=0, le=512)


class DecisionSettings(BaseModel):
    """How scores become decisions: wanted precision or people's capacity, files of holidays and of earlier reports."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: float | None = Field(default=None, ge=0.5, lt=1)
    capacity: int | None = Field(default=None, ge=0)
    holidays: Path | None = None
    index: Path | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if self.precision is not None and self.capacity is not None:
            raise ValueError("precision and capacity contradict each other: give one")
        return self


class ReviewSettings(BaseModel):
    """The triage store (a database URL; none: a file beside the MLflow store) and the page's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: str | None = None
    timezone: str = "Asia/Jakarta"

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("no such time zone: write Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)")
        return name


class Settings(BaseModel):
    """All settings of one run, frozen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: ColumnNames = ColumnNames()
    tracking: TrackingSettings = TrackingSettings()
    scoring: ScoringSettings = ScoringSettings()
    decisions: DecisionSettings = DecisionSettings()
    review: ReviewSettings = ReviewSettings()

    @property
    def store(self) -> Path:
        """Folder of the MLflow store: environment, settings file, source checkout, user's data folder."""
        if env := os.environ.get("DISPOSISI_STORE"):
            return Path(env).expanduser().resolve()
        if self.tracking.store is not None:
            return self.tracking.store.expanduser().resolve()
        checkout = PACKAGE_DIR.parent
        if (checkout / "pyproject.toml").is_file() and (checkout / "models").is_dir():
            return checkout / "models" / "store"
        from platformdirs import user_data_path

        return user_data_path("disposisi") / "store"

    @property
    def mlflow_database(self) -> str | None:
        """URL of the MLflow store's database: environment, settings file; ``None``: a SQLite file in the folder."""
        return os.environ.get("DISPOSISI_MLFLOW_DATABASE") or self.tracking.database

    @property
    def database(self) -> str:
        """URL of the triage store: environment, settings file, a file in the MLflow store's folder."""
        if url := os.environ.get("DISPOSISI_DATABASE"):
            return url
        return self.review.database or f"sqlite:///{self.store / 'triase' / 'triase.db'}"


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """Return the tables of *path*, which should be a *what*. Raises :class:`OptionError` where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OptionError(f"{path}: the {what} cannot be read ({error.strerror or error}). Check the path.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OptionError(f"{path}: not a readable {what} ({error}). Correct it there.") from error


def checked(model: type[_Model], raw: Mapping[str, Any], path: Path, see: str) -> _Model:
    """Return *raw*, read from *path*, as *model*.

    Raises :class:`OptionError` naming file and key (*see*: the page that tells of them), never a value.
    """
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise OptionError(f"{path}: setting {key!r}: {first['msg']}. See {see}.") from error


def find_config(start: Path | None = None) -> Path | None:
    """Return the settings file: ``DISPOSISI_CONFIG``, else the nearest ``disposisi.toml`` upwards of *start*."""
    if env := os.environ.get("DISPOSISI_CONFIG"):
        path = Path(env).expanduser()
        if not path.is_file():
            raise OptionError(f"DISPOSISI_CONFIG names {path}, which is not a file. Correct or unset it.")
        return path
    folder = (start or Path.cwd()).resolve()
    return next((p for d in (folder, *folder.parents) if (p := d / CONFIG_NAME).is_file()), None)


def load_settings(path: Path | None = None) -> Settings:
    """Read the settings file *path* (or the one that :func:`find_config` finds).

    Raises :class:`OptionError` naming file and key when a key is unknown or a value wrong.
    """
    path = path or find_config()
    if path is None:
        return Settings()
    settings = checked(Settings, read_toml(path, "settings file"), path, "docs/settings.md")
    # A relative path is meant from the settings file, not from wherever the command is called.
    tracking = settings.tracking.model_copy(update=_absolute(settings.tracking, path.parent, "store"))
    decisions = settings.decisions.model_copy(update=_absolute(settings.decisions, path.parent, "holidays", "index"))
    return settings.model_copy(update={"tracking": tracking, "decisions": decisions})


def _absolute(part: BaseModel, folder: Path, *names: str) -> dict[str, Path]:
    given = {name: getattr(part, name) for name in names}
    return {name: folder / value.expanduser() for name, value in given.items() if value is not None}


@cache
def data_dir() -> Path:
    """Return the folder of catalogues, lexicons and the starter corpus (in the package or the checkout)."""
    for folder in (PACKAGE_DIR / "_data", PACKAGE_DIR.parent / "data"):
        if (folder / "lexicons").is_dir():
            return folder
    raise OptionError("The package's data folder is missing. Install disposisi again.")


@cache
def recipes_dir() -> Path:
    """Return the folder of the training recipes (``unit.toml``, ``urgency.toml``)."""
    for folder in (PACKAGE_DIR / "_models", PACKAGE_DIR.parent / "models"):
        if (folder / RECIPES[0]).is_file():
            return folder
    raise OptionError("The package's training recipes are missing. Install disposisi again.")
