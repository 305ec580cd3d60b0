"""Which open reports have passed a limit, by step, and which were finished late.

The limits are those of ``batas_waktu.tsv`` on the day of receipt, in working days; columns of a scored table that say
so are not trusted, for they were true on the day of scoring. A step has passed its limit when the next one has not been
reached: not forwarded, not answered, not finished. A report that waits for its reporter is not late by the office's
fault and is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.holidays import Calendar, Days
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.reports.monev.cohort import Cohort, Mask
from pipeline.reports.monev.found_columns import KINDS, ORDINARY
from pipeline.reports.monev.statuses import FOLLOWED, FORWARDED, RECEIVED
from pipeline.routing.deadline import DeadlineSetter

STEPS = ("teruskan", "jawaban", "penyelesaian")
_SPAN = 1_000_000
"""More than the days since 1970 of any complaint, so a pair of kind and day is one integer."""


@dataclass(frozen=True, eq=False)
class Overdue:
    """Aligned with a cohort's rows.

    ``steps``: step → rows that have passed its limit; ``any``: rows that have passed one; ``known``: open rows (but
    those that wait for the reporter) of which that can be told; ``unknown``: how many open rows it cannot, for the
    holidays of ``years`` are not known. ``finish``: last day to finish (datetime64[D], NaT: none or unknown).
    ``assumed``: open rows without a kind, judged as ordinary complaints. ``finished_late``: (late, all) completed rows
    whose day of finishing and limit are known.
    """

    steps: Mapping[str, Mask]
    any: Mask
    known: Mask
    unknown: int
    years: frozenset[int]
    finish: Days
    assumed: int
    finished_late: tuple[int, int]


def find_overdue(cohort: Cohort, calendar: Calendar, limits: TimeLimits) -> Overdue:
    """Return what of *cohort* is late at the end of its as-of day."""
    kinds = cohort.reports.frame["kind"].cat.categories
    of_kind = [KINDS.get(name, KINDS[ORDINARY]) for name in kinds] + [KINDS[ORDINARY]]
    named = np.array([name in KINDS for name in kinds] + [False])
    code = np.where(cohort.codes("kind") >= 0, cohort.codes("kind"), len(kinds))
    # Many rows share few pairs of kind and day: each pair is judged once.
    keys, place = np.unique(code * _SPAN + cohort.received.astype(np.int64), return_inverse=True)
    pair_codes, numbers = np.divmod(keys, _SPAN)
    pair_kinds = [of_kind[number] for number in pair_codes.tolist()]
    setter = DeadlineSetter(calendar, limits, cohort.as_of)
    days = numbers.astype("datetime64[D]")
    found = setter.set([kind for kind, _ in pair_kinds], [supervisory for _, supervisory in pair_kinds], days)
    limited = np.array([rule != "" for rule in found.rules], dtype=np.bool_)
    ends = np.stack([found.forward, found.answer, found.finish])
    passed = np.stack([_passed(calendar, end, cohort.as_of) for end in ends])[:, place]
    finish = found.finish[place]

    reached = [cohort.forwarded | cohort.followed, cohort.followed]
    office = cohort.at(RECEIVED, FORWARDED, FOLLOWED)
    waits = [office & ~reached[0], office & ~reached[1], office]
    steps = {step: wait & late for step, wait, late in zip(STEPS, waits, passed, strict=True)}
    late = np.logical_or.reduce(list(steps.values()))
    judged = office & limited[place]
    untold = judged & np.isnat(finish)
    refused = found.refused_years if untold.any() else set()
    closed = ~np.isnat(cohort.finished) & ~np.isnat(finish)
    return Overdue(
        steps, late, judged & ~untold, int(untold.sum()), frozenset(refused), finish,
        int((office & ~named[code]).sum()), (int((cohort.finished > finish)[closed].sum()), int(closed.sum())),
    )  # fmt: skip


def _passed(calendar: Calendar, ends: NDArray[np.datetime64], as_of: dt.date) -> Mask:
    """Tell which last days lie a working day or more before the end of *as_of*, as ``disposisi score`` counts it."""
    late: Mask = calendar.count_to(ends, as_of)[0] > 0
    return late
