"""One chunk on its way through scoring, and its scored columns as bytes.

The bytes (Arrow IPC, lz4) are what a worker process sends back and what the journal keeps: never the input's columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.intake import Batch
from pipeline.routing.curve import RiskCurve
from pipeline.text import WordTable

DIGEST_BYTES = 16


@dataclass(eq=False)
class Job:
    """A batch to score: its texts, then ``scored`` (here) or ``packed`` (by a worker or the journal)."""

    batch: Batch
    texts: list[str]
    digest: bytes = b""  # of the texts, where there is a journal
    packed: bytes | None = None
    scored: pd.DataFrame | None = field(default=None, repr=False)
    deaths: int = 0  # worker processes that died over it

    @property
    def done(self) -> bool:
        """Tell whether the scored columns are there."""
        return self.packed is not None or self.scored is not None

    @property
    def place(self) -> str:
        """Say which rows these are, for messages: ``aduan.csv, rows 5,002-10,001``."""
        rows = self.batch.rows
        return f"{self.batch.source}, rows {rows[0]:,}-{rows[-1]:,}" if len(rows) else f"{self.batch.source}, no rows"

    def frame(self) -> pd.DataFrame:
        """Return the scored columns."""
        return self.scored if self.scored is not None else unpack(self._bytes())

    def record(self) -> bytes:
        """Return the scored columns as bytes."""
        return pack(self.scored) if self.packed is None and self.scored is not None else self._bytes()

    def _bytes(self) -> bytes:
        if self.packed is None:
            raise ValueError("this job is not scored yet")
        return self.packed


class Scorer(Protocol):
    """Scores jobs: in this process or in several."""

    version: str  # NAME/VERSION of the model

    @property
    def table(self) -> WordTable | None:
        """The words that this process has met, ``None`` where others score."""
        ...

    @property
    def curve(self) -> RiskCurve:
        """What the model's held-out rows say of its confidence."""
        ...

    def score(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Yield the *jobs* in their order, each one done; one that comes done is passed on."""
        ...

    def shorten(self, texts: Sequence[str]) -> list[str]:
        """Return *texts* masked and short enough to show."""
        ...


def digest_of(texts: Sequence[str]) -> bytes:
    """Return a hash (16 bytes) of *texts*, in order; ``["ab"]`` and ``["a", "b"]`` differ."""
    found = hashlib.blake2b(digest_size=DIGEST_BYTES)
    found.update(np.fromiter(map(len, texts), dtype="<i8", count=len(texts)).tobytes())
    # One by one: a single emoji would make the joined text four bytes a character first.
    found.update(b"".join([text.encode("utf-8", "surrogatepass") for text in texts]))
    return found.digest()


def pack(scored: pd.DataFrame) -> bytes:
    """Return the scored columns as bytes."""
    table = pa.Table.from_pandas(scored, preserve_index=False).replace_schema_metadata()
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack(packed: bytes) -> pd.DataFrame:
    """Return the frame that :func:`pack` was given (index 0..n-1)."""
    frame: pd.DataFrame = pa.ipc.open_stream(packed).read_all().to_pandas()
    return frame
