"""Retraining: history and officers' decisions → a challenger, measured beside the champion on the same later rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.classifiers import UnitClassifier
from pipeline.errors import ArtefactError, DataError, ModelNotFoundError
from pipeline.retraining.corpus import STARTER
from pipeline.retraining.data import NO_ROWS, Labelled, Rows, distinct, split_by_time
from pipeline.retraining.decided import Decisions
from pipeline.retraining.joining import Joined, join
from pipeline.retraining.offices import Elsewhere
from pipeline.retraining.starter import has_starter, train_starter
from pipeline.retraining.train import NO_RECORD, Trained, train_model
from pipeline.retraining.trust import Trust
from pipeline.retraining.unit_half import start_of_last_share
from pipeline.retraining.urgency_half import enough
from pipeline.tracking.artefact import read_manifest
from pipeline.tracking.registry import CHAMPION, find

if TYPE_CHECKING:
    from pipeline.retraining.compare import Comparison

LEAST_LATER = 200
"""Labelled texts after the champion's training from which on they are the window; fewer hardly tell models apart."""


@dataclass(frozen=True)
class Champion:
    """The model that scoring uses now: its reference and its manifest."""

    reference: str
    manifest: Mapping[str, Any]

    @property
    def last_day(self) -> np.datetime64 | None:
        """The last day of its unit half's training rows, ``None`` where they were undated or another model's."""
        day = self.manifest["unit"].get("last_day")
        return None if day is None else np.datetime64(day, "D")


@dataclass(frozen=True)
class Window:
    """The later rows that both models are measured on: those from ``start`` on; ``why`` it begins there."""

    start: np.datetime64
    why: str


@dataclass(frozen=True)
class Retrained:
    """What one retraining gave; ``comparison`` is ``None`` where no champion stands beside the model."""

    trained: Trained
    joined: Joined
    window: Window
    comparison: Comparison | None


def present_champion(store: Path, name: str) -> Champion | None:
    """Return the champion of *name*, ``None`` where there is none that this version can read."""
    try:
        version, folder = find(store, f"{name}@{CHAMPION}")
        return Champion(version.reference, read_manifest(folder))
    except (ModelNotFoundError, ArtefactError):
        return None


def retrain_model(
    store: Path,
    name: str,
    history: Labelled,
    decisions: Decisions,
    *,
    trust: Trust,
    test_from: np.datetime64 | None = None,
    min_rows: int | None = None,
    pool_places: bool = False,
    elsewhere: Elsewhere | None = None,
    starter_urgencies: Rows | None = None,
    record: Mapping[str, Mapping[str, Any]] = NO_RECORD,
) -> Retrained:
    """Join, split by time, train on the rows before the window, register, and compare with the champion.

    Args:
        store: The MLflow store.
        name: The model; its next version becomes challenger, its first one champion.
        history: The office's labelled rows.
        decisions: What officers decided.
        trust: What each label counts.
        test_from: First day of the window; by default :func:`window_of` chooses.
        min_rows: Training rows that a unit needs.
        pool_places: *history* was collected so; decided units are pooled alike.
        elsewhere: What other offices know of the units.
        starter_urgencies: They stand beside the office's own urgencies.
        record: More of how the data was made, for manifest and run.

    Raises:
        DataError: Rows lack dates, or there are too few before or after the window's start.
    """
    champion = present_champion(store, name)
    joined = join(history, decisions, trust, pool_places=pool_places)
    window = window_of(joined.data, test_from, champion)
    before, after = split_by_time(joined.data.urgencies, window.start)
    # Too few levels to learn from: the champion's urgency half stays, or the starter's.
    learnt = before if enough(distinct(before)) else NO_ROWS
    data = replace(joined.data, urgencies=learnt)
    if champion is None and not (len(data.units) and len(learnt)) and not has_starter(store):
        train_starter(store)
    own = {**joined.facts(), **trust.facts(), "window": str(window.start)[:10], "window_why": window.why}
    trained = train_model(
        store,
        name,
        data,
        test_from=window.start,
        min_rows=min_rows,
        pool_places=pool_places,
        elsewhere=elsewhere,
        starter_urgencies=starter_urgencies,
        lender=STARTER if champion is None else champion.reference,
        record={**record, "retrain": own},
    )
    unseen = distinct(after, without=learnt) if trained.urgency else NO_ROWS

    def stand_in() -> UnitClassifier | None:
        from pipeline.retraining.compare.stand_in import fit_stand_in

        later = split_by_time(joined.data.units, window.start)[1]
        return fit_stand_in(history.units, later, window.start, elsewhere, min_rows)

    comparison = compare_trained(store, trained, unseen, start=window.start, stand_in=stand_in)
    return Retrained(trained, joined, window, comparison)


def window_of(data: Labelled, test_from: np.datetime64 | None, champion: Champion | None) -> Window:
    """Return the window: from *test_from*, else from the day after the *champion*'s training rows ended where
    :data:`LEAST_LATER` different texts are later, else the last fifth.

    Raises :class:`DataError` where rows lack dates.
    """
    rows = data.units if len(data.units) else data.urgencies
    if not rows.dated:
        raise DataError(
            "retraining measures on later rows than it trains on, and more than 5 % of the rows have no date",
            hint="Name the date column with --date.",
        )
    if test_from is not None:
        return Window(test_from, "--test-from")
    if champion is not None and champion.last_day is not None:
        start = (champion.last_day + 1).astype("datetime64[us]")
        if len(distinct(split_by_time(rows, start)[1])) >= LEAST_LATER:
            return Window(start, f"the day after {champion.reference}'s training rows ended")
    return Window(start_of_last_share(rows), "the last fifth of the rows")


def compare_trained(
    store: Path,
    trained: Trained,
    urgencies: Rows = NO_ROWS,
    *,
    start: np.datetime64 | None,
    stand_in: Callable[[], UnitClassifier | None] | None = None,
) -> Comparison | None:
    """Compare a newly registered model with its champion on the rows that it has not seen; ``None`` without one.

    *urgencies*: labelled rows of the window that its urgency half has not seen. *stand_in*: as
    :func:`~pipeline.retraining.compare.compare_with_champion` takes it.
    """
    units = NO_ROWS if trained.unit is None or trained.unit.unseen is None else trained.unit.unseen
    if CHAMPION in trained.version.aliases or not (len(units) or len(urgencies)):
        return None
    from pipeline.retraining.compare import compare_with_champion

    return compare_with_champion(store, trained.version, units, urgencies, start=start, stand_in=stand_in)
