"""The report as one HTML page: styles and charts inside, no script, nothing fetched."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.catalogue import LEVELS
from pipeline.classifiers.calibration import NEVER
from pipeline.reports.forms.colours import heat, ink
from pipeline.reports.model import charts
from pipeline.reports.model.collect import ModelReport
from pipeline.reports.model.terms import gate_name, measured_on, record_rows
from pipeline.retraining.bootstrap import Figure
from pipeline.retraining.risk import risk_table, wilson
from pipeline.review.web.words import day, number
from pipeline.routing.policy import load_policy

_FEW_ROWS, _WEAK_RECALL = 30, 0.5
"""Below them a unit is named among the limits, as the model card has it."""


def page(report: ModelReport, *, made: dt.datetime, zone: str, texts: bool = True) -> str:
    """Return the page; *made* is shown in the time zone *zone*. Without *texts* no mistake is quoted."""
    policy = load_policy()
    majority = next((row.baseline.value for row in report.figures if row.key == "accuracy"), math.nan)
    return (
        _environment()
        .get_template("laporan.html")
        .render(
            r=report,
            version=report.record.version,
            manifest=report.record.manifest,
            made=made.astimezone(ZoneInfo(zone)),
            created=_moment(str(report.record.manifest.get("created", "")), zone),
            texts=texts,
            charts=charts,
            majority=majority,
            risk_rows=risk_table(report.risk, policy).to_dict("records") if len(report.risk.curve) else [],
            wanted=policy.precision,
            never=report.record.router.threshold >= NEVER,
            threshold=report.record.router.threshold,
            levels=_levels(report),
            weak=[row for row in report.units if row.rows and row.recall < _WEAK_RECALL],
            few=[row for row in report.units if 0 < row.rows < _FEW_ROWS],
            few_rows=_FEW_ROWS,
            sections=_sections(report),
        )
    )


def _sections(report: ModelReport) -> list[tuple[str, str, bool]]:
    """Return (anchor, title, whether it has what it needs) of each section in order."""
    return [
        ("ringkasan", "Ringkasan", True),
        ("angka", "Angka", True),
        ("unit", "Tabel per unit", bool(report.units)),
        ("konfusi", "Matriks konfusi", report.confusion is not None),
        ("keandalan", "Kurva keandalan", report.reliability is not None),
        ("risiko", "Risiko dan cakupan", len(report.risk.curve) > 0),
        ("belajar", "Kurva belajar", bool(report.learning)),
        ("kata", "Kata terkuat per unit", bool(report.words)),
        ("kesalahan", "Kesalahan terburuk", report.mistakes is not None),
        ("pergeseran", "Pergeseran", report.drift is not None),
        ("data", "Lembar data", True),
        ("batasan", "Batasan", True),
    ]


def _levels(report: ModelReport) -> list[tuple[str, int]]:
    if report.given is None:
        return []
    labels = report.given.labelled.urgencies.labels
    return [(level, labels.count(level)) for level in LEVELS if level in labels]


@cache
def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        lstrip_blocks=True,
    )
    env.filters |= {
        "angka": number, "tanggal": day, "desimal": decimal, "selang": interval, "persen": share_cell,
        "wilson": wilson_text, "gerbang": gate_name, "diukur": measured_on, "catatan": record_rows,
        "warna": heat, "tinta": ink,
    }  # fmt: skip
    return env


def decimal(value: float | None, digits: int = 3) -> str:
    """Return ``0,812``; a dash for what is not known."""
    return "–" if value is None or math.isnan(value) else number(value, digits)


def interval(figure: Figure, digits: int = 3) -> str:
    """Return ``0,795–0,829``, a dash where there is no interval."""
    return "–" if math.isnan(figure.low) else f"{number(figure.low, digits)}–{number(figure.high, digits)}"


def wilson_text(share: float, rows: int) -> str:
    """Return Wilson's interval of *share* of *rows*."""
    return interval(Figure(share, *wilson(share, rows)))


def share_cell(share: float) -> str:
    """Return ``88 %``, with a space that does not break."""
    return f"{number(100 * share)}\N{NO-BREAK SPACE}%"


def _moment(stamp: str, zone: str) -> str:
    try:
        return f"{dt.datetime.fromisoformat(stamp).astimezone(ZoneInfo(zone)):%d/%m/%Y %H.%M}"
    except ValueError:
        return stamp
