"""Give the report to its readers: digests into the triage store, files into a folder."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import OptionError
from pipeline.reports.blocks import Document
from pipeline.reports.forms.html import to_html
from pipeline.reports.forms.pdf import to_pdf
from pipeline.reports.forms.sheet import to_xlsx
from pipeline.reports.monev.collect import MonevReport
from pipeline.reports.monev.digest import digest_document
from pipeline.reports.monev.document import digests_of, report_document
from pipeline.reports.monev.leaders_part import leaders_part, led_units
from pipeline.retraining.stored_decisions import existing_store
from pipeline.review.monev import Published, publish
from pipeline.scoring.writer import unwritable, write_bytes


@dataclass(frozen=True)
class Given:
    """The files written, and what the triage store got (``None`` without one)."""

    files: tuple[Path, ...]
    published: Published | None


def outputs(folder: Path, period: str, forms: Sequence[str]) -> list[Path]:
    """Return the files that a report of *period* becomes in *forms* (``html``, ``pdf``, ``xlsx``)."""
    stems = (f"monev-{period}", f"ringkasan-{period}")
    # The digest has no sheet: its numbers are those of the report.
    return [folder / f"{stem}.{form}" for stem in stems for form in forms if (stem, form) != (stems[1], "xlsx")]


def check_folder(folder: Path) -> None:
    """Raise :class:`OptionError` before any work where *folder* is none and cannot be made."""
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not there.is_dir():
        raise OptionError(f"{folder}: {there} is no folder. Name another with -o.")


def give(report: MonevReport, paths: Sequence[Path], *, actor: str | None) -> Given:
    """Write the report and the digest to *paths* (:func:`outputs`); *actor* ``None``: publish nothing.

    The digests go into the store first, for the annex tells what was published. Everything is made before the first
    file is written. Raises :class:`OptionError` where a file cannot be written.
    """
    url, zone = report.request.triage, report.request.zone
    published = record = None
    if url is not None:
        with existing_store(url) as store:
            digests = digests_of(report, led_units(store))
            if actor is not None:
                with store.write() as session:
                    published = publish(session, digests, actor)
            with store.read() as session:
                record = leaders_part(session, report.request.period, zone)
    else:
        digests = digests_of(report, ())
    documents = {"monev": report_document(report, record), "ringkasan": digest_document(digests)}
    made = [(path, _form(documents[path.stem.split("-")[0]], path.suffix)) for path in paths]
    for path, content in made:
        _folder(path.parent)
        write_bytes(path, content)
    return Given(tuple(paths), published)


def _form(document: Document, ending: str) -> bytes:
    if ending == ".html":
        return to_html(document).encode("utf-8")
    if ending == ".pdf":
        return to_pdf(document)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "laporan.xlsx"
        to_xlsx(document, path)
        return path.read_bytes()


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(str(folder), error) from error
