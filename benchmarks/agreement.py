"""How far two readers of the starter corpus agree: ``python benchmarks/agreement.py``."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from sklearn.metrics import cohen_kappa_score

from pipeline.catalogue import LEVELS

FOLDER = Path(__file__).resolve().parents[1] / "data" / "starter"


def read(name: str) -> dict[str, dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def main() -> None:
    first, second = read("korpus.csv"), read("pembaca_kedua.csv")
    for column in ("unit", "urgensi"):
        one = np.array([first[key][column] for key in second])
        two = np.array([row[column] for row in second.values()])
        print(
            f"{column}: {len(one)} texts, agreement {(one == two).mean():.3f}, kappa {cohen_kappa_score(one, two):.3f}"
        )
        if column == "urgensi":
            ranks = [[LEVELS.index(level) for level in side] for side in (one, two)]
            print(f"  quadratic-weighted kappa {cohen_kappa_score(*ranks, weights='quadratic'):.3f}")


if __name__ == "__main__":
    main()
