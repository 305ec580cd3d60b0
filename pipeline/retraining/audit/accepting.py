"""Officers' decisions on audit rows become a patch; the data files stay as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.catalogue.crosswalk import pool_place
from pipeline.retraining.audit.rows import PREFIX, ROLES, AuditRow, Role
from pipeline.retraining.decided import Decided
from pipeline.retraining.patches import COLUMNS, fingerprint
from pipeline.routing.decision import FORWARD, NOT_A_COMPLAINT
from pipeline.scoring.writer import place_of, write_text
from pipeline.text import mask, repair


@dataclass
class Accepted:
    """What became of the decisions.

    ``fixes``: cells to correct, as rows of a patch. ``confirmed``: labels that officers found right. ``undecided``:
    ``lengkapi``, which says nothing of a label. ``unknown``: the row is not in the data, or changed since the audit.
    """

    fixes: list[dict[str, str]]
    confirmed: int = 0
    undecided: int = 0
    unknown: int = 0


def on_audit_rows(decisions: Sequence[Decided]) -> list[Decided]:
    """Return the decisions that are on rows of an audit."""
    return [decided for decided in decisions if decided.id.startswith(PREFIX)]


def accept(decisions: Sequence[Decided], rows: Sequence[AuditRow], *, pool_places: bool = False) -> Accepted:
    """Return what *decisions* on audit rows (the newest first: that one counts) change in *rows*.

    A row that is forwarded gets the unit, or the urgency, that was decided, whichever the audit asked about. One that
    is no complaint loses its labels. *pool_places* as in the audit: an officer who chooses ``Kelurahan`` confirms
    ``Kelurahan A``.
    """
    by_key = {row.key(role): (row, role) for row in rows for role in ROLES if role in row.labels}
    # Two audits may have asked about the same label: the key is the end of AuditRow.triage_id.
    latest = {decided.id.rpartition("/")[2]: decided for decided in reversed(decisions)}
    done = Accepted([])
    for key, decided in latest.items():
        if key not in by_key:
            done.unknown += 1
            continue
        row, role = by_key[key]
        if decided.action == NOT_A_COMPLAINT:
            done.fixes += [_fix(row, one, "", decided) for one in ROLES if one in row.labels]
        elif decided.action != FORWARD:
            done.undecided += 1
        elif _same(row.labels[role], new := decided.unit if role == "unit" else decided.level, role, pool_places):
            done.confirmed += 1
        else:
            done.fixes.append(_fix(row, role, new, decided))
    done.fixes = _once(done.fixes)
    return done


def write_patch(path: str, fixes: Sequence[dict[str, str]]) -> None:
    """Write *fixes* to the csv *path*, whole or not at all. Raises :class:`OptionError` where it cannot be written."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(fixes)
    write_text(place_of(path), text.getvalue())


def _same(old: str, new: str, role: Role, pool_places: bool) -> bool:
    return old == new or (role == "unit" and pool_places and pool_place(old) == pool_place(new))


def _fix(row: AuditRow, role: Role, new: str, decided: Decided) -> dict[str, str]:
    why = "bukan aduan" if not new else "label dibetulkan"
    # One line that no spreadsheet takes for a formula, whatever an officer noted.
    note = " ".join(mask(repair(decided.note)).replace(";", ",").split())
    return {
        "id": row.id,
        "berkas": row.file,
        "baris": str(row.number),
        "kolom": row.columns[role],
        "nilai_lama": row.labels[role],
        "nilai_baru": new,
        "alasan": f"{why}: {note}" if note else why,
        "petugas": decided.officer,
        "diputuskan_pada": decided.at.isoformat(timespec="seconds"),
        "sidik_teks": fingerprint(row.text),
    }


def _once(fixes: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return *fixes* with one a cell, the later one: a row may have been asked about its unit and its urgency."""
    cells = {(fix["berkas"], fix["baris"], fix["kolom"]): fix for fix in fixes}
    return list(cells.values())
