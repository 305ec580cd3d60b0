"""What the rules find in texts, as columns; and what follows for the action."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.classifiers.sentences import Sentences
from pipeline.routing.completeness import Completeness, CompletenessCheck
from pipeline.routing.decision import FINDING_COLUMNS, INCOMPLETE, NOT_A_COMPLAINT, REVIEW
from pipeline.routing.guard import Guard
from pipeline.routing.guard.consequence import consequence
from pipeline.routing.jurisdiction import JurisdictionFinder, belongs_to, foreign_units
from pipeline.routing.kind import KINDS, NO_COMPLAINT, KindFinder
from pipeline.routing.missing import MissingFinder, action_for, needed_by
from pipeline.routing.missing import reason as ask_for
from pipeline.routing.places import Place, PlaceFinder
from pipeline.routing.policy import PolicyDecision
from pipeline.text import WordTable

URGENT = frozenset({"darurat", "tinggi"})
"""Levels that wait for nobody: such a row is never sent back to the reporter first."""
ACCUSED_UNIT = "pengawasan:unit_dituduh"
"""The suggested unit is the one that the report accuses."""
FOREIGN = "kewenangan"
UNSURE_REGION = "wilayah:meragukan"
"""The matter is another government's, and the text leaves open whose."""
SEPARATOR = "; "
_MORE = "dan"
_MOST_GOVERNMENTS = 3
PLACE_COLUMNS = (
    "wilayah", "kode_wilayah", "wilayah_provinsi", "wilayah_kabkota", "wilayah_kecamatan", "wilayah_desa",
    "calon_wilayah",
)  # fmt: skip
_THANKS = "ucapan atau pesan tanpa hal yang dapat ditindaklanjuti"


@dataclass
class Findings:
    """``columns``: the texts of :data:`FINDING_COLUMNS`; ``rules``: row → ids of the rules that spoke there;

    ``actions``: row → (action, reason, ``""`` for the unit's own) that a unit's confidence cannot change; ``asks``:
    row → what to ask the reporter; ``watched``: rows that a person must see before they leave, shape (rows,).
    """

    columns: dict[str, list[str]]
    watched: NDArray[np.bool_]
    rules: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    actions: dict[int, tuple[str, str]] = field(default_factory=dict)
    asks: dict[int, str] = field(default_factory=dict)


class FindingFinder:
    """Every rule that reads a text, for texts tokenised with *table*; ``known(stem)`` tells a word of the language.

    *units*: the labels that the model gives.
    """

    def __init__(self, table: WordTable, known: Callable[[str], bool], units: Sequence[str]) -> None:
        today = dt.date.today()
        self._completeness = CompletenessCheck(table, known)
        self._kinds = KindFinder(table, today)
        self._guard = Guard(table, today)
        self._places = PlaceFinder(table, today)
        self._missing = MissingFinder(table, today)
        self._jurisdiction = JurisdictionFinder(table, today)
        self._inspectorate = consequence("", units).copy_to

    def find(self, sentences: Sentences, units: Sequence[Any], levels: Sequence[Any]) -> Findings:
        """Return the findings of texts whose first suggested *units* and *levels* of urgency are these."""
        rows = sentences.rows
        found = Findings({name: [""] * len(rows) for name in FINDING_COLUMNS}, np.zeros(len(rows), dtype=bool))
        problems = self._completeness(rows)
        found.columns["jenis"] = self._kinds.find(sentences, problems)
        found.columns["berkadar_pengawasan"] = ["tidak"] * len(rows)
        for row, kind in enumerate(found.columns["jenis"]):
            if kind != KINDS[0]:
                found.rules[row] += self._kinds.why(row).split(";")
        places = self._add_places(found, rows)
        self._add_jurisdiction(found, sentences, units)
        self._add_guard(found, sentences, units, problems)
        self._add_missing(found, sentences, places, units, levels)
        for row, kind in enumerate(found.columns["jenis"]):
            if kind == NO_COMPLAINT and levels[row] not in URGENT and not found.watched[row]:
                found.actions[row] = (NOT_A_COMPLAINT, _THANKS)
                found.columns["bukan_kewenangan"][row] = ""
                found.asks.pop(row, None)
        for row, problem in problems.items():
            _set_problem(found, row, problem)
        return found

    def _add_places(self, found: Findings, rows: Any) -> np.ndarray:
        has = np.zeros(len(rows), dtype=bool)
        for row, place in self._places.find(rows):
            has[row] = bool(place.kecamatan or place.desa)
            set_place(found.columns, row, place)
        return has

    def _add_jurisdiction(self, found: Findings, sentences: Sentences, units: Sequence[Any]) -> None:
        foreign = [row for row, unit in enumerate(units) if unit in foreign_units()]
        if not foreign:
            return
        institutions = self._jurisdiction.find(sentences)
        for row in foreign:
            institution = institutions.get(row)
            region = government_of(found.columns["kode_wilayah"][row], found.columns["calon_wilayah"][row])
            owner = belongs_to(units[row], institution, region)
            found.columns["bukan_kewenangan"][row] = owner
            is_named = institution is not None and institution.name in owner
            found.rules[row].append(institution.rule if institution and is_named else FOREIGN)
            if region and found.columns["calon_wilayah"][row]:
                # Sent on unseen, it would go to the wrong government as often as not.
                found.watched[row] = True
                found.rules[row].append(UNSURE_REGION)

    def _add_guard(
        self, found: Findings, sentences: Sentences, units: Sequence[Any], problems: dict[int, Completeness]
    ) -> None:
        for row, accusation in self._guard.find(sentences).items():
            kind = found.columns["jenis"][row]
            if row in problems or kind == NO_COMPLAINT or (accusation.by_words and kind != KINDS[0]):
                continue
            found.columns["berkadar_pengawasan"][row] = "ya"
            found.watched[row] = True
            found.rules[row] += accusation.rules
            if accusation.by_words:
                # No phrase accuses anyone: a person looks, nothing else follows.
                continue
            found.columns["dituduh"][row] = accusation.accused
            follows = consequence(accusation.accused, [units[row], self._inspectorate])
            found.columns["salinan"][row] = follows.copy_to
            found.columns["saran_kerahasiaan"][row] = accusation.confidential
            if units[row] in follows.accused_units:
                found.rules[row].append(ACCUSED_UNIT)

    def _add_missing(
        self, found: Findings, sentences: Sentences, places: np.ndarray, units: Sequence[Any], levels: Sequence[Any]
    ) -> None:
        missing = self._missing.find(sentences, places, found.columns["jenis"])
        for row, lack in missing.items():
            codes = tuple(code for code in lack.codes if code in needed_by(units[row]))
            if not codes:
                continue
            found.columns["kurang"][row] = ";".join(codes)
            found.rules[row] += lack.rules
            if levels[row] not in URGENT and not found.watched[row]:
                action = action_for(codes)
                if action == INCOMPLETE:
                    found.actions[row] = (action, "")
                if action:
                    found.asks[row] = ask_for(codes)
                found.watched[row] |= action == REVIEW


def settle(decision: PolicyDecision, found: Findings, why: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns ``tindakan``, ``alasan`` and ``aturan`` of rows whose units the words *why* speak for.

    What the text lacks goes before how sure the unit is; the reason to ask the reporter stands before the unit's.
    """
    actions, reasons = decision.actions.tolist(), list(why)
    spoken = [[rule] if rule else [] for rule in decision.rules]
    for row, (action, reason) in found.actions.items():
        actions[row] = action
        spoken[row] = []
        reasons[row] = reason or reasons[row]
    for row, ask in found.asks.items():
        reasons[row] = f"{ask} | {reasons[row]}"
    for row, rules in found.rules.items():
        spoken[row] += rules
    aturan = [SEPARATOR.join(dict.fromkeys(rules)) for rules in spoken]
    return {"tindakan": actions, "alasan": reasons, "aturan": aturan}


@lru_cache(maxsize=10_000)
def government_of(code: str, candidates: str = "") -> str:
    """Return the region whose government a Kemendagri code falls under: kabupaten or kota, else the province.

    Of *candidates* (the text of ``calon_wilayah``) at most three governments are named; more are none.
    """
    if candidates:
        codes, total = parse_candidates(candidates)
        names = sorted({government_of(".".join(one.split(".")[:2])) for one in codes})
        return " atau ".join(names) if total == len(codes) and len(names) <= _MOST_GOVERNMENTS else ""
    parts = code.split(".") if code else []
    if not parts:
        return ""
    region = Place(code=".".join(parts[:2])).label
    return region.split(",")[0] if len(parts) > 1 else f"Provinsi {region}"


def parse_candidates(text: str) -> tuple[tuple[str, ...], int]:
    """Return the codes that ``calon_wilayah`` shows, and how many there are."""
    shown, _, more = text.partition(f"{SEPARATOR}{_MORE} ")
    codes = tuple(one.split(" ")[0] for one in shown.split(SEPARATOR)) if shown else ()
    return codes, len(codes) + (int(more.split(" ")[0]) if more else 0)


def set_place(columns: Mapping[str, Any], row: int, place: Place) -> None:
    """Write *place* into the region columns at *row*."""
    for name, value in zip(PLACE_COLUMNS, place_texts(place), strict=True):
        columns[name][row] = value


@lru_cache(maxsize=20_000)
def place_texts(place: Place) -> tuple[str, ...]:
    """Return what stands in :data:`PLACE_COLUMNS` for *place*."""
    candidates = [" ".join(one) for one in zip(place.candidates, place.possible, strict=True)]
    if candidates and place.total > len(candidates):
        candidates.append(f"{_MORE} {place.total - len(candidates)} lagi")
    names = (place.provinsi, place.kabkota, place.kecamatan, place.desa)
    return (place.label, place.code, *names, SEPARATOR.join(candidates))


def _set_problem(found: Findings, row: int, problem: Completeness) -> None:
    found.actions[row] = (problem.action, problem.reason)
    found.asks.pop(row, None)
    found.rules[row] = ["kelengkapan:tidak_dapat_ditindaklanjuti"]
    found.columns["kurang"][row] = "apa" if problem.action == INCOMPLETE else ""
    found.columns["bukan_kewenangan"][row] = ""
    found.watched[row] = False
    if problem.action == NOT_A_COMPLAINT:
        found.columns["jenis"][row] = NO_COMPLAINT
