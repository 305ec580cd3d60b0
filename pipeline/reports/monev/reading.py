"""All complaints that a report is about, as one frame: text in arrow strings, everything else in categories.

Files are read batch by batch by :mod:`pipeline.intake`; what a batch leaves behind are numbers of categories, dates and
one arrow array of texts, so that a million complaints take little more than their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.errors import InputError, MissingColumnError
from pipeline.intake import Batch, open_sources
from pipeline.intake.batch import cell_text
from pipeline.intake.columns import likely, looks_like_data
from pipeline.intake.dates import parse_dates
from pipeline.reports.monev import found_columns as found
from pipeline.reports.monev.categories import Coder, categorical
from pipeline.reports.monev.stages import reading_notes, stages_of
from pipeline.reports.monev.statuses import Statuses
from pipeline.settings import ColumnNames

COLUMNS = ("unit", "status", "kind", "region", "channel", "level", "action")
"""Columns of :attr:`Reports.frame` that are categories, beside ``stage``."""
_CHUNK = 5000
_ARROW = pa.large_string()
_TEXT = pd.StringDtype("pyarrow", na_value=np.nan)


@dataclass(frozen=True, eq=False)
class Reports:
    """Every complaint once, and what was met while reading.

    ``frame``: index 0..n-1 in the order of reading; ``id`` and ``text`` str (the citizen's words, unmasked: never to be
    shown), ``received`` and ``finished`` datetime64[us] (NaT where unknown), and categories, missing = NaN: ``unit``,
    ``status``, ``stage`` (:data:`~pipeline.reports.monev.statuses.STAGES`), ``kind``, ``region``, ``channel``,
    ``level``, ``action``; ``secret`` bool: nobody may quote the report. Categories are in alphabetical order, those of
    ``stage`` in the order of handling.
    ``has``: the columns that the data have; another one is all missing. ``statuses``: what the statuses mean.
    ``unit_is_suggestion``: no file says where its reports went, ``unit`` is what a model suggested.
    ``region_level``: ``kota/kabupaten`` or ``kecamatan``, ``""`` without. ``files``: the inputs' names.
    ``rejected``: rows that could not be read; ``repeated``: rows dropped because a later one has the same id and day;
    ``undated``: rows kept without a date, which no period holds; ``unknown``: statuses that the table does not name,
    masked, with their rows. ``notes``: Indonesian lines that a report should print.
    """

    frame: pd.DataFrame
    has: frozenset[str]
    statuses: Statuses
    unit_is_suggestion: bool
    region_level: str
    files: tuple[str, ...]
    rejected: int
    repeated: int
    undated: int
    unknown: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.frame)


def read_reports(
    paths: Sequence[str],
    columns: ColumnNames,
    *,
    statuses: Statuses | None = None,
    named: Collection[str] = (),
    progress: Callable[[int], object] = lambda _: None,
) -> Reports:
    """Read the complaints of *paths*: SP4N-LAPOR exports or any tables, scored or not.

    Args:
        paths: Files of any format that intake reads, in the order of their age: of rows with the same id and day of
            receipt the last one counts (exports of two months overlap, and a status moves on). The day is compared,
            too, because tables numbered from 1 anew each month share ids that mean other reports.
        columns: The user's column names.
        statuses: What statuses mean; default: the package's table, today.
        named: The roles that the user named by an option: a wrong name there is an error.
        progress: Told the number of rows of each batch.

    Raises:
        InputError: A file cannot be read, or most of its dates are none.
        MissingColumnError: A file lacks the text, the date or a named column.
        OptionError: As :func:`pipeline.intake.open_sources`.
    """
    need = {"text", *(set(named) - {"date", "urgency"})}  # intake would judge these two row by row, twice the time
    gathered = _Gathered(columns.unit if "unit" in named else None)
    for batch in open_sources(paths, columns, chunk_rows=_CHUNK, need=need):
        _check_roles(batch, columns, named)
        gathered.add(batch)
        progress(len(batch))
    return gathered.reports(tuple(paths), statuses or Statuses.load())


class _Gathered:
    """What the batches leave behind."""

    def __init__(self, unit: str | None) -> None:
        self._unit = unit
        self._ids: list[pa.Array] = []
        self._texts: list[pa.Array] = []
        self._received: list[np.ndarray] = []
        self._finished: list[np.ndarray] = []
        self._codes: dict[str, list[np.ndarray]] = {name: [] for name in ("city", "district", "secret", *COLUMNS)}
        self._coders = {
            "kind": Coder(found.kind_label), "channel": Coder(found.channel_label), "level": Coder(found.level_label),
            "action": Coder(found.action_label), "secret": Coder(found.secret_label),
        }  # fmt: skip
        self._coders |= {name: Coder() for name in self._codes if name not in self._coders}
        self._has: set[str] = set()
        self._suggested: set[bool] = set()
        self._grouped_channels = False
        self._dates: dict[str, list[int]] = {}
        self.rejected = 0

    def add(self, batch: Batch) -> None:
        """Keep what the figures need of *batch*."""
        self.rejected += len(batch.rejects)
        if not len(batch):
            return
        columns = found.find_columns(batch, self._unit)
        self._has |= {"id"} if batch.columns.id is not None else set()
        self._ids.append(pa.array(batch.ids(), _ARROW))
        self._texts.append(pa.array([_valid(text) for text in batch.texts()], _ARROW))
        self._add_dates(batch, columns.finished)
        if columns.unit is not None:
            self._suggested.add(columns.unit_is_suggestion)
        self._add("unit", batch, columns.unit)
        self._add("status", batch, columns.status)
        self._add("channel", batch, columns.channel)
        self._add("level", batch, columns.level)
        self._add("action", batch, columns.action)
        self._add("city", batch, *columns.city)
        self._add("district", batch, *columns.district)
        self._add("secret", batch, *columns.secret)
        self._add_kinds(batch, columns)

    def _add_dates(self, batch: Batch, finished: str | None) -> None:
        received = batch.dates().to_numpy().astype("datetime64[us]")
        given, read = self._dates.setdefault(batch.source, [0, 0])
        cells = batch.frame[batch.columns.date].tolist()
        self._dates[batch.source] = [
            given + sum(cell_text(cell) != "" for cell in cells), read + int((~np.isnat(received)).sum())
        ]  # fmt: skip
        self._received.append(received)
        if finished is not None:
            self._has.add("finished")
            self._finished.append(parse_dates(batch.frame[finished].tolist()).to_numpy().astype("datetime64[us]"))
        else:
            self._finished.append(np.full(len(batch), np.datetime64("NaT", "us")))

    def _add(self, name: str, batch: Batch, *columns: str | None) -> None:
        """Keep the categories of a column; where it is empty those of the next one."""
        coder = self._coders[name]
        codes = np.full(len(batch), -1, dtype=np.int32)
        for column in columns:
            if column is not None:
                self._has.add(name)
                codes = np.where(codes >= 0, codes, coder.encode(batch.frame[column].tolist()))
        self._codes[name].append(codes)

    def _add_kinds(self, batch: Batch, columns: found.FoundColumns) -> None:
        """Keep the kinds that staff set, and where they set none those that scoring found."""
        self._add("kind", batch, columns.kind)
        if columns.kind_code is None:
            return
        self._has.add("kind")
        codes = batch.frame[columns.kind_code].tolist()
        copies = batch.frame[columns.copy].tolist() if columns.copy is not None else [""] * len(batch)
        said = [
            found.scored_kind(cell_text(code), cell_text(copy) != "") for code, copy in zip(codes, copies, strict=True)
        ]
        last = self._codes["kind"][-1]
        self._codes["kind"][-1] = np.where(last >= 0, last, self._coders["kind"].encode(said))

    def reports(self, files: tuple[str, ...], statuses: Statuses) -> Reports:
        """Return all that was kept, each complaint once."""
        self._check_dates(files)
        received = np.concatenate(self._received)
        keep = _last_of_each(pa.chunked_array(self._ids, _ARROW), received)
        region, level = self._region()
        names = [self._column(name) for name in COLUMNS if name != "region"]
        data: dict[str, Any] = {
            "id": _strings(self._ids, keep), "received": received[keep], "finished": self._taken(self._finished, keep),
            "text": _strings(self._texts, keep),
        }  # fmt: skip
        self._ids, self._texts = [], []
        data |= {name: column[keep] for name, column in names}
        data["region"] = region[keep]
        data["secret"] = (np.concatenate(self._codes["secret"]) >= 0)[keep]
        data["stage"], unknown = stages_of(data["status"], statuses, known="status" in self._has)
        frame = pd.DataFrame(data, copy=False)
        has = (self._has - {"city", "district", "secret"}) | ({"region"} if level else set())
        has |= {"text", "received"} | ({"stage"} if "status" in has else set())
        counts = {"rejected": self.rejected, "repeated": len(received) - len(frame)}
        counts["undated"] = int(np.isnat(frame["received"].to_numpy()).sum())
        suggested = self._suggested == {True}
        notes = reading_notes(counts, unknown, suggested, self._coders["channel"].used(found.SITE_OF_OFFICE))
        return Reports(frame, frozenset(has), statuses, suggested, level, files, **counts, unknown=unknown, notes=notes)

    def _column(self, name: str) -> tuple[str, pd.Categorical]:
        return name, categorical(np.concatenate(self._codes[name]), self._coders[name].names)

    def _region(self) -> tuple[pd.Categorical, str]:
        """Return the cities, or the districts where all rows are of one city or no row names one; and which."""
        _, city = self._column("city")
        _, district = self._column("district")
        if len(city.categories) > 1 or not len(district.categories):
            return city, "kota/kabupaten" if len(city.categories) else ""
        return district, "kecamatan"

    @staticmethod
    def _taken(parts: list[np.ndarray], keep: np.ndarray) -> np.ndarray:
        taken: np.ndarray = np.concatenate(parts)[keep]
        return taken

    def _check_dates(self, files: tuple[str, ...]) -> None:
        if not self._received:
            raise InputError("no row can be read", file=", ".join(files), hint="Give files with complaints.")
        for file, (given, read) in self._dates.items():
            if read < given / 2:
                hint = "Name another column with --date, or write dates as 2021-01-31, 31/01/2021 or 31 Jan 2021."
                raise InputError(f"{given - read} of {given} values are no date", file=file, hint=hint)


def _check_roles(batch: Batch, columns: ColumnNames, named: Collection[str]) -> None:
    """Raise :class:`MissingColumnError` where the date, or an urgency that the user named, has no column."""
    for role in ("date", "urgency"):
        if getattr(batch.columns, role) is not None or (role == "urgency" and role not in named):
            continue
        names = [str(name) for name in batch.frame.columns]
        wanted: str | None = getattr(columns, role)
        guess = None if wanted is None or looks_like_data(names) else likely(wanted, names)
        hint = f"Did you mean {guess!r}?" if guess else f"Name it with --{role} COLUMN or under [columns]."
        what = f"no column for the {role} found" if wanted is None else "there is no such column"
        raise MissingColumnError(what, file=batch.source, column=wanted, hint=hint)


def _valid(text: str) -> str:
    """Return *text* without halves of emoji (from xlsx or jsonl), which arrow refuses."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _strings(parts: list[pa.Array], keep: np.ndarray) -> pd.Series:
    """Return the arrow strings of the rows *keep* (bool) without a copy where that is all of them."""
    whole = pa.chunked_array(parts, _ARROW)
    return pd.Series(whole if keep.all() else whole.filter(pa.array(keep)), dtype=_TEXT, copy=False)


def _last_of_each(ids: pa.ChunkedArray, received: np.ndarray) -> np.ndarray:
    """Tell which rows are the last of their id and day of receipt; rows without an id are all kept."""
    codes = pd.factorize(pd.Series(ids, dtype=_TEXT))[0].astype(np.int64)
    days = pd.factorize(received.astype("datetime64[D]"))[0].astype(np.int64) + 1
    repeated = pd.Series(codes * (days.max() + 1) + days).duplicated(keep="last").to_numpy()
    nameless = np.asarray(pa.compute.equal(ids, "")).astype(bool)
    return ~repeated | nameless
