"""The chapter of the load to expect: a forecast per unit, only where it is better than repeating the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms import charts
from pipeline.reports.forms.charts import Band, Line
from pipeline.reports.monev.series.forecast import NotShown, UnitForecast

_MOST_CHARTS = 6


def chapter(forecasts: Sequence[UnitForecast | NotShown]) -> list[Block]:
    """Return the chapter: a table and charts of the units that a forecast is shown for, and why others have none."""
    shown = [one for one in forecasts if isinstance(one, UnitForecast)]
    blocks: list[Block] = [Heading("Perkiraan beban delapan pekan")]
    if shown:
        blocks.append(
            Paragraph(
                "Perkiraan jumlah aduan yang akan masuk. Ditampilkan hanya untuk unit yang perkiraannya terbukti lebih "
                "tepat daripada mengulang masa lalu, diuji pada pekan-pekan yang sudah lewat."
            )
        )
        columns = (
            Column("Unit"), Column("Delapan pekan", "decimal", 0), Column("80 % dari", "int"),
            Column("80 % sampai", "int"), Column("95 % dari", "int"), Column("95 % sampai", "int"),
            Column("Galat per pekan", "decimal"), Column("Galat pembanding", "decimal"), Column("Pembanding"),
        )  # fmt: skip
        rows = tuple(
            (unit_name(one.unit), one.total.mean, one.total.low80, one.total.high80, one.total.low95, one.total.high95,
             one.error, one.baseline_error, one.baseline)
            for one in shown
        )  # fmt: skip
        blocks.append(Table("Perkiraan per unit", columns, rows))
        blocks += [_chart(one) for one in shown[:_MOST_CHARTS]]
    reasons = Counter(one.reason for one in forecasts if isinstance(one, NotShown))
    if reasons:
        told = "; ".join(f"{reason} ({units} unit)" for reason, units in reasons.most_common())
        blocks.append(Note(f"Tanpa perkiraan: {told}."))
    if not forecasts:
        blocks.append(Note("Data tidak punya kolom unit atau belum satu pekan utuh: tidak ada perkiraan."))
    return blocks


def _chart(one: UnitForecast) -> Block:
    return charts.lines(
        f"Perkiraan per pekan: {unit_name(one.unit)}",
        list(one.weeks),
        [Line("perkiraan", [step.mean for step in one.by_week], dashed=True)],
        kind="decimal",
        band=Band("selang 80 %", [step.low80 for step in one.by_week], [step.high80 for step in one.by_week]),
        period="Pekan mulai",
        description=one.sentence,
    )
