"""The chapter of themes: what people complain about, by unit and region, what grows, in citizens' own words."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Column, Heading, Note, Paragraph, Quotes, Table
from pipeline.reports.forms import charts
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.themes import Growth
from pipeline.reports.monev.themes.growth import FALLS, RISES
from pipeline.reports.monev.topics import Topics, verdict_text
from pipeline.reports.monev.wording import HIGH, LOW

_MOST_BARS, _MOST_QUOTED, _MOST_GROUPS, _MOST_THEMES, _MOST_CHANGES = 20, 15, 15, 8, 40
_COLUMNS = {"unit": "unit", "region": "wilayah"}


def chapter(topics: Topics, period: Period) -> list[Block]:
    """Return the chapter."""
    blocks: list[Block] = [Heading("Tema")]
    if not topics.themes.definitions:
        return [*blocks, Note(topics.themes.note)]
    names, before = topics.themes.names, period.previous.label
    blocks.append(
        Paragraph(
            "Aduan yang mirip dikelompokkan menurut kata-katanya, lalu dinamai dengan frasa khas dari tulisan warga. "
            "Judul, kategori, dan unit tidak dipakai. Sebagian aduan tidak masuk tema mana pun."
        )
    )
    shown = _largest(topics)[:_MOST_BARS]
    labels = [names[one.theme] for one in shown]
    blocks.append(charts.bars("Tema terbesar", labels, [one.now for one in shown], name="Tema", value="Aduan"))
    blocks.append(_table(topics, names, before))
    for by, word in _COLUMNS.items():
        if by in topics.crossed:
            blocks += _by_group(topics, by, word, names, before)
    return [*blocks, *_voices(topics, names)]


def _largest(topics: Topics) -> list[Growth]:
    return sorted(topics.changes, key=lambda one: (-one.now, -one.before, one.theme))


def _table(topics: Topics, names: Sequence[str], before: str) -> Table:
    columns = (
        Column("Tema"), Column("Aduan", "int"), Column(before, "int"), Column("Porsi", "share", 1),
        Column("Kali lipat", "decimal", 2), Column(LOW, "decimal", 2), Column(HIGH, "decimal", 2),
        Column("Perkembangan"),
    )  # fmt: skip
    rows = tuple(
        (names[one.theme], one.now, one.before, one.share_now, one.ratio, one.low, one.high, verdict_text(one.verdict))
        for one in _largest(topics)
    )
    note = (
        f"Kali lipat: peluang tema ini di antara semua aduan dibanding {before}. Naik atau turun hanya disebut bila "
        "melampaui kebetulan (laju temuan palsu 5 %)."
    )
    return Table("Semua tema", columns, rows, note=note)


def _by_group(topics: Topics, by: str, word: str, names: Sequence[str], before: str) -> list[Block]:
    crossed = topics.crossed[by]
    themes = [one.theme for one in _largest(topics)[:_MOST_THEMES]]
    kept = crossed.counts[:_MOST_GROUPS, themes]
    columns = (Column(word.capitalize()), *(Column(names[theme].split(";")[0], "int") for theme in themes))
    rows = tuple(
        (_label(by, group), *counts) for group, counts in zip(crossed.groups[:_MOST_GROUPS], kept.tolist(), strict=True)
    )
    blocks: list[Block] = [
        Heading(f"Tema per {word}", 3),
        Table(f"Aduan per {word} dan tema", columns, rows, heat=True, note="Tema dan kelompok terbesar saja."),
    ]
    moved = [one for one in topics.changes_of[by] if one.verdict in (RISES, FALLS)]
    moved.sort(key=lambda one: (one.q or 0.0, one.group, one.theme))
    if moved:
        blocks.append(_moved(moved, by, word, names, before))
    else:
        blocks.append(Paragraph(f"Tidak ada tema yang naik atau turun di suatu {word} melampaui kebetulan."))
    return blocks


def _moved(moved: Sequence[Growth], by: str, word: str, names: Sequence[str], before: str) -> Table:
    columns = (
        Column(word.capitalize()), Column("Tema"), Column("Aduan", "int"), Column(before, "int"),
        Column("Kali lipat", "decimal", 2), Column("Perkembangan"),
    )  # fmt: skip
    rows = tuple(
        (_label(by, one.group), names[one.theme], one.now, one.before, one.ratio, one.verdict)
        for one in moved[:_MOST_CHANGES]
    )
    return Table(f"Tema yang naik atau turun per {word}", columns, rows)


def _label(by: str, group: str) -> str:
    return unit_name(group) if by == "unit" else group


def _voices(topics: Topics, names: Sequence[str]) -> list[Block]:
    order = [one.theme for one in _largest(topics)]
    quoted = [(names[theme], topics.voices[theme]) for theme in order if topics.voices[theme]][:_MOST_QUOTED]
    if not quoted:
        return []
    blocks: list[Block] = [
        Heading("Suara warga", 3),
        Paragraph("Kutipan disamarkan; laporan rahasia tidak dikutip."),
    ]
    for name, told in quoted:
        blocks += [Heading(name, 4), Quotes(told)]
    return blocks
