"""What ``disposisi score`` does with a batch, stage by stage on one core, each stage timed.

The batch's way follows ``score_source``; the router's own stages are its parts, timed while ``score_texts`` runs.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from speed_clock import Clock

from pipeline.intake import Batch, Source
from pipeline.routing import OUTPUT_COLUMNS
from pipeline.scoring.batch import OneProcess, Summary, with_own_columns
from pipeline.scoring.columns import own_columns
from pipeline.scoring.finish import Finisher, RunOptions
from pipeline.scoring.jobs import digest_of, pack
from pipeline.scoring.journal import Identity, Journal
from pipeline.scoring.output import open_output
from pipeline.scoring.router import Router
from pipeline.scoring.spool import Spool


def time_parts(router: Router, clock: Clock) -> None:
    """Make *clock* count the parts of *router* from now on."""
    parts: list[tuple[str, Any, str]] = [
        ("repair, personal data, stems", router, "tokenize"),
        ("evidence", router.evidence, "find"),
        ("unit features", router.unit, "vectorize"),
        ("unit scores", router.unit, "probabilities"),
        ("urgency features", router.urgency, "vectorize"),
        ("urgency scores", router.urgency, "probabilities"),
        ("urgency scores", router.urgency, "decide"),
        ("reasons, units", router.reasons, "units"),
        ("reasons, urgency", router.reasons, "level"),
        ("decision rules", router.findings, "find"),
    ]
    for stage, owner, name in parts:
        setattr(owner, name, clock.timing(stage, getattr(owner, name)))


def staged_pass(source: Source, out: str, router: Router, clock: Clock) -> dict[str, Any]:
    """Score *source* into *out*; return rows, seconds of the whole, seconds, peak and added MB of each stage.

    *clock* counts the parts of *router* (:func:`time_parts`).
    """
    clock.reset()
    summary = Summary()
    names = own_columns(source.output_columns)
    journal = Journal(out, Identity(router.version, "", ""), resume=False, say=print)
    finisher = Finisher(RunOptions(), router.curve, router.table)
    began = time.perf_counter()
    with open_output(out, [*names.values(), *OUTPUT_COLUMNS]) as output, journal, Spool(out) as spool:
        for batch in _read(source, clock):
            texts = batch.texts()
            with clock("the router's rest"):
                scored = router.score_texts(texts)
            with clock("journal"):
                journal.add(digest_of(texts), pack(scored))
            with clock("dates, regions, groups"):
                scored = finisher.take(batch, texts, scored)
            with clock("spool"):
                spool.add((batch, scored))
        with clock("dates, regions, groups"):
            finisher.settle()
        for batch, scored in spool:
            with clock("dates, regions, groups"):
                done = finisher.finish(scored)
            with clock("summary"):
                summary.add(batch.texts(), done)
            with clock("frame"):
                whole_rows = with_own_columns(batch, done, names)
            with clock("writing"):
                output.write(whole_rows)
        with clock("summary"):
            summary.show_examples(OneProcess(router).shorten)
    whole = time.perf_counter() - began
    figures = {"seconds": clock.seconds, "peaks": clock.peaks, "added": clock.added}
    return {"rows": summary.rows, "whole": whole, **figures}


def _read(source: Source, clock: Clock) -> Iterator[Batch]:
    batches = iter(source)
    while True:
        with clock("reading"):
            batch = next(batches, None)
        if batch is None:
            return
        yield batch
