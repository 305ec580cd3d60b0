"""Corrections of labels as a file of its own: the data files are never touched, training applies what fits.

A patch is a csv with :data:`COLUMNS`, one row a corrected cell. ``sidik_teks`` (:func:`fingerprint`) ties a correction
to the text that was read: it can hit no other row, whatever became of the file's order. Where the row has no id and its
text stands in the data several times, ``berkas`` and ``baris`` decide. ``nilai_lama`` is what stood there: a cell that
says something else by now is left alone. An empty ``nilai_baru`` takes the label away, so that the row teaches nothing.
"""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.errors import InputError
from pipeline.intake import Batch
from pipeline.intake.batch import cell_text

COLUMNS: Final = (
    "id", "berkas", "baris", "kolom", "nilai_lama", "nilai_baru", "alasan", "petugas", "diputuskan_pada", "sidik_teks",
)  # fmt: skip
_SHOWN = 5
_FINGERPRINT = 32
"""Hexadecimal digits: half of a sha256, enough that no two texts of an office meet."""


class Fix(NamedTuple):
    """One corrected cell; the names are those of :data:`COLUMNS`, ``number`` is its row in the patch."""

    id: str
    berkas: str
    baris: str
    kolom: str
    nilai_lama: str
    nilai_baru: str
    alasan: str
    petugas: str
    diputuskan_pada: str
    sidik_teks: str
    number: int


@dataclass(frozen=True)
class Patch:
    """The corrections of one file, and that file's sha256."""

    file: str
    sha256: str
    fixes: tuple[Fix, ...]


@dataclass
class Applied:
    """What became of a patch: ``changed`` cells, and the patch's own row numbers of what was left alone.

    ``stale``: the cell says something else by now. ``unknown``: no such row or column. ``ambiguous``: several rows have
    this text, and none an id or the place that the patch names.
    """

    file: str
    sha256: str
    changed: int = 0
    stale: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    ambiguous: list[int] = field(default_factory=list)

    @property
    def left_alone(self) -> int:
        """How many corrections fitted nothing."""
        return len(self.stale) + len(self.unknown) + len(self.ambiguous)

    def lines(self) -> list[str]:
        """Return what people are told."""
        said = [f"{self.file}: {self.changed:,} labels corrected."]
        for rows, why in (
            (self.stale, "left alone, the value is not nilai_lama any more"),
            (self.unknown, "left alone, no such row in the data"),
            (self.ambiguous, "left alone, several rows have this text and none has an id"),
        ):
            if rows:
                shown = ", ".join(map(str, rows[:_SHOWN])) + (", ..." if len(rows) > _SHOWN else "")
                said.append(f"{self.file}: {len(rows):,} {why} (patch rows {shown}).")
        return said


def patch_record(applied: Sequence[Applied]) -> dict[str, dict[str, str | int]]:
    """Return what a model's record keeps of the patches that it was trained with; empty without any."""
    if not applied:
        return {}
    return {
        "patch": {
            "sha256": " ".join(one.sha256 for one in applied),
            "changed": sum(one.changed for one in applied),
            "left_alone": sum(one.left_alone for one in applied),
        }
    }


def fingerprint(text: str) -> str:
    """Return what ties a correction to a text as it stands in the data: 32 hexadecimal digits of its sha256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT]


def read_patch(path: str) -> Patch:
    """Return the corrections of the csv *path*.

    Raises :class:`InputError` naming file, row and column of what is missing or given twice; never holds a cell's text.
    """
    place = Path(path).expanduser()
    try:
        raw = place.read_bytes()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path, hint="Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError("is not UTF-8 text", file=path, hint="Save it as UTF-8.") from error
    reader = csv.DictReader(text.splitlines(keepends=True))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            f"this is no patch: the column {missing[0]!r} is missing",
            file=path,
            hint="Make one with disposisi audit --accept.",
        )
    fixes, seen = [], set[tuple[str, ...]]()
    for number, row in enumerate(reader, 2):
        cells = {name: (row[name] or "").strip() for name in COLUMNS}
        fix = Fix(**cells, number=number)
        for name in ("kolom", "nilai_lama", "sidik_teks"):
            if not getattr(fix, name):
                raise InputError("is empty", file=path, row=number, column=name, hint="Make the patch anew.")
        key = (fix.id, fix.berkas, fix.baris, fix.kolom, fix.sidik_teks)
        if key in seen:
            raise InputError("corrects a cell a second time", file=path, row=number, hint="Keep one of the rows.")
        seen.add(key)
        fixes.append(fix)
    return Patch(path, hashlib.sha256(raw).hexdigest(), tuple(fixes))


def apply_patches(batches: Sequence[Batch], patches: Sequence[Patch]) -> tuple[list[Batch], list[Applied]]:
    """Return *batches* with the corrections of *patches* (in their order) in the columns of unit and urgency.

    The batches that are given stay as they are. Raises :class:`InputError` where a new urgency is no level.
    """
    done = list(batches)
    report = []
    for patch in patches:
        done, applied = _apply(done, patch)
        report.append(applied)
    return done, report


def _apply(batches: list[Batch], patch: Patch) -> tuple[list[Batch], Applied]:
    applied = Applied(patch.file, patch.sha256)
    cells = _Cells(batches)
    for fix in patch.fixes:
        found = cells.rows_of(fix)
        if not found:
            applied.unknown.append(fix.number)
        elif len(found) > 1 and not fix.id:
            applied.ambiguous.append(fix.number)
        else:
            cells.set(patch.file, fix, found, applied)
    return cells.batches(), applied


class _Cells:
    """The label cells of *batches*, to be found by id and text, and changed."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self._batches = batches
        self._changed: dict[tuple[int, str], list[object]] = {}
        self._places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        for number, batch in enumerate(batches):
            for row, (name, text) in enumerate(zip(batch.ids(), batch.texts(), strict=True)):
                self._places[name, fingerprint(text)].append((number, row))

    def rows_of(self, fix: Fix) -> list[tuple[int, int]]:
        """Return (batch, row) of the rows that *fix* means; more than one where they cannot be told apart."""
        found = [
            (number, row)
            for number, row in self._places.get((fix.id, fix.sidik_teks), ())
            if fix.kolom in (self._batches[number].columns.unit, self._batches[number].columns.urgency)
        ]
        if len(found) < 2 or fix.id:
            return found
        exact = [(number, row) for number, row in found if self._is_at(number, row, fix)]
        return exact if len(exact) == 1 else found

    def set(self, file: str, fix: Fix, rows: Sequence[tuple[int, int]], applied: Applied) -> None:
        """Put the new value into the cells that still hold the old one, and note what was done in *applied*."""
        stale = False
        for number, row in rows:
            columns = self._batches[number].columns
            urgency = fix.kolom == columns.urgency and fix.kolom != columns.unit
            if urgency and fix.nilai_baru and fix.nilai_baru not in LEVELS:
                hint = f"The levels are {', '.join(LEVELS)}."
                raise InputError("is no level of urgency", file=file, row=fix.number, column="nilai_baru", hint=hint)
            values = self._values(number, fix.kolom)
            old = cell_text(values[row])
            if (old.lower() if urgency else old) == fix.nilai_lama:
                values[row] = fix.nilai_baru
                applied.changed += 1
            else:
                stale = True
        if stale:
            applied.stale.append(fix.number)

    def batches(self) -> list[Batch]:
        """Return the batches with what was changed."""
        done = list(self._batches)
        for (number, column), values in self._changed.items():
            frame = done[number].frame
            series = pd.Series(values, index=frame.index, dtype=object)
            done[number] = replace(done[number], frame=frame.assign(**{column: series}))
        return done

    def _is_at(self, number: int, row: int, fix: Fix) -> bool:
        batch = self._batches[number]
        return (Path(batch.source).name, str(batch.rows[row])) == (fix.berkas, fix.baris)

    def _values(self, number: int, column: str) -> list[object]:
        if (number, column) not in self._changed:
            self._changed[number, column] = self._batches[number].frame[column].tolist()
        return self._changed[number, column]
