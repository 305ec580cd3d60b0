"""The annex: how leaders took part in the period, as the triage store has it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Card, Cards, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms.formats import DASH, share
from pipeline.review.monev.record import Leader, LeadersRecord
from pipeline.review.web.words import number

TOP = "tingkat menteri"


def annex(record: LeadersRecord, zone: str) -> list[Block]:
    """Return the annex of *record*; moments are shown in the time zone *zone*."""
    blocks: list[Block] = [Heading("Lampiran: keterlibatan pimpinan")]
    if not record.published:
        return [*blocks, Note("Belum ada ringkasan pimpinan yang diterbitkan untuk periode ini.")]
    blocks += [_cards(record), _readings(record, ZoneInfo(zone))]
    if record.not_read:
        who = "; ".join(f"{one.leader.name} ({level(one.unit)})" for one in record.not_read)
        blocks.append(Paragraph(f"Belum membaca ringkasannya: {who}."))
    if record.unled:
        blocks.append(Note(f"Tanpa pimpinan yang terdaftar: {', '.join(level(unit) for unit in record.unled)}."))
    return [*blocks, _decisions(record, ZoneInfo(zone))]


def level(unit: str) -> str:
    """Return what people read of a digest's unit."""
    return unit_name(unit) if unit else TOP


def _cards(record: LeadersRecord) -> Cards:
    def part(hits: int, of: int) -> str:
        return share(hits / of, 0) if of else DASH

    figures = (
        ("Ringkasan dibaca", record.read, len(record.published), "ringkasan terbit"),
        ("Tindak lanjut selesai", record.done, record.follow_ups, "tindak lanjut"),
        ("Selesai tepat waktu", record.in_time, record.due, "yang jatuh tempo"),
    )
    cards = [Card(name, part(hits, of), f"{hits} dari {of} {what}") for name, hits, of, what in figures]
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


def _decisions(record: LeadersRecord, zone: ZoneInfo) -> Table:
    columns = (
        Column("Tanggal", "day"), Column("Pimpinan"), Column("Tentang"), Column("Keputusan"), Column("Tindak lanjut"),
        Column("Penanggung jawab"), Column("Tenggat", "day"), Column("Keadaan"),
    )  # fmt: skip
    rows = tuple(
        (one.at.astimezone(zone).date(), one.by, one.about or level(one.unit), one.decided, one.follow_up or DASH,
         unit_name(one.responsible) if one.responsible else DASH, one.due, one.state or DASH)
        for one in record.decisions
    )  # fmt: skip
    return Table("Keputusan pimpinan dan tindak lanjutnya", columns, rows)


def _leads(leader: Leader) -> str:
    return ", ".join(unit_name(unit) for unit in leader.units) or TOP
