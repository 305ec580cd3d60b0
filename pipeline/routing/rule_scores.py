"""Weighted rules: each text's score for each code of a rule table, and which rules made it.

A table has the columns ``kode``, ``kelompok``, ``bobot`` and ``pola``. Of the rules of one *kelompok* (group) that
speak in a text the strongest counts, so ten words for one thing weigh no more than one; a code's score is the sum over
its groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.catalogue.rules import Rule
from pipeline.classifiers.sentences import Sentences
from pipeline.errors import InputError
from pipeline.routing.signals import Bools, SignalFinder
from pipeline.text import WordTable

ALWAYS = "selalu"
"""The signal ``@selalu`` speaks in every text: a code's base weight."""
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Group:
    """The rules (by number) of one group of a code, the weakest first, without what always speaks."""

    code: int
    members: tuple[int, ...]


class RuleScores:
    """The *rules* of the file *name*, for texts tokenised with *table*; *codes* are the values ``kode`` may have.

    *named* are the signals that the caller computes; a rule names them as ``@name`` in its ``pola``.
    Raises :class:`InputError` naming file, rule and column of an unknown code or signal or a weight that is no number.
    """

    def __init__(
        self, table: WordTable, rules: Sequence[Rule], name: str, codes: Sequence[str], named: Sequence[str] = ()
    ) -> None:
        self.rules, self.codes = list(rules), tuple(codes)
        self._finder = SignalFinder(table, self.rules)
        self._named: list[tuple[str, int]] = []
        self._weights: list[float] = []
        self._base = np.zeros(len(self.codes))
        groups: dict[tuple[str, str], list[int]] = {}
        for number, rule in enumerate(self.rules):
            weight = self._checked(rule, f"data/rules/{name}.tsv, rule {rule.id!r}", named)
            self._weights.append(weight)
            if rule.values["pola"] == f"@{ALWAYS}":
                self._base[self.codes.index(rule.values["kode"])] += weight
                continue
            groups.setdefault((rule.values["kode"], rule.values["kelompok"]), []).append(number)
            self._named += [(signal, number) for signal in _signals(rule)]
        self._groups = [
            _Group(
                self.codes.index(code), tuple(sorted(members, key=lambda number: (abs(self._weights[number]), -number)))
            )
            for (code, _), members in groups.items()
        ]
        self._strongest_first = {
            code: [
                [(number, self._weights[number] > 0, self.rules[number].id) for number in reversed(group.members)]
                for group in self._groups
                if self.codes[group.code] == code
            ]
            for code in self.codes
        }

    def _checked(self, rule: Rule, place: str, named: Sequence[str]) -> float:
        """Return a rule's weight."""
        code, weight = rule.values["kode"], rule.values["bobot"]
        if code not in self.codes:
            raise InputError(f"{place}: column 'kode': {code!r} is none of {', '.join(self.codes)}.")
        for signal in _signals(rule):
            if signal not in (ALWAYS, *named):
                raise InputError(f"{place}: column 'pola': '@{signal}' is no known signal.")
        try:
            return float(weight)
        except ValueError as error:
            raise InputError(f"{place}: column 'bobot': {weight!r} is no number. Write it as 2 or -1.5.") from error

    def spoken(self, sentences: Sentences, named: Mapping[str, Bools]) -> Bools:
        """Return which rule speaks in which text, shape (rules, texts); *named*: the signals known by now."""
        spoken = self._finder.find(sentences).table(len(self.rules), len(sentences.rows))
        self.put(spoken, named)
        return spoken

    def put(self, spoken: Bools, named: Mapping[str, Bools]) -> None:
        """Let the rules that name these signals speak."""
        for signal, number in self._named:
            if signal in named:
                spoken[number] |= named[signal]

    def score(self, spoken: Bools) -> Floats:
        """Return the scores, shape (codes, texts)."""
        scores = np.repeat(self._base[:, None], spoken.shape[1], axis=1)
        for group in self._groups:
            counts = np.zeros(spoken.shape[1])
            for number in group.members:
                counts[spoken[number]] = self._weights[number]
            scores[group.code] += counts
        return scores

    def speakers(self, there: bytes, code: str) -> tuple[str, ...]:
        """Return the ids of the rules that count *for* a code in a text, group by group; *there*: as of ``said``."""
        counted = []
        for members in self._strongest_first[code]:
            for number, speaks_for, name in members:
                if there[number]:
                    if speaks_for:
                        counted.append(name)
                    break
        return tuple(counted)


def said(spoken: Bools, rows: NDArray[np.int64]) -> list[bytes]:
    """Return for each of *rows* which rules speak in it, one byte a rule."""
    width, together = len(spoken), spoken.T[rows].tobytes()
    return [together[start : start + width] for start in range(0, len(together), width)]


def _signals(rule: Rule) -> list[str]:
    parts = (part.strip() for part in rule.values["pola"].split(" ; "))
    return [part[1:] for part in parts if part.startswith("@")]
