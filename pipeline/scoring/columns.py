"""The names that the input's columns have in the output."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.routing import OUTPUT_COLUMNS, VERSION


def own_columns(names: Sequence[str]) -> dict[str, str]:
    """Return input column → its name in the output.

    An input that was scored before (it has ``versi_model``) loses its old results. Any other column that is named
    like a result, such as the label ``unit``, comes back as ``unit_asal``.
    """
    scored_before = VERSION in names
    if scored_before:
        return {name: name for name in names if name not in OUTPUT_COLUMNS}
    return {name: f"{name}_asal" if name in OUTPUT_COLUMNS else name for name in names}
