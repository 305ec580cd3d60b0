"""From files to the chosen rows: read, choose, write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.errors import DataError
from pipeline.intake import Batch, Source
from pipeline.retraining.picking.choose import Pool, choose
from pipeline.retraining.picking.clusters import Ints
from pipeline.retraining.picking.reasons import reasons
from pipeline.retraining.picking.rows import Candidates, Labelled, RowReader
from pipeline.retraining.picking.space import embed
from pipeline.retraining.picking.worth import Opinion
from pipeline.scoring.output import open_output
from pipeline.scoring.rejects import RejectFile
from pipeline.scoring.router import Router

RANK, REASON = "urutan_label", "alasan_pilih"
SEED = 0


@dataclass(frozen=True)
class Picked:
    """``rows`` chosen of the ``different`` texts without a label among ``read`` rows; what was left out, and why.

    ``kinds``: how many rows were chosen for each kind of reason.
    """

    rows: int
    different: int
    read: int
    labelled: int
    repeated: int
    rejected: int
    kinds: dict[str, int]


def pick(source: Source, out: str, budget: int, *, router: Router | None, labelled: Iterable[Batch]) -> Picked:
    """Write the *budget* rows of *source* whose labels would teach most to *out*, the most telling first.

    All input columns come back, then :data:`RANK` (1, 2, …) and :data:`REASON`. Without a *router* the rows are
    spread over the pool; texts of *labelled* are not chosen again and count as known. The same rows give the same
    choice in any order. Raises :class:`DataError` when nothing is left to choose,
    :class:`~pipeline.errors.OptionError` when *out* cannot be written.
    """
    reader = RowReader(router)
    known = reader.labelled(labelled)
    with RejectFile(out) as rejects:
        found = reader.candidates(_noting(source, rejects), known)
        if not len(found):
            raise DataError(
                f"none of {found.read:,} rows has a text that is not labelled yet", hint="Give rows without a label."
            )
        points = embed([*found.docs, *known.docs], SEED)
        opinion = None if router is None else _opinion(router, found, known)
        pool = Pool(points[: len(found)], points[len(found) :], opinion, found.empty)
        chosen = choose(pool, budget, SEED)
        told = reasons(chosen, opinion)
        _write(source, out, found.places[chosen.rows], told)
    return Picked(
        rows=len(told),
        different=len(found),
        read=found.read,
        labelled=found.labelled,
        repeated=found.repeated,
        rejected=rejects.count,
        kinds=_kinds(told),
    )


def _noting(source: Source, rejects: RejectFile) -> Iterable[Batch]:
    for batch in source:
        rejects.add(batch.rejects)
        yield batch


def _opinion(router: Router, found: Candidates, known: Labelled) -> Opinion:
    """Return the model's opinion; where no labelled file names units, the model's held-out rows tell which are rare."""
    unit, probabilities = router.unit, found.probabilities
    assert probabilities is not None
    counts = np.array([known.counts[str(name)] for name in unit.classes_], dtype=np.float64)
    if not counts.any():
        counts = np.bincount(unit.predicted_, minlength=len(unit.classes_)).astype(np.float64)
    if not counts.any():
        counts = probabilities.sum(axis=0)
    return Opinion(unit.classes_, probabilities, counts)


def _write(source: Source, out: str, places: Ints, told: list[str]) -> None:
    """Read *source* again and write the rows at *places*, in that order, each with its reason."""
    own = [name for name in source.output_columns if name not in (RANK, REASON)]
    dates = [name for name in source.date_columns if name in own]
    rank = {place: number for number, place in enumerate(places.tolist(), start=1)}
    with open_output(out, [*own, RANK, REASON], date_columns=dates) as output:
        parts, start = [], 0
        for batch in source:
            here = [place for place in range(len(batch)) if start + place in rank]
            part = batch.frame.iloc[here].reindex(columns=own)
            parts.append(part.assign(**{RANK: [rank[start + place] for place in here]}))
            start += len(batch)
        rows = pd.concat([part for part in parts if len(part)], ignore_index=True)
        output.write(rows.sort_values(RANK, ignore_index=True).assign(**{REASON: told}))


def _kinds(told: list[str]) -> dict[str, int]:
    kinds = {"ragu": 0, "unit jarang": 0, "mewakili": 0, "berbeda": 0}
    for reason in told:
        kinds[next(kind for kind in kinds if reason.startswith(kind))] += 1
    return kinds
