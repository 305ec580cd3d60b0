"""Several offices in one training: rows of other offices and of the starter corpus teach through functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from pipeline.catalogue.crosswalk import Crosswalk, translate
from pipeline.catalogue.functions import load_functions
from pipeline.errors import OptionError
from pipeline.retraining.data import Rows, distinct


@dataclass(frozen=True)
class FunctionRows:
    """Texts with the functions (main one first) of the unit that got them elsewhere."""

    texts: Sequence[str]
    functions: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Elsewhere:
    """What other offices know: ``office`` is the one that is served, ``rows`` those of the others by office."""

    crosswalk: Crosswalk
    office: str = ""
    rows: Mapping[str, FunctionRows] = field(default_factory=dict)

    def units(self) -> tuple[str, ...]:
        """Return the units that a crosswalk names for the served office."""
        return self.crosswalk.units(self.office)

    def rows_for(self, units: Sequence[str], *, without: Rows) -> Rows:
        """Return the others' rows with the one of *units* that has their function; texts of *without* are left out.

        Where several of *units* have a function, the earlier one gets its rows.
        """
        servers = self.crosswalk.servers(self.office, units)
        texts, labels = [], []
        for rows in self.rows.values():
            for text, functions in zip(rows.texts, rows.functions, strict=True):
                unit = translate(functions, servers)
                if unit is not None:
                    texts.append(text)
                    labels.append(unit)
        return distinct(undated(texts, labels), without=without)

    def words_for(self, units: Sequence[str]) -> Rows:
        """Return the catalogue's words for the functions of *units* as short texts."""
        servers = self.crosswalk.servers(self.office, units)
        pairs = [(word, servers[code]) for code, f in load_functions().items() if code in servers for word in f.words]
        return undated([word for word, _ in pairs], [unit for _, unit in pairs])

    def describe(self) -> dict[str, int]:
        """Return office → rows that could teach, for the record."""
        return {office: len(rows.texts) for office, rows in self.rows.items()}


def undated(texts: list[str], labels: list[str]) -> Rows:
    """Return rows without dates."""
    return Rows(texts, labels, np.full(len(texts), np.datetime64("NaT", "us")))


def split_office(argument: str) -> tuple[str, str | None]:
    """Return (file, office) of a DATA argument ``FILE`` or ``FILE=KANTOR``; an existing file's name is taken whole."""
    file, sign, office = argument.rpartition("=")
    if not sign or Path(argument).exists():
        return argument, None
    if not file or not office.strip():
        raise OptionError(f"{argument!r}: write FILE=KANTOR, for example laporan.xlsx=kab-bandung.")
    return file, office.strip()


def functions_of(rows: Rows, office: str, crosswalk: Crosswalk) -> FunctionRows:
    """Return *rows* of *office* with their units' functions; rows whose unit has none are left out."""
    known = {unit: crosswalk.functions(office, unit) for unit in set(rows.labels)}
    keep = [i for i, unit in enumerate(rows.labels) if known[unit]]
    return FunctionRows([rows.texts[i] for i in keep], [known[rows.labels[i]] for i in keep])


def by_count(labels: Sequence[str]) -> list[str]:
    """Return the different labels, the commonest first."""
    return [label for label, _ in Counter(labels).most_common()]
