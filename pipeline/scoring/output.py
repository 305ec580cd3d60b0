"""Open the file that scored rows go to: csv, xlsx, parquet or jsonl by its ending."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import OptionError
from pipeline.scoring.parquet import ParquetOutput
from pipeline.scoring.plain import CsvOutput, JsonLinesOutput, StandardOutput
from pipeline.scoring.sheet import SheetOutput
from pipeline.scoring.writer import NewFile, Output, place_of, unwritable

__all__ = ["Output", "open_output", "open_private"]


def open_output(path: str, columns: Sequence[str], *, date_columns: Collection[str] = ()) -> Output:
    """Open *path* for writing rows with these *columns*.

    Args:
        path: A file ending in .csv, .xlsx, .parquet or .jsonl, or ``-`` for csv on standard output.
        columns: All columns in order, with distinct names.
        date_columns: Columns whose text holds dates; xlsx shows them as real dates, the others keep the text.

    Raises:
        OptionError: Another ending, or the place cannot be written to.
    """
    if len(set(columns)) != len(columns):
        raise ValueError("the output columns must have distinct names")
    if path == "-":
        return StandardOutput(columns)
    match Path(path).suffix.lower():
        case ".csv":
            return CsvOutput(NewFile(path), columns)
        case ".jsonl":
            return JsonLinesOutput(NewFile(path), columns)
        case ".parquet":
            return ParquetOutput(NewFile(path), columns)
        case ".xlsx":
            return SheetOutput(NewFile(path), columns, date_columns)
    raise OptionError(f"{path}: the output must end in .csv, .xlsx, .parquet or .jsonl (or be - for csv).")


@contextmanager
def open_private(path: str, columns: Sequence[str], *, date_columns: Collection[str] = ()) -> Iterator[Output]:
    """Open a file as :func:`open_output` does; its owner only can read it, from its first byte."""
    place = place_of(path)
    try:
        # Finished in a folder that others cannot enter: a file that takes its name has the usual permissions.
        with tempfile.TemporaryDirectory(prefix=f".{place.stem}-", dir=place.parent) as folder:
            hidden = Path(folder) / place.name
            with open_output(str(hidden), columns, date_columns=date_columns) as output:
                yield output
            hidden.chmod(0o600)
            hidden.replace(place)
    except OSError as error:
        raise unwritable(path, error) from error
