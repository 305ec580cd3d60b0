"""Progress on stderr, only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def bar(unit: str, total: int | None = None) -> Iterator[Callable[[int], object]]:
    """Show a progress bar and yield the function that moves it on by a number of *unit*."""
    with tqdm(total=total, unit=f" {unit}", disable=not sys.stderr.isatty(), file=sys.stderr) as shown:
        yield shown.update
