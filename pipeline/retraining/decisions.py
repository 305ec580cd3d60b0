"""Officers' decisions: read from what ``disposisi review export`` wrote, or from the triage store itself.

``retrain`` learns from them, ``drift`` takes them as labels, ``audit`` makes a patch of those on its rows: all read
them here, so the same decisions stand and the same ones are left out.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.errors import DataError, MissingColumnError
from pipeline.intake import Batch, open_sources
from pipeline.intake.batch import cell_text
from pipeline.retraining.decided import Decided, Decisions
from pipeline.retraining.stored_decisions import read_store
from pipeline.review.exporting import as_given
from pipeline.settings import ColumnNames, ReviewSettings

NEEDED = ("id", "isi", "unit", "urgensi", "tindakan", "salah_alamat_dari", "peringkat_saran", "diputuskan_pada")
"""Columns that a file of decisions must have; ``tanggal``, ``unit_saran``, ``petugas``, ``catatan`` may be missing."""
_COLUMNS = ColumnNames(text="isi", id="id", date="tanggal", unit="unit", urgency="urgensi")
_URL = re.compile(r"[a-zA-Z][\w+]*://")
_EXACT = {".xlsx", ".xlsm", ".parquet", ".jsonl", ".ndjson"}
OLDER = "an older decision on the same complaint"
_UNREADABLE, _NO_MOMENT = "an unreadable row", "diputuskan_pada is no moment"


def read_decisions(
    source: str, *, zone: str = ReviewSettings().timezone, actor: str = "", texts: bool = True
) -> Decisions:
    """Read the decisions of a file or of a triage store.

    Args:
        source: A file that ``disposisi review export`` wrote (csv, xlsx, parquet, jsonl; several joined will do), or
            the triage store's URL. Reading a store puts an entry into its audit log and writes no text to disk.
        zone: IANA name of the time zone of days, and of moments that name none.
        actor: Who reads, for the audit log.
        texts: Whether the complaints' texts are read. Without them nothing personal leaves a store, so its audit log
            gets no entry.

    Raises:
        MissingColumnError: The file is no export of decisions; names file and column.
        InputError: The file cannot be read, or holds no decision of use.
        OptionError: The store cannot be opened.
    """
    if _URL.match(source):
        rows, records = read_store(source, ZoneInfo(zone), actor, texts=texts)
        return _usable(rows, Counter(), texts=texts, records=records)
    left_out: Counter[str] = Counter()
    found = _usable(list(_from_file(source, ZoneInfo(zone), left_out, texts=texts)), left_out, texts=texts)
    if not found.rows:
        why = "; ".join(f"{rows:,} {reason}" for reason, rows in sorted(found.left_out.items()))
        raise DataError(
            f"no decision of use among {found.read:,}" + (f" ({why})" if why else ""),
            file=source,
            hint="Export decided complaints (`disposisi review export OUT`), or leave this file out.",
        )
    return found


def combined(parts: Sequence[Decisions]) -> Decisions:
    """Return the decisions of several sources as one: on each complaint the latest, of equal moments the last read.

    Those of no use were left out of each of *parts* already.
    """
    records = {officer: record for part in parts for officer, record in part.records.items()}
    left_out = sum((Counter(part.left_out) for part in parts), Counter[str]())
    rows = [decision for part in parts for decision in reversed(part.rows)]
    return _usable(rows, left_out, texts=False, records=records)


def named(sources: Sequence[str]) -> str:
    """Return how a message calls *sources*: files by their names, a store never by its URL (it may hold a password)."""
    return ", ".join("the triage store" if _URL.match(source) else source for source in sources)


def _usable(rows: Sequence[Decided], left_out: Counter[str], *, texts: bool, **more: Any) -> Decisions:
    """Keep the latest decision of each complaint, then those of use; the newest first."""
    latest: dict[str, Decided] = {}
    nameless = []
    for decision in sorted(rows, key=lambda decision: decision.at):
        if not decision.id:
            nameless.append(decision)
        else:
            latest[decision.id] = decision
    older = len(rows) - len(nameless) - len(latest)
    counts = left_out + Counter({OLDER: older} if older else {})
    kept = []
    for decision in [*latest.values(), *nameless]:
        fault = decision.fault(texts=texts)
        if fault is None:
            kept.append(decision)
        else:
            counts[fault] += 1
    kept.sort(key=lambda decision: (decision.at, decision.id), reverse=True)
    return Decisions(tuple(kept), len(rows) + left_out.total(), dict(counts), **more)


def _from_file(source: str, zone: ZoneInfo, left_out: Counter[str], *, texts: bool) -> Iterator[Decided]:
    batches = open_sources([source], _COLUMNS, chunk_rows=50_000, need=())
    missing = [name for name in NEEDED if name not in batches.output_columns]
    if missing:
        raise MissingColumnError(
            f"no decisions of officers: {len(missing)} of the columns of an export are missing",
            file=source,
            column=missing[0],
            hint="Give a file that `disposisi review export OUT` wrote, or the triage store's URL.",
        )
    # Only csv holds apostrophes before what would be a formula; the other forms are exact.
    exact = Path(source).suffix.lower() in _EXACT
    for batch in batches:
        left_out.update({_UNREADABLE: len(batch.rejects)} if batch.rejects else {})
        for decision in _rows(batch, zone, exact=exact, texts=texts):
            if decision is None:
                left_out[_NO_MOMENT] += 1
            else:
                yield decision


def _rows(batch: Batch, zone: ZoneInfo, *, exact: bool, texts: bool) -> Iterator[Decided | None]:
    def cells(name: str) -> Iterable[Any]:
        if name not in batch.frame.columns:
            return [""] * len(batch)
        given = batch.frame[name].tolist()
        return given if exact else [as_given(cell) if isinstance(cell, str) else cell for cell in given]

    def plain(name: str) -> Iterable[str]:
        return map(cell_text, cells(name))

    received = [None if at != at else at.to_pydatetime() for at in batch.dates()]
    columns = zip(
        plain("id"), cells("isi") if texts else [""] * len(batch), received, plain("unit"), plain("urgensi"),
        plain("tindakan"), plain("salah_alamat_dari"), plain("unit_saran"), plain("peringkat_saran"),
        plain("petugas"), cells("diputuskan_pada"), plain("catatan"), strict=True,
    )  # fmt: skip
    for id, text, came, unit, level, action, returned, suggested, rank, officer, moment, note in columns:
        at = _moment(moment, zone)
        if at is None:
            yield None
            continue
        yield Decided(
            id=id, text=text if isinstance(text, str) else "", received=came, unit=unit, level=level.lower(),
            action=action.lower(), returned_from=returned, suggested=suggested, rank=_rank(rank), officer=officer,
            at=at, day=at.astimezone(zone).date(), note=note,
        )  # fmt: skip


def _moment(cell: Any, zone: ZoneInfo) -> dt.datetime | None:
    """Return the moment, ``None`` where *cell* is none; one without a zone is local."""
    try:
        moment = cell if isinstance(cell, dt.datetime) else dt.datetime.fromisoformat(cell_text(cell))
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    except ValueError:
        return None


def _rank(cell: str) -> int | None:
    return int(cell) if cell in {"0", "1", "2", "3"} else None
