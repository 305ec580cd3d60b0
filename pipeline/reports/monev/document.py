"""The period's report as one document, and the digests for leaders."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pipeline.reports.blocks import Block, Document
from pipeline.reports.forms.formats import day
from pipeline.reports.monev.collect import MonevReport
from pipeline.reports.monev.digest import make_digests
from pipeline.reports.monev.leaders_part import LeadersPart
from pipeline.reports.monev.number import Number
from pipeline.reports.monev.sections import figures, leaders, load, policy, themes
from pipeline.reports.monev.topics import owns
from pipeline.review.web.words import number


def report_document(report: MonevReport, record: LeadersPart | None) -> Document:
    """Return the report; *record*: how leaders took part, ``None`` without a triage store."""
    found = report.figures
    blocks: list[Block] = [
        *figures.summary(found),
        *figures.chapter(found, _stored(report)),
        *themes.chapter(report.topics, found.period),
        *policy.chapter(report.topics, report.changed if report.stored else None, found.period),
        *load.chapter(report.forecasts, report.weeks),
    ]
    if record is not None:
        blocks += leaders.annex(record, report.request.zone)
    stored = () if report.stored is None else report.stored.definitions
    blocks += figures.definitions(found, stored)
    subtitle = f"{number(len(report.reports))} laporan dalam data; keadaan per {day(found.as_of)}"
    return Document(f"Laporan monev pengaduan {found.period.label}", subtitle, tuple(blocks))


def digests_of(report: MonevReport, led: Collection[str]) -> list[dict[str, Any]]:
    """Return the digests: the highest level first, then each unit's that is large enough or in *led*."""
    topics = report.topics
    unanswered = policy.unanswered(topics, report.changed, report.decided)
    figures_of_store, known = _stored(report), topics.definitions
    owned: dict[str, dict[str, Any]] = {"": {}}
    for one in (*topics.growing, *(told for some in topics.growing_of.values() for told in some)):
        owned.setdefault(one.unit, {})[one.id] = known[one.id]
        owned[""][one.id] = known[one.id]
    for item in topics.items:
        if owns(item):
            owned.setdefault(item.unit, {})[item.theme] = known[item.theme]
        owned[""][item.theme] = known[item.theme]
    return make_digests(report.figures, figures_of_store, topics.growing, topics.growing_of, unanswered, owned, led)


def _stored(report: MonevReport) -> list[Number]:
    return [] if report.stored is None else list(report.stored.numbers.values())
