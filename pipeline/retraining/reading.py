"""What `train` is given: the served office's rows, other offices' rows, the starter corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.catalogue.crosswalk import load_crosswalk
from pipeline.errors import DataError, OptionError
from pipeline.intake import read_all
from pipeline.retraining.corpus import STARTER, starter_data, starter_functions
from pipeline.retraining.data import Labelled, Rows, collect
from pipeline.retraining.offices import Elsewhere, functions_of, split_office
from pipeline.settings import ColumnNames


@dataclass(frozen=True)
class Given:
    """``home``: the served office's rows, with the urgencies of all. ``rejected``: rows that could not be read."""

    home: Labelled
    elsewhere: Elsewhere
    starter_urgencies: Rows
    rejected: int


def read_training(
    data: Sequence[str],
    columns: ColumnNames,
    *,
    need: set[str],
    kantor: str | None,
    crosswalks: Sequence[str],
    pool_places: bool,
) -> Given:
    """Read the files of *data* (each ``FILE`` or ``FILE=KANTOR``); a file without an office is the served one's.

    Raises :class:`OptionError` when offices are named and *kantor* is not, :class:`InputError` for what cannot be
    read, :class:`DataError` when no file has a label column.
    """
    by_office: dict[str | None, list[str]] = defaultdict(list)
    for argument in data:
        file, office = split_office(argument)
        by_office[None if office == kantor else office].append(file)
    named = sorted(office for office in by_office if office is not None)
    if named and kantor is None:
        raise OptionError(f"DATA names the office(s) {', '.join(named)}: say with --kantor which one the model is for.")
    crosswalk = load_crosswalk(Path(path) for path in crosswalks)
    batches = {office: read_all(files, columns, need=need) for office, files in by_office.items()}
    read = [batch for office in batches.values() for batch in office]
    if read and not any(batch.columns.unit or batch.columns.urgency for batch in read):
        raise DataError(
            "no column with a unit or an urgency", file=read[0].source, hint="Name it with --unit or --urgency."
        )
    home = collect(batches.pop(None, []), pool_places=pool_places)
    others = {office or "": collect(files, pool_places=True) for office, files in batches.items()}
    rows = {office: functions_of(found.units, office, crosswalk) for office, found in others.items()}
    return Given(
        home=_with_urgencies(home, list(others.values())),
        elsewhere=Elsewhere(crosswalk, kantor or "", {**rows, STARTER: starter_functions()}),
        starter_urgencies=starter_data().urgencies,
        rejected=sum(len(batch.rejects) for batch in read),
    )


def _with_urgencies(home: Labelled, others: Sequence[Labelled]) -> Labelled:
    """Urgency is judged by one rubric everywhere, so other offices' labels count like the office's own."""
    return Labelled(
        units=home.units,
        urgencies=home.urgencies.joined([other.urgencies for other in others]),
        read=home.read + sum(other.read for other in others),
    )
