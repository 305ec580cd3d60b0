"""Cells of a column become numbers of categories while a file is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline.intake.batch import cell_text
from pipeline.text import find_personal_texts
from pipeline.text.personal import Span


class Coder:
    """Numbers the distinct values of a column, the first met first; each distinct cell is looked at once.

    *label* turns a cell's stripped text into the category's name; ``""`` is missing (-1).
    """

    def __init__(self, label: Callable[[str], str] = str) -> None:
        self._label = label
        self._by_name: dict[str, int] = {}
        self._by_cell = _Memo(self._find)

    @property
    def names(self) -> list[str]:
        """The categories in the order of their numbers."""
        return list(self._by_name)

    def encode(self, cells: Sequence[Any]) -> np.ndarray:
        """Return the number of each cell's category as int32, -1 where it is empty."""
        try:
            return np.fromiter(map(self._by_cell.__getitem__, cells), dtype=np.int32, count=len(cells))
        except TypeError:  # a cell that is a list or an object (parquet)
            return np.array([self._by_cell[cell_text(cell)] for cell in cells], dtype=np.int32)

    def used(self, name: str) -> bool:
        """Tell whether any cell was of the category *name*."""
        return name in self._by_name

    def _find(self, cell: Any) -> int:
        text = cell_text(cell)
        name = self._label(text) if text else ""
        return self._by_name.setdefault(name, len(self._by_name)) if name else -1


class _Memo(dict[Any, int]):
    """A dict that finds what it does not hold; NaN, which equals nothing, is not kept."""

    def __init__(self, find: Callable[[Any], int]) -> None:
        self._find = find

    def __missing__(self, key: Any) -> int:
        number = self._find(key)
        if number >= 0 or key == "":
            self[key] = number
        return number


def unnamed(names: Sequence[str]) -> list[str]:
    """Return the categories with numbers, addresses of mail and the like masked, should a cell hold any.

    Names of persons stay: hospitals and streets bear them, and a unit must be known by its own name.
    """
    return [_masked(name, spans) for name, spans in zip(names, find_personal_texts(list(names)), strict=True)]


def _masked(name: str, spans: Sequence[Span]) -> str:
    for span in reversed(spans):
        if span.kind != "nama":
            name = f"{name[: span.start]}[{span.kind.upper()}]{name[span.end :]}"
    return name


def categorical(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical:
    """Return categories in alphabetical order, so that the order of reading changes nothing; see :func:`unnamed`."""
    shown = unnamed(names)
    kept = sorted(set(shown))
    place = {name: number for number, name in enumerate(kept)}
    new = np.array([*(place[name] for name in shown), -1], dtype=np.int32)  # the last place is that of -1
    # No name at all: an index of text, not of nothing in particular.
    return pd.Categorical.from_codes(new[codes], pd.Index(kept, dtype="str"))
