"""Words of the masked texts, to search by: FTS5 on SQLite, a tsvector on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, column, select, table, text
from sqlalchemy.orm import Session

from pipeline.review.store.tables import Complaint

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 8


def add_texts(session: Session, masked: Iterable[tuple[int, str]]) -> None:
    """Add (complaint's id, its masked text) to the index."""
    rows = _rows(masked)
    if not rows:
        return
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO complaint_search (rowid, body) VALUES (:id, :body)"), rows)
    else:
        session.execute(
            text("INSERT INTO complaint_search (complaint_id, body) VALUES (:id, to_tsvector('simple', :body))"), rows
        )


def remove_texts(session: Session, masked: Iterable[tuple[int, str]]) -> None:
    """Take (complaint's id, its masked text, exactly as it was added) out of the index, its words with it."""
    rows = _rows(masked)
    if not rows:
        return
    if session.get_bind().dialect.name == "sqlite":
        # An index without contents has to be told what is in it.
        remove = "INSERT INTO complaint_search (complaint_search, rowid, body) VALUES ('delete', :id, :body)"
        session.execute(text(remove), rows)
        # Until its parts are merged it only marks what was removed.
        session.execute(text("INSERT INTO complaint_search (complaint_search) VALUES ('optimize')"))
    else:
        session.execute(
            text("DELETE FROM complaint_search WHERE complaint_id = :id"), [{"id": row["id"]} for row in rows]
        )


def _rows(masked: Iterable[tuple[int, str]]) -> list[dict[str, int | str]]:
    # Split here: PostgreSQL would take KTP/KK for the name of a file, one word.
    return [{"id": number, "body": " ".join(_WORD.findall(body))} for number, body in masked]


def text_matches(session: Session, query: str) -> ColumnElement[bool] | None:
    """Return the condition that a complaint's text holds all words of *query*, each by its beginning.

    ``None`` where *query* has no words.
    """
    words = _WORD.findall(query.lower())[:_MOST_WORDS]
    if not words:
        return None
    if session.get_bind().dialect.name == "sqlite":
        index, key = table("complaint_search", column("rowid")), "rowid"
        found = text("complaint_search MATCH :words").bindparams(words=" ".join(f'"{word}"*' for word in words))
    else:
        index, key = table("complaint_search", column("complaint_id")), "complaint_id"
        found = text("body @@ to_tsquery('simple', :words)").bindparams(words=" & ".join(f"{word}:*" for word in words))
    return Complaint.id.in_(select(index.c[key]).where(found))
