"""Sastrawi 1.0.1 on a few texts. It shares its import name with PySastrawi, so it gets an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from speed_models import HERE, Models
from speed_process import pinned, run

OLD, NEW = "Sastrawi", "PySastrawi"
OLD_VERSION = "1.0.1"


@dataclass(frozen=True)
class StemmerTimes:
    """Milliseconds a text, the same texts in a new process each: both stemmers alone, disposisi's whole router."""

    texts: int
    old_ms: float
    new_ms: float
    disposisi_ms: float


def compare(folder: Path, texts: Sequence[str], models: Models) -> StemmerTimes | str:
    """Return the times, or why there are none."""
    python = folder / "sastrawi-env" / "bin" / "python"
    problem = _install(python)
    if problem:
        return problem
    file = folder / "sample.json"
    try:
        file.write_text(json.dumps(list(texts)), encoding="utf-8")
        old, new = (
            run(pinned([of, HERE / "speed_stemmer.py", file, name], 1), {}).result()
            for of, name in ((python, OLD), (sys.executable, NEW))
        )
        command = [sys.executable, HERE / "speed_router.py", "sample", file, models.name]
        ours = run(pinned(command, 1), models.env).result()
    finally:
        file.unlink(missing_ok=True)
    if old["version"] != OLD_VERSION:
        raise SystemExit(f"{python} has {OLD} {old['version']}, not {OLD_VERSION}; remove {folder / 'sastrawi-env'}.")
    return StemmerTimes(len(texts), *(_milliseconds(found) for found in (old, new, ours)))


def _milliseconds(found: dict[str, Any]) -> float:
    return 1000 * found["seconds"] / found["texts"]


def _install(python: Path) -> str | None:
    """Make the environment if it is not there; return why it cannot be made."""
    if (python.parent.parent / "lib").is_dir() and list(python.parent.parent.glob("lib/*/site-packages/Sastrawi")):
        return None
    venv.create(python.parent.parent, with_pip=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"{OLD}=={OLD_VERSION}"]
    done = subprocess.run(command, capture_output=True, check=False)
    return None if done.returncode == 0 else f"pip could not install {OLD}=={OLD_VERSION} (no registry in reach?)"
