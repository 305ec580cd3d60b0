"""What officers decide reaches the supervisor: the figures, the download, and a model trained on it that scores."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import func, select

from pipeline.cli import main
from pipeline.review.deciding import Choice, decide
from pipeline.review.people import Person
from pipeline.review.store.tables import WAITING, Complaint
from pipeline.routing import OUTPUT_COLUMNS
from tests.review.chromium.conftest import Visit
from tests.review.chromium.visitor import Office, Visitor
from tests.review.examples import scored

TOPICS = {
    "Dinas Jalan": ("jalan berlubang di {}", "aspal {} rusak parah", "lubang besar dekat {}"),
    "Dinas Sampah": ("sampah menumpuk di {}", "tumpukan sampah {} bau", "truk sampah tidak ke {}"),
    "Dinas Air": ("air keruh di {}", "pipa air {} bocor", "air tidak mengalir ke {}"),
}
PLACES = ("pasar", "sekolah", "masjid", "terminal", "lapangan", "jembatan", "kantor", "gereja", "taman")
UNITS = tuple(TOPICS)
ROWS, DECIDED, MOVED = 81, 75, 9
PHONE = "081200004417"


def complaints() -> pd.DataFrame:
    texts = [
        (template.format(place), unit)
        for place in PLACES
        for number in range(3)
        for unit, templates in TOPICS.items()
        for template in templates[number : number + 1]
    ]
    isi = [f"{text} nomor {number}, hubungi {PHONE}" for number, (text, _) in enumerate(texts)]
    units = [unit for _, unit in texts]
    others = [UNITS[(UNITS.index(unit) + 1) % 3] for unit in units]
    levels = [("rendah", "sedang", "tinggi")[number % 3] for number in range(ROWS)]
    return scored(ROWS, seed=9, isi=isi, unit=units, unit_2=others, unit_3="", urgensi=levels, prioritas="3",
                  batas_teruskan="2126-12-24", tindakan="tinjau", aturan="", wilayah="")  # fmt: skip


def decide_most(office: Office, frame: pd.DataFrame, officer: Person) -> None:
    """Accept most suggestions; send :data:`MOVED` of the first unit's complaints to the second one suggested."""
    left = MOVED
    with office.store.write() as session:
        for row in frame.head(DECIDED).to_dict("records"):
            moved = left > 0 and row["unit"] == UNITS[0]
            left -= moved
            choice = Choice(row["unit_2" if moved else "unit"], row["urgensi"], "teruskan", note=f"hp {PHONE}")
            decide(session, officer, office.number(row["id"]), choice, version=1)


def figures(boss: Visitor) -> list[str]:
    return boss.page.locator(".hitungan b").all_inner_texts()


def cells(boss: Visitor, heading: str, row: str) -> list[str]:
    line = boss.page.locator("section", has=boss.page.get_by_role("heading", name=heading, exact=True))
    return line.locator("tbody tr", has=boss.page.get_by_role("rowheader", name=row)).locator("td").all_inner_texts()


def test_decisions_are_counted_downloaded_and_trained_on(
    visit: Visit,
    office: Office,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    frame = complaints()
    office.receive(frame)
    decide_most(office, frame, office.hire("sari"))
    boss, budi = visit("tuti", "penyelia"), visit("budi")
    boss.click("Ikhtisar", "link")
    assert figures(boss) == ["6", "0", "75", "88\xa0%", "100\xa0%", "0"]

    # What an officer does now is there at the next look.
    budi.page.goto("/antrian")
    with budi.page.expect_navigation():
        budi.page.click("a.isi >> nth=0")
    budi.press("1")
    budi.press("1")
    budi.press("z")
    boss.page.reload()
    waiting, _, decided, agreement, _, undone = figures(boss)
    assert (waiting, decided, agreement, undone) == ("5", "76", "88\xa0%", "1")
    assert cells(boss, "Per petugas", "Budi") == ["1", "1", "1"]
    assert cells(boss, "Per petugas", "Sari") == ["75", "75", "0"]
    first = cells(boss, "Per unit", UNITS[0])
    assert (first[0], first[6]) == (str(waiting_of(office, UNITS[0])), "9")
    assert cells(boss, "Per versi model", UNITS[0])[0] == "contoh/1"

    path = tmp_path / "keputusan.csv"
    with boss.page.expect_download() as download:
        boss.page.get_by_role("link", name="csv", exact=True).click()
    download.value.save_as(path)
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert len(table) == 76
    assert table["unit"].value_counts().to_dict() == unit_counts(office)
    assert set(table["petugas"]) == {"sari", "budi"}
    assert PHONE not in path.read_text("utf-8")
    assert table["isi"].str.contains("[TELEPON]", regex=False).all()
    boss.page.goto("/audit?peristiwa=ekspor")
    assert "Tuti mengunduh 76 keputusan" in boss.page.inner_text("tbody")

    monkeypatch.setenv("DISPOSISI_STORE", str(tmp_path / "models"))
    monkeypatch.delenv("DISPOSISI_CONFIG", raising=False)
    main(["train", "--name", "uji", str(path)])
    told = capsys.readouterr().out
    assert "uji/1 is registered (@champion)" in told
    assert "76 rows read" in told
    target = tmp_path / "hasil.csv"
    frame.tail(ROWS - DECIDED)[["id", "tanggal", "isi"]].to_csv(tmp_path / "baru.csv", index=False)
    main(["score", str(tmp_path / "baru.csv"), "-o", str(target), "--model", "uji"])
    rescored = pd.read_csv(target, dtype=str, keep_default_na=False)
    assert list(rescored.columns[-len(OUTPUT_COLUMNS) :]) == list(OUTPUT_COLUMNS)
    assert set(rescored["versi_model"]) == {"uji/1"}
    assert set(rescored["unit"]) <= set(UNITS)
    assert (rescored["unit"] == list(frame["unit"].tail(ROWS - DECIDED))).mean() > 0.6


def unit_counts(office: Office) -> dict[str, int]:
    """Return unit → standing decisions, by what the store holds."""
    made = office.decisions("sari", "budi")
    undone = {one.undoes_id for one in made}
    kept = [one.unit for one in made if one.kind == "putusan" and one.id not in undone]
    return {str(unit): kept.count(unit) for unit in set(kept)}


def waiting_of(office: Office, unit: str) -> int:
    with office.store.read() as session:
        waiting = select(func.count()).where(Complaint.unit == unit, Complaint.state == WAITING)
        return session.scalar(waiting) or 0
