"""Time and memory of ``disposisi report monev`` on a million complaints, as its own process.

    python benchmarks/monev.py [--rows 1000000]

The texts are made from the project's own starter corpus (two complaints joined, a number behind): they show what it
costs, nothing about real complaints. Three years of days, 40 units; the period is the last year, so about a
third of the rows is its own, a third those of the year before. Prints wall and processor seconds and the peak memory.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.settings import data_dir

STATUSES = (
    "Selesai", "Ditutup oleh Sistem", "Ditutup oleh Pelapor", "Menunggu Kelengkapan Informasi",
    "Diarsipkan oleh Admin", "Belum Ditindaklanjuti",
)  # fmt: skip
KINDS = ("Pengaduan Berkadar Pengawasan", "Pengaduan Tidak Berkadar Pengawasan", "Aspirasi", "Permintaan Informasi")
CHANNELS = ("Website", "Android", "SMS", "Website - pemerintah-contoh")
YEAR = 2026
DISPOSISI = Path(sys.executable).with_name("disposisi")


def write_rows(path: Path, rows: int) -> None:
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as stream:
        texts = [row["isi"] for row in csv.DictReader(stream)]
    draw = random.Random(0)
    first = dt.date(YEAR - 2, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(
            ["Tracking ID", "Tanggal Laporan Masuk", "Isi Laporan Awal", "Instansi Terdisposisi", "Status Laporan",
             "Klasifikasi Laporan", "Sumber Laporan", "Kota/Kabupaten", "urgensi"]
        )  # fmt: skip
        for number in range(rows):
            day = first + dt.timedelta(days=draw.randrange(3 * 365))
            text = f"{draw.choice(texts)} {draw.choice(texts)} {number}"
            unit = f"Dinas Contoh {int(draw.paretovariate(1)) % 40 + 1}"
            out.writerow(
                [number, day.isoformat(), text, unit, draw.choice(STATUSES), draw.choice(KINDS), draw.choice(CHANNELS),
                 f"Kabupaten Contoh {draw.randrange(60)}", draw.choice(("rendah", "sedang", "tinggi"))]
            )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "aduan.csv"
        write_rows(data, rows)
        command = [str(DISPOSISI), "report", "monev", str(data), "--period", str(YEAR), "-o", folder]
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    print(f"rows {rows:,}; exit code {os.waitstatus_to_exitcode(status)}")
    seconds, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(f"wall {wall:.1f} s, processor {seconds:.1f} s, peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
