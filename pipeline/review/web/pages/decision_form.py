"""The form of a decision: what stands in it at first, and what an officer sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from pipeline.catalogue import load_units, unit_name
from pipeline.review.complaint import ACCUSED_UNIT, View
from pipeline.review.deciding import Choice, HistoryItem
from pipeline.review.web.pages.common import number_in
from pipeline.routing.decision import FORWARD, INCOMPLETE, NOT_A_COMPLAINT

DECIDABLE = {
    FORWARD: "teruskan ke unit",
    INCOMPLETE: "minta pelapor melengkapi",
    NOT_A_COMPLAINT: "bukan aduan",
}
"""Action that an officer may decide → its words."""
OTHER = "lain"
"""Value of the choice "another unit"; its name is then typed."""
COPIES = 3
"""Fields for units that get a copy."""


@dataclass(frozen=True)
class Draft:
    """What stands in the form. ``other``: the unit typed by the officer, as label; ``""``: one of the suggestions."""

    unit: str
    other: str
    level: str
    action: str
    copies: tuple[str, ...] = ()
    note: str = ""
    returned_from: str = ""

    @classmethod
    def of(cls, view: View, standing: HistoryItem | None) -> Draft:
        """Return what the form holds at first: the decision that stands, else the suggestion.

        No unit is chosen beforehand where the suggested one is accused.
        """
        offered = [one.label for one in view.suggestions]
        if standing is not None:
            unit = standing.unit or ""
            typed = unit if unit and unit not in offered else ""
            return cls(OTHER if typed else unit, typed, standing.level, standing.action, tuple(standing.copies))
        accused = any(rule == ACCUSED_UNIT for rule, _ in view.rules)
        action = view.complaint.action if view.complaint.action in DECIDABLE else FORWARD
        copy = str(view.row.get("salinan") or "")
        copies = (copy,) if copy and copy not in offered[:1] else ()
        return cls("" if accused or not offered else offered[0], "", view.complaint.level, action, copies)

    def choice(self) -> Choice:
        """Return what the officer decides. Units go with forwarding only; who gets the complaint needs no copy."""
        unit = (self.other if self.unit == OTHER else self.unit) or None
        return Choice(
            unit=unit if self.action == FORWARD else None,
            level=self.level,
            action=self.action,
            copies=tuple(copy for copy in self.copies if copy != unit) if self.action == FORWARD else (),
            note=self.note,
            returned_from=self.returned_from or None,
        )


def read_form(form: FormData, labels: Sequence[str]) -> Draft:
    """Return what was sent; units may be typed by label, name or short name."""
    known = {written.casefold(): label for label in labels for written in _spellings(label)}

    def field(name: str) -> str:
        return str(form.get(name) or "").strip()

    def label(typed: str) -> str:
        return known.get(typed.casefold(), typed)

    # Without JavaScript the first suggestion stays ticked while another unit is typed: the typed one is meant.
    other = label(field("unit_lain"))
    copies = (label(str(typed).strip()) for typed in form.getlist("tembusan"))
    return Draft(
        unit=OTHER if other else field("unit"),
        other=other,
        level=field("urgensi"),
        action=field("tindakan"),
        copies=tuple(dict.fromkeys(copy for copy in copies if copy)),
        note=field("catatan"),
        returned_from=label(field("salah_alamat_dari")),
    )


def read_version(form: FormData) -> tuple[int, int | None]:
    """Return the complaint's version and the suggestion that the officer saw."""
    return number_in(form, "versi") or 0, number_in(form, "saran")


def unit_options(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Return (label, name) of the units that may be chosen, by name."""
    return sorted(((label, unit_name(label)) for label in labels), key=lambda pair: pair[1].casefold())


def _spellings(label: str) -> list[str]:
    unit = load_units().get(label)
    # The label itself last: it is meant where another unit's short name reads the same.
    return [unit.name, unit.short, label] if unit else [label]
