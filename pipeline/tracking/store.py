"""The MLflow store: one artifact folder and one database (a SQLite file in it, or PostgreSQL), both named explicitly.

MLflow's defaults follow the working directory, and its first initialisation of a database races when two
processes do it at once (all of six parallel trainers failed); so a file lock is held around it.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from pipeline.errors import OptionError
from pipeline.settings import load_settings

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "disposisi"

# No complaint office wants its tool to call home; both names are read by MLflow at import.
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
os.environ.setdefault("DO_NOT_TRACK", "true")
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")


def mlflow() -> Any:
    """Import MLflow with its start-up noise and its libraries' deprecation warnings off."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow as module
        import mlflow.pyfunc
        import mlflow.store.db_migrations
        import mlflow.store.model_registry.sqlalchemy_store
        import mlflow.store.tracking.sqlalchemy_store
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return module


def database_uri(store: Path) -> str:
    """Return the SQLAlchemy URI of the store's database: the settings' one, else a file in the folder."""
    return load_settings().mlflow_database or f"sqlite:///{store / 'mlflow.db'}"


def open_store(store: Path) -> MlflowClient:
    """Create the store if there is none, point MLflow at it and return a client.

    Raises :class:`OptionError` when the folder or the database cannot be used.
    """
    with usable(store):
        module = mlflow()
        store.mkdir(parents=True, exist_ok=True)
        with store_lock(store):
            uri = database_uri(store)
            module.set_tracking_uri(uri)
            module.set_registry_uri(uri)
            client = module.MlflowClient()
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                client.create_experiment(EXPERIMENT, artifact_location=(store / "artifacts").as_uri())
    return client


@contextmanager
def usable(store: Path) -> Iterator[None]:
    """Turn what MLflow, its database and the file system say of an unusable store into one error.

    Raises :class:`OptionError`; it never quotes the database's own message, which may hold an address or a password.
    """
    try:
        yield
    except OSError as error:
        raise OptionError(
            f"The store {store} cannot be used ({error.strerror or error}). "
            "Correct its permissions, or set DISPOSISI_STORE."
        ) from error
    except Exception as error:
        kinds = {kind.__name__ for kind in type(error).__mro__}
        if "MlflowException" not in kinds and "SQLAlchemyError" not in kinds:
            raise
        raise OptionError(f"The store {store}: {_fault(str(error))}") from error


def _fault(message: str) -> str:
    if "readonly database" in message or "read-only transaction" in message:
        return "its database cannot be written. Correct its permissions, or set DISPOSISI_STORE."
    if "out-of-date database schema" in message or "Can't locate revision" in message:
        return (
            "its database was made by another version of MLflow. Make a copy of it, then run `mlflow db upgrade` with "
            "its URL, or use the disposisi that made it."
        )
    return (
        "its database cannot be used (damaged, unreachable, or not MLflow's). Restore it from a copy, correct "
        "DISPOSISI_MLFLOW_DATABASE, or set DISPOSISI_STORE."
    )


@contextmanager
def store_lock(store: Path) -> Iterator[None]:
    """Hold the store's lock: for first initialisation, for registering the next version, for moving the champion.

    One object a path, so that who holds it may take it again.
    """
    with FileLock(store / ".lock", timeout=600, is_singleton=True):
        yield
