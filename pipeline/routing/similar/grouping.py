"""Groups of linked reports: each member is near the report that the group is about (star clustering).

Connected components would chain: A like B, B like C … until the last has nothing in common with the first. Here a
group has a centre (Aslam, Pelekhov and Rus 2004, "The star clustering algorithm"), and who is linked to a member only
joins when it does not contradict the centre.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """Links both ways, by first row: ``start[i]:start[i+1]`` are those of row i, the nearest first."""

    start: Ints
    other: Ints
    kind: NDArray[np.int8]

    @classmethod
    def of(
        cls, one: Ints, other: Ints, kind: NDArray[np.int8], score: NDArray[np.float32], order: Ints, size: int
    ) -> Edges:
        """Return the links; *order* is each row's place among all (earliest first), which decides between equals."""
        first, second = np.concatenate([one, other]), np.concatenate([other, one])
        kinds, scores = np.concatenate([kind, kind]), np.concatenate([score, score])
        by = np.lexsort((order[second], -scores, first))
        first = first[by]
        return cls(np.searchsorted(first, np.arange(size + 1)), second[by], kinds[by])

    def of_row(self, row: int) -> Ints:
        """Return the rows linked to *row*."""
        return self.other[self.start[row] : self.start[row + 1]]


def star_groups(edges: Edges, order: Ints, centre: Ints, joins: Callable[[Ints, Ints], NDArray[np.bool_]]) -> Ints:
    """Return the centre of each row's group, -1 for rows alone.

    *centre*: what is known from earlier runs, it does not change; ``joins(rows, centres)`` tells which may join a
    group through one of its members. The result does not depend on the order in which links are given.
    """
    centre = centre.copy()
    degree = np.diff(edges.start)
    linked = np.flatnonzero(degree > 0)
    fixed = centre[linked] == linked
    for row in linked[np.lexsort((order[linked], -degree[linked], ~fixed))].tolist():
        if centre[row] not in (-1, row):
            continue
        near = edges.of_row(row)
        near = near[centre[near] < 0]
        if centre[row] == row or len(near):
            centre[near] = row
            centre[row] = row
    alone = linked[centre[linked] < 0]
    if len(alone):
        row = np.repeat(alone, degree[alone])
        at = np.concatenate([np.arange(edges.start[r], edges.start[r + 1]) for r in alone.tolist()])
        wanted = centre[edges.other[at]]
        row, wanted = row[wanted >= 0], wanted[wanted >= 0]
        may = joins(row, wanted)
        row, wanted = row[may][::-1], wanted[may][::-1]
        centre[row] = wanted
    return centre
