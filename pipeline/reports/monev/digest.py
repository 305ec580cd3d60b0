"""The leaders' digest: for the highest level and for each unit's head, five figures, three themes, what waits.

The digest is plain JSON (:mod:`pipeline.review.monev.content`): the same goes into the triage store, where leaders read
it and record their decisions, and into the printed pages. It holds nothing but what the data say on the as-of day, so
the same data give the same digest.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Card, Cards, Column, Document, Heading, Note, PageBreak, Paragraph, Table
from pipeline.reports.forms.formats import share
from pipeline.reports.monev.breakdown import Group
from pipeline.reports.monev.figures import Figures
from pipeline.reports.monev.number import Number
from pipeline.reports.monev.sections.figures import FEW, detail, leading
from pipeline.reports.monev.sections.leaders import TOP
from pipeline.reports.monev.topics import Growing
from pipeline.reports.monev.wording import value_text
from pipeline.review.web.words import number

MOST_THEMES = 3
FIGURES = 5


def make_digests(
    figures: Figures,
    stored: Sequence[Number],
    themes: Sequence[Growing],
    of_unit: Mapping[str, Sequence[Growing]],
    unanswered: Sequence[tuple[str, str, str]],
    definitions: Mapping[str, Mapping[str, Mapping[str, Any]]],
    led: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Return the digests: the minister's level first, then each unit with enough reports for a rate.

    Args:
        figures: Those of the period.
        stored: Figures of the triage store.
        themes: The themes that grow most, of all units.
        of_unit: The same within each unit.
        unanswered: (unit, title, text) of policy themes on which no change was ever recorded.
        definitions: unit (``""``: the minister's level) → theme's id → definition of each theme that changes may be
            recorded on.
        led: Units that a leader heads: they get a digest however few reports they have.
    """
    shown = [_figure(one, figures) for one in leading(figures, stored)]
    if len(shown) < FIGURES:
        shown += [*_of_months("", figures), _counted("naik", "Tema yang naik", len(themes), "melampaui kebetulan")]
    top = _digest(figures, "", shown[:FIGURES], themes, definitions)
    pressing = unanswered[:MOST_THEMES]
    top["menunggu"] = [
        *_lagging(figures),
        *_late(figures),
        *({"judul": title, "isi": text} for _, title, text in pressing),
    ]
    found = [top]
    groups = {group.name: group for group in figures.groups.get("unit", ()) if group.is_named}
    large = [name for name, group in groups.items() if not group.few]
    for unit in (*large, *sorted(set(led) - set(large))):
        growing = of_unit.get(unit, ())
        digest = _digest(figures, unit, _of_unit(groups.get(unit), figures, growing), growing, definitions)
        own = [{"judul": title, "isi": text} for owner, title, text in unanswered if owner == unit]
        digest["menunggu"] = [*_waiting(groups.get(unit), figures), *own]
        found.append(digest)
    return found


def digest_document(digests: Sequence[Mapping[str, Any]]) -> Document:
    """Return the digests as a document, a page each."""
    blocks: list[Block] = []
    for place, digest in enumerate(digests):
        if place:
            blocks.append(PageBreak())
        blocks += _page(digest)
    first = digests[0]
    return Document(f"Ringkasan pimpinan {first['label']}", f"Per {_plain_day(first)}", tuple(blocks), contents=False)


def _page(digest: Mapping[str, Any]) -> list[Block]:
    title = unit_name(str(digest["unit"])) if digest["unit"] else TOP.capitalize()
    blocks: list[Block] = [
        Heading(f"{title}: {digest['label']}"),
        Cards(tuple(Card(one["nama"], one["nilai"], one["rincian"]) for one in digest["angka"])),
    ]
    themes = tuple((one["nama"], one["isi"], unit_name(one["unit"]) if one["unit"] else "") for one in digest["tema"])
    columns = (Column("Tema"), Column("Perkembangan"), Column("Unit"))
    blocks += _listed(
        "Tiga tema yang paling tumbuh", columns, themes, "Tidak ada tema yang tumbuh melampaui kebetulan."
    )
    waiting = tuple((one["judul"], one["isi"]) for one in digest["menunggu"])
    blocks += _listed("Menunggu keputusan", (Column("Hal"), Column("Keterangan")), waiting, "Tidak ada.")
    return [*blocks, Note("Pembacaan dan keputusan dicatat di halaman Pimpinan pada aplikasi triase.")]


def _listed(title: str, columns: tuple[Column, ...], rows: tuple[tuple[str, ...], ...], none: str) -> list[Block]:
    return [Table(title, columns, rows)] if rows else [Heading(title, 3), Paragraph(none)]


def _digest(
    figures: Figures,
    unit: str,
    shown: Sequence[Mapping[str, str]],
    themes: Sequence[Growing],
    definitions: Mapping[str, Mapping[str, Mapping[str, Any]]],
) -> dict[str, Any]:
    return {
        "periode": figures.period.name,
        "label": figures.period.label,
        "per_tanggal": figures.as_of.isoformat(),
        "unit": unit or None,
        "angka": list(shown),
        "tema": [{"id": one.id, "nama": one.name, "isi": one.told, "unit": one.unit} for one in themes[:MOST_THEMES]],
        "menunggu": [],
        "definisi_tema": {theme: dict(one) for theme, one in definitions.get(unit, {}).items()},
    }


def _figure(one: Number, figures: Figures) -> dict[str, str]:
    return {"kunci": one.key, "nama": one.name, "nilai": value_text(one), "rincian": detail(one, figures)}


def _of_unit(group: Group | None, figures: Figures, growing: Sequence[Growing]) -> list[dict[str, str]]:
    """Return the unit's five figures; without statuses those of what came in."""
    if group is None:
        return [_counted("diterima", "Diterima", 0, "laporan periode ini")]
    found = [_figure(group.received, figures)]
    if group.completion is None:
        everything = figures.numbers["diterima"].value or 0
        part = share((group.received.value or 0) / everything) if everything else FEW
        found.append({"kunci": "porsi", "nama": "Bagian dari semua", "nilai": part, "rincian": "laporan periode ini"})
        return [*found, *_of_months(group.name, figures), _counted("naik", "Tema yang naik", len(growing), "")]
    rate = _figure(group.completion, figures)
    if group.shown_rate is None:
        rate |= {"nilai": FEW, "rincian": ""}
    counts = (
        ("selesai", "Selesai", group.completed),
        ("menunggu", "Menunggu", group.open),
        ("lewat", "Lewat batas", group.late),
    )
    return [rate, *found, *(_counted(key, name, rows, "laporan periode ini") for key, name, rows in counts)]


def _of_months(unit: str, figures: Figures) -> list[dict[str, str]]:
    """Return what came in the last month, and a month on average, of *unit* (``""``: of all)."""
    months = figures.months
    if not months.months:
        return []
    if unit and unit not in months.units:
        return []
    counts = months.received[months.units.index(unit)] if unit else months.received.sum(axis=0)
    last = months.months[-1].label
    mean = round(float(counts.mean()))
    return [
        _counted("bulan_terakhir", f"Diterima {last}", int(counts[-1]), ""),
        _counted("rata_rata", "Rata-rata sebulan", mean, f"{len(counts)} bulan terakhir"),
    ]


def _counted(key: str, name: str, rows: int, told: str) -> dict[str, str]:
    return {"kunci": key, "nama": name, "nilai": number(rows), "rincian": told}


def _lagging(figures: Figures) -> list[dict[str, str]]:
    found = [group for group in figures.groups.get("unit", ()) if group.behind and group.is_named][:MOST_THEMES]
    return [_behind(group, unit_name(group.name)) for group in found]


def _behind(group: Group, name: str) -> dict[str, str]:
    rate = "" if group.completion is None else value_text(group.completion)
    text = (
        f"Tingkat penyelesaian {rate} dari {number(group.received.value or 0)} laporan, di bawah tingkat keseluruhan."
    )
    return {"judul": f"Penyelesaian tertinggal: {name}", "isi": text}


def _late(figures: Figures) -> list[dict[str, str]]:
    late = figures.backlog.get("lewat_batas")
    if late is None or not late.hits:
        return []
    text = f"{number(late.hits)} dari {number(late.n or 0)} laporan terbuka dari semua periode melewati batas waktu."
    return [{"judul": "Laporan lewat batas waktu", "isi": text}]


def _waiting(group: Group | None, figures: Figures) -> list[dict[str, str]]:
    if group is None:
        return []
    found = [_behind(group, unit_name(group.name))] if group.behind else []
    if group.late:
        text = f"{number(group.late)} laporan {figures.period.label} melewati batas waktu dan belum selesai."
        found.append({"judul": "Laporan lewat batas waktu", "isi": text})
    return found


def _plain_day(digest: Mapping[str, Any]) -> str:
    year, month, day = str(digest["per_tanggal"]).split("-")
    return f"{day}/{month}/{year}"
