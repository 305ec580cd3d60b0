"""What `train` is given: the served office's rows, other offices' rows, the starter corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalogue.crosswalk import load_crosswalk
from pipeline.errors import DataError, InputError, OptionError
from pipeline.intake import Batch, read_all
from pipeline.retraining.corpus import STARTER, starter_data, starter_functions
from pipeline.retraining.data import Labelled, Rows, collect
from pipeline.retraining.offices import Elsewhere, functions_of, split_office
from pipeline.retraining.patches import Applied, apply_patches, read_patch
from pipeline.settings import ColumnNames


@dataclass(frozen=True)
class Given:
    """``home``: the served office's rows, with the urgencies of all. ``rejected``: rows that could not be read.

    ``patches``: what became of the label corrections that were given.
    """

    home: Labelled
    elsewhere: Elsewhere
    starter_urgencies: Rows
    rejected: int
    patches: tuple[Applied, ...] = ()


def read_training(
    data: Sequence[str],
    columns: ColumnNames,
    *,
    need: set[str],
    kantor: str | None,
    crosswalks: Sequence[str],
    pool_places: bool,
    patches: Sequence[str] = (),
) -> Given:
    """Read the files of *data* (each ``FILE`` or ``FILE=KANTOR``); a file without an office is the served one's.

    *patches*: files of label corrections (:mod:`pipeline.retraining.patches`), applied in their order.

    Raises :class:`OptionError` when offices are named and *kantor* is not, :class:`InputError` for what cannot be
    read or a patch of which nothing fits, :class:`DataError` when no file has a label column.
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
    batches, applied = _patched(batches, patches)
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
        patches=tuple(applied),
    )


def _patched(
    batches: dict[str | None, list[Batch]], paths: Sequence[str]
) -> tuple[dict[str | None, list[Batch]], list[Applied]]:
    """Return *batches* with the corrections of the patch files *paths*, and what became of these."""
    if not paths:
        return batches, []
    read = [batch for office in batches.values() for batch in office]
    fixed, applied = apply_patches(read, [read_patch(path) for path in paths])
    for one in applied:
        if one.left_alone and not one.changed:
            raise InputError(
                f"0 labels corrected: of {one.left_alone:,} corrections {len(one.unknown):,} fit no row of DATA, "
                f"{len(one.ambiguous):,} several, and {len(one.stale):,} a row whose value is not nilai_lama any more",
                file=one.file,
                hint="Give the files that were audited, with the same columns, or leave this --patch out.",
            )
    rest = iter(fixed)
    return {office: [next(rest) for _ in files] for office, files in batches.items()}, applied


def _with_urgencies(home: Labelled, others: Sequence[Labelled]) -> Labelled:
    """Urgency is judged by one rubric everywhere, so other offices' labels count like the office's own.

    Their ids are dropped: the same number names another complaint there.
    """
    return Labelled(
        units=home.units,
        urgencies=home.urgencies.joined([replace(other.urgencies, ids=None) for other in others]),
        read=home.read + sum(other.read for other in others),
    )
