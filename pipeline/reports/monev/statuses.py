"""What the statuses of reports mean: ``monev_status.tsv``, or the office's own table of the same columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.catalogue.rules import Rule, all_rules, read_rules
from pipeline.errors import InputError

TABLE: Final = "monev_status"
RECEIVED, FORWARDED, FOLLOWED, WAITING = "diterima", "diteruskan", "diproses", "menunggu"
COMPLETED, CLOSED, ARCHIVED, BLOCKED, UNKNOWN = "selesai", "ditutup", "diarsipkan", "diblokir", "tidak_dikenal"

STAGES: Final = {
    RECEIVED: "belum diteruskan",
    FORWARDED: "diteruskan, belum dijawab",
    FOLLOWED: "sedang ditindaklanjuti",
    WAITING: "menunggu pelapor",
    COMPLETED: "selesai",
    CLOSED: "ditutup, tidak dihitung selesai",
    ARCHIVED: "diarsipkan",
    BLOCKED: "diblokir",
    UNKNOWN: "status tidak dikenal",
}
"""Stage → what people read. Every report with a status is in one of them."""
OPEN: Final = (RECEIVED, FORWARDED, FOLLOWED, WAITING)
"""Stages of reports that still wait for somebody."""
CLOSERS: Final = {"pelapor": "pelapor", "sistem": "sistem", "admin": "admin", "-": "tidak disebut"}
"""Who closed a report → what people read."""

_IN_TABLE = tuple(stage for stage in STAGES if stage not in (CLOSED, UNKNOWN))
_YES_NO = {"ya": True, "tidak": False}


@dataclass(frozen=True)
class Meaning:
    """What one status means; ``closer``: a key of :data:`CLOSERS`; ``source``: where the row is from."""

    status: str
    stage: str
    forwarded: bool
    followed: bool
    completed: bool
    closer: str
    source: str


class Statuses:
    """The meanings valid on a day, found by the words of a status without regard to case and blanks.

    Raises :class:`InputError` naming file, row and column of a wrong cell, or a status that two valid rows name.
    """

    def __init__(self, rules: Iterable[Rule], on: dt.date) -> None:
        self._by_text: dict[str, Meaning] = {}
        for rule in rules:
            if not rule.holds(on):
                continue
            key = _plain(rule.values["status"])
            if not key:
                raise InputError(f"{rule.place}: column 'status' is empty. Write the status as the data have it.")
            if key in self._by_text:
                raise InputError(f"{rule.place}: column 'status': an earlier row has this status. Keep one of them.")
            self._by_text[key] = _meaning(rule)

    @classmethod
    def load(cls, path: str | Path | None = None, on: dt.date | None = None) -> Statuses:
        """Return what holds on a day (default: today) by the package's table, or by that of *path*."""
        rules = all_rules(TABLE) if path is None else read_rules(Path(path))
        found = cls(rules, on or dt.date.today())
        if not found._by_text:
            raise InputError("no row holds on the day of the report", file=str(path or f"{TABLE}.tsv"))
        return found

    def find(self, status: str) -> Meaning | None:
        """Return the meaning of *status*, ``None`` where the table does not name it."""
        return self._by_text.get(_plain(status))

    @property
    def counted(self) -> tuple[str, ...]:
        """The statuses that count as completed, as the table writes them: a report says which they are."""
        return tuple(meaning.status for meaning in self._by_text.values() if meaning.completed)


def _meaning(rule: Rule) -> Meaning:
    stage = rule.one_of("tahap", _IN_TABLE)
    forwarded, followed, completed = (
        _YES_NO[rule.one_of(f"dihitung_{name}", tuple(_YES_NO))]
        for name in ("diteruskan", "ditindaklanjuti", "selesai")
    )
    # What counts as completed is the office's choice in its own column; the stage follows it, so that parts add up.
    if completed:
        stage = COMPLETED
    elif stage == COMPLETED:
        stage = CLOSED
    closer = rule.one_of("ditutup_oleh", tuple(CLOSERS))
    return Meaning(rule.values["status"], stage, forwarded, followed, completed, closer, rule.source)


def _plain(status: str) -> str:
    return " ".join(status.split()).casefold()
