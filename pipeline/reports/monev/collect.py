"""Everything that a period's report says, worked out from the complaints and, where there is one, the triage store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from pipeline.catalogue.holidays import Calendar
from pipeline.reports.monev.changed import Changed, judge_changes
from pipeline.reports.monev.cohort import covered_until
from pipeline.reports.monev.figures import Figures, find_figures
from pipeline.reports.monev.leaders_part import decided_themes
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.reading import Reports, read_reports
from pipeline.reports.monev.series.counting import count_periods
from pipeline.reports.monev.series.forecast import NotShown, UnitForecast, forecast
from pipeline.reports.monev.statuses import Statuses
from pipeline.reports.monev.store_facts import StoreFacts, store_facts
from pipeline.reports.monev.themes import Definition
from pipeline.reports.monev.topics import Topics, find_topics
from pipeline.retraining.stored_decisions import existing_store
from pipeline.review.monev import Change, changes, known_themes
from pipeline.settings import ColumnNames

_MOST_FORECASTS = 60


@dataclass(frozen=True)
class Request:
    """``as_of`` ``None``: the period's last day. ``triage``: the store's URL. ``zone``: IANA name."""

    period: Period
    as_of: dt.date | None
    calendar: Calendar
    statuses: Statuses
    triage: str | None
    zone: str

    @property
    def day(self) -> dt.date:
        """The day at whose end everything is judged."""
        return self.as_of or self.period.last


@dataclass(frozen=True, eq=False)
class MonevReport:
    """A period's report; ``stored`` is ``None`` without a triage store. ``weeks``: complaints by week and unit.

    ``decided``: themes that leaders have decided on in earlier periods.
    """

    request: Request
    reports: Reports
    figures: Figures
    stored: StoreFacts | None
    topics: Topics
    changed: tuple[Changed, ...]
    decided: frozenset[str]
    weeks: pd.DataFrame
    forecasts: tuple[UnitForecast | NotShown, ...]


def collect(
    paths: Sequence[str],
    columns: ColumnNames,
    named: Collection[str],
    request: Request,
    *,
    read: Callable[[int], object] = lambda _: None,
) -> MonevReport:
    """Read *paths* and return the report.

    Raises what :func:`~pipeline.reports.monev.reading.read_reports`, ``find_figures`` and ``store_facts`` raise: before
    anything is written.
    """
    stored = None
    recorded: list[Change] = []
    known: list[Definition] = []
    decided: frozenset[str] = frozenset()
    if request.triage is not None:  # first, for a wrong address must not cost the reading
        stored = store_facts(request.triage, request.period, ZoneInfo(request.zone), request.day)
        with existing_store(request.triage) as store, store.read() as session:
            recorded = changes(session, until=request.day)
            decided = decided_themes(session, request.period, request.zone)
            known = [Definition.from_json(theme, one) for theme, one in known_themes(session).items()]
    reports = read_reports(paths, columns, statuses=request.statuses, named=named, progress=read)
    figures = find_figures(reports, request.period, as_of=request.as_of, calendar=request.calendar)
    topics = find_topics(reports, request.period, request.day, known)
    changed = judge_changes(reports, recorded, request.day)
    weeks = _weeks(reports, figures)
    forecasts = tuple(forecast(weeks)) if len(weeks) else ()
    return MonevReport(request, reports, figures, stored, topics, changed, decided, weeks, forecasts)


def _weeks(reports: Reports, figures: Figures) -> pd.DataFrame:
    """Return the complaints of the units with the most of them by week, up to the as-of day."""
    if "unit" not in reports.has:
        return pd.DataFrame()
    last = covered_until(reports, figures.as_of)
    return count_periods(reports.frame["received"], reports.frame["unit"], "week", last).iloc[:, :_MOST_FORECASTS]
