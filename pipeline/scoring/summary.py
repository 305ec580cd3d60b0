"""The sheet "Ringkasan": how many rows each unit got, how urgent they are, what happens to them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import xlsxwriter

from pipeline.catalogue import LEVELS, unit_name
from pipeline.intake.batch import cell_text
from pipeline.routing import ACTIONS

#: How each urgency is shown, the most urgent first.
URGENCY_COLOURS: dict[str, dict[str, Any]] = {
    "darurat": {"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True},
    "tinggi": {"bg_color": "#F4B183", "font_color": "#000000"},
    "sedang": {"bg_color": "#FFE699", "font_color": "#000000"},
    "rendah": {"bg_color": "#C6E0B4", "font_color": "#000000"},
}

#: How each action is shown.
ACTION_COLOURS: dict[str, dict[str, Any]] = {
    "teruskan": {"bg_color": "#E2EFDA"},
    "tinjau": {"bg_color": "#FFF2CC"},
    "lengkapi": {"bg_color": "#FCE4D6"},
    "bukan_aduan": {"bg_color": "#EDEDED"},
}
WATCHED_COLOUR: dict[str, Any] = {"bg_color": "#D9C3E8", "bold": True}
"""How a report that accuses holders of authority is shown."""
_NO_UNIT = "(tanpa unit)"


class Summary:
    """Counts of the columns ``unit``, ``urgensi`` and ``tindakan``, as far as the rows have them."""

    def __init__(self) -> None:
        self.rows = 0
        self._cells: Counter[tuple[str, str]] = Counter()
        self._actions: Counter[str] = Counter()
        self._to_review: Counter[str] = Counter()
        self._found: set[str] = set()

    def add(self, frame: pd.DataFrame) -> None:
        """Count the rows of *frame*."""
        self.rows += len(frame)
        self._found |= {name for name in ("unit", "urgensi", "tindakan") if name in frame.columns}
        units, levels, actions = (_texts(frame, name) for name in ("unit", "urgensi", "tindakan"))
        self._cells.update(zip(units, levels, strict=True))
        self._actions.update(actions)
        self._to_review.update(unit for unit, action in zip(units, actions, strict=True) if action == "tinjau")

    def write(self, book: xlsxwriter.Workbook) -> None:
        """Add the sheet to *book*."""
        sheet = book.add_worksheet("Ringkasan")
        line = {"border": 1, "border_color": "#D9D9D9"}
        title = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({**line, "bold": True, "bg_color": "#D9E1F2", "text_wrap": True, "valign": "vcenter"})
        text, number = book.add_format(line), book.add_format({**line, "num_format": "#,##0"})
        total, total_text = (
            book.add_format({**line, "bold": True, "num_format": "#,##0", "top": 2}),
            book.add_format({**line, "bold": True, "top": 2}),
        )
        share = book.add_format({**line, "num_format": "0%"})
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 46)
        sheet.set_column(1, 7, 12)
        sheet.write_string(0, 0, "Ringkasan disposisi", title)
        sheet.write_string(1, 0, f"Jumlah baris: {self.rows:,}".replace(",", "."))
        row = 3

        def table(heading: list[str], lines: list[list[Any]], looks: dict[str, dict[str, Any]]) -> None:
            nonlocal row
            colours = {value: book.add_format({**line, **look}) for value, look in looks.items()}
            sheet.write_row(row, 0, heading, head)
            for cells in lines:
                row += 1
                name, *rest = cells
                is_total = name == "Jumlah"
                sheet.write_string(row, 0, name, total_text if is_total else colours.get(name, text))
                for place, cell in enumerate(rest, start=1):
                    if isinstance(cell, str):
                        sheet.write_string(row, place, cell)
                    elif isinstance(cell, float):
                        sheet.write_number(row, place, cell, share)
                    else:
                        sheet.write_number(row, place, cell, total if is_total else number)
            row += 3

        if "tindakan" in self._found:
            lines = [
                [action, self._actions[action], self._share(self._actions[action]), words]
                for action, words in ACTIONS.items()
            ]
            table(["Tindakan", "Jumlah", "Bagian"], lines, ACTION_COLOURS)
        if "urgensi" in self._found:
            levels: Counter[str] = Counter()
            for (_, level), count in self._cells.items():
                levels[level] += count
            lines = [[level, levels[level], self._share(levels[level])] for level in URGENCY_COLOURS]
            table(["Urgensi", "Jumlah", "Bagian"], lines, URGENCY_COLOURS)
        if "unit" in self._found:
            table(["Unit", *reversed(LEVELS), "Jumlah", "Perlu ditinjau"], self._unit_lines(), {})

    def _share(self, count: int) -> float:
        return count / self.rows if self.rows else 0.0

    def _unit_lines(self) -> list[list[Any]]:
        totals: Counter[str] = Counter()
        for (unit, _), count in self._cells.items():
            totals[unit] += count
        counts = [
            [*(self._cells[unit, level] for level in reversed(LEVELS)), count, self._to_review[unit]]
            for unit, count in totals.most_common()
        ]
        names = [unit_name(unit) or _NO_UNIT for unit, _ in totals.most_common()]
        sums = [sum(column) for column in zip(*counts, strict=True)]
        return [*([name, *line] for name, line in zip(names, counts, strict=True)), ["Jumlah", *sums]]


def _texts(frame: pd.DataFrame, name: str) -> list[str]:
    return [cell_text(value) for value in frame[name].tolist()] if name in frame.columns else [""] * len(frame)
