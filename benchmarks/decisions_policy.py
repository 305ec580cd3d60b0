"""The policy on real complaints: wanted against reached precision, unit floors, capacity, another office's rows.

    python benchmarks/decisions_policy.py               # trains four times, about four minutes of CPU
    python benchmarks/decisions_policy.py --work /tmp/p  # and keeps the measured predictions there for the next time

Protocol of ../shared/data/README.md. Floors and limits were chosen on three cuts inside 2022 (train before, measure
on the next two months); the first quarter of 2023 and Kab. Bandung's rows are only measured on.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from accuracy import DATA, bandung, elsewhere, later_rows, surabaya
from baselines import bare_units

from pipeline.catalogue.crosswalk import load_crosswalk, translate
from pipeline.retraining.bootstrap import RESAMPLES, Figure, with_intervals
from pipeline.retraining.data import Rows, distinct
from pipeline.retraining.recipes import load_recipe
from pipeline.retraining.unit_half import UnitTrainer
from pipeline.routing.curve import RiskCurve
from pipeline.routing.decision import FORWARD
from pipeline.routing.difference import Difference
from pipeline.routing.policy import WEAK_UNIT, Policy, decide, load_policy

WANTED = (0.85, 0.90, 0.95, 0.98)
CUTS = (("2022-07-01", "2022-09-01"), ("2022-09-01", "2022-11-01"), ("2022-11-01", "2023-01-01"))
QUARTER = ("2023-01-01", "2024-01-01")
MARGINS = (0.0, 0.03)
BATCH, PEOPLE = 500, 200
MIN_ROWS = 20
_ARRAYS = ("confidence_", "correct_", "predicted_")


@dataclass(frozen=True)
class Scored:
    """Predictions of rows that the model had not seen, in order of time; ``right``: the unit they went to."""

    units: np.ndarray
    confidence: np.ndarray
    right: np.ndarray
    times: np.ndarray

    def __len__(self) -> int:
        return len(self.units)

    def take(self, rows: np.ndarray) -> Scored:
        return Scored(self.units[rows], self.confidence[rows], self.right[rows], self.times[rows])


@dataclass(frozen=True)
class Cut:
    """A model's curve, the later rows, Bandung's rows by it, and bare scikit-learn's (confidence, right, limits)."""

    curve: RiskCurve
    test: Scored
    other: Scored
    bare: tuple[np.ndarray, np.ndarray, dict[float, float]]


def measure(start: str, end: str, rows: Rows, foreign: Rows, *, bare: bool) -> Cut:
    """Train on the rows before *start*; score those until *end* and the *foreign* ones (right by function)."""
    rows = rows.take(np.flatnonzero(rows.times < np.datetime64(end, "us")))
    trainer = UnitTrainer(load_recipe("unit"), elsewhere("kota-surabaya", {}), MIN_ROWS)
    measured = trainer.measure_later(rows, np.datetime64(start, "us"))
    model = measured.classifier
    assert model is not None
    names = model.classes_.astype(object)
    test = later_rows(rows, start, measured)
    best = measured.probabilities.argmax(axis=1)
    own = Scored(names[best], measured.probabilities.max(axis=1), names[best] == np.array(measured.truth), test.times)
    crosswalk = load_crosswalk()
    servers = crosswalk.servers("kota-surabaya", names.tolist())
    truth = [translate(crosswalk.functions("kab-bandung", unit), servers) for unit in foreign.labels]
    known = np.array([unit is not None for unit in truth])
    chances = model.probabilities(model.vectorize(trainer.stems(foreign.texts)))
    called = names[chances.argmax(axis=1)]
    right = np.array([unit == one for unit, one in zip(truth, called.tolist(), strict=True)])
    other = Scored(called, chances.max(axis=1), right, foreign.times).take(np.flatnonzero(known))
    beside = (np.empty(0), np.empty(0, bool), {})
    if bare:
        found = bare_units(measured.train, test, measured.classes, WANTED)
        beside = (found.confidence, found.order[:, 0] == found.truth, found.thresholds)
    return Cut(RiskCurve.of(model), _in_time(own), _in_time(other), beside)


def _in_time(scored: Scored) -> Scored:
    return scored.take(np.argsort(scored.times, kind="stable"))


def cuts(work: Path | None) -> tuple[list[Cut], Cut]:
    """Return the cuts inside 2022 and the test quarter's; *work* keeps them (arrays, unit names, no texts)."""
    found: list[Cut] = []
    rows: tuple[Rows, Rows] | None = None
    for start, end in (*CUTS, QUARTER):
        file = work / f"policy-{start}.npz" if work is not None else None
        if file is not None and file.is_file():
            found.append(_read(file))
            continue
        rows = rows or (surabaya(), distinct(bandung()))
        found.append(measure(start, end, *rows, bare=start == QUARTER[0]))
        print(f"  trained on the rows before {start}", file=sys.stderr, flush=True)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            _write(file, found[-1])
    return found[:-1], found[-1]


def _write(file: Path, cut: Cut) -> None:
    curve = {"confidence_": cut.curve.confidence, "correct_": cut.curve.correct, "predicted_": cut.curve.unit}
    sides = {
        f"{side}.{name}": value.astype(str) if value.dtype == object else value
        for side, scored in (("test", cut.test), ("other", cut.other))
        for name, value in vars(scored).items()
    }
    confidence, right, thresholds = cut.bare
    wanted = np.array([[key, value] for key, value in thresholds.items()]).reshape(-1, 2)
    np.savez(file, names=np.array(cut.curve.names), bare=confidence, bare_right=right, wanted=wanted, **curve, **sides)


def _read(file: Path) -> Cut:
    with np.load(file, allow_pickle=False) as arrays:
        curve = RiskCurve.restore(arrays["names"].tolist(), {name: arrays[name] for name in _ARRAYS})
        sides = [
            Scored(
                arrays[f"{side}.units"].astype(object),
                *(arrays[f"{side}.{k}"] for k in ("confidence", "right", "times")),
            )
            for side in ("test", "other")
        ]
        return Cut(curve, *sides, (arrays["bare"], arrays["bare_right"], dict(arrays["wanted"].tolist())))


def reached(forwarded: np.ndarray, right: np.ndarray) -> tuple[Figure, Figure]:
    """Return (coverage, precision reached) with bootstrap intervals."""
    functions: dict[str, Callable[[np.ndarray], float]] = {
        "coverage": lambda rows: float(forwarded[rows].mean()),
        "reached": lambda rows: float(right[rows][forwarded[rows]].mean()) if forwarded[rows].any() else float("nan"),
    }
    figures = with_intervals(functions, len(right), RESAMPLES)
    return figures["coverage"], figures["reached"]


def forwarded(policy: Policy, curve: RiskCurve, scored: Scored) -> np.ndarray:
    return decide(policy, curve, scored.units, scored.confidence).actions == FORWARD


def to_poor_units(sent: np.ndarray, scored: Scored) -> float:
    """Return the share of forwarded rows that went to a unit of which less than three of four were right."""
    counts = Counter(scored.units[sent].tolist())
    hits = Counter(scored.units[sent & scored.right].tolist())
    return sum(n for unit, n in counts.items() if hits[unit] / n < 0.75) / max(sum(counts.values()), 1)


def joint(policy: Policy, curve: RiskCurve, scored: Scored) -> np.ndarray:
    """Forward by a threshold lowered for what the other units gain when weak ones are left out (not kept)."""
    weak: frozenset[str] = frozenset()
    while True:
        threshold = curve.without(weak).threshold_for(policy.precision)
        found = weak | curve.units(threshold, policy.min_rows).weak(policy.floors_of(curve.names), policy.min_rows)
        if found == weak:
            return (scored.confidence >= threshold) & ~np.isin(scored.units.astype(str), sorted(weak) or [""])
        weak = found


def always(policy: Policy, curve: RiskCurve, scored: Scored) -> np.ndarray:
    """Review every row of a unit below its floor at the threshold (not kept: a lower one then forwards less)."""
    threshold = curve.threshold_for(policy.precision)
    weak = curve.units(threshold, policy.min_rows).weak(policy.floors_of(curve.names), policy.min_rows)
    return (scored.confidence >= threshold) & ~np.isin(scored.units.astype(str), sorted(weak) or [""])


def choice(inner: list[Cut], policy: Policy) -> list[str]:
    """Return the table on which the floor was chosen."""
    rows = ["| way | " + " | ".join(f"{w:.2f}" for w in (0.90, 0.95)) + " |", "|---|---|---|"]
    plain = replace(policy, unit_floor=0.0, min_rows=0, floors=())
    tried = [("no floor", plain, forwarded)]
    tried += [(f"floor {f:.2f}", policy.with_options(unit_floor=f), forwarded) for f in (0.70, 0.75, 0.80, 0.85)]
    tried.append(("floor 0.75, units below it always reviewed", policy.with_options(unit_floor=0.75), always))
    tried.append(("floor 0.75, threshold lowered for the others", policy.with_options(unit_floor=0.75), joint))
    for name, way, act in tried:
        cells = []
        for wanted in (0.90, 0.95):
            here = way.with_options(precision=wanted)
            sent = np.concatenate([act(here, cut.curve, cut.test) for cut in inner])
            right = np.concatenate([cut.test.right for cut in inner])
            poor = sum(
                to_poor_units(act(here, c.curve, c.test), c.test) * act(here, c.curve, c.test).sum() for c in inner
            )
            cells.append(f"{sent.mean():.3f} · {right[sent].mean():.3f} · {poor / sent.sum():.3f}")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    return rows


def wanted_and_reached(cut: Cut, policy: Policy) -> list[str]:
    rows = ["| wanted | | coverage | reached | to units below .75 |", "|---|---|---|---|---|"]
    plain = replace(policy, unit_floor=0.0, min_rows=0, floors=())
    for wanted in WANTED:
        for name, way in (("no floor", plain), ("floors (the product)", policy)):
            sent = forwarded(way.with_options(precision=wanted), cut.curve, cut.test)
            coverage, right = reached(sent, cut.test.right)
            rows.append(f"| {wanted:.2f} | {name} | {coverage} | {right} | {to_poor_units(sent, cut.test):.3f} |")
        confidence, correct, thresholds = cut.bare
        coverage, right = reached(confidence >= thresholds[wanted], correct)
        rows.append(f"| {wanted:.2f} | bare scikit-learn | {coverage} | {right} | |")
    return rows


def falling(cut: Cut, policy: Policy) -> list[str]:
    """Return the rows forwarded at ever lower wishes, and for comparison with weak units always reviewed."""
    rows = [
        "| wanted | threshold | forwarded | were units below their floor always reviewed | units with own threshold |"
    ]
    rows.append("|---|---|---|---|---|")
    for wanted in (0.98, 0.95, 0.90, 0.85, 0.80, 0.70, 0.60):
        way = policy.with_options(precision=wanted)
        made = decide(way, cut.curve, cut.test.units, cut.test.confidence)
        sent, old = int((made.actions == FORWARD).sum()), int(always(way, cut.curve, cut.test).sum())
        rows.append(f"| {wanted:.2f} | {made.threshold:.3f} | {sent:,} | {old:,} | {len(made.unit_thresholds)} |")
    return rows


def capacity(cut: Cut, policy: Policy) -> list[str]:
    rows = [
        "| rows | capacity | floors | reviewed | below their unit's own threshold | threshold | expected | reached |",
        "|---|---|---|---|---|---|---|---|",
    ]
    plain = replace(policy, unit_floor=0.0, min_rows=0, floors=())
    every = np.arange(len(cut.test))
    batches = [every[i : i + BATCH] for i in range(0, len(every) - BATCH // 5, BATCH)]
    for name, parts, people in (
        *((f"{len(part)} (batch {k + 1})", [part], PEOPLE) for k, part in enumerate(batches)),
        *((f"{len(every):,} (quarter)", [every], n) for n in (400, 800, 1200)),
    ):
        for floors, way in (("no", plain), ("yes", policy)):
            scored = cut.test.take(parts[0])
            made = decide(way.with_options(capacity=people), cut.curve, scored.units, scored.confidence)
            weak = sum(WEAK_UNIT in rule for rule in made.rules.tolist())
            _, right = reached(made.actions == FORWARD, scored.right)
            over = f" ({made.over_capacity} too many)" if made.over_capacity else ""
            rows.append(
                f"| {name} | {people} | {floors} | {made.reviewed}{over} | {weak} | {made.threshold:.3f} "
                f"| {made.expected_precision:.3f} | {right} |"
            )
    return rows


def elsewhere_reached(cut: Cut, policy: Policy) -> list[str]:
    rows = ["| rows | wanted | margin | coverage | reached | warning |", "|---|---|---|---|---|---|"]
    for name, scored in (("Surabaya, 2023 Q1", cut.test), ("Kab. Bandung 2021-2022", cut.other)):
        for wanted in (0.90, 0.95):
            for margin in MARGINS:
                way = policy.with_options(precision=wanted, margin=margin)
                coverage, right = reached(forwarded(way, cut.curve, scored), scored.right)
                differs = warned(policy, cut.curve, scored).differs
                rows.append(
                    f"| {name} | {wanted:.2f} | {margin:g} | {coverage} | {right} | {'yes' if differs else 'no'} |"
                )
    return rows


def warned(policy: Policy, curve: RiskCurve, scored: Scored) -> Difference:
    return policy.compare(curve, Counter(scored.units.tolist()), float(scored.confidence.mean()))


def warnings(inner: list[Cut], cut: Cut, policy: Policy) -> list[str]:
    """Count warnings over whole periods, months and batches."""
    rows = [
        "| rows | batches | warned | confidence beyond chance | units beyond chance |",
        "|---|---|---|---|---|",
    ]

    def line(name: str, parts: list[tuple[Cut, Scored]]) -> None:
        found = [warned(policy, c.curve, s) for c, s in parts]
        rows.append(
            f"| {name} | {len(found)} | {sum(f.differs for f in found)} "
            f"| {max(f.confidence for f in found):.3f} | {max(f.units for f in found):.3f} |"
        )

    def months(c: Cut, scored: Scored) -> list[tuple[Cut, Scored]]:
        month = scored.times.astype("datetime64[M]")
        return [(c, scored.take(np.flatnonzero(month == m))) for m in np.unique(month)]

    def batches(c: Cut, scored: Scored, size: int) -> list[tuple[Cut, Scored]]:
        return [(c, scored.take(np.arange(i, i + size))) for i in range(0, len(scored) - size + 1, size)]

    line("Surabaya, months of the cuts inside 2022 (limits chosen here)", [p for c in inner for p in months(c, c.test)])
    line("the same, batches of 200", [p for c in inner for p in batches(c, c.test, 200)])
    line("Surabaya, 2023 Q1, whole", [(cut, cut.test)])
    line("the same, months", months(cut, cut.test))
    line("the same, batches of 200", batches(cut, cut.test, 200))
    line("Kab. Bandung, whole, by the four models", [(c, c.other) for c in (*inner, cut)])
    year = cut.other.times.astype("datetime64[Y]")
    for value in np.unique(year):
        line(f"Kab. Bandung {value}", [(cut, cut.other.take(np.flatnonzero(year == value)))])
    line("Kab. Bandung, batches of 200", batches(cut, cut.other, 200))
    return rows


def lines(work: Path | None = None) -> list[str]:
    """Return the section as Markdown lines; *work* is a folder that keeps the measured predictions."""
    inner, cut = cuts(work)
    policy = replace(load_policy(), capacity=None)
    return [
        "## Policy: which rows go without a person",
        "",
        "Command: `python benchmarks/decisions_policy.py`. "
        f"Surabaya's rows before 2023 ({len(cut.curve):,} held-out rows, {len(cut.curve.names)} units) → "
        f"{len(cut.test):,} rows of 2023 Q1; brackets: 95 % bootstrap intervals. Floor {policy.unit_floor:g} on the "
        f"95 % one-sided Wilson bound of a unit's held-out precision, {policy.min_rows} held-out rows or more: a unit "
        "below it gets the lowest threshold above at which it is not, and is always reviewed where there is none.",
        "",
        "**Floors, chosen on three cuts inside 2022**: coverage · reached · share of forwarded rows that went to units "
        "of which less than three of four were right, at wanted precision "
        f"(n = {sum(len(c.test) for c in inner):,})",
        "",
        *choice(inner, policy),
        "",
        "**Wanted and reached, 2023 Q1**",
        "",
        *wanted_and_reached(cut, policy),
        "",
        "**Asking for less never reviews more**, 2023 Q1: rows forwarded as the wish falls",
        "",
        *falling(cut, policy),
        "",
        f"**Capacity, 2023 Q1**: batches of {BATCH} rows in order of time, {PEOPLE} of them reviewed; and the quarter",
        "",
        *capacity(cut, policy),
        "",
        "**Another office by this model**: right is the unit with the function of the unit that got it there "
        f"(crosswalk); n = {len(cut.other)}",
        "",
        *elsewhere_reached(cut, policy),
        "",
        f"**The warning**: limits {policy.confidence_limit:g} and {policy.units_limit:g} beyond chance",
        "",
        *warnings(inner, cut, policy),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, help="folder that keeps the measured predictions")
    options = parser.parse_args()
    if not DATA.is_dir():
        print("../shared is absent: the real complaints are not part of the repository.", file=sys.stderr)
        return 2
    print("\n".join(lines(options.work)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
