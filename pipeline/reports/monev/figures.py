"""The figures of a period: what came in, what became of it, what waits, what is late; against the period before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.holidays import Calendar
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.errors import DataError
from pipeline.reports.monev.breakdown import BY, Group, UnitMonths, groups, unit_months
from pipeline.reports.monev.cohort import Cohort, Mask, cohort, previous_cohort
from pipeline.reports.monev.definitions import Definition, Definitions, load_definitions
from pipeline.reports.monev.number import Number, count, percentile, proportion
from pipeline.reports.monev.overdue import STEPS, Overdue, find_overdue
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.reading import Reports
from pipeline.reports.monev.stages import rows
from pipeline.reports.monev.statuses import ARCHIVED, BLOCKED, CLOSED, CLOSERS, UNKNOWN, WAITING
from pipeline.review.clock import MONTHS
from pipeline.routing.decision import FORWARD

PARTS = ("selesai", "ditutup", "diarsipkan", "diblokir", "menunggu", "tidak_dikenal")
"""Counts that add up to ``diterima`` where the data have statuses."""
_AGES = {"umur_median": 0.5, "umur_p90": 0.9}
_DURATIONS = {"lama_selesai_median": 0.5, "lama_selesai_p90": 0.9}
_REPORTER = list(CLOSERS).index("pelapor")


@dataclass(frozen=True, eq=False)
class Figures:
    """All figures of ``period`` as they stood on ``as_of``.

    ``numbers``: key of ``monev_angka.tsv`` → figure of the reports received in the period; what the data cannot tell is
    not among them. ``backlog``: the same keys over *all* open reports, whenever received. ``closers``: who closed what
    counts as completed, and how many. ``counted``: statuses that count as completed. ``groups``: column of
    :data:`~pipeline.reports.monev.breakdown.BY` → its groups. ``months``: unit × month. ``definitions``: of every
    figure shown. ``notes``: Indonesian lines that a report should print.
    """

    period: Period
    as_of: dt.date
    numbers: Mapping[str, Number]
    backlog: Mapping[str, Number]
    closers: tuple[tuple[str, int], ...]
    counted: tuple[str, ...]
    groups: Mapping[str, tuple[Group, ...]]
    months: UnitMonths
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...]


def find_figures(
    reports: Reports,
    period: Period,
    *,
    as_of: dt.date | None = None,
    calendar: Calendar | None = None,
    limits: TimeLimits | None = None,
) -> Figures:
    """Return the figures of the reports received in *period*.

    Args:
        reports: All reports, of other periods too: the period before and the open ones of all times are among them.
        period: Its reports are the cohort.
        as_of: The day at whose end ages and limits are judged; default: the last day of *period*. It is *not* today nor
            the day on which an export was made: a report run again later on the same data must say the same, and an
            export's day would make two months' reports differ in how old their complaints may be. The price: a status
            is the newest that the data have, so without a finish date what was closed after that day already counts as
            completed, and a report that is open in the data is late by that day only if its limit had passed by then.
        calendar: Working days; default: those that disposisi knows.
        limits: Time limits; default: ``batas_waktu.tsv``.

    Raises :class:`DataError` when no report was received in *period*.
    """
    day = as_of or period.last
    now = cohort(reports, period, day)
    if not len(now):
        raise DataError(
            f"no report was received in {period.name} up to {day.isoformat()}",
            file=", ".join(reports.files),
            hint="Choose another --period, or name the date column with --date.",
        )
    calendar, limits = calendar or Calendar(), limits or TimeLimits.load()
    earlier = previous_cohort(reports, period, day)
    before = earlier if len(earlier) else None
    definitions = load_definitions(period.last)
    late = find_overdue(now, calendar, limits)
    late_before = None if before is None else find_overdue(before, calendar, limits)
    everything = cohort(reports, None, day)
    late_ever = find_overdue(everything, calendar, limits)
    numbers = _all(now, before, late, late_before, definitions)
    backlog = _waiting(everything, None, late_ever, None, definitions) if now.has_stages else {}
    return Figures(
        period=period,
        as_of=day,
        numbers=numbers,
        backlog=backlog,
        closers=_closers(now),
        counted=reports.statuses.counted if now.has_stages else (),
        groups={by: groups(now, before, by, late.any, definitions) for by in BY if by in reports.has},
        months=unit_months(reports, period, day),
        definitions=tuple(
            definition for key, definition in definitions.by_key.items() if key in numbers or key in backlog
        ),
        notes=_notes(reports, now, before, late, late_ever, calendar, period),
    )


def _all(
    now: Cohort, before: Cohort | None, late: Overdue, late_before: Overdue | None, definitions: Definitions
) -> dict[str, Number]:
    """Return the figures of the cohort, in the order in which a report goes through them."""
    found = [count(definitions["diterima"], len(now), None if before is None else len(before))]

    def add(key: str, mask: Mask, earlier: Mask | None) -> None:
        found.append(count(definitions[key], int(mask.sum()), None if earlier is None else int(earlier.sum())))

    def add_share(key: str, of: tuple[Mask, Mask], earlier: tuple[Mask, Mask] | None) -> None:
        found.append(proportion(definitions[key], _hits(of), None if earlier is None else _hits(earlier)))

    if now.says_forwarded:
        add("diteruskan", now.forwarded, None if before is None else before.forwarded)
        everybody = None if before is None else (before.forwarded, _every(before))
        add_share("tingkat_diteruskan", (now.forwarded, _every(now)), everybody)
    if now.has_stages:
        add("ditindaklanjuti", now.followed, None if before is None else before.followed)
        earlier_parts = [None] * len(PARTS) if before is None else _parts(before)
        for key, mask, earlier in zip(PARTS, _parts(now), earlier_parts, strict=True):
            if key != "ditutup" or mask.any() or (earlier is not None and earlier.any()):
                add(key, mask, earlier)
        rates_before = None if before is None else _rates(before)
        for key, of in _rates(now).items():
            add_share(key, of, None if rates_before is None else rates_before[key])
        found += _waiting(now, before, late, late_before, definitions).values()
        found += _finished(now, before, late, late_before, definitions)
    if "action" in now.reports.has:
        add_share("diteruskan_otomatis", _automatic(now), None if before is None else _automatic(before))
    return {number.key: number for number in found}


def _hits(of: tuple[Mask, Mask]) -> tuple[int, int]:
    hits, n = of
    return int((hits & n).sum()), int(n.sum())


def _every(some: Cohort) -> Mask:
    return np.ones(len(some), dtype=np.bool_)


def _parts(some: Cohort) -> list[Mask]:
    """Return the masks of :data:`PARTS`."""
    return [some.completed, some.at(CLOSED), some.at(ARCHIVED), some.at(BLOCKED), some.open, some.at(UNKNOWN)]


def _rates(some: Cohort) -> dict[str, tuple[Mask, Mask]]:
    every = _every(some)
    return {
        "tingkat_ditindaklanjuti": (some.followed, every),
        "tingkat_selesai": (some.completed, every),
        "tingkat_selesai_layak": (some.completed, some.valid),
        "tingkat_ditutup_pelapor": (some.closer == _REPORTER, every),
    }


def _waiting(
    now: Cohort, before: Cohort | None, late: Overdue, late_before: Overdue | None, definitions: Definitions
) -> dict[str, Number]:
    """Return what is open: how many, how old, and how many have passed which limit."""
    waiting = [
        count(definitions[key], int(mask.sum()), None if earlier is None else int(earlier.sum()))
        for key, mask, earlier in (
            ("menunggu", now.open, None if before is None else before.open),
            ("menunggu_pelapor", now.at(WAITING), None if before is None else before.at(WAITING)),
        )
    ]
    if late.known.any() or not late.unknown:
        told = late_before if late_before is not None and not late_before.unknown else None
        waiting += [
            count(
                definitions[f"lewat_{step}"], int(late.steps[step].sum()),
                None if told is None else int(told.steps[step].sum()),
            )
            for step in STEPS
        ]  # fmt: skip
        waiting.append(
            proportion(
                definitions["lewat_batas"], _hits((late.any, late.known)),
                None if told is None else _hits((told.any, told.known)),
            )
        )  # fmt: skip
    if now.open.any():
        earlier = None if before is None else before.age[before.open]
        waiting += [percentile(definitions[key], q, now.age[now.open], earlier) for key, q in _AGES.items()]
    return {number.key: number for number in waiting}


def _finished(
    now: Cohort, before: Cohort | None, late: Overdue, late_before: Overdue | None, definitions: Definitions
) -> list[Number]:
    """Return how long it took, and how much was late, where the data have finish dates."""
    if "finished" not in now.reports.has:
        return []
    found = []
    took, earlier = _took(now), None if before is None else _took(before)
    if len(took):
        found += [percentile(definitions[key], q, took, earlier) for key, q in _DURATIONS.items()]
    if late.finished_late[1]:
        told = None if late_before is None else late_before.finished_late
        found.append(proportion(definitions["selesai_terlambat"], late.finished_late, told))
    return found


def _took(some: Cohort) -> NDArray[np.int64]:
    """Return the calendar days from receipt to finish; a finish before the receipt is a slip and left out."""
    known = ~np.isnat(some.finished)
    days = (some.finished[known] - some.received[known]).astype(np.int64)
    return days[days >= 0]


def _automatic(some: Cohort) -> tuple[Mask, Mask]:
    """Return which rows a model forwards by itself, and which it has judged."""
    codes = some.codes("action")
    names = list(some.reports.frame["action"].cat.categories)
    return codes == (names.index(FORWARD) if FORWARD in names else -2), codes >= 0


def _closers(now: Cohort) -> tuple[tuple[str, int], ...]:
    """Return who closed what counts as completed: the words, and how many; those that closed none are left out."""
    counts = np.bincount(now.closer[now.closer >= 0], minlength=len(CLOSERS))
    return tuple((name, int(n)) for name, n in zip(CLOSERS.values(), counts, strict=True) if n)


def _notes(
    reports: Reports,
    now: Cohort,
    before: Cohort | None,
    late: Overdue,
    late_ever: Overdue,
    calendar: Calendar,
    period: Period,
) -> tuple[str, ...]:
    notes = list(reports.notes)
    if before is None:
        notes.append(f"Tidak ada laporan {period.previous.label}: perubahan tidak dihitung.")
    elif (start := before.received.min().item()) > _latest_start(period):
        notes.append(
            f"Laporan {period.previous.label} dalam data baru mulai {start.day} {MONTHS[start.month - 1]} "
            f"{start.year}: perubahan terhadap periode itu tidak sebanding."
        )
    if not now.has_stages:
        notes.append("Data tidak punya kolom status: penyelesaian, antrean, dan keterlambatan tidak dapat dihitung.")
    elif "finished" not in reports.has:
        notes.append(
            "Data tidak punya tanggal selesai: status yang dipakai adalah yang terbaru dalam data, bukan status pada "
            "hari perhitungan. Laporan periode sebelumnya punya waktu lebih lama untuk selesai, jadi perubahan tingkat "
            "penyelesaian terbaca lebih rendah daripada sebenarnya."
        )
    if late.unknown or late_ever.unknown:
        years = ", ".join(map(str, sorted(late.years | late_ever.years)))
        known = ", ".join(map(str, calendar.years))
        notes.append(
            f"Batas waktu {rows(late.unknown)} laporan terbuka periode ini ({rows(late_ever.unknown)} dari semua "
            f"periode) tidak dihitung: hari libur tahun {years} tidak diketahui (yang diketahui: {known}). "
            "Berikan daftarnya dengan --holidays FILE."
        )
    if late.assumed and (late.known.any() or late.any.any()):
        notes.append(
            f"{rows(late.assumed)} laporan terbuka tanpa jenis yang dikenal dinilai dengan batas pengaduan tidak "
            "berkadar pengawasan."
        )
    return tuple(notes)


def _latest_start(period: Period) -> dt.date:
    """Return the last day on which the data of the period before may begin: a later start looks like a cut-off file."""
    return period.previous.first + dt.timedelta(days=period.previous.days // 4)
