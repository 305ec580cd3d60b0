"""What an audit writes: the list for people, and a table that the triage room imports."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.classifiers.sentences import SentenceFinder
from pipeline.errors import OptionError
from pipeline.retraining.audit.findings import Audit, Finding
from pipeline.retraining.audit.units import UnitFinding
from pipeline.routing import OUTPUT_COLUMNS, VERSION
from pipeline.routing.decision import REVIEW
from pipeline.routing.findings import FindingFinder
from pipeline.scoring.output import open_output, open_private
from pipeline.text import Tokenizer, WordTable, mask_texts, repair

COLUMNS: Final = (
    "peringkat", "jenis_temuan", "skor", "kolom", "label_lama", "label_usulan", "keyakinan_lama", "keyakinan_usulan",
    "alasan", "id", "berkas", "baris", "tanggal", "isi", "id_tinjau",
)  # fmt: skip
"""Columns of the list. ``skor`` orders; ``isi`` is masked; ``id_tinjau`` is the row's number in the triage room."""
_TRIAGE_OWN = ("id", "tanggal", "isi")
_DIGITS = 6
_AT_ONCE = 1000
_QUARTERS = 4


def check_output(out: str) -> None:
    """Raise :class:`OptionError` where *out* could not be written: an audit takes minutes, and that is known before."""
    if out == "-":
        raise OptionError("An audit goes to a file: name one ending in .csv, .xlsx, .parquet or .jsonl.")
    open_output(out, COLUMNS).discard()


def write_list(audit: Audit, out: str, name: str, top: int | None) -> int:
    """Write the list to *out* (ending .csv, .xlsx, .parquet or .jsonl), troubles of units last; return its rows.

    *top*: only so many rows of data. Raises :class:`OptionError` where *out* cannot be written.
    """
    with open_output(out, COLUMNS, date_columns=("tanggal",)) as output:
        for start in range(0, len(chosen := audit.rows[:top]), _AT_ONCE):
            part = chosen[start : start + _AT_ONCE]
            texts = mask_texts([repair(finding.row.text) for finding in part])
            lines = [_line(start + 1 + place, part[place], texts[place], name) for place in range(len(part))]
            output.write(pd.DataFrame(lines, columns=COLUMNS, dtype=object))
        if audit.units:
            output.write(pd.DataFrame([_unit_line(one) for one in audit.units], columns=COLUMNS, dtype=object))
        return output.rows


def _line(rank: int, finding: Finding, text: str, name: str) -> dict[str, Any]:
    row = finding.row
    return {
        "peringkat": rank,
        "jenis_temuan": "; ".join(finding.kinds),
        "skor": round(finding.score, _DIGITS),
        "kolom": row.columns[finding.role],
        "label_lama": row.labels[finding.role],
        "label_usulan": finding.proposed,
        "keyakinan_lama": _rounded(finding.p_given),
        "keyakinan_usulan": _rounded(finding.p_proposed),
        "alasan": " ".join(finding.reasons),
        "id": row.id,
        "berkas": row.file,
        "baris": row.number,
        "tanggal": _day(finding),
        "isi": text,
        "id_tinjau": row.triage_id(finding.role, name),
    }


def _unit_line(one: UnitFinding) -> dict[str, Any]:
    return {"jenis_temuan": one.kind, "label_lama": one.unit, "alasan": one.reason}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _day(finding: Finding) -> str:
    day = str(finding.row.time)[:10]
    return "" if day == "NaT" else day


def write_triage(audit: Audit, out: str, name: str, top: int | None) -> tuple[int, int]:
    """Write the rows with a finding as ``disposisi review import`` takes them; return (rows, rows left out).

    Left out are findings on the urgency of rows without a unit: the triage room shows no complaint without one. The
    texts are as given, so the file can be read by its owner only. *top*: as in :func:`write_list`. The rules find what
    they find in any scored row (accusations, secrecy, region), so that nobody sees more than the triage room allows.
    Raises :class:`OptionError` where *out* cannot be written.
    """
    found = [finding for finding in audit.rows[:top] if finding.kinds]
    taken = [finding for finding in found if "unit" in finding.row.labels]
    quarter = -(-len(taken) // _QUARTERS)
    table = WordTable()
    tokenize, sentences = Tokenizer(table), SentenceFinder(table)
    finder = FindingFinder(table, lambda _: True, sorted({unit for one in taken for unit in _units(one) if unit}))
    with open_private(out, (*_TRIAGE_OWN, *OUTPUT_COLUMNS), date_columns=("tanggal",)) as output:
        for start in range(0, len(taken), _AT_ONCE):
            part = taken[start : start + _AT_ONCE]
            rows = sentences(tokenize([repair(one.row.text) for one in part]))
            firsts, levels = [_units(one)[0] for one in part], [_level(one) for one in part]
            rules = finder.find(rows, firsts, levels)
            lines = []
            for place, one in enumerate(part):
                line = dict.fromkeys(OUTPUT_COLUMNS, "") | {c: values[place] for c, values in rules.columns.items()}
                line |= _scored(one, name) | {"prioritas": str(1 + (start + place) // quarter)}
                lines.append(line | {"aturan": "; ".join(rules.rules.get(place, ()))})
            output.write(pd.DataFrame(lines, columns=[*_TRIAGE_OWN, *OUTPUT_COLUMNS], dtype=object))
    return len(taken), len(found) - len(taken)


def _units(finding: Finding) -> tuple[str, str]:
    """Return the unit that is proposed and the one given; for an urgency, or where no label is right, the same."""
    given = finding.given if finding.role == "unit" else finding.row.labels["unit"]
    return (finding.proposed, given) if finding.role == "unit" and finding.proposed else (given, given)


def _level(finding: Finding) -> str:
    """Return the level that is shown: the proposed one, else the given one, else the lowest (not judged)."""
    if finding.role == "urgency" and finding.proposed:
        return finding.proposed
    given = finding.row.labels.get("urgency", "")
    return given if given in LEVELS else LEVELS[0]


def _scored(finding: Finding, name: str) -> dict[str, Any]:
    unit, given = _units(finding)
    sure, before = finding.p_proposed or 0.0, finding.p_given or 0.0
    about_unit = finding.role == "unit"
    line = {
        "id": finding.row.triage_id(finding.role, name),
        "tanggal": _day(finding),
        "isi": finding.row.text,
        "unit": unit,
        "keyakinan": round(sure, _DIGITS) if about_unit else 0.0,
        "urgensi": _level(finding),
        "keyakinan_urgensi": 0.0 if about_unit else round(sure, _DIGITS),
        "tindakan": REVIEW,
        "alasan": " ".join(finding.reasons) if about_unit else "unit tidak diperiksa; yang diragukan urgensinya",
        "alasan_urgensi": "urgensi tidak diperiksa" if about_unit else " ".join(finding.reasons),
        VERSION: f"audit-{name}",
    }
    return line | ({"unit_2": given, "keyakinan_2": round(before, _DIGITS)} if unit != given else {})
