"""An invented office with labels of two years, some of them wrong, and texts that hold invented identities."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.retraining.data import Labelled, Rows
from tests.leaks.identities import IDENTITIES, REPORTERS
from tests.retraining.decided_examples import ROADS, WASTE, text

HTML_UNIT = 'Loket <b>Air</b> & "Pipa"'
COLUMNS = ("--text", "isi", "--unit", "instansi", "--date", "tanggal")
TRAINED, LATER = 120, 48
WRONG = 6
_WATER = ("air pdam mati di {}", "pipa bocor dekat {}", "meter air rusak di {}", "air keruh di {}")
_PLACES = ("pasar", "sekolah", "masjid", "terminal", "lapangan", "balai", "kantor", "gereja", "taman", "rumah")


def rows(first: str, number: int, *, start: int = 0, wrong: int = 0, identities: bool = False) -> pd.DataFrame:
    """*number* rows of three units in turn, three a week; the last *wrong* ones are mislabelled."""
    units = (ROADS, WASTE, HTML_UNIT)
    found = []
    for i in range(number):
        unit, n = units[i % 3], start + i // 3
        said = text(unit, n) if unit != HTML_UNIT else _WATER[n % 4].format(_PLACES[n // 4 % 10])
        if unit == HTML_UNIT:
            said += f" lorong {'abcdefghij'[n // 40]}{'x' * (n % 7)}"
        if identities:
            said = f"{said}. {IDENTITIES[i % len(IDENTITIES)].text}"
        label = unit if i < number - wrong else units[(i + 1) % 3]
        day = np.datetime64(first, "D") + i * 7 // 3
        found.append((f"H{start}-{i}", str(day), said, label, REPORTERS[i % len(REPORTERS)].written))
    return pd.DataFrame(found, columns=["id", "tanggal", "isi", "instansi", "Nama Pelapor"])


def office() -> pd.DataFrame:
    """Rows of training from 2022-01-01 on and later ones from 2023-01-01 on, :data:`WRONG` of these mislabelled."""
    return pd.concat(
        [rows("2022-01-01", TRAINED, identities=True),
         rows("2023-01-01", LATER, start=60, wrong=WRONG, identities=True)],
        ignore_index=True,
    )  # fmt: skip


def labelled(frame: pd.DataFrame) -> Labelled:
    """*frame* as training reads it."""
    times = frame["tanggal"].to_numpy().astype("datetime64[us]")
    units = Rows(frame["isi"].tolist(), frame["instansi"].tolist(), times, None, frame["id"].tolist())
    return Labelled(units, units.take([]), len(frame))


def write(frame: pd.DataFrame, path: Path) -> Path:
    """Write *frame* as csv and return its *path*."""
    frame.to_csv(path, index=False)
    return path
