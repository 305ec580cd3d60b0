"""Risk against coverage as tables, lines and a picture: for a training's run and for ``disposisi evaluate``."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from pipeline.classifiers.calibration import MIN_CONFIDENT_ROWS, NEVER
from pipeline.routing.curve import RiskCurve
from pipeline.routing.policy import Plan, Policy, plan

WANTED = (0.80, 0.85, 0.90, 0.95, 0.98)
_Z = 1.96
_MULTIPLES = 10
_FEW = 5
_COLUMNS = 5
_SHOWN_UNITS = 40
_NAME_CHARS = 28
_BLUE, _ORANGE, _GREY, _RED = "#1f5fa8", "#c8590f", "#777777", "#9b1c1c"


@dataclass(frozen=True)
class Risk:
    """A model's held-out curve, and, where rows were measured, the curve of those and of the model they met.

    ``curve`` is of the model that serves; ``met`` is it too unless the model was fitted again on all rows.
    """

    curve: RiskCurve
    met: RiskCurve | None = None
    test: RiskCurve | None = None

    @property
    def measured(self) -> RiskCurve:
        """Return the curve of the model that the measured rows met."""
        return self.curve if self.met is None else self.met

    def plans(self, policy: Policy) -> tuple[Plan, Plan | None]:
        """Return the plan of the model that serves and of the one that was measured."""
        return plan(policy, self.curve), plan(policy, self.met) if self.met is not None else None


def risk_table(risk: Risk, policy: Policy) -> pd.DataFrame:
    """Return a row for each wanted precision, with *policy*'s floors for weak units.

    Columns: ``presisi_diinginkan``, ``ambang`` (NaN: none reaches it), ``cakupan``, ``presisi``, ``presisi_bawah``,
    ``presisi_atas`` (95 % Wilson), ``baris`` of the held-out rows, ``unit_selalu_ditinjau`` and
    ``unit_berambang_sendiri`` (how many units are always reviewed or have a threshold of their own), and
    ``cakupan_uji``, ``presisi_uji``, ``baris_uji`` of the measured rows (NaN without).
    """
    rows = []
    for wanted in sorted({*WANTED, policy.precision}):
        chosen, met = risk.plans(policy.with_options(precision=wanted))
        precision, coverage, n = risk.curve.forwarded(chosen.cuts[:-1])
        low, high = wilson(precision, n)
        row = {
            "presisi_diinginkan": wanted,
            "ambang": chosen.threshold if chosen.threshold < NEVER else np.nan,
            "cakupan": coverage, "presisi": precision, "presisi_bawah": low, "presisi_atas": high, "baris": n,
            "unit_selalu_ditinjau": len(chosen.weak_units), "unit_berambang_sendiri": len(chosen.unit_thresholds),
        }  # fmt: skip
        tested = (
            (np.nan, np.nan, 0)
            if risk.test is None or met is None
            else risk.test.forwarded(_cuts_for(risk.test, met, risk.measured))
        )
        rows.append(row | {"cakupan_uji": tested[1], "presisi_uji": tested[0], "baris_uji": tested[2]})
    return pd.DataFrame(rows)


def unit_table(risk: Risk, policy: Policy) -> pd.DataFrame:
    """Return a row for each unit at the policy's threshold or its own, the commonest first.

    Columns: ``unit``, ``baris`` (held-out rows predicted as it), ``ambang_unit`` (its threshold; NaN where it is always
    reviewed), ``diteruskan`` (rows at or above that), ``bagian_diteruskan``, ``presisi``, ``presisi_bawah`` (95 %
    one-sided Wilson bound of the rows it is judged on), ``ambang_sendiri``, ``selalu_ditinjau``, and of the measured
    rows ``diteruskan_uji`` and ``presisi_uji``. Of a unit that is always reviewed nothing is forwarded; its
    ``presisi``, ``presisi_bawah`` and ``presisi_uji`` are those of its rows at the policy's threshold, and say why.
    """
    chosen, met = risk.plans(policy.with_options(precision=policy.precision))
    own = chosen.cuts[:-1]
    always = own == np.inf
    units = risk.curve.units(np.where(always, chosen.threshold, own), policy.min_rows)
    forwarded = np.where(always, 0, units.forwarded)
    table = pd.DataFrame(
        {
            "unit": units.names, "baris": units.rows, "ambang_unit": np.where(always | (own >= NEVER), np.nan, own),
            "diteruskan": forwarded, "bagian_diteruskan": forwarded / np.maximum(units.rows, 1),
            "presisi": units.precision, "presisi_bawah": units.lower,
            "ambang_sendiri": [name in chosen.unit_thresholds for name in units.names], "selalu_ditinjau": always,
        }
    )  # fmt: skip
    if risk.test is not None and met is not None:
        cuts = _cuts_for(risk.test, met, risk.measured)
        tested = risk.test.units(np.where(cuts == np.inf, met.threshold, cuts))
        beside = pd.DataFrame(
            {
                "unit": tested.names, "diteruskan_uji": np.where(cuts == np.inf, 0, tested.forwarded),
                "presisi_uji": tested.precision,
            }
        )  # fmt: skip
        table = table.merge(beside, on="unit", how="left").fillna({"diteruskan_uji": 0})
    else:
        table["diteruskan_uji"], table["presisi_uji"] = 0, np.nan
    table["diteruskan_uji"] = table["diteruskan_uji"].astype(np.int64)
    return table.sort_values(["baris", "unit"], ascending=[False, True], ignore_index=True)


def risk_lines(risk: Risk, policy: Policy) -> Iterator[str]:
    """Yield both tables as lines for a terminal; one line where the model kept no held-out rows."""
    if not len(risk.curve):
        yield "  Tidak ada baris held-out kantor ini: tidak ada baris yang diteruskan tanpa petugas."
        return
    head = f"{'diinginkan':>10} {'ambang':>7} {'cakupan':>8} {'presisi':>8} {'95 %':>13}"
    yield f"  {head}   {'uji: cakupan':>12} {'presisi':>8}"
    for row in risk_table(risk, policy).to_dict("records"):
        interval = f"{row['presisi_bawah']:.3f}-{row['presisi_atas']:.3f}" if row["baris"] else "-"
        yield (
            f"  {row['presisi_diinginkan']:>10.3g} {_cell(row['ambang']):>7} {row['cakupan']:>8.3f}"
            f" {_cell(row['presisi']):>8} {interval:>13}  "
            f" {_cell(row['cakupan_uji']):>12} {_cell(row['presisi_uji']):>8}"
        )
    if not risk.curve.has_units:
        yield "  Model ini dibuat sebelum catatan per unit ada: latih ulang untuk lantai presisi unit."
        return
    table = unit_table(risk, policy)
    yield ""
    floor = f"batas bawah {policy.unit_floor:g}, sekurangnya {policy.min_rows} baris"
    yield f"  Tiap unit pada presisi {policy.precision:g} (lantai: {floor}; ambang unit: di mana lantai tercapai)"
    yield f"  {'baris':>6} {'diteruskan':>10} {'presisi':>8} {'bawah':>6} {'uji':>5} {'presisi':>8}  unit"
    for row in table.head(_SHOWN_UNITS).to_dict("records"):
        yield (
            f"  {row['baris']:>6} {row['bagian_diteruskan']:>10.3f} {_cell(row['presisi']):>8}"
            f" {row['presisi_bawah']:>6.2f} {row['diteruskan_uji']:>5} {_cell(row['presisi_uji']):>8}"
            f"  {row['unit']}{_remark(row)}"
        )


def risk_figure(risk: Risk, policy: Policy) -> Figure:
    """Return the picture: precision against coverage over all rows, and for the ten largest units."""
    chosen, met = risk.plans(policy.with_options(precision=policy.precision))
    table = unit_table(risk, policy).head(_MULTIPLES)
    lines = -(-len(table) // _COLUMNS)
    figure = Figure(figsize=(12, 4.6 + 2.5 * lines), layout="constrained")
    FigureCanvasAgg(figure)
    parts: Any = figure.subfigures(2, 1, height_ratios=[4.6, max(2.5 * lines, 0.1)])
    top, below = parts
    axes = top.add_subplot()
    _draw(axes, risk.curve, _BLUE, "held-out (data latih)")
    if risk.test is not None:
        _draw(axes, risk.test, _ORANGE, "baris uji")
    axes.axhline(policy.precision, color=_GREY, linestyle=":", label=f"presisi yang diinginkan {policy.precision:g}")
    never = chosen.threshold >= NEVER
    said = "tidak ada ambang: semua ditinjau" if never else f"ambang {chosen.threshold:.3f}, dengan lantai unit"
    _dot(axes, risk.curve.forwarded(chosen.cuts[:-1]), _BLUE, said)
    if never:
        axes.plot([], [], " ", label=said)
    if risk.test is not None and met is not None:
        _dot(axes, risk.test.forwarded(_cuts_for(risk.test, met, risk.measured)), _ORANGE, None)
    axes.set_xlabel("cakupan: bagian baris yang diteruskan tanpa pemeriksaan")
    axes.set_ylabel("presisi: bagian yang benar")
    axes.set_title("Risiko dan cakupan, semua unit (pita: interval Wilson 95 %)", fontsize=11)
    axes.legend(loc="lower left", fontsize=9, frameon=False)
    if lines:
        below.suptitle("Sepuluh unit terbesar (cakupan dari baris unit itu)", fontsize=10)
        grid = below.subplots(lines, _COLUMNS, sharex=True, sharey=True, squeeze=False)
        for axes, row in zip(grid.flat, table.to_dict("records"), strict=False):
            _multiple(axes, risk, {str(key): value for key, value in row.items()}, chosen, met)
        for axes in grid.flat[len(table) :]:
            axes.set_visible(False)
    return figure


def log_risk(mlflow: Any, risk: Risk, policy: Policy) -> None:
    """Log both tables (csv) and the picture of a model that has held-out rows."""
    if not len(risk.curve):
        return
    mlflow.log_text(risk_table(risk, policy).to_csv(index=False), "risk_coverage.csv")
    mlflow.log_text(unit_table(risk, policy).to_csv(index=False), "risk_coverage_units.csv")
    mlflow.log_figure(risk_figure(risk, policy), "risk_coverage.png")


def wilson(share: float, n: int, z: float = _Z) -> tuple[float, float]:
    """Return Wilson's two-sided interval (1927) of *share* of *n*; NaN without rows."""
    if n == 0:
        return float("nan"), float("nan")
    centre, spread = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float((centre - spread) / (1 + z * z / n)), float((centre + spread) / (1 + z * z / n))


def _cuts_for(curve: RiskCurve, chosen: Plan, known: RiskCurve) -> NDArray[np.float64]:
    """Return the thresholds of *chosen*, a plan with the curve *known*, in the order of *curve*'s units."""
    return chosen.cuts[[known.places.get(name, -1) for name in curve.names]]


def _remark(row: Mapping[Any, Any], before: str = " (", after: str = ")") -> str:
    """Return what a unit's name is followed by: always reviewed, or its own threshold; else nothing."""
    if row["selalu_ditinjau"]:
        return f"{before}selalu ditinjau{after}"
    return f"{before}ambang unit {row['ambang_unit']:.3f}{after}" if row["ambang_sendiri"] else ""


def _draw(axes: Axes, curve: RiskCurve, colour: str, label: str | None, least: int = MIN_CONFIDENT_ROWS) -> None:
    """Draw precision against coverage, from *least* rows on, with its interval."""
    if len(curve) < least:
        return
    n = np.unique(np.linspace(least, len(curve), 400).astype(int))
    share = np.cumsum(curve.correct)[n - 1] / n
    bounds = np.array([wilson(float(p), int(k)) for p, k in zip(share, n, strict=True)])
    axes.fill_between(n / len(curve), bounds[:, 0], bounds[:, 1], color=colour, alpha=0.15, linewidth=0)
    axes.plot(n / len(curve), share, color=colour, label=None if label is None else f"{label}, {len(curve):,} baris")
    axes.set_xlim(0, 1)
    axes.grid(alpha=0.25)


def _dot(axes: Axes, at: tuple[float, float, int], colour: str, label: str | None) -> None:
    """Mark (precision, coverage, rows), where there are rows."""
    precision, coverage, n = at
    if n:
        axes.plot([coverage], [precision], "o", color=colour, markersize=6, label=label)


def _multiple(axes: Axes, risk: Risk, row: dict[str, Any], chosen: Plan, met: Plan | None) -> None:
    """Draw one unit's small curve, and its threshold unless it is always reviewed."""
    others = frozenset(risk.curve.names) - {row["unit"]}
    own = risk.curve.without(others)
    _draw(axes, own, _BLUE, None, _FEW)
    _dot(axes, own.precision_at(chosen.cuts[risk.curve.places[row["unit"]]]), _BLUE, None)
    if risk.test is not None and met is not None:
        tested = risk.test.without(others)
        _draw(axes, tested, _ORANGE, None, _FEW)
        _dot(axes, tested.precision_at(met.cuts[risk.measured.places.get(row["unit"], -1)]), _ORANGE, None)
    name = "\n".join(textwrap.wrap(row["unit"], _NAME_CHARS, max_lines=2, placeholder=" …"))
    axes.set_title(
        f"{name}\n{row['baris']:,} baris{_remark(row, ', ', '')}", fontsize=8,
        color=_RED if row["selalu_ditinjau"] else "black",
    )  # fmt: skip
    axes.tick_params(labelsize=7)


def _cell(value: float) -> str:
    return "-" if value != value else f"{value:.3f}"
