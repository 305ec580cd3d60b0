"""Days and units of the real complaints in ../shared/data, for the benchmarks of time series."""

from __future__ import annotations

import pandas as pd
from real_rows import DATA, bandung

from pipeline.intake.dates import parse_dates


def surabaya_days() -> pd.DataFrame:
    """Return ``day``, ``instansi`` (Kelurahan … and Kecamatan … pooled) and ``topik`` of Surabaya's rows."""
    rows = pd.read_csv(DATA / "surabaya.csv", usecols=["tanggal", "instansi", "topik"])
    unit = rows["instansi"].str.replace(r"^(Kelurahan|Kecamatan) .*", r"\1", regex=True)
    return pd.DataFrame({"day": pd.to_datetime(rows["tanggal"]), "instansi": unit, "topik": rows["topik"]})


def bandung_days() -> pd.DataFrame:
    """Return ``day`` and ``unit`` of the rows of Kab. Bandung's export that were given to one."""
    rows = bandung()
    days = parse_dates(rows["Tanggal Laporan Masuk"].tolist())
    unit = rows["Instansi Terdisposisi"].str.replace(r"^(Kelurahan|Kecamatan) .*", r"\1", regex=True)
    return pd.DataFrame({"day": days, "unit": unit}).loc[lambda frame: frame["unit"] != ""]
