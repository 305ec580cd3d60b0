from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from pipeline.intake import Batch, Reject, read_all
from pipeline.settings import ColumnNames


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, bytes | str], str]:
    """Write a file and return its path."""

    def write(name: str, content: bytes | str) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write


class Read:
    """All batches of some files, joined for looking at."""

    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = batches
        self.rows = [int(row) for batch in batches for row in batch.rows]
        self.texts = [text for batch in batches for text in batch.texts()]
        self.ids = [key for batch in batches for key in batch.ids()]
        self.cells = [list(row) for batch in batches for row in batch.frame.itertuples(index=False)]
        self.rejects: list[Reject] = [reject for batch in batches for reject in batch.rejects]


@pytest.fixture
def read() -> Callable[..., Read]:
    """Read files with guessed columns; options are column names by role."""

    def run(*paths: str, need: Sequence[str] = ("text",), **names: str) -> Read:
        return Read(read_all(paths, ColumnNames(**names), need=need))

    return run
