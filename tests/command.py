"""The command line, called as a function."""

from __future__ import annotations

from pipeline.cli import main


def run(*args: object) -> int:
    """Run ``disposisi ARGS`` here; return its exit code."""
    try:
        main([str(argument) for argument in args])
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0
