"""The MLflow store: one SQLite file and one artifact folder, both named explicitly.

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
    """Return the SQLAlchemy URI of the store's database."""
    return f"sqlite:///{store / 'mlflow.db'}"


def open_store(store: Path) -> MlflowClient:
    """Create the store if there is none, point MLflow at it and return a client.

    Raises :class:`OptionError` when the folder cannot be written.
    """
    module = mlflow()
    try:
        store.mkdir(parents=True, exist_ok=True)
        with store_lock(store):
            module.set_tracking_uri(database_uri(store))
            module.set_registry_uri(database_uri(store))
            client = module.MlflowClient()
            experiment = client.get_experiment_by_name(EXPERIMENT)
            if experiment is None:
                client.create_experiment(EXPERIMENT, artifact_location=(store / "artifacts").as_uri())
    except OSError as error:
        raise OptionError(f"The store {store} cannot be written ({error.strerror}). Set DISPOSISI_STORE.") from error
    return client


@contextmanager
def store_lock(store: Path) -> Iterator[None]:
    """Hold the store's lock: for first initialisation and for registering the next version."""
    with FileLock(store / ".lock", timeout=600):
        yield
