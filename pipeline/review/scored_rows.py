"""One chunk of a scored table as rows that the triage store takes, and the rows that it does not take."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.catalogue import LEVELS
from pipeline.intake import Batch, Reject
from pipeline.intake.batch import cell_text
from pipeline.intake.dates import parse_dates
from pipeline.review.store.tables import NO_DUE
from pipeline.routing import ACTIONS, DATE_COLUMNS, OUTPUT_COLUMNS, VERSION, column_kind
from pipeline.routing.findings import ACCUSED_UNIT
from pipeline.routing.policy import priority
from pipeline.text import find_personal_texts, repair

NEEDED = ("unit", "keyakinan", "urgensi", "tindakan", VERSION)
"""Columns without which a table is not a scored one; any other result that it lacks is empty."""

_SECRET = "rahasia"
_LONGEST = 200
_DISTRICTS = ("Kab. ", "Kota ")


@dataclass(frozen=True)
class ScoredRow:
    """A complaint and what a model version suggests for it.

    ``spans``: personal data in ``text`` (repaired) as [start, end, kind]. ``shown``: the columns of a complaint that
    show the suggestion. ``row``: every column that scoring added.
    """

    source: str
    number: int
    external_id: str
    text: str
    spans: list[list[Any]]
    received: dt.datetime | None
    model_version: str
    shown: dict[str, Any]
    row: dict[str, Any]

    @property
    def restricted(self) -> bool:
        """Whether people limited to units must not see it: it accuses the suggested unit, or is to be kept secret."""
        return accuses_its_unit(self.row) or self.row["saran_kerahasiaan"] == _SECRET

    @property
    def units(self) -> list[str]:
        """The suggested units, the likeliest first."""
        return [unit for unit in (self.row["unit"], self.row["unit_2"], self.row["unit_3"]) if unit]

    def reject(self, reason: str) -> Reject:
        """Return this row as one that is not taken."""
        return Reject(self.source, self.number, reason)


def read_rows(batch: Batch) -> tuple[list[ScoredRow], list[Reject]]:
    """Return the rows of *batch*, a chunk of a scored table, and the rows that are no scored complaint."""
    texts = [repair(text) for text in batch.texts()]
    found = find_personal_texts(texts)
    ids, dates, numbers = batch.ids(), batch.dates().tolist(), batch.rows.tolist()
    results = _results(batch)
    rows, rejects = [], []
    for place, row in enumerate(results):
        reason = _fault(ids[place], row)
        if reason:
            rejects.append(Reject(batch.source, numbers[place], reason))
            continue
        rows.append(
            ScoredRow(
                source=batch.source,
                number=numbers[place],
                external_id=ids[place],
                text=texts[place],
                spans=[[span.start, span.end, span.kind] for span in found[place]],
                received=None if dates[place] != dates[place] else dates[place].to_pydatetime(),
                model_version=row[VERSION],
                shown=shown(row),
                row=row,
            )
        )
    return rows, rejects


def _results(batch: Batch) -> list[dict[str, Any]]:
    blank = [""] * len(batch)
    columns: list[Sequence[Any]] = []
    for name in OUTPUT_COLUMNS:
        values: Sequence[Any] = batch.frame[name].tolist() if name in batch.frame.columns else blank
        if name in DATE_COLUMNS:
            columns.append(_days(values))
        elif column_kind(name) == "double":
            columns.append([_probability(value) for value in values])
        else:
            columns.append([cell_text(value).replace("\x00", "") for value in values])
    return [dict(zip(OUTPUT_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def _days(values: Sequence[Any]) -> list[str]:
    """Return ISO dates, ``""`` where there is none: a sheet gives dates as such."""
    days = np.datetime_as_string(parse_dates(list(values)).to_numpy().astype("datetime64[D]")).tolist()
    return ["" if day == "NaT" else day for day in days]


def _probability(value: object) -> float | None:
    """Return a confidence as a number, ``None`` where it is none; a spreadsheet may have made it ``0,88``."""
    try:
        number = float(cell_text(value).replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number <= 1 else None


def _fault(external_id: str, row: dict[str, Any]) -> str:
    """Return why a row cannot be taken, ``""`` where it can. Never holds a cell's text."""
    if not external_id:
        return "kolom id kosong"
    if len(external_id) > _LONGEST or not external_id.isprintable():
        return f"id lebih dari {_LONGEST} karakter atau berisi karakter kendali"
    if not row[VERSION]:
        return f"kolom {VERSION} kosong: baris ini belum diberi skor"
    if not row["unit"] or row["keyakinan"] is None:
        return "kolom unit kosong atau keyakinan bukan angka 0-1"
    if row["urgensi"] not in LEVELS:
        return f"tingkat urgensi tidak dikenal; yang dikenal: {', '.join(LEVELS)}"
    if row["tindakan"] not in ACTIONS:
        return f"tindakan tidak dikenal; yang dikenal: {', '.join(ACTIONS)}"
    if any(len(row[name]) > _LONGEST for name in ("unit", "unit_2", "unit_3", "kelompok", VERSION)):
        return f"nama unit, kelompok, atau versi model lebih dari {_LONGEST} karakter"
    return ""


def accuses_its_unit(row: Mapping[str, Any]) -> bool:
    """Tell whether a scored row's complaint accuses the very unit that is suggested first."""
    return ACCUSED_UNIT in str(row.get("aturan") or "").split("; ")


def replaces(current: str, other: str) -> bool:
    """Tell whether a suggestion of the model version *other*, imported later, is shown in place of *current*'s.

    It is, unless it is an older version of the same model: ``name/2`` after ``name/3``.
    """
    (name, _, number), (other_name, _, other_number) = (version.rpartition("/") for version in (current, other))
    counted = all(one.isascii() and one.isdigit() for one in (number, other_number))
    return not (counted and name == other_name and int(other_number) < int(number))


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a complaint that show the suggestion *row*; whether it is restricted is none of them."""
    due = row["batas_teruskan"] or row["batas_waktu"]
    return {
        "unit": row["unit"],
        "confidence": row["keyakinan"],
        "level": row["urgensi"],
        "action": row["tindakan"],
        "rank": _rank(row),
        "due": dt.date.fromisoformat(due) if due else NO_DUE,
        "place": _place(row["wilayah"]),
        "group_name": row["kelompok"],
        "watched": row["berkadar_pengawasan"] == "ya",
    }


def _rank(row: Mapping[str, Any]) -> int:
    given = row["prioritas"]
    if given in {"1", "2", "3", "4"}:
        return int(given)
    one = (np.array([row[name]], dtype=object) for name in ("urgensi", "tindakan"))
    return int(priority(*one)[0])


def _place(region: str) -> str:
    """Return the kabupaten or kota of a place as scoring writes it, else its last part (the province)."""
    parts = region.split(", ")
    return next((part for part in parts if part.startswith(_DISTRICTS)), parts[-1])[:_LONGEST]
