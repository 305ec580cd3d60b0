"""Files of an invented office, full of invented identities, in every format that the commands read."""

from __future__ import annotations

import csv
import json
from itertools import cycle
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from pipeline.settings import data_dir
from tests.leaks.identities import CELLS, IDENTITIES, REPORTERS

UNITS = ("ditjen_dukcapil", "itjen", "pemda")
ROWS = 2 * len(IDENTITIES)
INFORMATION = (("Judul Laporan", None, "Laporan Ringkas"), (), ("Nama Instansi", None, "Kabupaten Contoh"), ())
EXPORT = (
    "Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor", "Klasifikasi Laporan",
    "Isi Laporan Awal", "Isi Laporan Akhir", "Tipe Laporan (Anonim/Rahasia)", "Instansi Terdisposisi", "Kecamatan",
)  # fmt: skip


def corpus() -> list[dict[str, str]]:
    """Return the starter corpus's letters to the ministry."""
    with (data_dir() / "starter" / "korpus.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(skip: int = 0) -> list[dict[str, Any]]:
    """Return labelled rows, each with an identity; one identity goes with one unit, so that its words would tell it.

    *skip*: letters of each unit that are passed over, so that two files hold different texts.
    """
    by_unit = {unit: cycle([row for row in corpus() if row["unit"] == unit][skip:]) for unit in UNITS}
    made = []
    for number in range(ROWS):
        identity = IDENTITIES[number % len(IDENTITIES)]
        letter = next(by_unit[UNITS[number % len(IDENTITIES) % len(UNITS)]])
        text = f"{identity.text} {letter['isi']}" if number % 2 else f"{letter['isi']} {identity.text}"
        made.append(
            {
                "id": f"L-{number:04d}",
                "tanggal": f"2026-{1 + number % 9:02d}-{1 + number % 28:02d}",
                "nama pelapor": REPORTERS[number % len(REPORTERS)].written,
                "no hp": CELLS[0].written,
                "nik": CELLS[1].written,
                "email": CELLS[2].written,
                "isi": text,
                "unit": letter["unit"],
                "urgensi": letter["urgensi"],
            }
        )
    every = " ".join(identity.text for identity in IDENTITIES)
    return [*made, {**made[0], "id": "L-9999", "isi": f"KTP saya belum jadi. {every}"}]


def write_files(folder: Path) -> None:
    """Write ``aduan.csv``, ``ekspor.xlsx``, ``aduan.jsonl`` (bad lines among them) and files that cannot be read."""
    made = rows()
    with (folder / "aduan.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(made[0]))
        writer.writeheader()
        writer.writerows(made)
    _write_export(folder / "ekspor.xlsx", rows(skip=50))
    lines = [json.dumps(row, ensure_ascii=False) for row in made[:20]]
    secret = IDENTITIES[0].text.encode()
    bad = [lines[3][:-9].encode(), b'["' + secret + b'"]', b'{"isi": "\xff ' + secret + b'"}']
    (folder / "aduan.jsonl").write_bytes(b"\n".join([*(line.encode() for line in lines), *bad]) + b"\n")
    _write_broken(folder, made)
    _write_decisions(folder / "keputusan.csv", made)


def _write_export(path: Path, made: list[dict[str, Any]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Worksheet")
    for cells in (*INFORMATION, EXPORT):
        sheet.append(cells)
    for number, row in enumerate(made):
        by_staff = f"Diteruskan. {IDENTITIES[-1 - number % len(IDENTITIES)].text}"
        day = f"{1 + number % 28} Agu 2026"
        sheet.append(
            (
                row["id"],
                day,
                "10:00:00",
                row["nama pelapor"],
                "Pengaduan",
                row["isi"],
                by_staff,
                "Anonim",
                row["unit"],
                "Kota",
            )
        )
    book.save(path)


def _write_decisions(path: Path, made: list[dict[str, Any]]) -> None:
    """Write what officers decided on half of the rows, nothing masked; every fourth goes to another unit."""
    frame = [
        {
            "id": row["id"], "tanggal": row["tanggal"], "isi": row["isi"], "urgensi": row["urgensi"],
            "unit": UNITS[(UNITS.index(row["unit"]) + (number % 4 == 0)) % len(UNITS)], "tindakan": "teruskan",
            "salah_alamat_dari": "", "unit_saran": row["unit"], "peringkat_saran": "2" if number % 4 == 0 else "1",
            "petugas": "sari", "diputuskan_pada": "2026-10-01T09:00:00+07:00",
            "catatan": IDENTITIES[number % len(IDENTITIES)].text,
        }
        for number, row in enumerate(made[::2])
    ]  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(frame[0]))
        writer.writeheader()
        writer.writerows(frame)


def _write_broken(folder: Path, made: list[dict[str, Any]]) -> None:
    """Write tables whose faults tempt a message to quote a cell."""
    secrets = [identity.written for identity in (IDENTITIES[22], IDENTITIES[0], IDENTITIES[6], IDENTITIES[13])]
    line = ",".join(f'"{secret}"' for secret in secrets)
    # Rows with too many cells, an open quotation mark, a wrong byte.
    bad = [f"1,{line},{line}", f'2,"{secrets[0]}', f"3,{secrets[1]}"]
    text = "\n".join(["id,isi", "0,lampu jalan mati di gang kami", *bad, "4,sampah menumpuk di pasar"])
    (folder / "rusak.csv").write_bytes(text.encode() + b"\n5," + secrets[2].encode() + b" \xff\n")
    (folder / "tanpa_kepala.csv").write_text(f"{line}\n{line}\n", encoding="utf-8")
    book = Workbook()
    for _ in range(3):
        book.active.append(secrets)
    book.save(folder / "tanpa_kepala.xlsx")
    (folder / "terpotong.xlsx").write_bytes((folder / "ekspor.xlsx").read_bytes()[:-400])
    with (folder / "bukan_tanggal.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(made[0]))
        writer.writeheader()
        # Cells that hold what their column does not promise.
        writer.writerows({**row, "tanggal": secrets[2], "urgensi": secrets[0], "unit": ""} for row in made)
