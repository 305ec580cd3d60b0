"""The journal that ``--resume`` reads: scored columns of finished chunks, beside OUT (``.hasil.csv.lanjutan``).

Layout: one JSON line (:class:`Identity` and the layout's number), then a record a chunk: length (8 bytes), crc32 of
digest and body (4), digest of the chunk's texts (16), the scored columns (``jobs.pack``). A record is found by its
digest, so a chunk whose texts changed is scored again. The input's columns are never in it; it goes when OUT is whole.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from pipeline.errors import OptionError
from pipeline.scoring.jobs import DIGEST_BYTES
from pipeline.scoring.writer import unwritable

FORMAT = 1
ENDING = ".lanjutan"
_HEAD = struct.Struct(f"<QI{DIGEST_BYTES}s")
_MAX_HEADER = 4096


@dataclass(frozen=True)
class Identity:
    """What scored rows depend on besides their texts: model (``NAME/VERSION``), its manifest's and the code's sha256.

    The manifest holds the hashes of the classifiers and of the word tables.
    """

    model: str
    manifest: str
    code: str


def journal_path(output: str) -> Path:
    """Return where the journal of *output* lies."""
    target = Path(output).expanduser().resolve()
    return target.with_name(f".{target.name}{ENDING}")


class Journal:
    """Append-only; use as a context manager: a clean exit removes it, an error keeps what can be resumed.

    ``taken`` counts the rows that :meth:`find` gave. Every record is flushed, so it outlives a kill.

    Args:
        output: OUT, whose lock the caller holds (``writer.claim``).
        identity: Of the model that scores now.
        resume: Take the chunks of an earlier run; otherwise its journal is overwritten.
        say: Gets one line where the user may expect something else.

    Raises:
        OptionError: *resume* with a journal of another model, or it cannot be written.
    """

    def __init__(self, output: str, identity: Identity, *, resume: bool, say: Callable[[str], object]) -> None:
        self.path = journal_path(output)
        self._output = output
        self._places: dict[bytes, tuple[int, int]] = {}
        header = json.dumps({"format": FORMAT, **asdict(identity)}).encode() + b"\n"
        try:
            end = self._read(header, identity, say) if resume else self._overwrites(say)
            self._stream: BinaryIO = self.path.open("r+b" if end else "w+b")
            if end:
                self._stream.truncate(end)
            else:
                self._stream.write(header)
                self._stream.flush()
        except OSError as error:
            raise unwritable(str(self.path), error) from error

    def find(self, digest: bytes) -> bytes | None:
        """Return the record of the chunk with this digest, ``None`` if there is none."""
        if digest not in self._places:
            return None
        start, length = self._places[digest]
        self._stream.seek(start)
        return self._stream.read(length)

    def add(self, digest: bytes, body: bytes) -> None:
        """Append a record and hand it to the system. Raises :class:`OptionError` where that fails (a full disk)."""
        if digest in self._places:
            return
        try:
            end = self._stream.seek(0, 2)
            self._stream.write(_HEAD.pack(len(body), zlib.crc32(digest + body), digest) + body)
            self._stream.flush()
        except OSError as error:
            raise unwritable(str(self.path), error) from error
        self._places[digest] = (end + _HEAD.size, len(body))

    def _overwrites(self, say: Callable[[str], object]) -> int:
        if self.path.exists():
            say(f"An unfinished run's journal ({self.path.name}) is overwritten; --resume would have gone on from it.")
        return 0

    def _read(self, header: bytes, identity: Identity, say: Callable[[str], object]) -> int:
        """Find the whole records; return where they end, 0 where there is no journal to go on from."""
        if not self.path.exists():
            say(f"There is no unfinished run of {self._output}: starting from the beginning.")
            return 0
        with self.path.open("rb") as stream:
            found = stream.readline(_MAX_HEADER)
            if found != header:
                self._refuse_other_model(found, identity)
                say(f"The journal of {self._output} is damaged or of another disposisi: starting from the beginning.")
                return 0
            end = stream.tell()
            # A kill may tear the last record: what does not add up, and all after it, is cut off.
            while len(head := stream.read(_HEAD.size)) == _HEAD.size:
                length, checksum, digest = _HEAD.unpack(head)
                body = stream.read(length) if length <= self.path.stat().st_size else b""
                if len(body) != length or zlib.crc32(digest + body) != checksum:
                    break
                self._places[digest] = (end + _HEAD.size, length)
                end = stream.tell()
        return end

    def _refuse_other_model(self, header: bytes, identity: Identity) -> None:
        try:
            model, manifest = (json.loads(header)[key] for key in ("model", "manifest"))
        except (ValueError, KeyError, TypeError):
            return
        if (model, manifest) == (identity.model, identity.manifest):
            return
        other = f"model {model}" if model != identity.model else f"another training of {model}"
        raise OptionError(
            f"The unfinished run of {self._output} was scored with {other}, this one uses {identity.model}. "
            f"Give --model {model} to go on, or leave --resume out to start from the beginning."
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        if kind is None or not self._places:
            self.path.unlink(missing_ok=True)
