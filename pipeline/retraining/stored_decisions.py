"""Officers' decisions straight from the triage store: read on record, and never written to disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import literal, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from pipeline.errors import OptionError
from pipeline.retraining.decided import Decided, Record
from pipeline.review import audit
from pipeline.review.overview import standing
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import DECISION, UNDO, Complaint, Decision, Officer, Suggestion

_FORM = "latih"
"""What the audit log calls this way of taking decisions out."""
_VALUES = (
    Complaint.external_id, Complaint.received, Decision.unit, Decision.level, Decision.action, Decision.returned_from,
    Suggestion.unit.label("suggested"), Decision.rank, Officer.login, Decision.at, Decision.bulk, Decision.note,
)  # fmt: skip


def read_store(url: str, zone: ZoneInfo, actor: str, *, texts: bool) -> tuple[list[Decided], dict[str, Record]]:
    """Return the decisions that stand in the store at *url*, and officers' records.

    With *texts* they hold the complaints' texts as citizens wrote them, and the audit log gets an entry, as for an
    unmasked export, before anything is returned. Complaints whose text was erased are left out either way.
    Raises :class:`OptionError` when there is no such store.
    """
    with existing_store(url) as store:
        with store.read() as session:
            rows = _standing(session, zone, texts=texts)
            records = _records(session)
        if texts:
            _on_record(store, len(rows), actor)
    return rows, records


@contextmanager
def existing_store(url: str) -> Iterator[Store]:
    """Open the triage store at *url*; a wrong path must not leave an empty one behind.

    Raises :class:`OptionError` when there is none, or *url* is no database's.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None  # opening it tells what is wrong
    if parsed is not None and parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise OptionError(f"{parsed.database}: there is no such triage store. Check the path behind sqlite:///.")
    store = open_store(url, size=2)
    try:
        yield store
    finally:
        store.close()


def _standing(session: Session, zone: ZoneInfo, *, texts: bool) -> list[Decided]:
    query = (
        standing()
        .add_columns(*_VALUES, (Complaint.text if texts else literal("")).label("text"))
        .join(Officer, Officer.id == Decision.officer_id)
        .where(Complaint.text != "")
        .order_by(Decision.id)
    )
    return [
        Decided(
            id=row.external_id, text=row.text, received=row.received, unit=row.unit or "", level=row.level,
            action=row.action, returned_from=row.returned_from or "", suggested=row.suggested, rank=row.rank,
            officer=row.login, at=at, day=at.date(), grouped=row.bulk is not None, note=row.note,
        )
        for row in session.execute(query)
        for at in [row.at.astimezone(zone)]
    ]  # fmt: skip


def _on_record(store: Store, rows: int, actor: str) -> None:
    with store.write() as session:
        details = {"baris": rows, "disamarkan": False, "bentuk": _FORM, "sejak": None}
        audit.write(session, audit.Event.EXPORT, actor=actor, details=details)


def _records(session: Session) -> dict[str, Record]:
    """Return login → how many decisions were made and not undone, and how many of them were overturned.

    Overturned: another officer decided otherwise later, or the unit sent the complaint back. A decision that is undone
    counts nowhere: its officer noticed.
    """
    undone = set(session.scalars(select(Decision.undoes_id).where(Decision.kind == UNDO)))
    logins = {row.id: row.login for row in session.execute(select(Officer.id, Officer.login))}
    columns = (
        Decision.id, Decision.officer_id, Decision.unit, Decision.action, Decision.returned_from, Decision.previous_id,
    )  # fmt: skip
    found = session.execute(select(*columns).where(Decision.kind == DECISION)).all()
    made = {row.id: row for row in found if row.id not in undone}
    decided = Counter(row.officer_id for row in made.values())
    overturned: Counter[int] = Counter()
    for later in made.values():
        earlier = made.get(later.previous_id)
        if earlier is None or (later.unit, later.action) == (earlier.unit, earlier.action):
            continue
        sent_back = later.returned_from is not None and later.returned_from == earlier.unit
        if sent_back or later.officer_id != earlier.officer_id:
            overturned[earlier.officer_id] += 1
    return {logins[number]: Record(count, overturned[number]) for number, count in decided.items()}
