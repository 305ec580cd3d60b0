"""What every writer of scored rows is, and files that appear whole or not at all.

Rows go to a temporary file beside the target, which takes its name only when all went well: a run that fails
leaves neither half a file nor an older result destroyed.
"""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
from filelock import FileLock, Timeout

from pipeline.errors import OptionError


class Output(ABC):
    """Takes frames one after another. Use as a context manager: a clean exit puts the file in its place.

    ``rows`` counts the rows written; ``cut_cells`` the cells that had to be shortened (xlsx only).
    """

    def __init__(self, target: str, columns: Sequence[str]) -> None:
        self.target = target
        self.columns = list(columns)
        self.rows = self.cut_cells = 0

    def write(self, frame: pd.DataFrame) -> None:
        """Append the rows of *frame*; a column that it lacks stays empty, one too many is an error."""
        unknown = [str(name) for name in frame.columns if name not in self.columns]
        if unknown:
            raise ValueError(f"columns that the output does not have: {unknown}")
        with self._telling():
            self._append(frame if list(frame.columns) == self.columns else frame.reindex(columns=self.columns))
        self.rows += len(frame)

    @abstractmethod
    def _append(self, frame: pd.DataFrame) -> None:
        """Write the rows of a frame that has all columns in order."""

    @abstractmethod
    def commit(self) -> None:
        """Finish the output and put it in its place."""

    @abstractmethod
    def discard(self) -> None:
        """Drop what was written and not committed; an older file of that name stays."""

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn a full disk and the like into an error that names the file; a closed pipe is the caller's."""
        try:
            yield
        except BrokenPipeError:
            raise
        except OSError as error:
            raise unwritable(self.target, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with self._telling():
                    self.commit()
        finally:
            self.discard()


class NewFile:
    """A temporary file beside *target* that takes its name on ``commit``.

    *label* stands in its temporary name (``.LABEL-xxxxxxxx.sementara.csv``); default: the target's stem.

    Raises:
        OptionError: The folder is missing or cannot be written to, or the target is a folder.
    """

    def __init__(self, target: str, *, label: str | None = None) -> None:
        self.name = target
        self.target = file_place(target)
        try:
            handle, name = tempfile.mkstemp(
                prefix=f".{label or self.target.stem}-",
                suffix=f".sementara{self.target.suffix}",
                dir=self.target.parent,
            )
        except OSError as error:
            raise unwritable(target, error) from error
        os.close(handle)
        self.path = Path(name)

    def commit(self) -> None:
        """Give the file its name, with the permissions that a new file has."""
        self.path.chmod(allowed(0o666))
        self.path.replace(self.target)

    def discard(self) -> None:
        """Remove the temporary file if it is still there."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


@contextmanager
def claim(target: str, *labels: str) -> Iterator[None]:
    """Keep *target* for this run, so that two runs never write it at once; remove what a killed run left.

    *labels* are those of other temporary files of this run (see :class:`NewFile`).

    Raises:
        OptionError: Another run writes it, or as for :class:`NewFile`.
    """
    path = file_place(target)
    lock = FileLock(path.with_name(f".{path.name}.kunci"))
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise OptionError(f"{target}: another disposisi is writing it. Wait for it, or name another file.") from error
    except OSError as error:
        raise unwritable(target, error) from error
    try:
        _remove_leftovers(path, labels)
        yield
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def place_of(target: str) -> Path:
    """Return where *target* lies; writing through a link must not replace the link itself.

    Raises :class:`OptionError` where its folder is missing.
    """
    path = Path(target).expanduser()
    place = path.resolve()
    if not place.parent.is_dir():
        raise OptionError(f"{target}: there is no folder {path.parent}. Create it first.")
    return place


def unwritable(target: str, error: OSError) -> OptionError:
    """Return the error that says that *target* cannot be written, and why."""
    return OptionError(f"{target}: cannot be written ({error.strerror or error}).")


def allowed(bits: int) -> int:
    """Return the permissions that a new file or folder asking for *bits* gets."""
    mask = os.umask(0)
    os.umask(mask)
    return bits & ~mask


def file_place(target: str) -> Path:
    """Return where the file *target* lies, as :func:`place_of`; raises :class:`OptionError` for a folder, too."""
    place = place_of(target)
    if place.is_dir():
        raise OptionError(f"{target}: this is a folder. Name a file in it.")
    return place


def _remove_leftovers(target: Path, labels: Sequence[str]) -> None:
    # Exactly mkstemp's eight characters and this ending: other runs may be writing hasil-2.csv or hasil.xlsx.
    endings = "|".join(map(re.escape, (target.suffix, ".sempit") if target.suffix == ".parquet" else (target.suffix,)))
    names = [rf"{re.escape(target.stem)}-[a-z0-9_]{{8}}\.sementara(?:{endings})"]
    names += [rf"{re.escape(label)}-[a-z0-9_]{{8}}\.sementara\.\w+" for label in labels]
    leftover = re.compile(rf"\.(?:{'|'.join(names)})")
    for path in target.parent.glob(".*.sementara*"):
        if leftover.fullmatch(path.name):
            with suppress(OSError):
                path.unlink()


def finite(value: Any) -> Any:
    """Return *value* (tables, lists and numbers, nested) as JSON can hold it: NaN and infinities are ``None``."""
    if isinstance(value, Mapping):
        return {str(key): finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write *content* as :func:`write_text` does."""
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write *text* to *path* whole or not at all. Raises :class:`OptionError` where it cannot be written."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write *content* as :func:`write_text` does."""
    file = NewFile(str(path))
    try:
        file.path.write_bytes(content)
    except BaseException:
        file.discard()
        raise
    file.commit()
