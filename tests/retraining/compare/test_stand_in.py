"""Who answers in the champion's place."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline import load_router
from pipeline.retraining.compare.stand_in import ask_stand_in, fit_stand_in
from pipeline.retraining.data import NO_ROWS
from pipeline.tracking.registry import find
from tests.retraining.decided_examples import office

TEXTS = ["Lampu jalan di depan SD padam sejak Senin", "KTP saya belum jadi, sudah dua bulan", ""]


def test_it_answers_as_its_router_would(starter_store: Path):
    version, folder = find(starter_store, "starter")
    router = load_router("starter", store=starter_store)
    found = ask_stand_in(router.unit, folder, version, TEXTS)
    scored = router.score(TEXTS)
    assert found.ranked.tolist() == scored[["unit", "unit_2", "unit_3"]].to_numpy().tolist()
    assert found.confidence.tolist() == scored["keyakinan"].tolist()
    assert found.labels == frozenset(router.manifest["labels"]["unit"])


def test_there_is_none_without_enough_rows_before_the_window():
    history, later = office(12).units, np.datetime64("2023-01-01", "us")
    assert fit_stand_in(history, NO_ROWS, history.times[2], None, None) is None
    # Every text of history is one of the window's, too.
    assert fit_stand_in(history, history, later, None, None) is None
    made = fit_stand_in(history, NO_ROWS, later, None, None)
    assert made is not None
    assert set(made.classes_) == set(history.labels)
