from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.intake import LAYOUT_TABLE, Batch
from pipeline.intake.batch import Columns
from pipeline.scoring.masking import HIDDEN, mask_batch

NIK = "32" + "73011505900001"


def batch(**columns: list) -> Batch:
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    roles = Columns(text="isi", id="id", date="tanggal", unit=None, urgency=None)
    return Batch(frame, np.arange(1, len(frame) + 1), "uji", roles, LAYOUT_TABLE)


def test_texts_are_masked_and_ids_and_dates_stay():
    given = batch(
        id=["12345678"], tanggal=["2026-01-05"], isi=[f"KTP saya belum jadi, NIK {NIK}"], catatan=["hub 081234567890"]
    )
    masked = mask_batch(given).frame.iloc[0]
    assert masked["id"] == "12345678"
    assert masked["tanggal"] == "2026-01-05"
    assert masked["isi"] == "KTP saya belum jadi, NIK [NIK]"
    assert "0812" not in masked["catatan"]
    assert given.frame.isi[0].endswith(NIK)


def test_columns_of_personal_data_are_hidden_whole():
    given = batch(
        id=["1", "2", "3"],
        isi=["a", "b", "c"],
        **{"Nama Pelapor": ["Wirasentana", "", None], "no_hp": [81234567890, None, ""]},
    )
    masked = mask_batch(given).frame
    assert masked["Nama Pelapor"].tolist() == [HIDDEN, "", None]
    assert masked["no_hp"].tolist() == [HIDDEN, None, ""]


def test_what_is_no_text_stays():
    given = batch(id=["1"], isi=[None], jumlah=[3])
    masked = mask_batch(given).frame
    assert masked["isi"].tolist() == [None]
    assert masked["jumlah"].tolist() == [3]
