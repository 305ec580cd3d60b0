"""``disposisi report monev`` from files to files: what it writes, that it repeats itself, how it refuses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pandas as pd
import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.review.monev import changes, digests, leaders_record
from pipeline.review.monev.policy import record_change
from pipeline.review.people import Person, add_person, person_of
from pipeline.review.store import Store, open_store
from pipeline.review.store.tables import Officer
from tests.command import run

NIK, PHONE, PERSON, PLATE = "3273014501900001", "081234567890", "Sutrisno Wirawan", "D 4821 QZ"
UNITS = ("Dinas Terang", "Dinas Bersih", "Dinas Kartu")
MATTERS = (
    ("lampu jalan padam sejak {} malam di depan pasar",) * 3,
    ("sampah menumpuk di tepi sungai sudah {} hari belum diangkut", "truk sampah tidak datang {} minggu bau sekali",
     "tumpukan sampah di pasar tidak diangkut sejak {} hari"),
    ("cetak KTP belum jadi padahal rekam {} bulan lalu", "blangko KTP kosong terus sudah {} kali ke kantor",
     "KTP saya hilang dan cetak ulang menunggu {} minggu"),
)  # fmt: skip


def rows(months: int = 14, falls: bool = False) -> list[dict[str, object]]:
    """Invented complaints of *months* months up to October 2026; with *falls* lamps' complaints fall from July 2026."""
    draw = random.Random(7)
    found: list[dict[str, object]] = []
    for month in pd.period_range(end="2026-10", periods=months, freq="M"):
        for matter, phrases in enumerate(MATTERS):
            quiet = falls and matter == 0 and month >= pd.Period("2026-07")
            for number in range(10 if quiet else 30):
                text = draw.choice(phrases).format(draw.randrange(2, 99)) + f" tolong segera {draw.randrange(10_000)}"
                if number == 0:
                    text += f". Nama saya {PERSON}, NIK {NIK}, hubungi {PHONE}, plat {PLATE}"
                found.append(
                    {
                        "Tracking ID": len(found),
                        "Tanggal Laporan Masuk": f"{month}-{draw.randrange(1, 29):02d}",
                        "Nama Pelapor": PERSON,
                        "Isi Laporan Awal": text,
                        "Instansi Terdisposisi": UNITS[matter],
                        "Status Laporan": draw.choice(["Ditutup oleh Sistem", "Ditutup oleh Pelapor", "Selesai"])
                        if draw.random() < 0.9 - 0.3 * (matter == 1)
                        else "Belum Ditindaklanjuti",
                        "Tipe Laporan (Anonim/Rahasia)": "Rahasia" if number == 1 else "",
                        "Kota/Kabupaten": draw.choice(["Kabupaten Alfa", "Kabupaten Beta"]),
                        "Sumber Laporan": draw.choice(["Website", "SMS"]),
                    }
                )
    return found


@contextmanager
def opened(url: str) -> Iterator[Store]:
    store = open_store(url)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("monev") / "ekspor.csv"
    pd.DataFrame(rows(falls=True)).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('triase') / 'triase.db'}"
    with opened(url) as store, store.write() as session:
        add_person(session, "wati", "Wati Lestari", "pimpinan", "kata-sandi-panjang-1", must_change=False)
        add_person(session, "beni", "Beni Saputra", "penyelia", "kata-sandi-panjang-2", must_change=False)
    return url


@pytest.fixture(scope="module")
def written(data: Path, store_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("laporan") / "baru"
    assert run("report", "monev", data, "--period", "2026-10", "-o", folder, "--triage", store_url) == 0
    return folder


def texts_of(folder: Path) -> dict[str, str]:
    """Return what people read in each file."""
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}
    for path in folder.glob("*.pdf"):
        with pypdfium2.PdfDocument(path) as document:
            found[path.name] = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    for path in folder.glob("*.xlsx"):
        book = openpyxl.load_workbook(path, read_only=True)
        cells = (cell for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line)
        found[path.name] = "\n".join(str(cell) for cell in cells if cell is not None)
        book.close()
    return found


def test_five_files_say_the_same_figures(written: Path, data: Path):
    frame = pd.read_csv(data)
    now = frame[frame["Tanggal Laporan Masuk"].str.startswith("2026-10")]
    done = now["Status Laporan"].str.startswith(("Ditutup", "Selesai")).sum()
    rate = f"{100 * done / len(now):.2f}".replace(".", ",")
    found = texts_of(written)
    assert sorted(found) == [
        "monev-2026-10.html", "monev-2026-10.pdf", "monev-2026-10.xlsx", "ringkasan-2026-10.html",
        "ringkasan-2026-10.pdf",
    ]  # fmt: skip
    for name, text in found.items():
        if name.endswith(("html", "pdf")):
            assert rate in text.replace("\N{NO-BREAK SPACE}", " "), name
    book = openpyxl.load_workbook(written / "monev-2026-10.xlsx", read_only=True)
    values = [cell for sheet in book for line in sheet.iter_rows(values_only=True) for cell in line]
    book.close()
    assert any(isinstance(value, float) and value == pytest.approx(done / len(now)) for value in values)


def test_nobody_is_named(written: Path, store_url: str):
    with opened(store_url) as store, store.read() as session:
        found = [digests.find(session, "2026-10", unit) for unit in ("", *UNITS)]
        digest = str([one.content for one in found if one is not None])
    for name, text in (texts_of(written) | {"digest": digest}).items():
        for secret in (NIK, PHONE, PERSON, "Sutrisno", "Wirawan", PLATE, "4821"):
            assert secret not in text, (name, secret)
    for path in written.iterdir():
        assert NIK.encode() not in path.read_bytes()


def test_themes_are_the_three_matters_in_citizens_words(written: Path):
    page = texts_of(written)["monev-2026-10.html"]
    names = [name for name in ("lampu jalan", "sampah", "KTP") if name in page]
    assert names == ["lampu jalan", "sampah", "KTP"]


def test_again_gives_the_same_bytes_and_publishes_nothing(
    written: Path, data: Path, store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    shuffled = tmp_path / "acak.csv"
    pd.read_csv(data).sample(frac=1, random_state=3).to_csv(shuffled, index=False)
    assert run("report", "monev", shuffled, "--period", "2026-10", "-o", tmp_path, "--triage", store_url) == 0
    assert "0 baru" in capsys.readouterr().out
    for path in written.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_a_change_and_a_reading_come_back_in_the_next_report(data: Path, store_url: str, written: Path, tmp_path: Path):
    with opened(store_url) as store:
        with store.write() as session:
            leader, supervisor = (person(session, login) for login in ("wati", "beni"))
            digest = digests.find(session, "2026-10", "")
            assert digest is not None
            theme = next(key for key, one in digest.content["definisi_tema"].items() if "lampu" in one["nama"])
            record_change(session, supervisor, theme, "Regu lampu malam ditambah.", pd.Timestamp("2026-07-01").date())
            digests.mark_read(session, leader, digest.id)
        with store.read() as session:
            assert [change.theme_id for change in changes(session)] == [theme]
            assert leaders_record(session, "2026-10").read == 1
    assert (
        run("report", "monev", data, "--period", "2026-10", "-o", tmp_path, "--triage", store_url, "--form", "html")
        == 0
    )
    page = (tmp_path / "monev-2026-10.html").read_text(encoding="utf-8")
    assert "Regu lampu malam ditambah." in page
    assert "Wati Lestari" in page
    assert "turun" in page[page.index("Regu lampu malam") :][:400]
    assert [path.suffix for path in tmp_path.iterdir()] == [".html", ".html"]


def person(session: Session, login: str) -> Person:
    """Return the person *login*."""
    return person_of(session.scalars(select(Officer).where(Officer.login == login)).one())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--period", "2026-13"), "2026-13"),
        (("--period", "2030-01"), "no report was received in 2030-01"),
        (("--period", "2026-10", "--statuses", "tidak-ada.tsv"), "tidak-ada.tsv"),
        (("--period", "2026-10", "--triage", "sqlite:///tidak-ada.db"), "there is no such triage store"),
        (("--period", "2026-10", "--date", "tanggl"), "tanggl"),
    ],
)
def test_wrong_options_are_refused_before_anything_is_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
):
    folder = tmp_path / "laporan"
    assert run("report", "monev", data, "-o", folder, *arguments) == 2
    assert told in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_is_a_file_is_refused(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "berkas").write_text("isi", encoding="utf-8")
    assert run("report", "monev", data, "--period", "2026-10", "-o", tmp_path / "berkas") == 2
    assert "berkas" in capsys.readouterr().err
    assert (tmp_path / "berkas").read_text(encoding="utf-8") == "isi"
