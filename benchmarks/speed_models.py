"""The models that are timed against each other, trained on the same rows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from speed_floor import stemmer
from speed_process import run
from speed_texts import REAL

from pipeline import load_router
from pipeline.errors import DisposisiError
from pipeline.intake import read_all
from pipeline.retraining.corpus import starter_data
from pipeline.retraining.data import Rows, collect, split_by_time
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import UnitTrainer
from pipeline.settings import ColumnNames
from pipeline.tracking.bundle import code_hash

HERE = Path(__file__).parent
DISPOSISI = Path(sys.executable).with_name("disposisi")
TEST_FROM = "2023-01-01"


@dataclass(frozen=True)
class Models:
    """Name and store of the router; the files of the floor and of the same behind PySastrawi; rows of training."""

    name: str
    store: Path
    floor: Path
    stemmed: Path
    rows: int
    units: int

    @property
    def env(self) -> dict[str, str]:
        """Return the environment in which ``disposisi`` finds the router."""
        return environment(self.store)


def environment(store: Path) -> dict[str, str]:
    return {"DISPOSISI_STORE": str(store), "MLFLOW_DISABLE_TELEMETRY": "true"}


def prepare(folder: Path) -> Models:
    """Return the models in *folder*; what is missing or was made by other code is trained.

    Real rows are those of 2022, so that the model is the one that docs/experiments.md measures.
    """
    real = REAL.is_file()
    name, store = ("surabaya" if real else "starter"), folder / f"store-{code_hash()[:12]}"
    train = UnitTrainer(load_recipe("unit"), None, None).trainable(_real_rows() if real else starter_data().units)
    made = folder / f"{name}-{train.digest()[:12]}"
    models = Models(
        name, store, made.with_suffix(".floor"), made.with_suffix(".stemmed"), len(train), len(set(train.labels))
    )
    if _trained_on(models) != train.digest():
        arguments = ["--name", name]
        if real:
            columns = ("--text", "isi", "--unit", "instansi", "--date", "tanggal", "--id", "id")
            arguments += [str(REAL), *columns, "--pool-places", "--test-from", TEST_FROM]
        run([str(DISPOSISI), "train", *arguments], models.env)
    if _trained_on(models) != train.digest():
        raise SystemExit(f"{name} was not trained on the floor's rows, so they cannot be compared.")
    _fit(models.floor, train, lambda text: text)
    _fit(models.stemmed, train, stemmer())
    return models


def _real_rows() -> Rows:
    columns = ColumnNames(text="isi", unit="instansi", date="tanggal", id="id")
    rows = collect(read_all([str(REAL)], columns, need={"text"}), pool_places=True).units
    return split_by_time(rows, np.datetime64(TEST_FROM, "us"))[0]


def _trained_on(models: Models) -> str | None:
    """Return the digest of the router's training rows, ``None`` where there is no router that can be read."""
    try:
        router = load_router(models.name, store=models.store)
    except DisposisiError:
        return None
    return str(router.manifest["unit"].get("data_hash"))


def _fit(file: Path, train: Rows, prepared: Callable[[str], str]) -> None:
    if not file.is_file():
        model = make_pipeline(TfidfVectorizer(), LinearSVC())
        joblib.dump(model.fit([prepared(text) for text in train.texts], train.labels), file)
