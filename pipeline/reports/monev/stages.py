"""The stage of each row by its status, and what a report says of how the rows were read."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.reports.monev.found_columns import SITE_OF_OFFICE
from pipeline.reports.monev.statuses import STAGES, UNKNOWN, Statuses
from pipeline.text import mask_texts

_SHOWN_STATUSES = 8


def stages_of(
    status: pd.Categorical, statuses: Statuses, *, known: bool
) -> tuple[pd.Categorical, tuple[tuple[str, int], ...]]:
    """Return the stage of each row and the statuses that the table does not name.

    Without a status column (not *known*) every stage is missing; with one, an empty or unknown status is a stage.
    """
    stages = list(STAGES)
    if not known:
        return _categorical(np.full(len(status), -1, dtype=np.int8)), ()
    meanings = [statuses.find(name) for name in status.categories]
    lookup = np.array([stages.index(meaning.stage if meaning else UNKNOWN) for meaning in meanings], dtype=np.int8)
    codes = np.append(lookup, np.int8(stages.index(UNKNOWN)))[status.codes]  # -1, an empty status, takes the last
    counts = np.bincount(status.codes[status.codes >= 0], minlength=len(meanings))
    missing = [place for place, meaning in enumerate(meanings) if meaning is None]
    shown = mask_texts([str(status.categories[place]) for place in missing])
    unknown = [(_label(text), int(counts[place])) for text, place in zip(shown, missing, strict=True)]
    return _categorical(codes), tuple(sorted(unknown, key=lambda one: (-one[1], one[0])))


def _label(status: str) -> str:
    """Return a status that may be named; a long one may be a citizen's words in the wrong column."""
    return status if len(status) <= 40 else "(teks panjang, bukan status)"


def _categorical(codes: np.ndarray) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(list(STAGES), dtype="str"))


def reading_notes(
    counts: dict[str, int], unknown: Iterable[tuple[str, int]], suggested: bool, grouped: bool
) -> tuple[str, ...]:
    """Return what a report should say of the reading; *suggested*: units are a model's; *grouped*: channels were."""
    notes = []
    if counts["rejected"]:
        notes.append(f"{rows(counts['rejected'])} baris tidak terbaca dan tidak dihitung.")
    if counts["repeated"]:
        notes.append(
            f"{rows(counts['repeated'])} baris berulang (ID dan tanggal masuk sama): yang dipakai baris terakhir."
        )
    if counts["undated"]:
        notes.append(f"{rows(counts['undated'])} laporan tanpa tanggal yang terbaca tidak masuk periode mana pun.")
    if unknown:
        named = [f"“{status}” ({rows(n)})" for status, n in unknown]
        more = f" dan {len(named) - _SHOWN_STATUSES} lainnya" if len(named) > _SHOWN_STATUSES else ""
        notes.append(
            f"Status yang tidak dikenal dihitung tersendiri: {', '.join(named[:_SHOWN_STATUSES])}{more}. "
            "Tambahkan ke tabel status bila perlu."
        )
    if suggested:
        notes.append("Data tidak menyebut unit yang menerima laporan; yang dipakai adalah unit usulan model.")
    if grouped:
        notes.append(f"Sumber “Website - …” (halaman LAPOR milik instansi) digabung menjadi “{SITE_OF_OFFICE}”.")
    return tuple(notes)


def rows(count: int) -> str:
    """Return a count as Indonesia writes it."""
    return f"{count:,}".replace(",", ".")
