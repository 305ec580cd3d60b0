"""What ``disposisi score`` tells at its end: counts, a few examples, what to do next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pipeline.scoring.batch import Summary


def show(summary: Summary, output: str, version: str) -> None:
    """Print *summary* on standard output, or on stderr where that carries the rows."""
    from pipeline.catalogue import LEVELS, unit_name
    from pipeline.routing import ACTIONS
    from pipeline.scoring.rejects import reject_path

    err = output == "-"
    say = partial(click.echo, err=err)
    say(f"\n{summary.rows:,} rows scored with {version}.")
    if summary.resumed:
        say(f"{summary.resumed:,} of them by the run that was interrupted.")
    say("\nUnit (first suggestion)")
    for unit, count in summary.units.most_common():
        say(f"  {count:>7,}  {unit_name(unit)}")
    say("\nUrgency")
    for level in reversed(LEVELS):
        say(f"  {summary.levels[level]:>7,}  {level}")
    say("\nAction")
    for action, words in ACTIONS.items():
        say(f"  {summary.actions[action]:>7,}  {action}: {words}")
    waiting = summary.rows - summary.actions["teruskan"]
    say(f"\n{waiting:,} of {summary.rows:,} rows need a person.")
    if summary.decision is not None:
        expected = summary.decision.expected_precision
        if expected == expected:
            least = summary.decision.threshold
            say(f"Of those that go on without one, {expected:.1%} should have the right unit (threshold {least:.3f}).")
    urgent = sum(summary.levels[level] for level in LEVELS[-2:])
    for count, words in (
        (urgent, "are darurat or tinggi: they come first (prioritas 1 and 2), also where the unit is unsure"),
        (summary.watched, "accuse holders of authority (berkadar_pengawasan): a person sees them before they leave"),
        (summary.grouped, "tell what another report tells (kelompok, mirip_dengan)"),
        (summary.overdue, "are late already (terlambat)"),
    ):
        if count:
            say(f"  {count:>7,}  {words}")
    for note in summary.notes:
        say(f"Note: {note}")
    if summary.examples:
        say("\nExamples, the most urgent first (personal data masked)")
    for example in summary.examples:
        row = example.row
        say(f'  "{example.text}"')
        say(f"    → {unit_name(row['unit'])} ({row['keyakinan']:.0%}), urgensi {row['urgensi']}, {row['tindakan']}")
        say(f"    alasan: {row['alasan']}")
        say(f"    alasan urgensi: {row['alasan_urgensi']}")
    if summary.rejected:
        say(f"\n{summary.rejected:,} unreadable rows, with their reasons: {reject_path(output)}")
    if not err:
        say(f"\nThe scored rows: {output}")
        say("Next: open it, sort by prioritas, check the rows marked tinjau; train on your own rows with")
        say("  disposisi train --name NAME FILE   (a SP4N-LAPOR export needs no more)")
