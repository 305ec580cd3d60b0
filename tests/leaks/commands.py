"""Run a command and keep every byte that it says in files, where the search finds them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import command


@contextmanager
def told_to(folder: Path) -> Iterator[None]:
    """Send what is written on standard output and error to files in *folder*, by whomever and however."""
    with ExitStack() as stack:
        for number, name in ((1, "stdout"), (2, "stderr")):
            stream = getattr(sys, name)
            stream.flush()
            kept = os.dup(number)
            target = stack.enter_context((folder / name).open("ab"))
            os.dup2(target.fileno(), number)
            told = io.TextIOWrapper(target, encoding="utf-8", write_through=True)
            setattr(sys, name, told)

            def back(number: int = number, name: str = name, stream: object = stream, kept: int = kept) -> None:
                setattr(sys, name, stream)
                os.dup2(kept, number)
                os.close(kept)

            stack.callback(told.detach)
            stack.callback(back)
        yield


def run(folder: Path, *args: str) -> int:
    """Run a command; what it says goes to *folder* as well. Return its exit code."""
    with told_to(folder):
        return command.run(*args)
