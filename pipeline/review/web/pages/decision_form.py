"""The form of a decision: what stands in it at first, and what an officer sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from pipeline.catalogue import unit_name
from pipeline.errors import ReviewError
from pipeline.review.choices import DECIDABLE
from pipeline.review.complaint import View
from pipeline.review.deciding import Choice, HistoryItem
from pipeline.review.scored_rows import accuses_its_unit
from pipeline.review.store.tables import Complaint, Suggestion
from pipeline.review.web.pages.common import number_in
from pipeline.review.web.pages.unit_search import find_units
from pipeline.routing.decision import FORWARD

OTHER: Final = "lain"
"""Value of the choice "another unit"; its name is then typed."""
COPIES: Final = 3
"""Fields for units that get a copy, at least."""
UNIT_FIELD, ACCUSED_FIELD, COPY_FIELD = "unit", "dituduh", "tembusan"


class FormError(ReviewError):
    """The form cannot be kept as it is; ``field``: where in it the message belongs."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Draft:
    """What stands in the form.

    ``other``: the unit typed by the officer, as label, or as it was typed where it fits none or several
    (``fitting``); ``""``: one of the suggestions. ``first``: the unit that the page chose beforehand (``None``:
    unknown). ``knows``: the officer says to know that the unit is the accused one.
    """

    unit: str
    other: str
    level: str
    action: str
    copies: tuple[str, ...] = ()
    note: str = ""
    returned_from: str = ""
    fitting: tuple[str, ...] = ()
    first: str | None = None
    knows: bool = False

    @classmethod
    def of(cls, view: View, standing: HistoryItem | None) -> Draft:
        """Return what the form holds at first: the decision that stands, else the suggestion.

        No unit is chosen beforehand where the suggested one is accused, or nothing is to be forwarded.
        """
        offered = [one.label for one in view.suggestions]
        if standing is not None:
            unit = standing.unit or ""
            typed = unit if unit and unit not in offered else ""
            return cls(
                OTHER if typed else unit, typed, standing.level, standing.action, tuple(standing.copies), standing.note,
                first=unit,
            )  # fmt: skip
        action = view.complaint.action if view.complaint.action in DECIDABLE else FORWARD
        chosen = "" if view.accused_unit or not offered or action != FORWARD else offered[0]
        copy = str(view.row.get("salinan") or "")
        copies = (copy,) if copy and copy not in offered[:1] else ()
        return cls(chosen, "", view.complaint.level, action, copies, first=chosen)

    def beside(self, view: View) -> Draft:
        """Return the same for a form with *view*'s suggestions: a unit that is none of them (any more) is typed."""
        if self.unit in {"", OTHER, *(one.label for one in view.suggestions)}:
            return self
        return replace(self, unit=OTHER, other=self.unit)

    @property
    def copy_fields(self) -> int:
        """How many fields the form has for units that get a copy."""
        return max(COPIES, len(self.copies) + 1)

    def choice(self) -> Choice:
        """Return what the officer decides. Units go with forwarding only; who gets the complaint needs no copy.

        Raises :class:`FormError` where the form says two things, or the typed unit is not clear.
        """
        unit = (self.other if self.unit == OTHER else self.unit) or None
        if unit and self.action in DECIDABLE and self.action != FORWARD and self._newly(unit):
            way = "kosongkan isian Unit lain" if self.other else "simpan sekali lagi"
            raise FormError(
                UNIT_FIELD,
                f"Anda memilih {unit_name(unit)}, tetapi tindakannya “{DECIDABLE[self.action]}”. "
                f"Pilih tindakan “{DECIDABLE[FORWARD]}”, atau {way} bila aduan ini tidak diteruskan.",
            )
        if self.fitting and self.action == FORWARD:
            raise FormError(UNIT_FIELD, f"“{self.other}” cocok dengan {len(self.fitting)} unit. Pilih salah satu.")
        if self.unit == OTHER and not self.other and self.action == FORWARD:
            raise FormError(UNIT_FIELD, "Ketik nama unit yang akan menerima aduan ini.")
        return Choice(
            unit=unit if self.action == FORWARD else None,
            level=self.level,
            action=self.action,
            copies=tuple(copy for copy in self.copies if copy != unit) if self.action == FORWARD else (),
            note=self.note,
            returned_from=self.returned_from or None,
        )

    def again(self) -> Draft:
        """Return what stands in the form once it was refused: a unit ticked against the action is known by then."""
        return self if self.other or self.unit == OTHER else replace(self, first=self.unit)

    def _newly(self, unit: str) -> bool:
        """Tell whether the officer chose *unit*; it may also stand there from before."""
        return unit != self.first and (bool(self.other) or self.first is not None)


def read_form(form: FormData, labels: Sequence[str]) -> Draft:
    """Return what was sent; units may be typed by label, name, short name, or a part that fits one unit only.

    Raises :class:`FormError` never: what is wrong is found by :meth:`Draft.choice`.
    """

    def field(name: str) -> str:
        return str(form.get(name) or "").strip()

    # Without JavaScript the first suggestion stays ticked while another unit is typed: the typed one is meant.
    typed, picked = field("unit_lain"), field("unit_cocok")
    fitting = find_units(typed, labels)
    if len(fitting) == 1 or picked in fitting:
        other, fitting = (picked if picked in fitting else fitting[0]), []
    else:
        other = typed
    copies = (_only(str(one).strip(), labels) for one in form.getlist("tembusan"))
    return Draft(
        unit=OTHER if other else field("unit"),
        other=other,
        level=field("urgensi"),
        action=field("tindakan"),
        copies=tuple(dict.fromkeys(copy for copy in copies if copy)),
        note=field("catatan"),
        returned_from=_only(field("salah_alamat_dari"), labels),
        fitting=tuple(fitting),
        first=None if form.get("unit_awal") is None else field("unit_awal"),
        knows=bool(field("tahu_dituduh")),
    )


def check_units(draft: Draft, labels: Sequence[str]) -> None:
    """Raise :class:`FormError` naming the typed unit or copy that is none of *labels*."""
    if draft.action != FORWARD:
        return
    if draft.other and draft.other not in labels:
        raise FormError(UNIT_FIELD, f"Tidak ada unit yang cocok dengan “{draft.other}”. Ketik bagian lain namanya.")
    for copy in draft.copies:
        if copy not in labels:
            raise FormError(COPY_FIELD, f"Tembusan “{copy}” tidak cocok dengan tepat satu unit. Pilih dari daftar.")


def check_accused(
    session: Session, found: Complaint | None, suggestion_id: int | None, choice: Choice, *, knows: bool
) -> None:
    """Raise :class:`FormError` where a complaint goes to the unit that it accuses and the officer does not say so.

    Args:
        session: A session of the triage store.
        found: The complaint, ``None`` where the person may not see it: nothing is told then.
        suggestion_id: The suggestion that the officer saw.
        choice: What is decided.
        knows: Whether the officer ticked to know it.
    """
    suggestion = None if found is None else session.get(Suggestion, suggestion_id or found.suggestion_id)
    if knows or found is None or suggestion is None or suggestion.complaint_id != found.id:
        return
    if accuses_its_unit(suggestion.row) and suggestion.unit in (choice.unit, *choice.copies):
        raise FormError(
            ACCUSED_FIELD,
            f"{unit_name(suggestion.unit)} adalah pihak yang dituduh aduan ini. Pilih unit lain, atau centang "
            "“Saya tahu unit ini yang dituduh”.",
        )


def read_version(form: FormData) -> tuple[int, int | None]:
    """Return the complaint's version and the suggestion that the officer saw."""
    return number_in(form, "versi") or 0, number_in(form, "saran")


def _only(typed: str, labels: Sequence[str]) -> str:
    """Return the label that *typed* fits, else *typed* as it is."""
    found = find_units(typed, labels) if typed else []
    return found[0] if len(found) == 1 else typed
