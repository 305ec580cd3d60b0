"""Training recipes: ``models/unit.toml`` and ``models/urgency.toml``."""

from __future__ import annotations

import tomllib
from typing import Any

from pipeline.settings import recipes_dir


def load_recipe(name: str) -> dict[str, Any]:
    """Return the recipe *name* (``unit`` or ``urgency``) as nested tables."""
    return tomllib.loads((recipes_dir() / f"{name}.toml").read_text(encoding="utf-8"))


def flat(name: str, recipe: dict[str, Any]) -> dict[str, Any]:
    """Return the recipe as ``name.table.key`` → value, for MLflow's parameters."""
    return {f"{name}.{table}.{key}": value for table, keys in recipe.items() for key, value in keys.items()}
