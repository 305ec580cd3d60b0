"""The code that travels with a model, so that it answers the same where disposisi is not installed."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from pipeline.settings import PACKAGE_DIR, data_dir

_DATA = ("lexicons", "catalogue")


def code_hash() -> str:
    """Return a sha256 over the package's Python files, names and contents, in order."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE_DIR.rglob("*.py")):
        digest.update(path.relative_to(PACKAGE_DIR).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stage_code(folder: Path) -> Path:
    """Copy the package with its lexicons and catalogues (no corpus) into *folder* and return the copy."""
    target = folder / "pipeline"
    shutil.copytree(PACKAGE_DIR, target, ignore=shutil.ignore_patterns("__pycache__", "_data", "_models"))
    for name in _DATA:
        shutil.copytree(data_dir() / name, target / "_data" / name)
    return target
