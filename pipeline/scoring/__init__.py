"""Batch scoring: the router, its MLflow form, and writing what it gives."""

from __future__ import annotations

from pathlib import Path


def pyfunc_script() -> Path:
    """Return the path of MLflow's model script."""
    return Path(__file__).with_name("pyfunc.py")
