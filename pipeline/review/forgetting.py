"""Erase what a citizen wrote when it must not be kept any longer; what was decided stays (UU 27/2022)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from pipeline.errors import OptionError
from pipeline.review import audit, clock
from pipeline.review.deciding import UNDO_WITHIN
from pipeline.review.privacy import masked_text
from pipeline.review.store import Store
from pipeline.review.store.search import remove_texts
from pipeline.review.store.tables import FORGOTTEN, WAITING, Complaint, Suggestion

QUOTING: Final = ("alasan", "alasan_2", "alasan_3", "alasan_urgensi", "dituduh")
"""Results of scoring that hold the citizen's words."""

_NAMED = 5
_Row: TypeAlias = Row[Any]


@dataclass(frozen=True)
class Forgotten:
    """What an erasure did: complaints erased now, and those that were erased before.

    ``clean``: ``False`` where somebody read the store meanwhile, so that SQLite's log may still hold the texts.
    """

    erased: int
    before: int
    clean: bool


def forget(store: Store, external_ids: Sequence[str], *, actor: str, waiting: bool = False) -> Forgotten:
    """Erase the texts of complaints, with all that quotes them and their words in the search index; audited.

    All or none are erased. The complaint's number, the place, the suggested units and the decisions with the officers'
    notes stay, so that figures and the audit log still hold. An import does not bring the text in again.

    Args:
        store: The triage store.
        external_ids: The numbers that the office gave the complaints.
        actor: Who erases, for the audit log.
        waiting: Whether complaints may be erased that nobody has decided; they leave the queue.

    Raises:
        OptionError: An id is unknown, waits without *waiting*, or was decided so recently that it may be undone.
    """
    wanted = list(dict.fromkeys(external_ids))
    with store.write() as session:
        found = _found(session, wanted, waiting)
        present = [row for row in found if row.text]
        _erase(session, present, actor)
    return Forgotten(len(present), len(found) - len(present), _clean(store))


def _found(session: Session, wanted: Sequence[str], waiting: bool) -> Sequence[_Row]:
    columns = (Complaint.id, Complaint.external_id, Complaint.text, Complaint.spans, Complaint.state)
    query = select(*columns, Complaint.decided_at).where(Complaint.external_id.in_(wanted)).order_by(Complaint.id)
    # Locked on PostgreSQL, as imports do: one that has read the old text cannot add what quotes it afterwards.
    found = session.execute(query.with_for_update()).all()
    unknown = sorted(set(wanted) - {row.external_id for row in found})
    if unknown:
        raise OptionError(f"No complaint has this id: {_list(unknown)}. Nothing was erased.")
    undecided = [row.external_id for row in found if row.state == WAITING]
    if undecided and not waiting:
        raise OptionError(
            f"Nobody has decided this yet: {_list(undecided)}. Nothing was erased. Decide it first, or give --waiting: "
            "it then leaves the queue."
        )
    since = clock.now() - UNDO_WITHIN
    recent = [row.external_id for row in found if row.decided_at is not None and row.decided_at >= since]
    if recent:
        raise OptionError(
            f"The decision may still be undone: {_list(recent)}. Nothing was erased. Wait an hour after the decision."
        )
    return found


def _erase(session: Session, rows: Sequence[_Row], actor: str) -> None:
    if not rows:
        return
    # Another version: who has it open must see that it changed.
    emptied = {"text": "", "spans": [], "state": bindparam("new_state"), "version": Complaint.version + 1}
    free = {"locked_by": None, "locked_until": None}
    session.connection().execute(
        update(Complaint).where(Complaint.id == bindparam("own")).values(**emptied, **free),
        [{"own": row.id, "new_state": _state_after(row)} for row in rows],
    )
    quoting = select(Suggestion.id, Suggestion.row).where(Suggestion.complaint_id.in_([row.id for row in rows]))
    suggestions = session.execute(quoting).all()
    session.connection().execute(
        update(Suggestion).where(Suggestion.id == bindparam("own")).values(row=bindparam("new_row")),
        [{"own": number, "new_row": row | dict.fromkeys(QUOTING, "")} for number, row in suggestions],
    )
    remove_texts(session, ((row.id, masked_text(row.text, row.spans)) for row in rows))
    for row in rows:
        before, after = {"status": row.state}, {"status": _state_after(row)}
        audit.write(session, audit.Event.FORGET, actor=actor, complaint_id=row.id, before=before, after=after)


def _state_after(row: _Row) -> str:
    return FORGOTTEN if row.state == WAITING else row.state


def _clean(store: Store) -> bool:
    """Let nothing of the old rows stay in the store's files; return whether that was possible."""
    if store.dialect == "sqlite":
        with closing(store.engine.raw_connection()) as connection:
            cursor = connection.cursor()
            # The log beside the file holds pages as they were; it is emptied only while nobody reads older ones.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            result = cursor.fetchone()
        return result is not None and result[0] == 0
    store.vacuum()
    return True


def _list(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return ", ".join(ids[:_NAMED]) + more
