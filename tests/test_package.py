"""What a built package brings along (the checkout's folders are not there where it is installed)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pipeline.settings import RECIPES

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_has_every_recipe_that_the_settings_name():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    recipes = {source: target for source, target in included.items() if source.startswith("models/")}
    assert recipes == {f"models/{name}": f"pipeline/_models/{name}" for name in RECIPES}


def test_the_settings_name_every_recipe():
    assert {path.name for path in (ROOT / "models").glob("*.toml")} == set(RECIPES)
