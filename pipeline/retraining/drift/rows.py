"""The rows of a period as they come from files: texts, days, labels; and the days that they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DataError
from pipeline.intake import Batch
from pipeline.retraining.data import MIN_CHARS, different


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a period; ``labels`` (object): the unit they went to, ``""`` where not known.

    ``times`` is datetime64[us] with NaT where a row has no date; ``read``: how many rows there were before
    :meth:`distinct` left some out; ``files``: where they are from, for messages.
    """

    texts: list[str]
    labels: NDArray[np.object_]
    times: NDArray[np.datetime64]
    read: int
    files: str | None = None

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, keep: Iterable[int] | NDArray[np.int64]) -> Rows:
        """Return the rows with these numbers; they count as all that was read."""
        index = np.array(list(keep), dtype=np.int64)
        texts = [self.texts[i] for i in index.tolist()]
        return Rows(texts, self.labels[index], self.times[index], len(index), self.files)

    def split(self, day: np.datetime64) -> tuple[Rows, Rows]:
        """Return the rows before *day* and those from it on; rows without a date are left out.

        Raises :class:`DataError` when a side is empty.
        """
        before, later = np.flatnonzero(self.times < day), np.flatnonzero(self.times >= day)
        if not len(before) or not len(later):
            raise DataError(
                f"{len(before)} rows lie before {str(day)[:10]} and {len(later)} from then on; both sides need rows",
                file=self.files,
                hint="Choose another --split, or name the date column with --date.",
            )
        return self.take(before), self.take(later)

    def distinct(self, without: Rows | None = None) -> Rows:
        """Return the rows without short texts, repeats (the first stays) and texts that occur in *without*.

        Copies are no news of their own, and a permutation test takes rows to be independent. The rule is training's.
        Raises :class:`DataError` when no row is left.
        """
        kept = different(self.texts, () if without is None else without.texts)
        if not kept:
            raise DataError(
                f"none of {len(self)} texts is new and has {MIN_CHARS} characters",
                file=self.files,
                hint="Give other files.",
            )
        return replace(self.take(kept), read=self.read)


def read_rows(
    batches: Sequence[Batch], *, decisions: Mapping[str, str] | None = None, files: Sequence[str] = ()
) -> Rows:
    """Return the rows of *batches*, which were read from *files*: one without a row has no batch.

    With *decisions* (id → unit that officers gave) a row's label is what they decided, and no other.
    Raises :class:`DataError` when no row has a text, or none of the decisions' ids.
    """
    texts: list[str] = []
    labels: list[str] = []
    times: list[NDArray[np.datetime64]] = []
    for batch in batches:
        texts += batch.texts()
        units = batch.units() if decisions is None else [decisions.get(key) for key in batch.ids()]
        labels += [unit or "" for unit in units]
        times.append(batch.dates().to_numpy().astype("datetime64[us]"))
    source = ", ".join(files or dict.fromkeys(batch.source for batch in batches)) or None
    if not any(text.strip() for text in texts):
        raise DataError("no row has a text to compare", file=source, hint="Name the text column with --text.")
    if decisions is not None and not any(labels):
        raise DataError("no row has the id of a decision", file=source, hint="Name the id column with --id.")
    return Rows(texts, np.array(labels, dtype=object), np.concatenate(times), len(texts), source)
