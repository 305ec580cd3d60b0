"""Search every byte of files for identities: raw, packed, in other encodings, with other separators."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.text import Tokenizer, WordTable
from tests.leaks.identities import Identity

_SEPARATORS = re.compile(rb"(?<=[0-9])[ .()/-]{1,3}(?=[0-9])")
_RECORD = struct.Struct("<QI16s")  # the journal's, see pipeline/scoring/journal.py


def find_leaks(where: Path | Iterable[Path], identities: Iterable[Identity]) -> list[str]:
    """Return ``FILE: IDENTITY`` for each identity in a file or in all files below a folder, their names included."""
    paths = [where] if isinstance(where, Path) else list(where)
    files = [file for path in paths for file in ([path] if path.is_file() else sorted(path.rglob("*")))]
    known = list(identities)
    leaks = []
    for file in files:
        leaks += [f"{file}: {identity} in the name" for identity in leaks_in(file.name.encode(), known)]
        if file.is_file():
            found = (identity for content in contents(file) for identity in leaks_in(content, known))
            leaks += [f"{file}: {identity}" for identity in dict.fromkeys(found)]
    return leaks


def leaks_in(content: bytes, identities: Iterable[Identity]) -> list[Identity]:
    """Return the identities that *content* holds, whatever the case, the separators and the bytes a character."""
    low = content.lower()
    # What is left of UTF-16, UTF-32 and numpy's strings is ASCII.
    views = [low] if b"\0" not in low else [low, low.replace(b"\0", b"")]
    joined = [_SEPARATORS.sub(b"", view) for view in views]
    return [
        identity
        for identity in identities
        if any(form.encode() in view for form in betraying(identity) for view in views)
        or (identity.digits and any(identity.digits.encode() in view for view in joined))
    ]


_tokenize = Tokenizer(WordTable(), mask=False)


@cache
def betraying(identity: Identity) -> tuple[str, ...]:
    """Return the words that betray *identity*, and of names also their stems."""
    if identity.kind not in {"nama", "pelapor"}:
        return identity.words
    stems = (stem for word in identity.words for stem in _tokenize([word]).stems(0))
    return tuple(dict.fromkeys([*identity.words, *stems]))


def contents(file: Path) -> Iterator[bytes]:
    """Yield a file's bytes and all that is packed inside."""
    data = file.read_bytes()
    yield from _unpacked(data)
    if data.startswith(b"SQLite format 3"):
        yield _database(file)
    if file.name.endswith(".lanjutan"):
        yield from _journal(data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _unpacked(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from _unpacked(gzip.decompress(data))
    elif data.startswith(b"PAR1"):
        yield _table(pq.read_table(io.BytesIO(data)))


def _table(table: pa.Table) -> bytes:
    return "\n".join(map(str, [table.schema, *table.to_pylist()])).encode()


def _database(file: Path) -> bytes:
    # In the file itself a long value may be cut by the pages.
    lines: list[Any] = []
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            lines += database.execute(f'SELECT * FROM "{name}"').fetchall()
    return "\n".join(map(str, lines)).encode()


def _journal(data: bytes) -> Iterator[bytes]:
    place = data.index(b"\n") + 1
    while place < len(data):
        length, _, _ = _RECORD.unpack_from(data, place)
        place += _RECORD.size
        yield _table(pa.ipc.open_stream(data[place : place + length]).read_all())
        place += length


def vocabulary(store: Path) -> set[str]:
    """Return the stems that the models of *store* know, those of pairs apart."""
    stems: set[str] = set()
    for file in store.rglob("*.npz"):
        with np.load(file, allow_pickle=False) as archive:
            stems |= set(archive["words"].tobytes().decode().split())
    return stems
