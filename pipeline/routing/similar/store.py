"""The index file: arrays in an uncompressed zip (NumPy's ``npz``), written whole and put in place by one rename.

The zip's checksums tell a damaged file. Kept: what :class:`~.rows.Rows` lists, counts of hashed words, the key of the
hashes. No text and no word in clear; yet who has the file can test whether a report holds a given word (the key is in
it), so it needs the same care as the complaints.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from pipeline.errors import InputError
from pipeline.routing.similar.rows import Rows

FORMAT, VERSION = "disposisi-kemiripan", 1
"""Raise VERSION when arrays, bands or hashes mean something else."""
_AGAIN = "Put a copy in its place, or move it away and score the earlier files again."


@dataclass
class Stored:
    """What an index file holds: ``key`` of the hashes, number of reports counted, words' ``counts``, ``rows``."""

    key: int
    reports: int
    counts: NDArray[np.float32]
    rows: Rows


def lock_of(path: Path) -> FileLock:
    """Take the lock of an index file; raises :class:`InputError` when another run has it or the folder is missing."""
    if not path.parent.is_dir():
        raise InputError("the folder of the index is missing", file=str(path), hint="Make it, or give another path.")
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise InputError(
            "the index is in use by another run", file=str(path), hint="Wait until it is done, or give another index."
        ) from error
    except OSError as error:
        raise InputError("the index cannot be opened for writing", file=str(path), hint="Check who owns it.") from error
    return lock


def read(path: Path, slots: int) -> Stored:
    """Read an index file; raises :class:`InputError` for a damaged, foreign or newer one."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            if "meta" not in arrays:
                raise _foreign(path)
            meta = _meta(arrays["meta"], path)
            if meta["version"] != VERSION:
                newer = "Update disposisi, or give another index." if meta["version"] > VERSION else _AGAIN
                raise InputError(f"the index has version {meta['version']}, not {VERSION}", file=str(path), hint=newer)
            rows = Rows(**{name: arrays[name] for name in Rows.columns()})
            counts = arrays["counts"]
    except (
        OSError,
        EOFError,
        zipfile.BadZipFile,
        KeyError,
        TypeError,
        NotImplementedError,
        zipfile.LargeZipFile,
    ) as error:
        raise InputError("the index is damaged", file=str(path), hint=_AGAIN) from error
    except ValueError as error:
        raise _foreign(path) from error
    wrong = rows.wrong() or ("counts has another length" if counts.shape != (slots,) else "")
    if wrong:
        raise InputError(f"the index is damaged ({wrong})", file=str(path), hint=_AGAIN)
    return Stored(meta["key"], meta["reports"], counts.astype(np.float32), rows)


def write(path: Path, stored: Stored) -> None:
    """Write an index file atomically: until the last step the old one stays as it is."""
    meta = {"format": FORMAT, "version": VERSION, "key": stored.key, "reports": stored.reports}
    arrays = {name: getattr(stored.rows, name) for name in Rows.columns()}
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, meta=np.frombuffer(json.dumps(meta).encode(), np.uint8), counts=stored.counts, **arrays)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _meta(raw: NDArray[Any], path: Path) -> dict[str, Any]:
    try:
        meta = json.loads(raw.tobytes())
    except ValueError as error:
        raise _foreign(path) from error
    if not isinstance(meta, dict) or meta.get("format") != FORMAT:
        raise _foreign(path)
    if not all(isinstance(meta.get(name), int) for name in ("version", "key", "reports")):
        raise InputError("the index is damaged", file=str(path), hint=_AGAIN)
    return meta


def _foreign(path: Path) -> InputError:
    return InputError("this is no index of earlier reports", file=str(path), hint="Give another path for the index.")
