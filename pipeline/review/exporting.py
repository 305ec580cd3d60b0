"""Standing decisions as a table that ``disposisi train`` reads as it is, and that people can work with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import Row, func

from pipeline.review import audit
from pipeline.review.overview import standing, start_of
from pipeline.review.people import Person, Right, visible
from pipeline.review.privacy import masked_text
from pipeline.review.store import Store
from pipeline.review.store.tables import Complaint, Decision, Officer, Suggestion
from pipeline.scoring.output import open_output, open_private
from pipeline.settings import ReviewSettings
from pipeline.text import mask_texts, repair

_VALUES: Final = {
    "id": Complaint.external_id,
    "tanggal": Complaint.received,
    "isi": Complaint.text,
    "unit": func.coalesce(Decision.unit, ""),
    "urgensi": Decision.level,
    "tindakan": Decision.action,
    "salinan": Decision.copies,
    "salah_alamat_dari": func.coalesce(Decision.returned_from, ""),
    "unit_saran": Suggestion.unit,
    "keyakinan_saran": Suggestion.confidence,
    "peringkat_saran": Decision.rank,
    "model_saran": Suggestion.model_version,
    "petugas": Officer.login,
    "diputuskan_pada": Decision.at,
    "catatan": Decision.note,
}
COLUMNS: Final = tuple(_VALUES)
"""Columns of the export. There is no ``versi_model``: this is no scored table whose results scoring would drop."""
_CHUNK_ROWS = 1000
_AT_START = r"""(?=[\s"]*[=+\-@＝＋－＠]|[\t\r\n])"""
_INSIDE = r"""(?=(?:[^\S\t\r\n]|")*[=+\-@＝＋－＠])"""
_BEFORE = r"(?<=[;\t\r\n])"
_FORMULA = re.compile(f"^{_AT_START}|{_BEFORE}{_INSIDE}")
"""Where a spreadsheet that opens a csv takes what follows for a formula. Also behind a semicolon, a tab and a line end:
Excel with Indonesian settings divides rows by semicolons, whatever quotes and commas say."""
_MADE_INERT = (re.compile(f"{_BEFORE}'{_INSIDE}"), re.compile(f"^'{_AT_START}"))


def export_decisions(
    store: Store,
    out: str,
    *,
    since: dt.date | None = None,
    masked: bool = True,
    actor: str = "",
    person: Person | None = None,
    zone: str = ReviewSettings().timezone,
) -> int:
    """Write the standing decisions to *out*, the oldest first, in flat memory; audited. Return their number.

    Complaints whose text was erased (:mod:`pipeline.review.forgetting`) are left out. A csv that holds what a
    spreadsheet would run as a formula gets an apostrophe before it, which changes no word; other forms are exact. A
    file that is not masked can be read by its owner only.

    Args:
        store: The triage store.
        out: A file ending in .csv, .xlsx, .parquet or .jsonl, or ``-``; it appears when it is whole.
        since: First day of the decisions that are wanted; ``None``: all.
        masked: Whether the complaints' texts are masked; the officers' notes always are.
        actor: Who exports, for the audit log; default: the person.
        person: Only what this person may see; ``None``: everything.
        zone: IANA name of the time zone of ``diputuskan_pada`` and *since*.

    Raises:
        ForbiddenError: The person may not export.
        OptionError: *out* has another ending or cannot be written.
    """
    if person is not None:
        person.require(Right.EXPORT)
    form = "csv" if out == "-" else Path(out).suffix.lower().removeprefix(".")
    opened = open_output if masked or out == "-" else open_private
    with opened(out, COLUMNS, date_columns=("tanggal",)) as output:
        for rows in _chunks(store, since, person, zone):
            frame = _frame(rows, masked, ZoneInfo(zone))
            output.write(_inert(frame) if form == "csv" else frame)
        details: dict[str, Any] = {
            "baris": output.rows,
            "disamarkan": masked,
            "bentuk": form,
            "sejak": since.isoformat() if since else None,
        }
        # Before the file gets its name: no export without its entry.
        with store.write() as session:
            audit.write(session, audit.Event.EXPORT, person=person, actor=actor, details=details)
    return output.rows


def _chunks(store: Store, since: dt.date | None, person: Person | None, zone: str) -> Iterator[Sequence[Row[Any]]]:
    """Yield the rows of one query, so that all are of one moment, however long it takes to write them."""
    query = (
        standing()
        .add_columns(*_VALUES.values(), Complaint.spans)
        .join(Officer, Officer.id == Decision.officer_id)
        .where(Complaint.text != "", *(visible(person) if person is not None else []))
        .order_by(Decision.id)
        .execution_options(yield_per=_CHUNK_ROWS)
    )
    if since is not None:
        query = query.where(Decision.at >= start_of(since, zone))
    with store.read() as session:
        yield from session.execute(query).partitions()


def _frame(rows: Sequence[Row[Any]], masked: bool, zone: ZoneInfo) -> pd.DataFrame:
    # Cells as they are: pandas would turn ranks with gaps into fractions.
    frame = pd.DataFrame(list(map(tuple, rows)), columns=[*COLUMNS, "spans"], dtype=object)
    spans = frame.pop("spans")
    if masked:
        frame["isi"] = list(map(masked_text, frame["isi"], spans))
    frame["catatan"] = mask_texts(list(map(repair, frame["catatan"])))
    frame["salinan"] = list(map("; ".join, frame["salinan"]))
    frame["diputuskan_pada"] = [at.astimezone(zone).isoformat(timespec="seconds") for at in frame["diputuskan_pada"]]
    return frame


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a csv so that no spreadsheet runs a cell."""
    columns = {
        name: [_FORMULA.sub("'", cell) if isinstance(cell, str) else cell for cell in frame[name]] for name in frame
    }
    return pd.DataFrame(columns, dtype=object)


def as_given(cell: str) -> str:
    """Return a cell of an exported csv without the apostrophes that stand before what would run as a formula."""
    for pattern in _MADE_INERT:
        cell = pattern.sub("", cell)
    return cell
