"""Bring scored tables into the triage store.

Only the roles text, id and date and the columns that scoring adds are read: never the reporter's name. An import may be
repeated or broken off at any point: what a (complaint, model version) has brought in once is not brought in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from pipeline.errors import InputError
from pipeline.intake import Batch, Reject, open_sources
from pipeline.review import audit
from pipeline.review.scored_rows import NEEDED, read_rows
from pipeline.review.store import Store
from pipeline.review.writing import Outcome, keep_rows
from pipeline.scoring.rejects import RejectFile
from pipeline.settings import ColumnNames

CHUNK_ROWS = 1000
"""Rows a transaction: officers who decide meanwhile wait for one of these at most."""


@dataclass(frozen=True)
class Imported:
    """Rows that an import read, and what became of them.

    ``new``: complaints; ``updated``: known complaints with suggestions of another model version; ``same``: nothing new.
    """

    read: int = 0
    new: int = 0
    updated: int = 0
    same: int = 0
    rejected: int = 0

    def plus(self, outcome: Outcome, read: int, rejected: int) -> Imported:
        """Return the sum with one more chunk."""
        return Imported(
            self.read + read,
            self.new + outcome.new,
            self.updated + outcome.updated,
            self.same + outcome.same,
            self.rejected + rejected,
        )


def import_scored(
    store: Store,
    paths: Sequence[str],
    columns: ColumnNames,
    *,
    actor: str,
    rejects: Path | None,
    progress: Callable[[int], object] | None = None,
) -> Imported:
    """Bring the scored tables *paths* into *store*, in flat memory.

    Args:
        store: The triage store.
        paths: Outputs of ``disposisi score``, of any format.
        columns: The user's column names.
        actor: Who imports, for the audit log.
        rejects: File for the rows that are not taken (file, row, reason; never a cell's text), ``None``: none.
        progress: Called with the number of rows that were just done.

    Raises:
        InputError: A file cannot be read, or lacks the columns of a scored table.
        OptionError: The reject file cannot be written.
    """
    source = open_sources(paths, columns, chunk_rows=CHUNK_ROWS, need=("text", "id"))
    done = Imported()
    try:
        with _reject_sink(rejects) as report:
            for batch in source:
                _check_scored(batch)
                rows, refused = read_rows(batch)
                with store.write() as session:
                    outcome = keep_rows(session, rows)
                refused = [*batch.rejects, *refused, *outcome.rejects]
                report(refused)
                read = len(batch) + len(batch.rejects)
                done = done.plus(outcome, read, len(refused))
                if progress is not None:
                    progress(read)
    finally:
        # An import that is broken off keeps the chunks before: the log tells of these, too.
        _log(store, paths, actor, done)
    _refresh_statistics(store)
    return done


def _check_scored(batch: Batch) -> None:
    missing = [name for name in NEEDED if name not in batch.frame.columns]
    if missing:
        raise InputError(
            f"the columns of a scored table are missing: {', '.join(missing)}",
            file=batch.source,
            hint="Run disposisi score on it first and import its output.",
        )


@contextmanager
def _reject_sink(path: Path | None) -> Iterator[Callable[[list[Reject]], None]]:
    if path is None:
        yield lambda _rejects: None
        return
    with RejectFile(str(path), path) as file:
        yield file.add


def _log(store: Store, paths: Sequence[str], actor: str, done: Imported) -> None:
    with store.write() as session:
        audit.write(
            session,
            audit.Event.IMPORT,
            actor=actor,
            details={
                "berkas": [Path(name).name for name in paths],
                "dibaca": done.read,
                "baru": done.new,
                "diperbarui": done.updated,
                "sama": done.same,
                "ditolak": done.rejected,
            },
        )


def _refresh_statistics(store: Store) -> None:
    """Let the database choose its indexes by the rows that are now there."""
    if store.dialect == "sqlite":
        with store.write() as session:
            session.execute(text("ANALYZE"))
        return
    store.vacuum()
