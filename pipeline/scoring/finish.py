"""From rows scored by their texts to whole decisions: what takes the date, the rest of the batch, or the policy."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.catalogue.holidays import Calendar
from pipeline.catalogue.time_limits import TimeLimits
from pipeline.intake import Batch
from pipeline.routing import DATE_COLUMNS, ROUTED
from pipeline.routing.curve import RiskCurve
from pipeline.routing.deadline import DeadlineSetter
from pipeline.routing.policy import FORCED, PolicyDecision, decide, load_policy, plan, priority
from pipeline.routing.similar import IncidentIndex
from pipeline.scoring.crowd import raise_crowds
from pipeline.scoring.regions import complete_regions
from pipeline.text import WordTable

_POLICY_RULE = re.compile(r"^(?:kebijakan:[^;]*(?:; |$))+")


@dataclass(frozen=True)
class RunOptions:
    """What a run asks for besides the model (``disposisi score --help``); ``None``: as the office's rules say."""

    precision: float | None = None
    capacity: int | None = None
    holidays: Path | None = None
    index: Path | None = None
    today: dt.date = field(default_factory=dt.date.today)
    groups: bool = True
    whole: bool = True  # the rows are a whole run: a capacity holds for them

    @property
    def has_policy(self) -> bool:
        """Tell whether the run sets how many rows go on without a person."""
        return self.precision is not None or self.capacity is not None


class Finisher:
    """Completes scored batches: :meth:`take` each in order, then :meth:`settle`, then :meth:`finish` each in order.

    ``decision``: the policy's, where the run asks for a precision or a capacity; ``notes``: lines for the summary.
    """

    def __init__(self, options: RunOptions, curve: RiskCurve | None = None, table: WordTable | None = None) -> None:
        """Take what the run asks for; *curve* (the model's) is needed where that is a precision or a capacity.

        *table*: the words that this process has met already.
        """
        if options.has_policy and curve is None:
            raise ValueError("a wanted precision or a capacity takes the model's curve")
        self._policy = load_policy().with_options(precision=options.precision, capacity=options.capacity)
        takes_run = self._policy.capacity is not None or self._policy.margin > 0
        self._decides = options.precision is not None or (options.whole and takes_run)
        self._curve = curve
        self._options = options
        self._calendar = Calendar() if options.holidays is None else Calendar.from_file(options.holidays)
        self._deadlines = DeadlineSetter(self._calendar, TimeLimits.load(), options.today)
        self._index = IncidentIndex(options.index, table) if options.groups else None
        self._taken = self._finished = self._undated = 0
        self._asked: list[pd.DataFrame] = []
        self._units: Counter[str] = Counter()
        self._confidence = 0.0
        self.notes: list[str] = []
        self._refused: set[int] = set()
        self.decision: PolicyDecision | None = None

    def take(self, batch: Batch, texts: list[str], scored: pd.DataFrame) -> pd.DataFrame:
        """Return *scored* with what the rows' own dates and regions decide; remember what the run's end takes."""
        days = batch.dates().to_numpy().astype("datetime64[D]")
        scored = complete_regions(batch, scored)
        scored = self._with_deadlines(scored, days)
        if self._index is not None:
            self._index.add(self._ids(batch), texts, days, scored["kode_wilayah"].tolist())
        if self._decides:
            self._asked.append(scored[["unit", "keyakinan", "tindakan", "aturan"]])
        self._units.update(scored["unit"].tolist())
        self._confidence += float(scored["keyakinan"].sum())
        self._taken += len(scored)
        if batch.columns.date is not None:
            self._undated += int(np.isnat(days).sum())
        return scored

    def settle(self) -> None:
        """Decide what takes all rows; no further batch may be taken."""
        if self._index is not None:
            self._groups = self._index.groups()
        if self._decides and self._curve is not None and self._asked:
            self.decision = self._decide(pd.concat(self._asked, ignore_index=True), self._curve)
            self._asked = []
            self.notes += self.decision.notes
        elif self._curve is not None:
            self.notes += plan(self._policy, self._curve).notes
            mean = self._confidence / max(self._taken, 1)
            if (warning := self._policy.compare(self._curve, self._units, mean).warning()) is not None:
                self.notes.append(warning)
        if self._undated:
            self.notes.append(f"{self._undated:,} rows have no date that can be read, so no deadlines.")
        if self._refused:
            self.notes.append(self._calendar.explain(self._refused))

    def finish(self, scored: pd.DataFrame) -> pd.DataFrame:
        """Return *scored*, as :meth:`take` gave it, complete."""
        part = slice(self._finished, self._finished + len(scored))
        self._finished = part.stop
        if self.decision is not None:
            scored = self._with_policy(scored, part, self.decision)
        if self._index is not None:
            groups = self._groups
            scored = scored.assign(kelompok=groups.group[part], mirip_dengan=groups.similar[part])
            scored = raise_crowds(scored, groups.size[part], groups.kind[part])
        levels, actions = scored["urgensi"].to_numpy(object), scored["tindakan"].to_numpy(object)
        return scored.assign(prioritas=[str(rank) for rank in priority(levels, actions).tolist()])

    @property
    def waits(self) -> bool:
        """Tell whether a row's decision takes rows that come after it."""
        return self._index is not None or self._decides

    def save(self) -> None:
        """Keep the index of earlier reports, where the run has one."""
        if self._index is not None:
            self._index.save()

    def close(self) -> None:
        """Let go of the index of earlier reports; what was not saved is not in it."""
        if self._index is not None:
            self._index.close()

    def _decide(self, asked: pd.DataFrame, curve: RiskCurve) -> PolicyDecision:
        self._routed = asked["tindakan"].isin(ROUTED).to_numpy()
        routed = asked[self._routed]
        return decide(
            self._policy,
            curve,
            routed["unit"].to_numpy(object),
            routed["keyakinan"].to_numpy(np.float64),
            forced=routed["aturan"].str.startswith(FORCED).to_numpy(bool),
        )

    def _ids(self, batch: Batch) -> list[str]:
        """Return an id for each row: the file's own, else its place in the run."""
        return [own or f"baris-{place}" for place, own in enumerate(batch.ids(), start=self._taken + 1)]

    def _with_deadlines(self, scored: pd.DataFrame, days: NDArray[np.datetime64]) -> pd.DataFrame:
        # Where words alone sound like an accusation nothing is copied, and the ordinary limits hold.
        found = self._deadlines.set(scored["jenis"].tolist(), (scored["salinan"] != "").tolist(), days)
        self._refused |= found.refused_years
        dates = zip(DATE_COLUMNS, (found.forward, found.answer, found.finish), strict=True)
        columns = {name: np.datetime_as_string(values).astype(object) for name, values in dates}
        for values in columns.values():
            values[values == "NaT"] = ""
        spoken = [
            "; ".join(part for part in (said, rule) if part)
            for said, rule in zip(scored["aturan"].tolist(), found.rules, strict=True)
        ]
        return scored.assign(**columns, terlambat=found.overdue, aturan=spoken)

    def _with_policy(self, scored: pd.DataFrame, part: slice, decision: PolicyDecision) -> pd.DataFrame:
        routed = self._routed[part]
        first = int(self._routed[: part.start].sum())
        mine = slice(first, first + int(routed.sum()))
        actions = scored["tindakan"].to_numpy(object, copy=True)
        rules = np.array([_POLICY_RULE.sub("", said) for said in scored["aturan"].tolist()], dtype=object)
        actions[routed] = decision.actions[mine]
        for row, rule in zip(np.flatnonzero(routed).tolist(), decision.rules[mine], strict=True):
            if rule:
                rules[row] = "; ".join(said for said in (rule, rules[row]) if said)
        return scored.assign(tindakan=actions, aturan=rules)
