"""The code that travels with a model, so that it answers the same where disposisi is not installed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pipeline.settings import PACKAGE_DIR, RECIPES, data_dir, recipes_dir

_RULES = "rules"
_DATA = ("lexicons", "catalogue", _RULES)


def code_hash() -> str:
    """Return a sha256 over the package's Python files and the rule tables, names and contents, in order."""
    digest = hashlib.sha256()
    for folder, kind in ((PACKAGE_DIR, "*.py"), (data_dir() / _RULES, "*.tsv")):
        for path in sorted(folder.rglob(kind)):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def stage_code(folder: Path) -> Path:
    """Copy the package with its lexicons, catalogues, rules and recipes (no corpus) into *folder*; return the copy."""
    target = folder / "pipeline"
    shutil.copytree(PACKAGE_DIR, target, ignore=shutil.ignore_patterns("__pycache__", "_data", "_models"))
    for name in _DATA:
        shutil.copytree(data_dir() / name, target / "_data" / name)
    shutil.copytree(recipes_dir(), target / "_models", ignore=lambda _, names: [n for n in names if n not in RECIPES])
    return target
