"""``disposisi score``: a batch of complaints in, the same rows with suggestions out."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import column_options, columns_from, decision_options, refuse_input_as_output, run_options
from pipeline.cli.summary import show
from pipeline.errors import ArtefactError, DisposisiError, ModelNotFoundError, OptionError

if TYPE_CHECKING:
    import datetime as dt

    from pipeline.scoring.finish import RunOptions
    from pipeline.scoring.jobs import Scorer
    from pipeline.scoring.journal import Journal
    from pipeline.scoring.workers import WorkerPool
    from pipeline.settings import Settings


_STREAMED = 500
"""Rows a chunk at most where the rows go to standard output."""


@click.command("score")
@click.argument("inputs", metavar="IN...", nargs=-1, required=True)
@click.option(
    "-o", "--output", "output", metavar="OUT", required=True, help="csv, xlsx, parquet or jsonl, by its ending."
)
@click.option("--model", metavar="NAME[@alias|/version]", help="Model to use; default: the starter model.")
@column_options("text", "id", "date")
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(0, 512),
    help="Processes that score; default 0: one for small inputs, else one a core.",
)
@click.option("--resume", is_flag=True, help="Go on where an interrupted run for the same OUT stopped.")
@decision_options("precision", "capacity", "holidays", "today")
@click.option(
    "--index",
    "index",
    metavar="FILE",
    help="Earlier reports (hashes, no texts), to find the same complaint again; this run's are added.",
)
@click.option("--no-groups", is_flag=True, help="Do not look for the same complaint again: less time and memory.")
@click.option("--mask", is_flag=True, help="Write the input's columns to OUT with personal data masked.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Score on this machine or on Spark (docs/spark.md).",
)
def command(
    inputs: tuple[str, ...],
    output: str,
    model: str | None,
    text: str | None,
    id: str | None,
    date: str | None,
    workers: int | None,
    resume: bool,
    precision: float | None,
    capacity: int | None,
    holidays: str | None,
    today: dt.datetime | None,
    index: str | None,
    no_groups: bool,
    mask: bool,
    engine: str,
) -> None:
    """Give each complaint its unit and urgency.

    IN is csv, tsv, xlsx, parquet, jsonl or - (standard input); a SP4N-LAPOR export needs no option. All input
    columns come back, then the suggestions. Unreadable rows go to OUT's .ditolak.csv.

    Rows on standard output (-o -) come as they are scored: without --index they are not compared with each other.

    The rows are the same for any number of --workers. What is scored is kept beside OUT until OUT is whole, so
    --resume goes on after Ctrl-C or a crash and gives the same bytes.
    """
    from pipeline.scoring.rejects import reject_path
    from pipeline.settings import load_settings

    settings = load_settings()
    if no_groups and index is not None:
        raise OptionError("--index keeps reports to group by, --no-groups does not group. Give one.")
    refuse_input_as_output([output, str(reject_path(output))], inputs)
    if engine == "spark":
        if (
            resume
            or mask
            or no_groups
            or any(v is not None for v in (workers, precision, capacity, holidays, today, index))
        ):
            raise OptionError(
                "--engine spark decides row by row, by the office's rules: of the options it takes "
                "--model, --text, --id and --date only."
            )
        _score_with_spark(settings, inputs, output, model, text=text, id=id, date=date)
        return
    if resume and output == "-":
        raise OptionError("--resume needs a file as OUT: what went to standard output is gone.")
    asked = settings.scoring.workers if workers is None else workers
    options = run_options(
        settings,
        precision=precision,
        capacity=capacity,
        holidays=holidays,
        today=today,
        index=index,
        groups=output != "-" and not no_groups,
    )
    try:
        _score_here(
            settings, inputs, output, model, asked, options, resume=resume, mask=mask, text=text, id=id, date=date
        )
    except KeyboardInterrupt:
        hint = "" if output == "-" else f"; {output} is not written. The same command with --resume goes on from here"
        raise DisposisiError(f"interrupted{hint}.") from None


def _score_here(
    settings: Settings,
    inputs: tuple[str, ...],
    output: str,
    model: str | None,
    workers: int,
    options: RunOptions,
    *,
    resume: bool,
    mask: bool,
    **named: str | None,
) -> None:
    from pipeline.scoring.workers import WorkerPool, input_size, worker_count

    reference = model or settings.scoring.model
    folder = _find(settings, reference)
    size = input_size(inputs)
    summary = None
    try:
        with ExitStack() as stack:

            def start(folder: Path, count: int) -> WorkerPool | None:
                return stack.enter_context(WorkerPool(folder, count, _note)) if count > 1 else None

            # Workers load the model while this process loads what it needs itself and opens the inputs.
            count = None if size is None else worker_count(workers, size)
            pool = None if folder is None or count is None else start(folder, count)

            from pipeline.cli.progress import bar
            from pipeline.intake import open_sources
            from pipeline.scoring.batch import score_source
            from pipeline.scoring.finish import Finisher
            from pipeline.scoring.rejects import reject_label
            from pipeline.scoring.writer import claim

            columns, roles = columns_from(settings, **named)
            # Whoever reads along on standard output waits for the first chunk.
            rows = min(settings.scoring.chunk_rows, _STREAMED) if output == "-" else settings.scoring.chunk_rows
            source = open_sources(inputs, columns, chunk_rows=rows, need={"text", *roles})
            if output != "-":
                stack.enter_context(claim(output, reject_label(output)))
            if count is None:
                count = worker_count(workers, input_size(source.paths) or 0)
                pool = None if folder is None else start(folder, count)
            try:
                scorer = None if folder is None else _scorer(folder, pool)
            except ArtefactError:
                if not _is_starter(reference):
                    raise
                scorer = None
            if scorer is None or folder is None:
                folder = _train_starter(settings)
                scorer = _scorer(folder, start(folder, count))
            journal = None if output == "-" else stack.enter_context(_journal(output, scorer, folder, resume=resume))
            finisher = Finisher(options, scorer.curve, scorer.table)
            stack.callback(finisher.close)
            with bar("rows") as advance:
                summary = score_source(
                    source, output, scorer, finisher=finisher, journal=journal, mask=mask, progress=advance
                )
    except KeyboardInterrupt:
        if summary is None:
            raise
        # What came too late to stop anything must not call the rows lost.
        raise DisposisiError(f"interrupted when {output} was whole: nothing is left to do.") from None
    show(summary, output, scorer.version)


def _find(settings: Settings, reference: str) -> Path | None:
    """Return the model's folder, ``None`` where it is the starter model, which is not trained yet."""
    from pipeline.tracking.locate import find_folder

    try:
        return find_folder(settings.store, reference)
    except ModelNotFoundError:
        if not _is_starter(reference):
            raise
    return None


def _is_starter(reference: str) -> bool:
    from pipeline.retraining.corpus import STARTER

    return reference == STARTER


def _train_starter(settings: Settings) -> Path:
    from pipeline.retraining.starter import STARTER, train_starter
    from pipeline.tracking.locate import find_folder

    _note("No starter model yet: training it once from the built-in corpus ...")
    train_starter(settings.store)
    return find_folder(settings.store, STARTER)


def _scorer(folder: Path, pool: WorkerPool | None) -> Scorer:
    """Return what scores, its model loaded. Raises :class:`ArtefactError`."""
    if pool is not None:
        pool.wait_for_model()
        return pool
    from pipeline.scoring.batch import OneProcess
    from pipeline.scoring.router import Router

    return OneProcess(Router.load(folder))


def _journal(output: str, scorer: Scorer, folder: Path, *, resume: bool) -> Journal:
    import hashlib

    from pipeline.scoring.journal import Identity, Journal
    from pipeline.tracking.bundle import code_hash
    from pipeline.tracking.locate import MANIFEST

    manifest = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    return Journal(output, Identity(scorer.version, manifest, code_hash()), resume=resume, say=_note)


def _note(line: str) -> None:
    click.echo(line, err=True)


def _score_with_spark(
    settings: Settings, inputs: tuple[str, ...], output: str, model: str | None, **named: str | None
) -> None:
    import json

    from pipeline.scoring.spark import score_files
    from pipeline.tracking.locate import MANIFEST

    folder = _find(settings, model or settings.scoring.model) or _train_starter(settings)
    version = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["version"]
    columns = named | {"text": named["text"] or settings.columns.text}
    show(score_files(inputs, output, folder, **columns), output, version)
