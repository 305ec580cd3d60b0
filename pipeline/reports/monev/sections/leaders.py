"""The annex: how leaders took part in the period, as the triage store has it."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Card, Cards, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms.formats import DASH, day, share
from pipeline.reports.monev.leaders_part import LeadersPart
from pipeline.review.monev.listing import Decided
from pipeline.review.monev.record import Leader, LeadersRecord
from pipeline.review.web.words import number

TOP = "pimpinan tertinggi"


def annex(part: LeadersPart, zone: str) -> list[Block]:
    """Return the annex of *part*; moments are shown in the time zone *zone*."""
    record = part.record
    blocks: list[Block] = [Heading("Lampiran: keterlibatan pimpinan")]
    if not record.published:
        told = Note("Belum ada ringkasan pimpinan yang diterbitkan untuk periode ini.")
        return [*blocks, told, *_carried(part, ZoneInfo(zone))]
    blocks += [Paragraph(f"Keadaan per {day(record.as_of)}."), _cards(part), _readings(record, ZoneInfo(zone))]
    if record.not_read:
        who = "; ".join(f"{one.leader.name} ({level(one.unit)})" for one in record.not_read)
        blocks.append(Paragraph(f"Belum membaca ringkasannya: {who}."))
    if record.unled:
        blocks.append(Note(f"Tanpa pimpinan yang terdaftar: {', '.join(level(unit) for unit in record.unled)}."))
    blocks.append(_decisions("Keputusan pimpinan dan tindak lanjutnya", record.decisions, ZoneInfo(zone)))
    return [*blocks, *_carried(part, ZoneInfo(zone))]


def level(unit: str) -> str:
    """Return what people read of a digest's unit."""
    return unit_name(unit) if unit else TOP


def _cards(part: LeadersPart) -> Cards:
    record = part.record

    def shown(hits: int, of: int) -> str:
        return share(hits / of, 0) if of else DASH

    figures = (
        ("Ringkasan terbaru dibaca", part.newest_read, len(record.published), "ringkasan terbit"),
        ("Tindak lanjut selesai", record.done, record.follow_ups, "tindak lanjut"),
        ("Selesai tepat waktu", record.in_time, record.due, "yang jatuh tempo"),
    )
    cards = [Card(name, shown(hits, of), f"{hits} dari {of} {what}") for name, hits, of, what in figures]
    decided = Card("Keputusan dicatat", number(len(record.standing)), "yang masih berlaku")
    return Cards((cards[0], decided, *cards[1:]))


def _readings(record: LeadersRecord, zone: ZoneInfo) -> Table:
    columns = (
        Column("Pimpinan"),
        Column("Memimpin"),
        Column("Ringkasan"),
        Column("Edisi", "int"),
        Column("Dibaca", "day"),
    )
    rows = tuple(
        (one.leader.name, _leads(one.leader), level(one.unit), one.edition, one.at.astimezone(zone).date())
        for one in record.readings
    )
    return Table("Ringkasan yang dibaca pimpinan", columns, rows)


def _carried(part: LeadersPart, zone: ZoneInfo) -> list[Block]:
    title = "Tindak lanjut dari periode sebelumnya"
    return [_decisions(title, part.carried, zone)] if part.carried else []


def _decisions(title: str, decisions: Sequence[Decided], zone: ZoneInfo) -> Table:
    columns = (
        Column("Tanggal", "day"), Column("Pimpinan"), Column("Tentang"), Column("Keputusan"), Column("Tindak lanjut"),
        Column("Penanggung jawab"), Column("Tenggat", "day"), Column("Keadaan"),
    )  # fmt: skip
    rows = tuple(
        (one.at.astimezone(zone).date(), one.by, one.about or level(one.unit), one.decided, one.follow_up or DASH,
         unit_name(one.responsible) if one.responsible else DASH, one.due, _state(one))
        for one in decisions
    )  # fmt: skip
    return Table(title, columns, rows)


def _state(decided: Decided) -> str:
    """Return how far it is, with the words of the last report on it."""
    told = decided.reports[-1].status if decided.stands and decided.reports else ""
    return ": ".join(part for part in (decided.state, told) if part) or DASH


def _leads(leader: Leader) -> str:
    return ", ".join(unit_name(unit) for unit in leader.units) or TOP
