"""Give the report to its readers: digests into the triage store, files into a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.reports.forms.html import to_html
from pipeline.reports.forms.pdf import to_pdf
from pipeline.reports.forms.sheet import to_xlsx
from pipeline.reports.monev.collect import MonevReport
from pipeline.reports.monev.digest import digest_document
from pipeline.reports.monev.document import digests_of, report_document
from pipeline.retraining.stored_decisions import existing_store
from pipeline.review.monev import Published, leaders_record, publish
from pipeline.scoring.writer import unwritable, write_bytes, write_text


def publish_digests(url: str, report: MonevReport, actor: str) -> Published:
    """Put the digests into the triage store at *url*; those that stand there already are left as they are."""
    with existing_store(url) as store, store.write() as session:
        return publish(session, digests_of(report), actor)


def write_forms(report: MonevReport, folder: Path, forms: Sequence[str]) -> list[Path]:
    """Write the report and the digest into *folder* in each of *forms* (``html``, ``pdf``, ``xlsx``); return the files.

    Everything is made before the first file is written. Raises :class:`OptionError` where *folder* is not writable.
    """
    name = report.request.period.name
    record = None
    if report.request.triage is not None:
        with existing_store(report.request.triage) as store, store.read() as session:
            record = leaders_record(session, name, zone=report.request.zone)
    document = report_document(report, record)
    digest = digest_document(digests_of(report))
    folder = _made(folder)
    made: list[tuple[Path, str | bytes]] = []
    for stem, one in ((f"monev-{name}", document), (f"ringkasan-{name}", digest)):
        if "html" in forms:
            made.append((folder / f"{stem}.html", to_html(one)))
        if "pdf" in forms:
            made.append((folder / f"{stem}.pdf", to_pdf(one)))
    for path, content in made:
        if isinstance(content, str):
            write_text(path, content)
        else:
            write_bytes(path, content)
    written = [path for path, _ in made]
    if "xlsx" in forms:
        written.append(folder / f"monev-{name}.xlsx")
        to_xlsx(document, written[-1])
    return written


def _made(folder: Path) -> Path:
    folder = folder.expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(folder), error) from error
    return folder
