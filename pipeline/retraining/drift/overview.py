"""Several comparisons with one old period as one table, a line a month or week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.retraining.drift.report import DriftReport, Measure, interval

_HEADS = {
    "unit_prediksi": "unit", "unit_berlabel": "label", "kosakata": "kata", "panjang": "panjang",
    "keyakinan": "yakin", "ditinjau": "tinjau", "kesepakatan": "sepakat",
}  # fmt: skip
_WIDTH, _SHARE = 7, 19


def overview_lines(reports: Sequence[DriftReport]) -> Iterator[str]:
    """Yield the table: each measure's distance beyond chance, estimated and real accuracy with 95 % intervals."""
    heads = "".join(f" {head:>{_WIDTH}} " for head in _HEADS.values())
    width = max(len(report.new.name) for report in reports)
    yield f"  {'':<{width}} {'aduan':>6} {heads} {'perkiraan':>{_SHARE}} {'nyata':>{_SHARE}} {'lebih':>7}"
    for report in reports:
        cells = "".join(f" {_cell(measure)}" for measure in report.measures)
        found = report.new_estimate
        if report.new.rows < report.min_rows or found is None:
            why = "terlalu sedikit baris" if found is not None else "baris dipakai melatih model"
            yield f"  {report.new.name:<{width}} {report.new.rows:>6,} {cells}  ({why})"
            continue
        gap = "-" if found.gap != found.gap else f"{found.gap:+.3f}"
        shares = f"{interval(found.estimated):>{_SHARE}} {interval(found.real):>{_SHARE}} {gap:>7}"
        yield f"  {report.new.name:<{width}} {report.new.rows:>6,} {cells} {shares}"
    first = reports[0]
    yield (
        f"  Jarak Jensen-Shannon di luar kebetulan terhadap {first.old.name}; * nyata (Holm untuk {first.tests} uji, "
        f"taraf {first.alpha:g}), ! alarm; lebih: perkiraan dikurangi nyata"
    )


def _cell(measure: Measure) -> str:
    if measure.skipped:
        return f"{'-':>{_WIDTH}} "
    mark = "!" if measure.alarm else "*" if measure.significant else " "
    return f"{measure.beyond:>{_WIDTH}.3f}{mark}"
