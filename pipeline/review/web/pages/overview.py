"""The supervisor's page, and decisions to download."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from pipeline.catalogue import unit_name
from pipeline.errors import ForbiddenError, ReviewError
from pipeline.review import charts, clock
from pipeline.review.exporting import export_decisions
from pipeline.review.overview import DAYS, Overview, figures
from pipeline.review.people import Person, Right
from pipeline.review.web.pages.common import TheStore, need, query_of, render
from pipeline.review.web.security import from_elsewhere

router = APIRouter()

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
"""What can be downloaded: ending of the file → its type."""
_ALL = "semua"
_FIRST_YEAR = 2000
_CHARTED = 20
"""Units that the chart of agreement shows at most: those with the most decisions."""


@router.get("/penyelia")
def show_overview(
    request: Request, person: Annotated[Person, Depends(need(Right.OVERVIEW))], store: TheStore
) -> Response:
    """Show how the queue stands and how officers decide."""
    zone = request.app.state.timezone
    since = _since(query_of(request).get("sejak", ""), clock.today(zone))
    with store.read() as session:
        found = figures(session, person, zone=zone, since=since)
    return render(
        request,
        "ikhtisar.html",
        figures=found,
        since=since.isoformat() if since else _ALL,
        periods=_periods(found.today),
        formats=list(_TYPES),
        ages_chart=charts.age_bars(found.ages),
        agreement_chart=charts.agreement_bars(_most_judged(found)),
        days_chart=charts.day_bars(found.days),
    )


@router.get("/penyelia/unduh")
def download(request: Request, person: Annotated[Person, Depends(need(Right.EXPORT))], store: TheStore) -> Response:
    """Send the standing decisions as a file, always masked; not where another site's link asks for it."""
    if from_elsewhere(request):
        raise ForbiddenError("Unduhan ditolak karena tidak diminta dari halaman triase. Buka Ikhtisar, lalu unduh.")
    query, zone = query_of(request), request.app.state.timezone
    ending = query.get("bentuk", "csv")
    if ending not in _TYPES:
        raise ReviewError(f"Bentuk berkas tidak dikenal. Pilih {', '.join(_TYPES)}.")
    today = clock.today(zone)
    since = _since(query.get("sejak", _ALL), today)
    folder = Path(tempfile.mkdtemp(prefix="disposisi-"))
    try:
        name = f"keputusan-{today.isoformat()}.{ending}"
        export_decisions(store, str(folder / name), since=since, masked=True, person=person, zone=zone)
        return _SentOnce(folder / name, media_type=_TYPES[ending], filename=name)
    except BaseException:
        shutil.rmtree(folder)
        raise


class _SentOnce(FileResponse):
    """A file that is removed with its folder when it was sent, also where the browser went away meanwhile."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


def _since(text: str, today: dt.date) -> dt.date | None:
    """Return the first day that *text* asks for, ``None`` for all days; ``""`` asks for the usual period.

    Raises :class:`ReviewError` where it is no date.
    """
    if not text:
        return today - dt.timedelta(days=DAYS - 1)
    if text == _ALL:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if day.year < _FIRST_YEAR:
        raise ReviewError("Tanggal awal tidak dapat dibaca. Tulis seperti 2026-11-27.")
    return day


def _periods(today: dt.date) -> list[tuple[str, str]]:
    """Return the periods that can be chosen by a click: name, value in the address."""
    days = [(f"{number} hari", (today - dt.timedelta(days=number - 1)).isoformat()) for number in (7, DAYS, 90)]
    return [("Hari ini", today.isoformat()), *days, ("Semua", _ALL)]


def _most_judged(found: Overview) -> list[tuple[str, charts.Share]]:
    units = sorted(found.units, key=lambda unit: -unit.agreement.n)[:_CHARTED]
    return [(unit_name(unit.unit).replace("Direktorat Jenderal", "Ditjen"), unit.agreement) for unit in units]
