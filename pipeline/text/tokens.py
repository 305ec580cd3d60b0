"""From texts to tokens that still know where the citizen wrote them: one pass over a whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.personal import PersonalFinder, Span
from pipeline.text.repair import repair
from pipeline.text.split import MASK_BODY, WordRows, split
from pipeline.text.table import MASK_KINDS, MASK_START, Numbers, WordTable


class Token(NamedTuple):
    """One stem and the stretch ``text[start:end]`` of the repaired text it came from.

    A masked token has ``masked=True``; its stem is the type, such as ``<nik>``, and its stretch must not be shown.
    """

    stem: str
    start: int
    end: int
    masked: bool = False


@dataclass(frozen=True)
class TokenRows:
    """The tokens of a batch of texts, one array a property, in the order of texts and places.

    ``texts``: the repaired texts. Per token: ``row`` (which text), ``reading`` (number in ``table``), ``start`` and
    ``end`` (in its text), ``gap`` (flags of :mod:`~pipeline.text.split`: what stands before it). Per text: ``stops``
    and ``questions``, how many runs of ``.`` and ``?`` it has and how many with a ``?``.
    Valid until the next batch is tokenised with the table.
    """

    table: WordTable
    texts: list[str]
    row: Numbers
    reading: Numbers
    start: Numbers
    end: Numbers
    gap: NDArray[np.uint8]
    stops: Numbers
    questions: Numbers

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """Where each text's tokens begin; one entry more than texts."""
        return np.searchsorted(self.row, np.arange(len(self.texts) + 1))

    @cached_property
    def stem(self) -> Numbers:
        """The stem's number of each token."""
        return self.table.stems_of(self.reading)

    @cached_property
    def form(self) -> Numbers:
        """The form's number of each token."""
        return self.table.forms_of(self.reading)

    @cached_property
    def masked(self) -> NDArray[np.bool_]:
        """Which tokens are masked personal data."""
        return self.form < len(MASK_KINDS)

    def stems(self, row: int) -> list[str]:
        """Return the stems of one text, in order."""
        names = self.table.stems
        return [names[number] for number in self.stem[self.first[row] : self.first[row + 1]].tolist()]

    def tokens(self, row: int) -> list[Token]:
        """Return one text's tokens."""
        part = slice(self.first[row], self.first[row + 1])
        places = (self.start[part].tolist(), self.end[part].tolist(), self.masked[part].tolist())
        return [Token(*token) for token in zip(self.stems(row), *places, strict=True)]


class Tokenizer:
    """Tokenises batches of texts with one :class:`WordTable`; *mask* False leaves personal data in."""

    def __init__(self, table: WordTable, *, mask: bool = True) -> None:
        self.table = table
        self._personal = PersonalFinder(table) if mask else None

    def __call__(self, texts: Sequence[str]) -> TokenRows:
        """Return the repaired *texts* and their tokens; earlier results may no longer be used."""
        self.table.trim()
        words = split([repair(text) for text in texts], self.table)
        found = self._personal(words) if self._personal else {}
        return _tokens(_masked(words, found) if found else words)

    def personal(self, texts: Sequence[str]) -> dict[int, list[Span]]:
        """Return the personal data in repaired *texts* by the text's number, in order, without overlaps."""
        self.table.trim()
        return self._personal(split(list(texts), self.table)) if self._personal else {}


def _masked(words: WordRows, found: Mapping[int, list[Span]]) -> WordRows:
    """Put a mark in the place of the words that each stretch of personal data covers."""
    spans = [(row, span.start, span.end, MASK_KINDS.index(span.kind)) for row, there in found.items() for span in there]
    row, start, end, kind = np.array(spans, dtype=np.int64).T
    # Words and stretches on one line: a text's places all lie before those of the next text.
    width = max(map(len, words.texts)) + 1
    starts, ends = words.row * width + words.start, words.row * width + words.end
    first = np.searchsorted(ends, row * width + start, side="right")
    last = np.searchsorted(starts, row * width + end) - 1
    inside = (first < len(starts)) & (last >= first)
    at, to = np.where(inside, first, 0), np.where(inside, last, 0)
    whole = inside & (starts[at] == row * width + start) & (ends[to] == row * width + end)
    apart = {number: found[number] for number in np.unique(row[~whole]).tolist()}
    here = whole & ~np.isin(row, list(apart))
    at, to = at[here], to[here]
    steps = np.zeros(len(starts) + 1, dtype=np.int64)
    np.add.at(steps, at + 1, 1)
    np.add.at(steps, to + 1, -1)
    kept = np.cumsum(steps)[:-1] <= 0
    parts = words.parts(slice(None))
    parts["form"], parts["end"] = parts["form"].copy(), parts["end"].copy()
    parts["form"][at], parts["end"][at] = kind[here], words.end[to]
    words = replace(words, **{name: part[kept] for name, part in parts.items()})  # type: ignore[arg-type]
    return _split_again(words, apart) if apart else words


def _split_again(words: WordRows, found: Mapping[int, list[Span]]) -> WordRows:
    """Split the texts anew in which personal data begins or ends inside a word, now hidden behind marks."""
    where = np.fromiter(found, np.int32, len(found))
    again = split([_hidden(words.texts[row], spans) for row, spans in found.items()], words.table)
    is_kept = np.ones(len(words), dtype=bool)
    is_kept[where] = False
    kept, new = words.parts(is_kept[words.row]), again.parts(slice(None))
    new["row"] = where[new["row"]]
    order = np.argsort(np.concatenate([kept["row"], new["row"]]), kind="stable")
    parts = {name: np.concatenate([kept[name], new[name]])[order] for name in kept}
    stops, questions = words.stops.copy(), words.questions.copy()
    stops[where], questions[where] = again.stops, again.questions
    return replace(words, **parts, stops=stops, questions=questions)  # type: ignore[arg-type]


def _hidden(text: str, spans: Sequence[Span]) -> str:
    parts, end = [], 0
    for span in spans:
        mark = chr(MASK_START + MASK_KINDS.index(span.kind))
        parts += [text[end : span.start], mark + MASK_BODY * (span.end - span.start - 1)]
        end = span.end
    return "".join([*parts, text[end:]])


def _tokens(words: WordRows) -> TokenRows:
    reading, places = words.table.read(words.form)
    row, start, end, gap = words.row, words.start, words.end, words.gap
    if places is not None:
        repeated = np.append(False, places[1:] == places[:-1])[: len(places)]
        row, start, end, gap = row[places], start[places], end[places], gap[places]
        gap[repeated] = 0
    return TokenRows(words.table, words.texts, row, reading, start, end, gap, words.stops, words.questions)
