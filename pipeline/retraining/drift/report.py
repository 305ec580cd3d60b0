"""What a comparison of two periods found, as figures and as Indonesian lines. It holds no text of any row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.retraining.drift.estimate import Estimate, Share
from pipeline.retraining.drift.limits import WORSE
from pipeline.retraining.drift.words import RisingWord
from pipeline.scoring.writer import finite

_UNITS = 8
_NAME = 24


@dataclass(frozen=True)
class Side:
    """One period: ``read`` rows, ``rows`` of them different texts; ``trained``: the model was trained on its days."""

    name: str
    days: tuple[str, str] | None
    read: int
    rows: int
    trained: bool


@dataclass(frozen=True)
class Change:
    """A unit's share before and after."""

    unit: str
    old: float
    new: float


@dataclass(frozen=True)
class Measure:
    """One measure of both periods.

    ``values``: old, new, and the 95 % interval of new less old (empty for mixes of units). ``distance``:
    Jensen-Shannon, base 2; ``beyond``: what chance leaves of it; ``p_adjusted``: Holm's, over all tests of the run.
    ``significant``: that is below the level; ``limit``: of ``beyond``; ``skipped``: why there is no verdict, or ``""``.
    """

    key: str
    title: str
    rows: tuple[int, int]
    values: tuple[float, ...]
    limit: float
    skipped: str
    changes: tuple[Change, ...]
    distance: float = math.nan
    beyond: float = math.nan
    p: float = math.nan
    p_adjusted: float = math.nan
    significant: bool = False

    @property
    def better(self) -> bool:
        """Whether the measure moved the way that nobody needs to be warned of."""
        way = WORSE.get(self.key, 0)
        return bool(self.values) and way * (self.values[1] - self.values[0]) < 0

    @property
    def alarm(self) -> bool:
        """Whether the change is significant, at the limit or beyond, and not for the better."""
        return self.significant and self.beyond >= self.limit and not self.better

    @property
    def verdict(self) -> str:
        """What the figures come to, in a few Indonesian words."""
        if self.skipped:
            return f"tidak dinilai: {self.skipped}"
        if self.alarm:
            return "ALARM"
        if not self.significant:
            return "tidak berbeda nyata"
        return "membaik" if self.better else "berubah, di bawah batas"


@dataclass(frozen=True)
class DriftReport:
    """All that one comparison found; ``old_estimate`` or ``new_estimate`` is ``None`` where nothing can be said.

    ``tests``: how many p-values were corrected together; ``permutations``: draws of each.
    """

    model: str
    old: Side
    new: Side
    measures: tuple[Measure, ...]
    old_estimate: Estimate | None
    new_estimate: Estimate | None
    words: tuple[RisingWord, ...]
    alpha: float
    permutations: int
    tests: int
    min_rows: int

    @property
    def alarms(self) -> tuple[Measure, ...]:
        """The measures that give an alarm."""
        return tuple(measure for measure in self.measures if measure.alarm)

    def alarm_lines(self) -> Iterator[str]:
        """Yield a line for each alarm."""
        for measure in self.alarms:
            change = ""
            if measure.values:
                change = f", dari {_number(measure.values[0])} menjadi {_number(measure.values[1])}"
            yield (
                f"ALARM: {self.new.name}: {measure.title}{change}: jarak di luar kebetulan {measure.beyond:.3f} "
                f"(batas {measure.limit:g}), p {measure.p_adjusted:.4f}"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return everything for JSON; NaN becomes ``None``."""
        measures = [{**asdict(one), "alarm": one.alarm, "verdict": one.verdict} for one in self.measures]
        found = {**asdict(self), "measures": measures, "alarms": [measure.key for measure in self.alarms]}
        cleaned: dict[str, Any] = finite(found)
        return cleaned

    def lines(self) -> Iterator[str]:
        """Yield the report for a terminal, without the lines of the alarms."""
        for title, side in (("Lama", self.old), ("Baru", self.new)):
            yield f"{title}: {side.name}, {_days(side)}{side.rows:,} aduan berbeda dari {side.read:,} baris"
        if self.old.trained:
            yield "  Model dilatih dengan baris lama: sebagai gantinya catatan held-out model (semua hari latih)."
        if self.new.trained:
            yield "  Model dilatih dengan baris baru: tebakannya di sana tidak berarti apa-apa."
        yield ""
        yield (
            f"  {'ukuran':<{_NAME}} {'lama':>7} {'baru':>7} {'selisih, 95 %':>17} {'JS':>6} {'di luar':>7} {'batas':>6}"
            f" {'p Holm':>7}  putusan"
        )
        for measure in self.measures:
            yield f"  {measure.title:<{_NAME}} {_cells(measure)}  {measure.verdict}"
            for change in measure.changes if measure.significant else ():
                yield f"    {change.old:>6.1%} → {change.new:>6.1%}  {change.unit}"
        yield (
            f"  JS: jarak Jensen-Shannon (0-1); di luar: yang tersisa setelah kebetulan; p: {self.permutations:,} "
            f"permutasi, Holm untuk {self.tests} uji, taraf {self.alpha:g}"
        )
        yield ""
        yield from self._estimates()
        if self.words:
            yield ""
            yield "Kata yang menjadi lebih sering (akar kata; baris lama → baru)"
            for word in self.words:
                unknown = "" if word.known else "  (tidak dikenal model)"
                yield f"  {word.old_rows:>6} → {word.new_rows:>5}  {word.stem}{unknown}"

    def _estimates(self) -> Iterator[str]:
        yield "Perkiraan akurasi dari keyakinan (cenderung terlalu tinggi bila data bergeser)"
        for title, found in (("lama", self.old_estimate), ("baru", self.new_estimate)):
            if found is None:
                yield f"  {title}: tidak dapat diperkirakan (model dilatih dengan baris itu)"
            elif found.estimated.rows < self.min_rows:
                yield f"  {title}: terlalu sedikit baris ({found.estimated.rows}; perlu {self.min_rows})"
            else:
                yield from _estimate_lines(title, found, self.min_rows)
        units = self.new_estimate.units[:_UNITS] if self.new_estimate is not None else ()
        units = tuple(unit for unit in units if unit.rows >= self.min_rows)
        if units:
            yield f"  {'baris':>7} {'perkiraan':>9} {'nyata':>19}  unit yang ditebak (periode baru)"
            for unit in units:
                yield f"  {unit.rows:>7,} {unit.estimated:>9.3f} {interval(unit.real):>19}  {unit.unit}"


def _estimate_lines(title: str, found: Estimate, least: int) -> Iterator[str]:
    record = " (catatan held-out)" if found.held_out else ""
    yield f"  {title}: perkiraan {interval(found.estimated)}, {found.estimated.rows:,} baris{record}"
    if not found.real.rows:
        yield "        nyata: belum ada label"
        return
    beside = "" if math.isnan(found.majority) else f"; selalu unit terbanyak {found.majority:.3f}"
    yield (
        f"        nyata {interval(found.real)}, {found.real.rows:,} baris berlabel; "
        f"perkiraan lebih tinggi {found.gap:+.3f}{beside}"
    )
    if found.real.rows < least:
        yield f"        (label kurang dari {least}: belum berarti)"
    if found.unknown_units:
        yield f"        {found.unknown_units:,} baris lain berlabel unit yang tidak dikenal model: di sana selalu salah"


def _cells(measure: Measure) -> str:
    value = [f"{'':>7}", f"{'':>7}", f"{'':>17}"]
    if measure.values:
        old, new, low, high = measure.values
        value = [f"{_number(old):>7}", f"{_number(new):>7}", f"{f'{_signed(low)} … {_signed(high)}':>17}"]
    numbers = "".join(f" {_dash(number):>{width}}" for number, width in ((measure.distance, 6), (measure.beyond, 7)))
    return f"{' '.join(value)}{numbers} {measure.limit:>6.3g} {_dash(measure.p_adjusted, 4):>7}"


def _number(value: float) -> str:
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.3f}"


def _signed(value: float) -> str:
    return f"{value:+.1f}" if abs(value) >= 2 else f"{value:+.3f}"


def _dash(value: float, digits: int = 3) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def interval(share: Share) -> str:
    """Return the share with its interval as people read it, ``-`` without rows."""
    return "-" if math.isnan(share.value) else f"{share.value:.3f} ({share.low:.3f}-{share.high:.3f})"


def _days(side: Side) -> str:
    return f"{side.days[0]} s.d. {side.days[1]}, " if side.days else "tanpa tanggal, "
