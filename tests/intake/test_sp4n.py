from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import OptionError

FIXTURE = Path(__file__).parents[1] / "fixtures" / "sp4n_kecil.xlsx"
REAL = Path(__file__).parents[3] / "shared" / "data" / "sp4n-kab-bandung-2021-2022.xlsx"


def test_the_small_export(read: Callable) -> None:
    (batch,) = read(str(FIXTURE)).batches
    assert batch.layout == "sp4n"
    assert batch.columns.text == "Isi Laporan Awal"
    assert batch.columns.unit == "Instansi Terdisposisi"
    assert batch.rows.tolist() == list(range(12, 24))
    assert len(batch.frame.columns) == 14
    assert batch.ids()[0] == "00012345"
    texts = batch.texts()
    assert texts[0] == "KTP saya belum jadi\\nsudah tiga bulan menunggu"
    assert texts[3] == "=cmd|' /C calc'!A0 mohon dicek"
    assert len(texts[4]) > 8000
    assert texts[5] == "Sampah menumpuk 😡🗑️ di pasar lama"
    assert texts[6] == ""
    assert texts[11] == "Baris satu\nbaris dua\nbaris tiga"
    assert [row for row, unit in enumerate(batch.units()) if unit is None] == [2, 6]
    assert batch.units()[9] == "Dinas Sosial"
    assert batch.urgencies() == [None] * 12
    assert [str(date) for date in batch.dates()][:5] == [
        "2021-01-05 23:45:54",
        "2021-05-05 00:00:00",
        "2021-08-17 07:08:09",
        "2021-10-01 12:00:00",
        "2021-12-31 12:00:01",
    ]


@pytest.mark.parametrize(
    "name", ["Isi Laporan Akhir", "Judul Laporan", "Kategori", "Klasifikasi Laporan", "Instansi Terdisposisi"]
)
def test_staff_written_text_is_refused(read: Callable, name: str) -> None:
    with pytest.raises(OptionError, match="written by staff"):
        read(str(FIXTURE), text=name)


@pytest.mark.parametrize("role", ["text", "id", "unit"])
def test_the_reporter_is_never_used(read: Callable, role: str) -> None:
    with pytest.raises(OptionError, match="personal data"):
        read(str(FIXTURE), **{role: "Nama Pelapor"})


@pytest.mark.skipif(not REAL.is_file(), reason="the real export lies beside the repository only (../shared/data)")
def test_the_real_export(read: Callable) -> None:
    (batch,) = read(str(REAL), need=("text", "id", "date", "unit")).batches
    assert len(batch) == 821
    assert batch.rejects == ()
    assert batch.rows.tolist() == list(range(12, 833))
    assert batch.layout == "sp4n"
    assert len(batch.frame.columns) == 17
    assert len(set(batch.ids())) == 821
    assert all(batch.texts())
    assert Counter(unit is None for unit in batch.units()) == {False: 712, True: 109}
    dates = batch.dates()
    assert (str(dates.min()), str(dates.max())) == ("2021-01-04 23:45:54", "2022-12-29 14:36:35")
    assert not dates.isna().any()
