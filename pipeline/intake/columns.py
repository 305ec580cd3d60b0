"""Which column plays which role: the user's names win, then names that are usual in Indonesian offices.

A column that staff write after the complaint came in is never taken as the text, and the reporter's name is
never taken for anything (../shared/domain.md).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz, process

from pipeline.errors import MissingColumnError, OptionError
from pipeline.intake import sp4n
from pipeline.intake.batch import LAYOUT_SP4N, Columns
from pipeline.intake.sp4n import plain_name
from pipeline.settings import ColumnNames

ROLES = ("text", "id", "date", "unit", "urgency")

#: Usual names (plain form), the likeliest first.
USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        *("isi laporan awal", "isi laporan", "isi aduan", "isi pengaduan", "isi keluhan", "isi"),
        *("teks aduan", "teks laporan", "teks", "text", "uraian aduan", "uraian laporan", "uraian", "aduan"),
        *("pengaduan", "keluhan", "laporan", "deskripsi", "pesan", "complaint", "description"),
    ),
    "id": (
        *("tracking id", "id", "id laporan", "id aduan", "id pengaduan", "nomor laporan", "no laporan"),
        *("nomor aduan", "no aduan", "nomor tiket", "no tiket", "tiket", "ticket", "nomor", "no", "no."),
    ),
    "date": (
        *("tanggal laporan masuk", "tanggal laporan", "tanggal aduan", "tanggal pengaduan", "tanggal masuk"),
        *("tanggal", "tgl laporan", "tgl aduan", "tgl masuk", "tgl", "date", "created at", "waktu"),
    ),
    "unit": (
        *("unit", "instansi terdisposisi", "unit kerja", "instansi", "instansi tujuan", "disposisi"),
        *("opd", "skpd", "dinas"),
    ),
    "urgency": ("urgensi", "urgency", "tingkat urgensi", "prioritas", "priority"),
}

_SP4N_NAMES: dict[str, str] = {
    "text": sp4n.TEXT_COLUMN,
    "id": sp4n.HEADER_CELL,
    "date": sp4n.DATE_COLUMN,
    "unit": sp4n.UNIT_COLUMN,
}

_SHOWN_COLUMNS = 40


def unique_names(cells: Sequence[object]) -> list[str]:
    """Return column names for header *cells*: stripped, never empty, never twice.

    A repeated name gets ``.2``, ``.3``, …; an empty one ``kolom_N`` with its place. Nothing is lost.
    """
    plain = [str(cell).strip() if cell is not None else "" for cell in cells]
    taken = {name for name in plain if name}
    seen: set[str] = set()
    names = []
    for place, wanted in enumerate(plain, start=1):
        base = wanted or f"kolom_{place}"
        name, count = base, 1
        while name in seen or (name != wanted and name in taken):
            count += 1
            name = f"{base}.{count}"
        seen.add(name)
        names.append(name)
    return names


def resolve(names: Sequence[str], wanted: ColumnNames, need: Collection[str], *, file: str, layout: str) -> Columns:
    """Find the column of each role among *names*.

    Args:
        names: The columns of the source.
        wanted: The user's names. One that is absent is an error only where its role is in *need*: a
            ``[columns]`` table that fits the training data must not stop the scoring of rows without labels.
        need: The roles that must be there.
        file: The source's name for messages.
        layout: ``"sp4n"`` or ``"tabel"``.

    Raises:
        MissingColumnError: A needed role has no column.
        OptionError: The user names a column that leaks the answer or holds the reporter's name.
    """
    unknown = set(need) - set(ROLES)
    if unknown:
        raise ValueError(f"unknown roles: {sorted(unknown)}")
    found: dict[str, str | None] = {}
    for role in ROLES:
        name: str | None = getattr(wanted, role)
        if name is None:
            found[role] = _usual(names, role, layout)
            if found[role] is None and role in need:
                raise _missing_role(role, names, file)
        elif name in names:
            _refuse_leak(role, name, layout, file)
            found[role] = name
        elif role in need:
            raise _missing_name(role, name, names, file)
        else:
            found[role] = None
    columns = Columns(**found)
    _refuse_double_use(columns, file)
    return columns


def usable(names: Sequence[str], wanted: ColumnNames, need: Collection[str], layout: str) -> bool:
    """Tell whether every role of *need* has a column among *names*."""
    return all(
        wanted_name in names if (wanted_name := getattr(wanted, role)) else _usual(names, role, layout) for role in need
    )


def _usual(names: Sequence[str], role: str, layout: str) -> str | None:
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain_name(name), name)
    if layout == LAYOUT_SP4N and role in _SP4N_NAMES:
        return by_plain.get(plain_name(_SP4N_NAMES[role]))
    return next((by_plain[usual] for usual in USUAL_NAMES[role] if usual in by_plain), None)


def _refuse_leak(role: str, name: str, layout: str, file: str) -> None:
    plain = plain_name(name)
    if plain in sp4n.PERSONAL_COLUMNS:
        raise OptionError(f"{file}: column {name!r} holds personal data, which no model may see and no id may be.")
    if role != "text":
        return
    if plain in sp4n.ALWAYS_STAFF_COLUMNS or (layout == LAYOUT_SP4N and plain in sp4n.STAFF_COLUMNS):
        raise OptionError(
            f"{file}: column {name!r} is written by staff after the complaint came in, so a model that "
            f"reads it sees the answer. Use --text {sp4n.TEXT_COLUMN!r}, the citizen's own words."
        )


def _refuse_double_use(columns: Columns, file: str) -> None:
    labels = {"unit": columns.unit, "urgency": columns.urgency}
    for role, name in labels.items():
        if name is not None and name == columns.text:
            raise OptionError(f"{file}: column {name!r} is named both as the text and as the {role}. Name two columns.")


def _missing_role(role: str, names: Sequence[str], file: str) -> MissingColumnError:
    return MissingColumnError(
        f"no column for the {role} found; the columns are: {_listing(names)}",
        file=file,
        hint=f"Name it with --{role} COLUMN or under [columns] in disposisi.toml.",
    )


def _missing_name(role: str, name: str, names: Sequence[str], file: str) -> MissingColumnError:
    guess = None if looks_like_data(names) else likely(name, names)
    hint = f"Did you mean {guess!r}? " if guess is not None else ""
    return MissingColumnError(
        f"there is no such column; the columns are: {_listing(names)}",
        file=file,
        column=name,
        hint=f"{hint}Correct --{role} or {role} under [columns] in disposisi.toml.",
    )


def likely(name: str, names: Sequence[str]) -> str | None:
    """Return the one of *names* that is most likely meant by *name*, ``None`` if none is like it."""
    found = process.extractOne(name, names, scorer=fuzz.WRatio, processor=plain_name, score_cutoff=60)
    return None if found is None else str(found[0])


_DATA = re.compile(r"\d{6}|@|\d\D{0,3}(?:\d\D{0,3}){8}")
"""What a row of data holds and no header: a long number, a mail address."""


def looks_like_data(names: Sequence[str]) -> bool:
    """Tell whether the header row is a row of data: its cells may be personal, so no message shows them."""
    return any(len(name) > 60 or len(name.split()) > 8 or _DATA.search(name) for name in names)


def _listing(names: Sequence[str]) -> str:
    """List column names, or say that there are none."""
    if looks_like_data(names):
        return "(none: the first row seems to be data; give the file a header row)"
    shown = list(map(repr, names))
    more = len(shown) - _SHOWN_COLUMNS
    return ", ".join(shown[:_SHOWN_COLUMNS]) + (f" and {more} more" if more > 0 else "")
