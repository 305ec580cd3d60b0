"""From rows to links: identical reports first, then candidate pairs, judged by the rules, then groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.routing.similar.candidates import distinct, pairs_within
from pipeline.routing.similar.fields import Codes
from pipeline.routing.similar.grouping import Edges, star_groups
from pipeline.routing.similar.judge import Judge, days_allowed, days_between
from pipeline.routing.similar.rows import Rows, place_relation
from pipeline.routing.similar.rules import LinkRule

Ints = NDArray[np.int64]
NEAREST = 3


@dataclass(frozen=True)
class Linked:
    """``centre`` of every report (earlier ones first; -1 alone), and for this run's the columns of ``Link``."""

    centre: Ints
    group: list[str]
    similar: list[str]
    kind: NDArray[np.int8]
    size: Ints


def linked(
    old: Rows, new: Rows, order: Ints, weight: Callable[[Codes], NDArray[np.float64]], rules: Sequence[LinkRule]
) -> Linked:
    """Link the reports of *new* with each other and with *old*; *order*: numbers of the reports asked for."""
    olds, total = len(old), len(old) + len(new)
    day, place = np.concatenate([old.day, new.day]), np.concatenate([old.place, new.place])
    text, group = np.concatenate([old.text, new.text]), np.concatenate([old.group, new.group]).astype(np.int64)
    group[olds:] = -1
    ids = np.concatenate([old.id, new.id])
    alive = text != 0
    asked = np.zeros(total, dtype=bool)
    asked[olds:] = True
    asked[order] = True
    same_first, same_other = _identical(text, place, day, ids, asked, olds)

    reach = days_allowed(rules)

    def may(one: Ints, other: Ints) -> NDArray[np.bool_]:
        return days_between(day[one], day[other]) <= reach[place_relation(place[one], place[other])]

    def judge_of(rows: Ints) -> Judge:
        items, counts = _items_of(old, new, rows)
        return Judge(items, counts, weight(items), day[rows], place[rows], text[rows], rules)

    first, other, kind, score = _judged(judge_of, same_first, same_other)
    alive[other] = False
    more = pairs_within(lambda b: np.concatenate([old.bands[:, b], new.bands[:, b]]), place, day, alive, asked, may)
    links = _judged(judge_of, *more)
    one = np.concatenate([first, links[0]])
    two = np.concatenate([other, links[1]])
    kinds, scores = np.concatenate([kind, links[2]]), np.concatenate([score, links[3]])
    # Only rows asked for or linked to them, and the centres of their groups, are grouped.
    involved = np.concatenate([one, two, order])
    rows = distinct(np.concatenate([involved, group[involved]]))
    rows = rows[rows >= 0]
    rank = np.lexsort((ids[rows], text[rows], day[rows]))
    place_of = np.empty(len(rows), dtype=np.int64)
    place_of[rank] = np.arange(len(rows))
    edges = Edges.of(np.searchsorted(rows, one), np.searchsorted(rows, two), kinds, scores, place_of, len(rows))
    known = group[rows]
    known = np.where(known >= 0, np.searchsorted(rows, known), -1)

    def joins(members: Ints, centres: Ints) -> NDArray[np.bool_]:
        involved, numbers = np.unique(rows[np.concatenate([members, centres])], return_inverse=True)
        return judge_of(involved).agree(numbers[: len(members)], numbers[len(members) :])

    centre = star_groups(edges, place_of, known, joins)
    group[rows] = np.where(centre >= 0, rows[centre], -1)
    return _columns(old, new, order, group, rows, edges, ids, day, total)


def _identical(
    text: NDArray[np.uint64],
    place: Ints,
    day: NDArray[np.int32],
    ids: NDArray[np.uint64],
    asked: NDArray[np.bool_],
    olds: int,
) -> tuple[Ints, Ints]:
    """Return (first, other) for reports with the same words, place and day as an earlier one."""
    by = np.lexsort((ids, day, place, text))
    same = np.append(
        False, (text[by][1:] == text[by][:-1]) & (place[by][1:] == place[by][:-1]) & (day[by][1:] == day[by][:-1])
    )[: len(by)]
    at = np.maximum.accumulate(np.where(same, 0, np.arange(len(by))))
    # An old report comes first in its run where there is one, so that its group goes on.
    run = np.cumsum(~same) - 1
    best = np.lexsort((ids[by], by >= olds, run))
    by = by[best]
    first, other = by[at[same]], by[same]
    kept = (asked[other] | asked[first]) & (text[other] != 0)
    return first[kept], other[kept]


def _judged(
    judge_of: Callable[[Ints], Judge], one: Ints, other: Ints
) -> tuple[Ints, Ints, NDArray[np.int8], NDArray[np.float32]]:
    """Return the pairs that are linked, with kind and score."""
    rows, numbers = np.unique(np.concatenate([one, other]), return_inverse=True)
    found = judge_of(rows)(numbers[: len(one)], numbers[len(one) :])
    kept = found.kind > 0
    return one[kept], other[kept], found.kind[kept], found.score[kept]


def _items_of(old: Rows, new: Rows, rows: Ints) -> tuple[Codes, NDArray[np.uint8]]:
    """Return the items of some rows, one after the other, and how many each has."""
    parts, counts = [], []
    for part, chosen in ((old, rows[rows < len(old)]), (new, rows[rows >= len(old)] - len(old))):
        ends = np.cumsum(part.count, dtype=np.int64)
        count = part.count[chosen].astype(np.int64)
        starts = np.cumsum(count) - count
        at = np.repeat(ends[chosen] - count - starts, count) + np.arange(count.sum())
        parts.append(part.items[at])
        counts.append(part.count[chosen])
    return np.concatenate(parts), np.concatenate(counts)


def _columns(
    old: Rows, new: Rows, order: Ints, group: Ints, rows: Ints, edges: Edges, ids: NDArray[np.uint64],
    day: NDArray[np.int32], total: int,
) -> Linked:  # fmt: skip
    names = _Names(old, new)
    members = np.flatnonzero(group >= 0)
    # The earliest report of each group that has an id, unknown days last; reports without an id count each.
    who = np.where(ids[members] == 0, members.astype(np.uint64), ids[members])
    known_day = np.where(day[members] == np.iinfo(np.int32).min, np.iinfo(np.int32).max, day[members])
    by = np.lexsort((members, known_day, ids[members] == 0, group[members]))
    centres, first = np.unique(group[members][by], return_index=True)
    earliest = np.full(total, -1, dtype=np.int64)
    earliest[centres] = members[by][first]
    distinct = np.unique(np.stack([group[members].astype(np.uint64), who]), axis=1)[0].astype(np.int64)
    sizes = np.bincount(distinct, minlength=total)
    local = np.full(total, -1, dtype=np.int64)
    local[rows] = np.arange(len(rows))
    groups, similar, kind = [""] * len(order), [""] * len(order), np.zeros(len(order), dtype=np.int8)
    size = np.ones(len(order), dtype=np.int64)
    for at in np.flatnonzero(local[order] >= 0).tolist():
        row = int(order[at])
        here = local[row]
        near = edges.of_row(here)
        if len(near):
            kind[at] = edges.kind[edges.start[here]]
            if len(near) < NEAREST:
                near = np.concatenate([near, edges.of_row(near[0])])
            found: dict[str, None] = {}
            own = names(row)
            for number in rows[near[: 3 * NEAREST]].tolist():
                name = names(number)
                if number != row and name and name != own:
                    found[name] = None
                if len(found) == NEAREST:
                    break
            similar[at] = ";".join(found)
        if group[row] >= 0:
            groups[at], size[at] = names(int(earliest[group[row]])), max(int(sizes[group[row]]), 1)
    return Linked(group, groups, similar, kind, size)


class _Names:
    """The ids of rows."""

    def __init__(self, old: Rows, new: Rows) -> None:
        self._parts = [(rows.names, np.append(0, np.cumsum(rows.name_size, dtype=np.int64))) for rows in (old, new)]
        self._olds = len(old)

    def __call__(self, row: int) -> str:
        (names, ends), at = (self._parts[0], row) if row < self._olds else (self._parts[1], row - self._olds)
        return bytes(names[ends[at] : ends[at + 1]]).decode("utf-8", "replace")
