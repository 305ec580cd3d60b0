"""A folder of parquet parts that appears under its name whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import OptionError
from pipeline.scoring.writer import allowed, place_of, unwritable

_WRITTEN = "_SUCCESS"  # Spark's mark of a folder that it wrote to the end


class NewFolder:
    """A scratch folder beside *target*; what was written to ``result`` takes the target's name on a clean exit.

    An older result of that name is replaced: a file, or a folder that Spark wrote.

    Raises:
        OptionError: *target* has another ending or a scheme, holds one of *inputs*, is a folder that Spark did not
            write, or its place cannot be written to.
    """

    def __init__(self, target: str, inputs: Iterable[str]) -> None:
        path = Path(target).expanduser()
        if "://" in target or path.suffix.lower() != ".parquet":
            raise OptionError(
                f"{target}: --engine spark writes a folder of parquet parts. Name one that ends in .parquet, "
                "under a path that driver and workers see."
            )
        self.target = place_of(target)
        if any(self.target == Path(name) or self.target in Path(name).parents for name in inputs):
            raise OptionError(f"OUT {target} is one of the inputs; name another folder.")
        if self.target.is_dir() and any(self.target.iterdir()) and not (self.target / _WRITTEN).exists():
            raise OptionError(f"{target}: this folder is not one that Spark wrote. Name another, or remove it.")
        try:
            scratch = tempfile.mkdtemp(prefix=f".{path.stem}-", suffix=".sementara", dir=self.target.parent)
        except OSError as error:
            raise unwritable(target, error) from error
        self.scratch = Path(scratch)
        # On a cluster the workers may run as another user of this one's group.
        self.scratch.chmod(allowed(0o777))
        self.result = self.scratch / "hasil"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                if self.target.exists():
                    self.target.rename(self.scratch / "lama")
                self.result.rename(self.target)
        finally:
            shutil.rmtree(self.scratch, ignore_errors=True)
