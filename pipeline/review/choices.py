"""What officers may choose: the units, and a decision as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.catalogue import LEVELS, load_units, unit_name
from pipeline.errors import ReviewError
from pipeline.review import clock
from pipeline.review.refusals import ZONE
from pipeline.review.store.tables import UnitChoice
from pipeline.routing.decision import FORWARD, INCOMPLETE, NOT_A_COMPLAINT
from pipeline.text import mask, repair

DECIDABLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        FORWARD: "teruskan ke unit",
        INCOMPLETE: "minta pelapor melengkapi",
        NOT_A_COMPLAINT: "bukan aduan",
    }
)
"""Action that an officer may decide → its words; ``tinjau`` is what the officer does."""
LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Choice:
    """What an officer decides. ``unit``: who gets the complaint, ``None`` unless it is forwarded.

    ``copies``: units that get a copy. ``returned_from``: the unit that sent it back as wrongly addressed.
    """

    unit: str | None
    level: str
    action: str
    copies: tuple[str, ...] = ()
    note: str = ""
    returned_from: str | None = None


def unit_choices(session: Session) -> list[str]:
    """Return the units that officers may choose: those that models suggested or somebody added.

    Where one of them is the ministry's, every unit of the ministry that is valid today is among them.
    """
    labels = set(session.scalars(select(UnitChoice.label)))
    if not labels.isdisjoint(load_units()):
        labels.update(load_units(clock.today(ZONE)))  # valid from and to days of the ministry, in Jakarta
    return sorted(labels)


def check_choice(session: Session, choice: Choice) -> Choice:
    """Return *choice* tidied: no unit unless it is forwarded, no copy twice, the note stripped and masked.

    Raises :class:`ReviewError`, in Indonesian, where it cannot be made.
    """
    if choice.action not in DECIDABLE:
        raise ReviewError(f"Tindakan ini tidak dapat diputuskan. Pilih salah satu: {', '.join(DECIDABLE)}.")
    if choice.level not in LEVELS:
        raise ReviewError(f"Tingkat urgensi tidak dikenal. Pilih salah satu: {', '.join(LEVELS)}.")
    unit = choice.unit or None if choice.action == FORWARD else None
    if unit is None and choice.action == FORWARD:
        raise ReviewError("Pilih unit yang akan menerima aduan ini.")
    copies = tuple(dict.fromkeys(choice.copies))
    returned_from = choice.returned_from or None
    known = unit_choices(session)
    for label in (unit, *copies, returned_from):
        if label is not None and label not in known:
            raise ReviewError("Unit yang dipilih tidak ada dalam daftar unit. Pilih unit dari daftar.")
    if unit in copies:
        raise ReviewError(f"{unit_name(str(unit))} sudah menjadi unit tujuan, tidak perlu diberi tembusan.")
    if unit is not None and unit == returned_from:
        raise ReviewError(f"{unit_name(unit)} mengembalikan aduan ini sebagai salah alamat. Pilih unit lain.")
    note = choice.note.replace("\r\n", "\n").replace("\x00", "").strip()
    if len(note) > LONGEST_NOTE:
        raise ReviewError(f"Catatan terlalu panjang: paling banyak {LONGEST_NOTE} karakter.")
    # Decisions are never deleted, and more people read them than may open a citizen's data.
    note = mask(repair(note))
    return replace(choice, unit=unit, copies=copies, returned_from=returned_from, note=note)
