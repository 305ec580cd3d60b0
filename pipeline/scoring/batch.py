"""Batch scoring of files: batches in, scored rows out, in flat memory and the input's order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipeline.catalogue import LEVELS
from pipeline.intake import Batch, Source
from pipeline.routing import DATE_COLUMNS, OUTPUT_COLUMNS, ROUTED
from pipeline.routing.policy import PolicyDecision
from pipeline.scoring.columns import own_columns
from pipeline.scoring.finish import Finisher, RunOptions
from pipeline.scoring.jobs import Job, Scorer, digest_of
from pipeline.scoring.journal import Journal
from pipeline.scoring.masking import mask_batch
from pipeline.scoring.output import open_output
from pipeline.scoring.rejects import RejectFile
from pipeline.scoring.spool import Spool

if TYPE_CHECKING:
    from pipeline.scoring.router import Router

EXAMPLES = 3
_LOOKED_AT = 20


@dataclass
class Example:
    """One row to show: its text masked and shortened."""

    text: str
    row: dict[str, Any]


@dataclass
class Summary:
    """Counts over scored batches and, after :meth:`show_examples`, a few example rows."""

    rows: int = 0
    rejected: int = 0
    resumed: int = 0  # rows that an unfinished run had scored
    units: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    watched: int = 0  # rows that accuse holders of authority
    grouped: int = 0  # rows that tell what another one tells
    overdue: int = 0
    examples: list[Example] = field(default_factory=list)
    decision: PolicyDecision | None = None  # where the run asked for a precision or a capacity
    notes: list[str] = field(default_factory=list)
    # (rank of the urgency, text as it came, row), the most urgent first
    _urgent: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list, repr=False)

    def add(self, texts: Sequence[str], scored: pd.DataFrame) -> None:
        """Count the rows of one scored batch and remember the most urgent ones, of different units."""
        units, levels, actions = (scored[name].to_numpy(object).tolist() for name in ("unit", "urgensi", "tindakan"))
        self.rows += len(scored)
        self.levels.update(levels)
        self.actions.update(actions)
        self.watched += int((scored["berkadar_pengawasan"] == "ya").sum())
        self.grouped += int((scored["kelompok"] != "").sum())
        self.overdue += int((scored["terlambat"] != "").sum())
        self.units.update(unit for unit, action in zip(units, actions, strict=True) if action in ROUTED)
        for rank, level in reversed(list(enumerate(LEVELS))):
            if rank <= self._least_rank():
                return
            found = (i for i, (a, b) in enumerate(zip(levels, actions, strict=True)) if a == level and b in ROUTED)
            for place, _ in zip(found, range(_LOOKED_AT), strict=False):
                if all(row["unit"] != units[place] for _, _, row in self._urgent):
                    row = {str(name): scored[name].iloc[place] for name in scored.columns}
                    self._urgent.append((rank, texts[place], row))
            self._urgent.sort(key=lambda example: -example[0])
            del self._urgent[EXAMPLES:]

    def show_examples(self, shorten: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Fill ``examples`` with the remembered rows; *shorten* masks and shortens their texts."""
        texts = shorten([text for _, text, _ in self._urgent]) if self._urgent else []
        self.examples = [Example(text, row) for text, (_, _, row) in zip(texts, self._urgent, strict=True)]

    def _least_rank(self) -> int:
        """Return the rank that a row must exceed to become an example, -1 while there is room."""
        return self._urgent[-1][0] if len(self._urgent) == EXAMPLES else -1


class OneProcess:
    """Scores in this process; a :class:`~pipeline.scoring.jobs.Scorer`."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.version = router.version
        self.curve, self.table = router.curve, router.table

    def score(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Yield the *jobs* in their order, each one done."""
        for job in jobs:
            if not job.done:
                job.scored = self._router.score_texts(job.texts)
            yield job

    def shorten(self, texts: Sequence[str]) -> list[str]:
        """Return *texts* masked and short enough to show."""
        from pipeline.scoring.examples import shorten

        return shorten(texts)


def score_source(
    source: Source,
    out: str,
    scorer: Scorer,
    *,
    finisher: Finisher | None = None,
    journal: Journal | None = None,
    mask: bool = False,
    progress: Callable[[int], object] = lambda _: None,
) -> Summary:
    """Score every row of *source* into *out* and return the summary.

    All input columns come back in their order, then ``OUTPUT_COLUMNS``; unreadable rows go to OUT's
    ``.ditolak.csv``. The output appears under its name only when it is whole. Chunks that *journal* holds are not
    scored again, the others are added to it. *finisher* holds what the run asks for; *mask*: the input's columns are
    written without personal data. *progress* gets each batch's rows.
    """
    finisher = finisher or Finisher(RunOptions(), scorer.curve, scorer.table)
    summary = Summary()
    names = own_columns(source.output_columns)
    columns = [*names.values(), *OUTPUT_COLUMNS]
    dates = [names[name] for name in source.date_columns if name in names] + list(DATE_COLUMNS)

    with open_output(out, columns, date_columns=dates) as output, RejectFile(out) as rejects, Spool(out) as spool:

        def write(batch: Batch, scored: pd.DataFrame) -> None:
            done = finisher.finish(scored)
            summary.add(batch.texts(), done)
            output.write(with_own_columns(mask_batch(batch) if mask else batch, done, names))

        for job in scorer.score(_jobs(source, journal, summary)):
            batch = job.batch
            rejects.add(batch.rejects)
            summary.rejected += len(batch.rejects)
            if len(batch):
                if journal is not None:
                    journal.add(job.digest, job.record())
                scored = finisher.take(batch, job.texts, job.frame())
                if finisher.waits:
                    spool.add((batch, scored))
                else:
                    write(batch, scored)
            progress(len(batch) + len(batch.rejects))
        finisher.settle()
        for batch, scored in spool:
            write(batch, scored)
    finisher.save()
    summary.decision, summary.notes = finisher.decision, finisher.notes
    summary.show_examples(scorer.shorten)
    return summary


def _jobs(source: Source, journal: Journal | None, summary: Summary) -> Iterator[Job]:
    for batch in source:
        job = Job(batch, batch.texts())
        if not len(batch):
            job.packed = b""  # rejects only: nothing to score
        elif journal is not None:
            job.digest = digest_of(job.texts)
            job.packed = journal.find(job.digest)
            summary.resumed += len(batch) if job.done else 0
        yield job


def with_own_columns(batch: Batch, scored: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the batch's own columns under their output *names* (missing ones empty), then the *scored* ones."""
    own = batch.frame.reindex(columns=list(names)).rename(columns=dict(names))
    return pd.concat([own, scored], axis=1)
