"""The chapter of the load to expect: a forecast per unit, only where it is better than repeating the past."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms import charts
from pipeline.reports.forms.charts import Band, Line
from pipeline.reports.monev.series.forecast import NotShown, UnitForecast
from pipeline.reports.monev.wording import HIGH, HIGH80, LOW, LOW80

_MOST_CHARTS = 6
_SHOWN_WEEKS = 26


def chapter(forecasts: Sequence[UnitForecast | NotShown], history: pd.DataFrame) -> list[Block]:
    """Return the chapter: a table and charts of the units that a forecast is shown for, and why others have none.

    *history*: complaints by week (its Monday) and unit.
    """
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
            Column("Unit"), Column("Delapan pekan", "decimal", 0), Column(LOW80, "int"),
            Column(HIGH80, "int"), Column(LOW, "int"), Column(HIGH, "int"),
            Column("Galat per pekan", "decimal"), Column("Galat pembanding", "decimal"), Column("Pembanding"),
        )  # fmt: skip
        rows = tuple(
            (unit_name(one.unit), one.total.mean, one.total.low80, one.total.high80, one.total.low95, one.total.high95,
             one.error, one.baseline_error, one.baseline)
            for one in shown
        )  # fmt: skip
        blocks.append(Table("Perkiraan per unit", columns, rows))
        blocks += [_chart(one, history[one.unit]) for one in shown[:_MOST_CHARTS]]
    reasons = Counter(one.reason for one in forecasts if isinstance(one, NotShown))
    if reasons:
        told = "; ".join(f"{reason} ({units} unit)" for reason, units in reasons.most_common())
        blocks.append(Note(f"Tanpa perkiraan: {told}."))
    if not forecasts:
        blocks.append(Note("Data tidak punya kolom unit atau belum satu pekan utuh: tidak ada perkiraan."))
    return blocks


def _chart(one: UnitForecast, history: pd.Series) -> Block:
    past = history.iloc[-_SHOWN_WEEKS:]
    ahead, none = len(one.weeks), len(past)
    return charts.lines(
        f"Aduan per pekan: {unit_name(one.unit)}",
        [*(day.date() for day in past.index), *one.weeks],
        [
            Line("terjadi", [*past.tolist(), *[None] * ahead]),
            Line("perkiraan", [*[None] * none, *(step.mean for step in one.by_week)], dashed=True),
        ],
        kind="decimal",
        digits=0,
        mark=(none, "perkiraan"),
        band=Band(
            "selang 80 %",
            [*[None] * none, *(step.low80 for step in one.by_week)],
            [*[None] * none, *(step.high80 for step in one.by_week)],
        ),
        period="Pekan mulai",
        description=one.sentence,
    )
