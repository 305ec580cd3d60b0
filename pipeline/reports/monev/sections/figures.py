"""The chapter of figures: how much came in, what became of it, which unit lags, what is late."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Card, Cards, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms import charts
from pipeline.reports.forms.formats import day
from pipeline.reports.forms.formats import month as short
from pipeline.reports.monev.breakdown import BY, Group
from pipeline.reports.monev.definitions import COUNT, DAYS, SHARE, Definition
from pipeline.reports.monev.figures import Figures
from pipeline.reports.monev.number import Number
from pipeline.reports.monev.wording import HIGH, LOW, detail_text, value_text
from pipeline.review.web.words import number

FEW = "terlalu sedikit"
_LEADING = ("tingkat_selesai", "diterima", "menunggu", "lewat_batas", "umur_p90")
_SPARE = ("tingkat_ditutup_pelapor", "tingkat_diteruskan", "diteruskan_otomatis")
_MOST_BARS, _MOST_PANELS, _MOST_ROWS, _MOST_HEAT = 40, 20, 40, 30
_LEAST_LISTED = 3
"""Reports of a group that has a row of its own; one that lags has it anyhow."""


def leading(figures: Figures, extra: Iterable[Number] = ()) -> list[Number]:
    """Return the five figures that lead: those of the data that there are, others in place of what is missing."""
    keys = [key for key in (*_LEADING, *_SPARE) if key in figures.numbers]
    return [one for one in (*(figures.numbers[key] for key in keys), *extra) if one.value is not None][:5]


def detail(one: Number, figures: Figures) -> str:
    """Return what stands under a leading figure; under what waits also how much of it waits for the reporters."""
    text = detail_text(one, figures.period.previous.label)
    asked = figures.numbers.get("menunggu_pelapor")
    if one.key != "menunggu" or asked is None or not asked.value:
        return text
    return "; ".join(part for part in (f"{number(asked.value)} menunggu pelapor", text) if part)


def summary(figures: Figures) -> list[Block]:
    """Return the opening: the five figures, what they are held against, and what the reader must know of the data."""
    cards = tuple(Card(one.name, value_text(one), detail(one, figures)) for one in leading(figures))
    blocks: list[Block] = [Heading("Ringkasan"), Cards(cards)]
    if (rate := figures.numbers.get("tingkat_selesai")) is not None and rate.value is not None:
        told = [reference.name for reference in rate.references]
        if told:
            blocks.append(Paragraph(f"Tingkat penyelesaian {value_text(rate)}; pembanding: {'; '.join(told)}."))
        blocks.append(Paragraph(_closed(figures)))
    lagging = [group for group in figures.groups.get("unit", ()) if group.behind and group.is_named]
    if lagging:
        names = ", ".join(f"{unit_name(group.name)} ({_rate(group)})" for group in lagging[:5])
        more = f" dan {len(lagging) - 5} unit lain" if len(lagging) > 5 else ""
        blocks.append(Paragraph(f"Tertinggal dari tingkat keseluruhan melampaui kebetulan: {names}{more}."))
    unassigned = [group for group in figures.groups.get("unit", ()) if not group.is_named]
    if unassigned and "tingkat_selesai" in figures.numbers:
        text = f"{number(unassigned[0].received.value or 0)} laporan tidak menyebut unit; di antaranya"
        ended = f"{number(unassigned[0].completed)} selesai dan {number(unassigned[0].open)} masih terbuka"
        blocks.append(Paragraph(f"{text} {ended}."))
    return [*blocks, *map(Note, figures.notes)]


def chapter(figures: Figures, stored: Iterable[Number] = ()) -> list[Block]:
    """Return the chapter; *stored*: figures of the triage store."""
    before = figures.period.previous.label
    everything = [*figures.numbers.values(), *stored]
    blocks: list[Block] = [Heading("Angka"), *_tables(everything, before)]
    if figures.closers:
        rows = tuple((f"Ditutup oleh {who}" if who != "tidak disebut" else "Penutup tidak disebut", rows)
                     for who, rows in figures.closers)  # fmt: skip
        columns = (Column("Ditutup oleh"), Column("Laporan", "int"))
        blocks.append(Table("Siapa menutup laporan yang dihitung selesai", columns, rows))
    for by, name in BY.items():
        if groups := figures.groups.get(by):
            blocks += _breakdown(name, groups, figures)
    return [*blocks, *_months(figures), *_backlog(figures)]


def definitions(figures: Figures, stored: Iterable[Definition] = ()) -> list[Block]:
    """Return the chapter that says what each figure is, and by which statuses a report counts as completed."""
    every = {one.key: one for one in (*figures.definitions, *stored)}.values()
    rows = [(one.name, one.sentence, one.numerator, one.denominator, one.source) for one in every]
    columns = tuple(map(Column, ("Angka", "Definisi", "Pembilang", "Penyebut", "Sumber")))
    blocks: list[Block] = [Heading("Definisi")]
    if figures.counted:
        blocks.append(
            Paragraph(
                f"Status yang dihitung selesai: {', '.join(figures.counted)}. Kantor dapat menetapkan status lain."
            )
        )
    period = f"Periode {figures.period.label}, dihitung per {day(figures.as_of)}. Selang kepercayaan 95 %."
    return [*blocks, Paragraph(period), Table("Definisi angka", columns, tuple(rows))]


def _closed(figures: Figures) -> str:
    strict = figures.numbers["tingkat_ditutup_pelapor"]
    who = ", ".join(f"{name} {number(rows)}" for name, rows in figures.closers) or "tidak ada"
    return (
        f"Ditutup belum tentu terpecahkan. Yang dihitung selesai ditutup oleh: {who}. "
        f"Yang ditutup pelapornya sendiri: {value_text(strict)} dari yang diterima."
    )


def _rate(group: Group) -> str:
    if group.shown_rate is None:
        return FEW
    return f"{value_text(group.shown_rate)} dari {number(group.received.value or 0)}"


def _tables(figures: list[Number], before: str) -> list[Block]:
    """Return one table for each unit of measure, so that every column holds numbers of one kind."""
    counts = [one for one in figures if one.unit == COUNT]
    shares = [one for one in figures if one.unit == SHARE]
    days = [one for one in figures if one.unit == DAYS]
    blocks: list[Block] = []
    told = any(one.before is not None for one in figures)  # without a period before, its columns would be empty
    note = f"Perubahan terhadap {before}, dengan selang 95 %." if told else ""
    if counts:
        columns = [
            Column("Angka"), Column("Laporan", "int"), Column(before, "int"), Column("Perubahan", "share", 1),
            Column(LOW, "share", 1), Column(HIGH, "share", 1),
        ]  # fmt: skip
        counted = [(n.name, n.value, n.before, n.change, n.change_low, n.change_high) for n in counts]
        blocks.append(_cut("Jumlah laporan", columns, counted, 6 if told else 2, note))
    if shares:
        columns = [
            Column("Angka"), Column("Bagian", "share"), Column(LOW, "share"), Column(HIGH, "share"),
            Column("Dari", "int"), Column(before, "share"), Column("Perubahan", "change"),
            Column(f"Perubahan {LOW}", "change"), Column(f"Perubahan {HIGH}", "change"),
        ]  # fmt: skip
        rows = [(n.name, n.value, n.low, n.high, n.n, n.before, n.change, n.change_low, n.change_high) for n in shares]
        blocks.append(_cut("Bagian", columns, rows, 9 if told else 5, note))
    if days:
        columns = [
            Column("Angka"), Column("Hari", "decimal"), Column(LOW, "decimal"),
            Column(HIGH, "decimal"), Column("Laporan", "int"), Column(before, "decimal"),
        ]  # fmt: skip
        lasted = [(n.name, n.value, n.low, n.high, n.n, n.before) for n in days]
        blocks.append(_cut("Umur dan lama", columns, lasted, 6 if told else 5))
    return blocks


def _cut(title: str, columns: list[Column], rows: Sequence[tuple[Any, ...]], width: int, note: str = "") -> Table:
    return Table(title, tuple(columns[:width]), tuple(row[:width] for row in rows), note=note)


def _breakdown(name: str, groups: tuple[Group, ...], figures: Figures) -> list[Block]:
    plain = [(unit_name(group.name) if name == BY["unit"] else group.name, group) for group in groups]
    blocks: list[Block] = [Heading(f"Per {name.lower()}", 3)]
    rated = [(label, group) for label, group in plain if group.completion and group.is_named and not group.few]
    if len(rated) > 1:
        overall = figures.numbers["tingkat_selesai"].value
        shown = rated[:_MOST_BARS]
        rates = [group.completion for _, group in shown if group.completion is not None]
        blocks.append(
            charts.bars(
                f"Penyelesaian per {name.lower()}", [label for label, _ in shown],
                [rate.value for rate in rates], low=[rate.low for rate in rates], high=[rate.high for rate in rates],
                kind="share", digits=1, name=name, value="Tingkat penyelesaian",
                mark=None if overall is None else (float(overall), "keseluruhan"),
            )
        )  # fmt: skip
    if len(rated) < 2 and len(plain) > 1 and not any(group.completion for _, group in plain):
        shown = plain[:_MOST_BARS]
        title = f"Laporan diterima per {name.lower()}"
        received = [group.received.value for _, group in shown]
        blocks.append(charts.bars(title, [label for label, _ in shown], received, name=name, value="Laporan"))
    return [*blocks, *_group_tables(name, plain)]


def _group_tables(name: str, plain: Sequence[tuple[str, Group]]) -> list[Block]:
    """Return the groups' tables: what came and waits and, with statuses, what was completed; each fits paper."""
    listed = [one for one in plain if (one[1].received.value or 0) >= _LEAST_LISTED or one[1].behind]
    shown = listed[:_MOST_ROWS]
    kept = {label for label, _ in shown}
    rest = [group for label, group in plain if label not in kept]
    most = max((int(group.received.value or 0) for group in rest), default=0)
    others = f"({len(rest)} {name.lower()} lain, masing-masing paling banyak {number(most)})"
    received = sum(int(group.received.value or 0) for group in rest)
    has_stages = any(group.completion is not None for _, group in plain)
    columns = [Column(name), Column("Diterima", "int"), Column("Perubahan", "share", 1)]
    rows: list[tuple[object, ...]] = [(label, group.received.value, group.received.change) for label, group in shown]
    if rest:
        rows.append((others, received, None))
    if not has_stages:
        return [Table(f"{name}: diterima", tuple(columns), tuple(rows))]
    columns += [Column("Arsip atau blokir", "int"), Column("Terbuka", "int"), Column("Lewat batas", "int")]
    waits = [(group.archived_or_blocked, group.open, group.late) for _, group in shown]
    if rest:
        waits.append((sum(g.archived_or_blocked for g in rest), sum(g.open for g in rest), sum(g.late for g in rest)))
    queue = Table(
        f"{name}: diterima dan menunggu", tuple(columns), tuple((*a, *b) for a, b in zip(rows, waits, strict=True))
    )
    columns = [
        Column(name), Column("Selesai", "int"), Column("Tingkat", "share", 1), Column(LOW, "share", 1),
        Column(HIGH, "share", 1), Column("Perubahan", "change"), Column("Catatan"),
    ]  # fmt: skip
    rates = [(label, group.completed, *_rates(group)) for label, group in shown]
    if rest:
        rates.append((others, sum(group.completed for group in rest), None, None, None, None, ""))
    note = "Tertinggal: seluruh selang 95 % di bawah tingkat keseluruhan. Terlalu sedikit: tingkatnya tidak bermakna."
    return [Table(f"{name}: penyelesaian", tuple(columns), tuple(rates), note=note), queue]


def _rates(group: Group) -> tuple[object, ...]:
    rate = group.shown_rate
    if rate is None:
        return (None, None, None, None, FEW)
    return (rate.value, rate.low, rate.high, rate.change, "tertinggal" if group.behind and group.is_named else "")


def _months(figures: Figures) -> list[Block]:
    months = figures.months
    if len(months.months) < 2 or len(months.units) < 2:
        return []
    names = [unit_name(unit) for unit in months.units]
    columns = (Column("Unit"), *(Column(short(month.first), "int") for month in months.months))
    rows = tuple((name, *counts) for name, counts in zip(names, months.received.tolist(), strict=True))[:_MOST_HEAT]
    blocks: list[Block] = [
        Heading("Unit dan bulan", 3),
        Table("Laporan diterima per unit dan bulan", columns, rows, heat=True),
    ]
    if "tingkat_selesai" in figures.numbers:
        rates = months.rate.tolist()
        shares = tuple(Column(short(month.first), "share") for month in months.months)
        shown = tuple((name, *values) for name, values in zip(names, rates, strict=True))[:_MOST_HEAT]
        title = "Tingkat penyelesaian per unit dan bulan masuk"
        blocks.append(Table(title, (Column("Unit"), *shares), shown, heat=True))
    panels = dict(zip(names[:_MOST_PANELS], months.received.tolist(), strict=False))
    firsts = [month.first for month in months.months]
    blocks.append(charts.multiples("Laporan per bulan", firsts, panels, as_bars=True, same_scale=False))
    return blocks


def _backlog(figures: Figures) -> list[Block]:
    if not figures.backlog:
        return []
    rows = tuple((one.name, value_text(one)) for one in figures.backlog.values())
    text = "Semua laporan yang masih terbuka pada hari perhitungan, dari periode mana pun."
    columns = (Column("Angka"), Column("Nilai"))
    return [Heading("Antrean seluruhnya", 3), Paragraph(text), Table("Antrean seluruhnya", columns, rows)]
