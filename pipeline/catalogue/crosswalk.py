"""Crosswalk: which functions each office's units have, so that rows of one office can teach another's model.

A csv with the columns ``kantor,unit,urusan``, one row a function of a unit; a unit's first function is its main one.
Those in ``data/crosswalk`` always apply. A unit that no crosswalk names has the functions that its name tells.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.catalogue.functions import functions_by_name, load_functions, unit_key
from pipeline.errors import InputError, MissingColumnError
from pipeline.settings import data_dir

COLUMNS = ("kantor", "unit", "urusan")
_PLACE_UNIT = re.compile(r"^(Kelurahan|Kecamatan|Desa)\s+\S", re.IGNORECASE)


def pool_place(unit: str) -> str:
    """Return ``Kelurahan``, ``Kecamatan`` or ``Desa`` for the office of one place, else *unit* itself."""
    match = _PLACE_UNIT.match(unit)
    return match.group(1).capitalize() if match else unit


@dataclass
class Crosswalk:
    """``offices``: office → unit as written → its functions, the main one first."""

    offices: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def functions(self, office: str, unit: str) -> Sequence[str]:
        """Return the functions of *unit*: as a crosswalk says, else as its name tells; maybe none."""
        known = {unit_key(name): functions for name, functions in self.offices.get(office, {}).items()}
        for name in (unit, pool_place(unit)):
            if (found := known.get(unit_key(name))) is not None:
                return found
        return functions_by_name(unit)

    def units(self, office: str) -> tuple[str, ...]:
        """Return the units that a crosswalk names for *office*."""
        return tuple(self.offices.get(office, {}))

    def servers(self, office: str, units: Iterable[str]) -> dict[str, str]:
        """Return function → the one of *units* that a complaint on it goes to.

        Among several units with a function, one whose main function it is comes first, then the earlier one of
        *units*. A function that several places' offices share goes to none of them: only the place could decide.
        """
        listed = [(unit, self.functions(office, unit)) for unit in units]
        served: dict[str, str] = {}
        for part in (slice(1), slice(1, None)):
            for unit, functions in listed:
                for function in functions[part]:
                    served.setdefault(function, unit)
        return {function: unit for function, unit in served.items() if pool_place(unit) == unit}


def translate(functions: Sequence[str], servers: Mapping[str, str]) -> str | None:
    """Return the unit for a row whose unit elsewhere has *functions*: its main one's, else any's, else ``None``."""
    return next((servers[function] for function in functions if function in servers), None)


def load_crosswalk(paths: Iterable[Path] = ()) -> Crosswalk:
    """Return the shipped crosswalks with those of *paths* on top: an office named there is taken from there alone.

    Raises :class:`InputError` naming file, row and column for an empty cell, an unknown function or a file that is
    no csv, :class:`MissingColumnError` when a column is absent.
    """
    crosswalk = Crosswalk()
    for path in (*sorted((data_dir() / "crosswalk").glob("*.csv")), *paths):
        crosswalk.offices.update(_read(path))
    return crosswalk


def _read(path: Path) -> dict[str, dict[str, list[str]]]:
    offices: dict[str, dict[str, list[str]]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            names = [name.strip().lower() for name in reader.fieldnames or ()]
            reader.fieldnames = names
            for column in COLUMNS:
                if column not in names:
                    raise MissingColumnError(
                        "no such column", file=str(path), column=column, hint="A crosswalk has kantor,unit,urusan."
                    )
            for row in reader:
                cells = {column: (row[column] or "").strip() for column in COLUMNS}
                _check(cells, str(path), reader.line_num)
                units = offices.setdefault(cells["kantor"], {})
                functions = units.setdefault(cells["unit"], [])
                if cells["urusan"] not in functions:
                    functions.append(cells["urusan"])
    except FileNotFoundError as error:
        raise InputError("no such file", file=str(path), hint="Correct --crosswalk.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"not a readable csv ({error})", file=str(path), hint="Save it as csv in UTF-8.") from error
    return offices


def _check(cells: Mapping[str, str], file: str, row: int) -> None:
    for column, cell in cells.items():
        if not cell:
            raise InputError("the cell is empty", file=file, row=row, column=column, hint="Fill it or delete the row.")
    if cells["urusan"] not in load_functions():
        raise InputError(
            f"{cells['urusan']!r} is no function", file=file, row=row, column="urusan",
            hint="docs/kantor.md lists the functions.",
        )  # fmt: skip
