"""One complaint as an officer sees it: text with marks, suggestions, reasons, warnings, deadlines, neighbours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.catalogue import load_units, reason_text
from pipeline.catalogue.holidays import Calendar, HolidayYearError
from pipeline.review import marks
from pipeline.review.deciding import HistoryItem, history
from pipeline.review.marks import Quote, Segment
from pipeline.review.people import Person, visible
from pipeline.review.privacy import masked_text
from pipeline.review.store.tables import FORGOTTEN, Complaint, Suggestion
from pipeline.review.wording import Notice, RuleSaid, notices, policy_said, rules_said
from pipeline.routing.decision import ACTIONS, FORWARD, INCOMPLETE, NOT_A_COMPLAINT
from pipeline.routing.findings import ACCUSED_UNIT

_KINDS: Final = {"permintaan_informasi": "permintaan informasi", "bukan_aduan": "bukan aduan"}
_DEADLINES: Final = {
    "batas_teruskan": "Diteruskan",
    "batas_jawab": "Jawaban pertama",
    "batas_waktu": "Selesai",
}
_LINE = 140


@dataclass(frozen=True)
class Suggested:
    """A unit that the model suggests; ``why``: the citizen's words that speak for it; ``duties`` ``""``: unknown."""

    rank: int
    label: str
    name: str
    short: str
    duties: str
    probability: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class UrgencyReason:
    """A reason for the urgency in words; ``more``: what is said without quotes."""

    text: str
    quotes: tuple[Quote, ...]
    more: str


@dataclass(frozen=True)
class Deadline:
    """A last day; ``left``: working days left in words, ``""`` where a year's holidays are unknown."""

    what: str
    day: dt.date
    left: str
    late: bool


@dataclass(frozen=True)
class Neighbour:
    """Another complaint in one masked line."""

    id: int
    external_id: str
    state: str
    line: str


@dataclass(frozen=True)
class View:
    """All of one complaint that the page shows.

    ``told``: why the action is suggested, in plain words. ``accused_unit``: the first suggestion, where the complaint
    accuses it, else ``""``.
    """

    complaint: Complaint
    row: Mapping[str, Any]
    segments: Sequence[Segment]
    suggestions: Sequence[Suggested]
    action: str
    told: Sequence[str]
    reasons: Sequence[UrgencyReason]
    notices: Sequence[Notice]
    kind: str
    candidates: Sequence[str]
    deadlines: Sequence[Deadline]
    group_size: int
    similar: Sequence[Neighbour]
    rules: Sequence[RuleSaid]
    accused_unit: str
    history: Sequence[HistoryItem]


def find(session: Session, person: Person, complaint_id: int) -> Complaint | None:
    """Return a complaint, ``None`` where there is none that *person* may know of."""
    known = [Complaint.id == complaint_id, Complaint.state != FORGOTTEN, *visible(person)]
    return session.scalar(select(Complaint).where(*known))


def view(
    session: Session, person: Person, complaint: Complaint, calendar: Calendar, today: dt.date, *, masked: bool = True
) -> View:
    """Return what *person* sees of *complaint*.

    Args:
        session: A session of the triage store.
        person: Who looks; other complaints are named only where the person may know of them.
        complaint: One that :func:`find` or :func:`pipeline.review.privacy.reveal` gave.
        calendar: Counts the working days that are left.
        today: The present day where the office is.
        masked: Whether personal data is shown by its kind only.
    """
    suggestion = session.get(Suggestion, complaint.suggestion_id) if complaint.suggestion_id else None
    row = {name: value for name, value in suggestion.row.items() if value is not None} if suggestion else {}
    spoken = [rule for rule in _text(row, "aturan").split("; ") if rule]
    return View(
        complaint=complaint,
        row=row,
        segments=marks.marked(complaint.text, complaint.spans, row, masked=masked),
        suggestions=_suggestions(row),
        action=ACTIONS.get(complaint.action, complaint.action),
        told=_told(row, complaint.action, spoken),
        reasons=_reasons(row),
        notices=notices(row, spoken),
        kind=_KINDS.get(_text(row, "jenis"), _text(row, "jenis")),
        candidates=[_without_code(one) for one in _text(row, "calon_wilayah").split("; ") if one],
        deadlines=_deadlines(row, calendar, today),
        group_size=_group_size(session, person, complaint),
        similar=_similar(session, person, row),
        rules=rules_said(row, spoken),
        accused_unit=_text(row, "unit") if ACCUSED_UNIT in spoken else "",
        history=history(session, complaint.id),
    )


def without_hidden(
    session: Session, person: Person, rows: Mapping[int, Mapping[str, Any]]
) -> dict[int, Mapping[str, Any]]:
    """Return suggestions (*rows*: what scoring added, by number) naming only complaints that *person* may know of.

    Groups are named after a complaint, so they count as one. Whoever has no unit limits may know of all.
    """
    if not person.units:
        return dict(rows)
    named = {name for row in rows.values() for name in (*_near(row), _text(row, "kelompok"))}
    known = known_names(session, person, named)
    return {
        number: {
            **row,
            "mirip_dengan": "; ".join(name for name in _near(row) if name in known),
            "kelompok": row["kelompok"] if _text(row, "kelompok") in known else "",
        }
        for number, row in rows.items()
    }


def known_names(session: Session, person: Person, names: Collection[str]) -> set[str]:
    """Return those of *names* that are ids (in the file they came from) of complaints that *person* may know of."""
    seen = select(Complaint.external_id).where(Complaint.external_id.in_(list(names)), *visible(person))
    return set(session.scalars(seen))


def one_line(complaint: Complaint) -> str:
    """Return the beginning of a complaint's masked text in one line."""
    line = " ".join(masked_text(complaint.text, complaint.spans).split())
    return line if len(line) <= _LINE else f"{line[:_LINE].rstrip()}…"


def days_left(calendar: Calendar, today: dt.date, due: dt.date) -> tuple[str, bool]:
    """Return what is left until *due* in working days (``""`` where a year's holidays are unknown), and if it is late.

    ``sisa 3 hari kerja``, ``hari ini``, ``lewat 2 hari kerja``, ``baru lewat`` (no working day since).
    """
    late = due < today
    try:
        days = calendar.working_days_between(*sorted((today, due)))
    except HolidayYearError:
        return "", late
    if due == today:
        return "hari ini", False
    if late:
        return f"lewat {days} hari kerja" if days else "baru lewat", True
    return f"sisa {days} hari kerja", False


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "")


def _suggestions(row: Mapping[str, Any]) -> list[Suggested]:
    units = load_units()
    found = []
    for rank, tail in enumerate(("", "_2", "_3"), 1):
        label = _text(row, f"unit{tail}")
        if not label:
            continue
        unit = units.get(label)
        reason = _text(row, f"alasan{tail}")
        # Without a unit's words the column tells why the text goes nowhere.
        words = [] if not tail and _goes_nowhere(row) and " | " not in reason else marks.unit_words(reason)
        found.append(
            Suggested(
                rank,
                label,
                unit.name if unit else label,
                unit.short if unit else "",
                unit.duties if unit else "",
                float(row.get(f"keyakinan{tail}") or 0),
                tuple(words),
            )
        )
    return found


def _goes_nowhere(row: Mapping[str, Any]) -> bool:
    return _text(row, "tindakan") in {INCOMPLETE, NOT_A_COMPLAINT}


def _told(row: Mapping[str, Any], action: str, spoken: Sequence[str]) -> list[str]:
    reason = _text(row, "alasan")
    told, words = marks.split_reason(reason)
    if not told and _goes_nowhere(row):
        told = words
    policy = policy_said(row, spoken) if action != FORWARD else []
    return [one for one in (told, *policy) if one]


def _reasons(row: Mapping[str, Any]) -> list[UrgencyReason]:
    found = []
    for reason in marks.urgency_reasons(_text(row, "alasan_urgensi")):
        if marks.is_bare(reason):
            more = f"kata yang paling berpengaruh: {reason.words}" if reason.words else ""
            found.append(UrgencyReason("Tidak ada tanda bahaya, tenggat, atau kelompok rentan", (), more))
        else:
            found.append(UrgencyReason(reason_text(reason.code), reason.quotes, reason.words))
    return found


def _without_code(candidate: str) -> str:
    """Return a region of ``calon_wilayah`` without its Kemendagri code."""
    code, _, name = candidate.partition(" ")
    return name if name and code.replace(".", "").isdigit() else candidate


def _deadlines(row: Mapping[str, Any], calendar: Calendar, today: dt.date) -> list[Deadline]:
    found = []
    for column, what in _DEADLINES.items():
        try:
            day = dt.date.fromisoformat(_text(row, column)[:10])
        except ValueError:
            continue
        left, late = days_left(calendar, today, day)
        found.append(Deadline(what, day, left, late))
    return found


def _group_size(session: Session, person: Person, complaint: Complaint) -> int:
    if not complaint.group_name:
        return 0
    same = select(func.count()).where(Complaint.group_name == complaint.group_name, *visible(person))
    return session.scalar(same) or 0


def _near(row: Mapping[str, Any]) -> list[str]:
    return [name for name in _text(row, "mirip_dengan").split("; ") if name]


def _similar(session: Session, person: Person, row: Mapping[str, Any]) -> list[Neighbour]:
    names = _near(row)
    if not names:
        return []
    rows = session.scalars(select(Complaint).where(Complaint.external_id.in_(names), *visible(person)))
    near = {one.external_id: Neighbour(one.id, one.external_id, one.state, one_line(one)) for one in rows}
    return [near[name] for name in names if name in near]
