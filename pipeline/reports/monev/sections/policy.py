"""The chapter of policy: which rule or service complaints touch, and whether a change of it helped."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from pipeline.catalogue import unit_name
from pipeline.reports.blocks import Block, Column, Heading, Note, Paragraph, Table
from pipeline.reports.forms import charts
from pipeline.reports.forms.charts import Line
from pipeline.reports.forms.formats import DASH, month
from pipeline.reports.monev.changed import Changed
from pipeline.reports.monev.period import Period
from pipeline.reports.monev.policy import PolicyItem
from pipeline.reports.monev.series.interrupted import Effect
from pipeline.reports.monev.themes.growth import FALLS, RISES
from pipeline.reports.monev.topics import Topics, owner_text, owns, policy_text, verdict_text

_MOST_UNANSWERED = 3


def chapter(topics: Topics, changed: Sequence[Changed] | None, period: Period) -> list[Block]:
    """Return the policy list, and what followed the changes that offices recorded (``None``: no store was asked)."""
    blocks: list[Block] = [Heading("Daftar kebijakan")]
    if topics.items:
        blocks.append(
            Paragraph(
                "Tema yang paling mendesak bagi unit pemilik aturan atau layanannya. Nilai = besar × pertumbuhan × "
                "penyelesaian × urgensi; besar = log(1 + aduan) / log(1 + aduan tema terbesar), pertumbuhan = "
                "2k / (1 + k) untuk kali lipat k, penyelesaian = 0,5 + bagian belum selesai, "
                "urgensi = 0,5 + bagian urgensi tinggi. "
                "Faktor yang tidak ada datanya dihitung 1."
            )
        )
        blocks += [_ranking(topics.items, period), _details(topics.items)]
    else:
        blocks.append(Note("Tidak ada tema yang cukup besar untuk daftar kebijakan."))
    return [*blocks, *_effects(changed)]


def unanswered(topics: Topics, changed: Sequence[Changed], decided: Collection[str] = ()) -> list[tuple[str, str, str]]:
    """Return (unit, title, text) of the most pressing items on which no change is recorded, three a unit at most.

    *decided*: themes that leaders have decided on before.
    """
    answered = {one.change.theme_id for one in changed} | set(decided)
    found: list[tuple[str, str, str]] = []
    for item in topics.items:
        if (
            item.theme not in answered
            and presses(item)
            and sum(unit == item.unit for unit, _, _ in found) < _MOST_UNANSWERED
        ):
            found.append((item.unit if owns(item) else "", f"Kebijakan: {item.asked}", policy_text(item)))
    return found


def presses(item: PolicyItem) -> bool:
    """Tell whether an item waits for a decision: it grows, or a part of it is not completed or of unknown state."""
    return item.verdict == RISES or item.open_share is None or item.open_share > 0


def _ranking(items: Sequence[PolicyItem], period: Period) -> Table:
    columns = (
        Column("Tema"), Column("Unit pemilik"), Column("Aduan", "int"), Column(period.previous.label, "int"),
        Column("Perkembangan"), Column("Belum selesai", "share", 0), Column("Urgensi tinggi", "share", 0),
        Column("Nilai", "decimal", 2),
    )  # fmt: skip
    rows = tuple(
        (one.asked, _owner(one), one.complaints, one.before, verdict_text(one.verdict), one.open_share,
         one.urgent_share, one.factors.product)
        for one in items
    )  # fmt: skip
    return Table("Peringkat", columns, rows)


def _details(items: Sequence[PolicyItem]) -> Table:
    columns = (
        Column("Tema"), Column("Yang diminta, dalam kata warga"), Column("Sejak"), Column("Di mana"),
        Column("Unit dan status sama", "share", 0), Column("Layanan atau aturan"),
    )  # fmt: skip
    rows = tuple(
        (
            one.asked,
            one.quote or DASH,
            _since(one),
            _where(one),
            one.same_answer,
            "; ".join((*one.services, *one.laws)) or DASH,
        )
        for one in items
    )
    note = (
        "Sejak: bulan pertama dari bulan berturut-turut sampai akhir periode yang jumlahnya di atas kebetulan, atau "
        "aduan pertama dalam data. Unit dan status sama: bagian aduan dengan unit dan status yang sama; isi "
        "jawaban tidak ada dalam data. Aturan: yang disebut warga."
    )
    return Table("Rincian", columns, rows, note=note)


def _owner(item: PolicyItem) -> str:
    return owner_text(item) if item.unit else DASH


def _since(item: PolicyItem) -> str:
    if item.since is not None and item.verdict != FALLS:
        return f"meningkat sejak {month(item.since)}"
    return f"ada sejak {month(item.first)}" if item.first is not None else DASH


def _where(item: PolicyItem) -> str:
    return ", ".join(f"{name} {rows}" for name, rows in item.where) or DASH


def _effects(changed: Sequence[Changed] | None) -> list[Block]:
    blocks: list[Block] = [Heading("Apa yang kami ubah, dan hasilnya", 3)]
    if changed is None:
        return [*blocks, Paragraph("Laporan ini dibuat tanpa basis data triase, tempat perubahan dicatat.")]
    if not changed:
        return [*blocks, Paragraph("Belum ada perubahan yang dicatat di basis data triase.")]
    columns = (
        Column("Sejak", "day"), Column("Tema"), Column("Unit"), Column("Yang diubah"), Column("Aduan sesudahnya"),
        Column("Dicatat oleh"),
    )  # fmt: skip
    rows = tuple(
        (one.change.changed_on, one.change.theme_name, unit_name(one.change.unit) if one.change.unit else DASH,
         one.change.text, one.result.sentence, one.change.by)
        for one in changed
    )  # fmt: skip
    note = "Dibanding perkiraan tanpa perubahan (deret waktu terputus). Sebab lain pada "
    note += (
        "waktu itu tidak terpisahkan; pada tema yang diubah lebih dari sekali, pengaruh perubahan sebelumnya pun tidak."
    )
    blocks.append(Table("Perubahan dan hasilnya", columns, rows, note=note))
    return [*blocks, *(_chart(one, one.result) for one in changed if isinstance(one.result, Effect))]


def _chart(changed: Changed, effect: Effect) -> Block:
    points = effect.line
    first = next((place for place, point in enumerate(points) if point.after), len(points))
    return charts.lines(
        f"Aduan per {effect.unit}: {changed.change.theme_name}",
        [point.begins for point in points],
        [Line("terjadi", [point.seen for point in points]),
         Line("perkiraan tanpa perubahan", [point.expected for point in points], dashed=True)],
        kind="decimal",
        digits=0,
        mark=(first, "perubahan"),
        description=f"{changed.change.text}: {effect.sentence}.",
    )  # fmt: skip
